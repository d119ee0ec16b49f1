// Copy, cut and paste of blocks, between this sheet and any other.

import { readBlock, writeBlock } from "./blocks.js";
import { textOfCell } from "./cells.js";
import { readClipboard, writeClipboard } from "./system_clipboard.js";

export class Clipboard {
  /** isOurs(): whether keys go to the grid now; onPasted({ rows, cut }) is told what a paste did. */
  constructor({ store, view, selection, edits, isOurs, onPasted, onNoRows }) {
    Object.assign(this, { store, view, selection, edits, isOurs, onPasted, onNoRows });
    document.addEventListener("copy", (event) => this.#copy(event));
    document.addEventListener("cut", (event) => this.#copy(event, true));
    document.addEventListener("paste", (event) => this.#paste(event));
  }

  #copy(event, takesAway = false) {
    const block = this.isOurs() && this.#block();
    if (!block) return;
    event.clipboardData.setData("text/plain", block.plain);
    event.clipboardData.setData("text/html", block.html);
    event.preventDefault();
    if (takesAway) this.#empty();
  }

  /** The chosen cells as { plain, html }, or null. */
  #block() {
    const cells = this.selection.cells();
    if (!cells.length) return null;
    return writeBlock(cells.map((row) => row.map(({ id, key }) => textOfCell(this.store, id, key))));
  }

  #empty() {
    this.edits.apply(this.selection.cells().flat().map((cell) => ({ ...cell, value: "" })));
  }

  /** Copy or cut without the keys; false when the browser refuses. */
  async copy({ takesAway = false } = {}) {
    const block = this.#block();
    if (!block || !(await writeClipboard(block))) return false;
    if (takesAway) this.#empty();
    return true;
  }

  /** Paste without the keys; false when the browser gives the clipboard only to them. */
  async paste() {
    const found = await readClipboard();
    if (!found) return false;
    if (found.plain || found.html) this.put(readBlock(found.html, found.plain));
    return true;
  }

  #paste(event) {
    if (!this.isOurs()) return;
    const data = event.clipboardData;
    const block = readBlock(data.getData("text/html"), data.getData("text/plain"));
    event.preventDefault();
    this.put(block);
  }

  /** Put a block at the selection: one value fills it all, a block that fits is repeated. */
  put(block) {
    const bounds = this.selection.bounds();
    if (!bounds) return;
    const height = repeated(block.length, bounds.bottom - bounds.top + 1);
    const width = repeated(block[0].length, bounds.right - bounds.left + 1);
    const keys = this.view.keys.slice(bounds.left, bounds.left + width);
    const missing = Math.max(0, bounds.top + height - this.view.ids.length);
    const mayAdd = this.store.mayAddRows();
    const added = missing && mayAdd ? this.edits.addRows(missing) : [];
    if (missing && !mayAdd) this.onNoRows(missing);
    const ids = [...this.view.ids.slice(bounds.top, bounds.top + height)];
    // With a filter on, new rows may be out of sight: they are filled all the same.
    for (const id of added) if (!ids.includes(id)) ids.push(id);
    const changes = [];
    ids.slice(0, height).forEach((id, r) =>
      keys.forEach((key, c) => {
        if (!this.store.columns.has(key)) return;
        changes.push({ id, key, value: block[r % block.length][c % block[0].length] });
      }),
    );
    const count = this.edits.apply(changes, added);
    const last = Math.min(bounds.top + height, this.view.ids.length) - 1;
    this.selection.selectBlock(bounds.top, bounds.left, last, bounds.left + keys.length - 1);
    this.onPasted({ cells: count, rows: added.length, cut: width - keys.length });
  }
}

function repeated(size, room) {
  return room > size && room % size === 0 ? room : size;
}

// The little square at the corner of the selection: dragging it fills the cells that it passes.

import { continueClocks } from "./clocks.js";

const CORNER = 11; // where the square takes the mouse, in pixels
const MOST_FILLED = 20_000;
const SCROLL_PAUSE = 60;
const STEP = 32;
const DATED = new Set(["date", "moment"]);

export class Fill {
  constructor(table, { store, view, selection, edits, editor }) {
    Object.assign(this, { table, store, view, selection, edits, editor });
    this.drag = null;
    this.shown = [];
    const grid = table.element;
    // Before the mouse that chooses cells hears of it.
    grid.addEventListener("mousedown", (event) => this.#down(event), true);
    grid.addEventListener("dblclick", (event) => this.#along(event), true);
    addEventListener("mousemove", (event) => this.#move(event));
    addEventListener("mouseup", () => this.#drop());
    addEventListener("keydown", (event) => this.#escape(event), true);
  }

  #isSquare(event) {
    const cell = event.target.closest?.(".tabulator-cell.edge-right.edge-bottom:not(.is-readonly)");
    if (!cell || event.button !== 0) return false;
    const { right, bottom } = cell.getBoundingClientRect();
    return event.clientX > right - CORNER && event.clientY > bottom - CORNER;
  }

  #down(event) {
    if (!this.#isSquare(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.editor.finish();
    this.table.focus();
    this.drag = { bounds: this.selection.bounds(), target: null };
    this.timer = setInterval(() => this.#scroll(), SCROLL_PAUSE);
    this.table.element.classList.add("is-filling");
  }

  #move(event) {
    if (!this.drag) return;
    this.drag.pointer = { x: event.clientX, y: event.clientY };
    this.#aim();
  }

  /** Near the edge the sheet comes to meet the pointer. */
  #scroll() {
    if (!this.drag?.pointer) return;
    const { x, y } = this.drag.pointer;
    const { frame, holder } = this.#frame();
    if (y > frame.bottom - STEP / 2) holder.scrollTop += STEP;
    else if (y < frame.top) holder.scrollTop -= STEP;
    if (x > frame.right - STEP / 2) holder.scrollLeft += STEP;
    else if (x < frame.left) holder.scrollLeft -= STEP;
    this.#aim();
  }

  #frame() {
    const { holder } = this.table;
    const { left, top } = holder.getBoundingClientRect();
    const frame = { left, top, right: left + holder.clientWidth, bottom: top + holder.clientHeight };
    return { frame, holder };
  }

  #aim() {
    const { frame } = this.#frame();
    const { x, y } = this.drag.pointer;
    const within = (value, low, high) => Math.min(Math.max(value, low + 2), high - 2);
    const under = document.elementFromPoint(
      within(x, frame.left, frame.right),
      within(y, frame.top, frame.bottom),
    );
    const cell = under && this.table.cellOf(under);
    if (!cell) return;
    this.drag.target = this.#reach(this.view.rowOf(cell.id), this.view.columnOf(cell.key));
    this.#draw();
  }

  /** The block that would be filled: in the direction in which the pointer went farthest, or null. */
  #reach(row, column) {
    const { bounds } = this.drag;
    const { top, left, bottom, right } = bounds;
    const ways = [
      { far: row - bottom, isDown: true, block: { ...bounds, top: bottom + 1, bottom: row } },
      { far: top - row, isDown: true, isBack: true, block: { ...bounds, top: row, bottom: top - 1 } },
      { far: column - right, block: { ...bounds, left: right + 1, right: column } },
      { far: left - column, isBack: true, block: { ...bounds, left: column, right: left - 1 } },
    ];
    const farthest = ways.reduce((best, way) => (way.far > best.far ? way : best));
    return farthest.far > 0 ? farthest : null;
  }

  #draw() {
    for (const element of this.shown) element.classList.remove("is-to-fill");
    this.shown = [];
    const block = this.drag?.target?.block;
    if (!block) return;
    for (const row of this.table.body.children) {
      const place = this.view.rowOf(row.dataset.id);
      if (place < block.top || place > block.bottom) continue;
      for (const cell of row.children) {
        const column = this.view.columnOf(cell.getAttribute("tabulator-field"));
        if (column >= block.left && column <= block.right) this.shown.push(cell);
      }
    }
    for (const element of this.shown) element.classList.add("is-to-fill");
  }

  #drop() {
    if (!this.drag) return;
    const { bounds, target } = this.drag;
    this.#end();
    if (target) this.#fill(bounds, target);
  }

  #escape(event) {
    if (!this.drag || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.#end();
  }

  #end() {
    clearInterval(this.timer);
    this.drag = null;
    this.#draw();
    this.table.element.classList.remove("is-filling");
  }

  /** A double click fills down as far as the column beside is filled. */
  #along(event) {
    if (!this.#isSquare(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const bounds = this.selection.bounds();
    const { ids, keys } = this.view;
    const beside = [keys[bounds.left - 1], keys[bounds.right + 1]].find((key) => this.store.columns.has(key));
    let bottom = bounds.bottom;
    while (beside && bottom + 1 < ids.length && this.store.value(ids[bottom + 1], beside)) bottom += 1;
    if (bottom === bounds.bottom) return;
    this.#fill(bounds, { isDown: true, block: { ...bounds, top: bounds.bottom + 1, bottom } });
  }

  #fill(bounds, { block, isDown = false, isBack = false }) {
    const height = block.bottom - block.top + 1;
    const width = block.right - block.left + 1;
    if (height * width > MOST_FILLED) return;
    const { ids, keys } = this.view;
    const rows = ids.slice(bounds.top, bounds.bottom + 1);
    const columns = keys.slice(bounds.left, bounds.right + 1);
    const changes = [];
    const put = (row, column, value) => changes.push({ id: ids[row], key: keys[column], value });
    if (isDown) {
      columns.forEach((key, c) => {
        const known = rows.map((id) => this.store.value(id, key));
        const texts = this.#continue(known, height, isBack, [key]);
        texts.forEach((value, r) => put(isBack ? block.bottom - r : block.top + r, block.left + c, value));
      });
    } else {
      rows.forEach((id, r) => {
        const known = columns.map((key) => this.store.value(id, key));
        const texts = this.#continue(known, width, isBack, keys.slice(block.left, block.right + 1));
        texts.forEach((value, c) => put(block.top + r, isBack ? block.right - c : block.left + c, value));
      });
    }
    this.edits.apply(changes.filter(({ key }) => this.store.columns.has(key)));
    this.selection.selectBlock(
      Math.min(bounds.top, block.top),
      Math.min(bounds.left, block.left),
      Math.max(bounds.bottom, block.bottom),
      Math.max(bounds.right, block.right),
    );
  }

  /** What stands next to these texts, the nearest first: dates go on, everything else is repeated. */
  #continue(known, count, isBack, keys) {
    const isDated = keys.every((key) => DATED.has(this.store.columns.get(key)?.shape));
    const series = isDated ? continueClocks(known, count, isBack) : null;
    if (series) return series;
    const nearest = isBack ? [...known].reverse() : known;
    return Array.from({ length: count }, (_, place) => nearest[place % nearest.length]);
  }
}

// Cells that two people changed: whose text stays is asked, and asked again until it is decided.

import { askWhose } from "./questions.js";

export class Deciding {
  /** Conflicts stay marked, with our text, until somebody has chosen; Escape decides nothing. */
  constructor({ store, saver, edits, table, editor, zone }) {
    Object.assign(this, { store, saver, edits, table, editor, zone });
    this.open = new Map(); // "id column" -> { id, key, conflict }
    this.isAsking = false;
    table.element.addEventListener("click", (event) => {
      if (!event.target.closest(".is-conflict")) return;
      const cell = table.cellOf(event.target);
      if (cell) void this.ask([cell]);
    });
    document.getElementById("state").addEventListener("click", () => void this.ask());
    // Ctrl+Z takes ours back: then there is nothing to decide.
    edits.listen(() => {
      if (this.open.size && !this.isAsking) this.#forget();
    });
  }

  /** The server did not take these: mark them and ask. */
  meet(conflicts) {
    this.editor.finish();
    for (const one of conflicts) {
      this.open.set(`${one.id} ${one.key}`, one);
      this.edits.rebase(one.id, one.key, one.conflict.theirs);
    }
    this.#mark();
    void this.ask(conflicts);
  }

  /** Ask about these cells, or about all that are undecided. */
  async ask(cells = [...this.open.values()]) {
    this.#forget();
    const asked = cells.map(({ id, key }) => this.open.get(`${id} ${key}`)).filter(Boolean);
    if (!asked.length || this.isAsking) return;
    this.isAsking = true;
    const ours = await askWhose(asked.map((one) => this.#show(one)), this.zone);
    this.isAsking = false;
    if (ours) {
      asked.forEach(({ id, key }, place) => {
        this.open.delete(`${id} ${key}`);
        this.edits.rebase(id, key, this.store.row(id)?.cells[key] ?? "");
        if (ours.includes(place)) this.saver.insist(id, key);
        else this.saver.giveUp(id, key);
      });
    }
    this.#mark();
    this.saver.kick(0);
    this.table.focus();
  }

  #show({ id, key, conflict }) {
    const row = this.store.row(id);
    const theirs = row.cells[key] ?? "";
    // Since then they may have gone on writing.
    const last = theirs === conflict.theirs ? {} : { theirs, by: row.changed_by, at: row.changed_at };
    const header = this.store.columns.get(key)?.header ?? key;
    return { ...conflict, ...last, yours: this.store.value(id, key), header };
  }

  // Rows that went, and cells where we typed what they have, need no answer.
  #forget() {
    for (const [place, { id, key }] of this.open) {
      if (!this.store.isWaiting(id, key)) this.open.delete(place);
    }
    this.#mark();
  }

  #mark() {
    const { conflicts } = this.table;
    const before = [...conflicts].map((place) => place.split(" ")[0]);
    conflicts.clear();
    for (const place of this.open.keys()) conflicts.add(place);
    const ids = new Set([...before, ...[...this.open.values()].map(({ id }) => id)]);
    this.table.refresh([...ids].map((id) => [id, null]));
  }
}

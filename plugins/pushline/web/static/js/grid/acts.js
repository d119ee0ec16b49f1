// What one does with cells and rows: edit, clear, fill, undo; new row, duplicate, remove, move on.

import { openDialog, showProgress, toast } from "../shell.js";
import { word } from "../words.js";
import { statusOf } from "./results.js";
import { newKey } from "./store.js";

const MOST_FILLED = 20_000;
// Rows that leave or come back in one question: others who save wait for no longer than that takes.
const MOST_AT_ONCE = 100;
const MOST_NAMED = 10;
// What the server takes out of the sheet without being asked twice; the rest it may refuse.
const REMOVABLE = new Set(["idea", "texts_ready", "audience_ready"]);

export class Acts {
  constructor(parts) {
    this.copyKeys = new Map(); // code -> what we call its copy, until the server has answered
    Object.assign(this, parts); // store, view, selection, edits, saver, table, editor, api, follower
  }

  edit({ initial, typed = false } = {}) {
    const { active } = this.selection;
    if (!active) return;
    const { id, key } = active;
    this.table.scrollTo(id, key);
    if (this.table.conflicts.has(`${id} ${key}`)) {
      this.decide([{ id, key }]);
      return;
    }
    if (key === "status") {
      this.editStatus(id);
      return;
    }
    if (!this.store.mayEdit(id, key)) {
      this.sayWhyNot([{ id, key }]);
      return;
    }
    const seen = { text: this.store.value(id, key), base: this.store.base(id, key) };
    this.editor.start(id, this.store.columns.get(key), initial ?? seen.text, { seen, typed });
  }

  /** The status is moved on from a list of what this person may choose. */
  editStatus(id) {
    const row = this.store.row(id);
    const labels = new Map(this.store.sheet.statuses.map(({ key, label }) => [key, label]));
    if (!row.moves.length) {
      toast(word("grid.no_moves", { status: statusOf(row) }));
      return;
    }
    const column = {
      key: "status",
      header: word("grid.status"),
      shape: "text",
      choices: row.moves.map((key) => ({ value: key, label: labels.get(key) ?? key })),
    };
    this.editor.start(id, column, "");
  }

  async move(id, to) {
    const row = this.store.row(id);
    if (!row.moves.includes(to)) return;
    await this.saver.settle();
    await this.ask(() => this.api.post(`api/briefs/${encodeURIComponent(row.code)}/move`, { to }));
  }

  commit({ id, key, value, seen, move, fills }) {
    this.table.focus();
    if (key === "status") {
      if (value) void this.move(id, value);
    } else if (fills) {
      this.edits.apply(this.selection.cells().flat().map((cell) => ({ ...cell, value })));
    } else if (value !== seen.text) {
      // Others may have written since the editor opened: the change builds on what was seen then.
      this.edits.apply([{ id, key, value, base: seen.base }]);
    }
    if (!move || !this.selection.active) return;
    if (this.selection.isOne()) this.selection.move(...move);
    else this.selection.select(id, key);
    const { active } = this.selection;
    this.table.scrollTo(active.id, active.key);
  }

  clear() {
    const cells = this.selection.cells().flat();
    this.edits.apply(cells.filter(({ key }) => this.store.columns.has(key)).map((cell) => ({ ...cell, value: "" })));
  }

  fillDown() {
    this.#fill((row, column, cells) => cells[0][column], 1, 0);
  }

  fillRight() {
    this.#fill((row, column, cells) => cells[row][0], 0, 1);
  }

  // With one cell chosen the value comes from the neighbour, as everywhere.
  #fill(source, down, right) {
    const bounds = this.selection.bounds();
    if (!bounds) return;
    let cells = this.selection.cells();
    if (this.selection.isOne()) {
      const id = this.view.ids[bounds.top - down];
      const key = this.view.keys[bounds.left - right];
      if (id === undefined || key === undefined) return;
      cells = down ? [[{ id, key }], ...cells] : [[{ id, key }, ...cells[0]]];
    }
    if (cells.length * cells[0].length > MOST_FILLED) return;
    const changes = cells.flatMap((row, r) =>
      row.map((cell, c) => {
        const from = source(r, c, cells);
        return { ...cell, value: this.store.value(from.id, from.key) };
      }),
    );
    this.edits.apply(changes.filter(({ key }) => this.store.columns.has(key)));
  }

  undo() {
    this.#back(this.edits.undo());
  }

  redo() {
    this.#back(this.edits.redo());
  }

  #back(step) {
    if (!step) return;
    if (step.kept) toast(word("grid.kept", { count: step.kept }), "warning");
    const first = step.cells.find(({ id, key }) => this.store.row(id) && this.view.columnOf(key) >= 0);
    if (first && this.view.rowOf(first.id) >= 0) {
      this.selection.select(first.id, first.key);
      this.table.scrollTo(first.id, first.key);
    }
  }

  addRow() {
    const ids = this.edits.addRows(1);
    this.edits.apply([], ids);
    this.saver.kick();
    this.goTo(ids[0], "idea");
  }

  async duplicate() {
    const row = this.store.row(this.selection.active?.id);
    if (!row?.code) return;
    await this.saver.settle();
    const key = this.copyKeys.get(row.code) ?? newKey();
    this.copyKeys.set(row.code, key);
    const body = { copy_of: row.code, keys: [key] };
    const answer = await this.ask(() => this.api.post("api/rows", body));
    if (!answer) return;
    this.copyKeys.delete(row.code);
    this.store.take(answer.rows);
    const id = this.store.idOfCode.get(answer.rows[0]?.code);
    if (!id) return;
    this.edits.note("made", new Map([[answer.rows[0].code, id]]));
    this.goTo(id, "idea");
    toast(word("grid.duplicated", { code: row.code, copy: answer.rows[0].code }), "good");
  }

  /** Take the chosen rows away, after a question. */
  async remove() {
    const bounds = this.selection.bounds();
    if (!bounds) return;
    const ids = this.view.ids.slice(bounds.top, bounds.bottom + 1);
    const codes = ids.map((id) => this.store.row(id).code).filter(Boolean);
    const body = document.createElement("p");
    body.textContent = word("grid.remove_lead", { count: ids.length, codes: nameSome(codes) });
    const answer = await openDialog({
      title: word("grid.remove_title", { count: ids.length }),
      body,
      actions: [
        { label: word("shell.cancel"), value: "no" },
        { label: word("grid.remove_yes"), value: "yes", kind: "danger" },
      ],
    });
    if (answer === "yes") {
      // Rows without a code yet could not come back.
      await this.saver.settle();
      const gone = ids.filter((id) => this.store.row(id)).map((id) => [this.store.row(id).code, id]);
      const kept = new Map(gone.filter(([code]) => code));
      const removal = this.removeRows(ids);
      if (kept.size) this.edits.note("removed", kept, removal);
      // Ctrl+Z is for the grid, also while the server is at it.
      this.table.focus();
      await removal;
    }
    this.table.focus();
  }

  /**
   * Take rows away: those of our own at once, others by the server, some at a time. Resolves to
   * { all, gone, codes }: whether all went, the codes of those that did, and their ids here by their codes.
   */
  async removeRows(ids) {
    // Rows that the server is just making have a code in a moment.
    if (this.saver.isBusy) await this.saver.settle();
    const rows = ids.map((id) => this.store.row(id)).filter((row) => row?.code);
    const idOf = new Map(rows.map(({ code }) => [code, this.store.idOfCode.get(code)]));
    this.store.remove(ids);
    this.saver.kick();
    // Those that may be refused go first: then nothing has gone yet.
    const codes = [...rows]
      .sort((one, other) => REMOVABLE.has(one.status) - REMOVABLE.has(other.status))
      .map(({ code }) => code);
    const gone = new Set();
    const all = await this.#inParts(codes, "grid.removing", async (part) => {
      const answer = await this.ask(() => this.api.post("api/briefs/remove", { codes: part }));
      if (answer) for (const code of part) gone.add(code);
      return answer;
    });
    if (!all) this.store.take(rows.filter(({ code }) => !gone.has(code)));
    if (!all && gone.size) toast(word("grid.removed_partly", { count: gone.size }), "warning");
    return { all, gone, codes: idOf };
  }

  /** Put rows back that were taken away; those that are back stay, also when others do not come. */
  async restoreRows(codes) {
    const all = await this.#inParts(codes, "grid.restoring", async (part) => {
      const answer = await this.ask(() => this.api.post("api/briefs/restore", { codes: part }));
      if (answer) this.store.take(answer.rows);
      return answer;
    });
    if (!all) return false;
    this.goTo(this.store.idOfCode.get(codes[0]), "idea");
    toast(word("grid.restored", { count: codes.length, codes: nameSome(codes) }), "good");
    return true;
  }

  /** Does something with so many codes at a time, and says how far it is; ends at the first "no". */
  async #inParts(codes, key, act) {
    const tell = (done) => word(key, { done, count: codes.length });
    const progress = codes.length > MOST_AT_ONCE ? showProgress(tell(0)) : null;
    try {
      for (let start = 0; start < codes.length; start += MOST_AT_ONCE) {
        if (!(await act(codes.slice(start, start + MOST_AT_ONCE)))) return false;
        progress?.tell(tell(Math.min(start + MOST_AT_ONCE, codes.length)));
      }
      return true;
    } finally {
      progress?.end();
    }
  }

  goTo(id, key) {
    if (this.view.rowOf(id) < 0) return;
    this.selection.select(id, this.view.columnOf(key) >= 0 ? key : this.view.keys[0]);
    this.table.scrollTo(id, key);
    this.table.focus();
  }

  /** Ask the server; its "no" becomes a message. Others' view of the rows follows at once. */
  async ask(question) {
    try {
      const answer = await question();
      void this.follower.ask();
      return answer;
    } catch (error) {
      if (error.status === undefined) throw error;
      toast(error.detail, "error");
      return null;
    }
  }

  /** Say why cells stay as they are. */
  sayWhyNot(cells) {
    const { id, key } = cells[0];
    const row = this.store.row(id);
    const column = this.store.columns.get(key);
    if (!column) toast(word("grid.not_typed"));
    else if (this.store.isLocked(id)) {
      toast(word("grid.locked", { code: row.code, status: statusOf(row) }), "warning");
    } else {
      const owner = word(`grid.owner_${column.group}`);
      toast(word("grid.not_yours", { column: column.header, owner, count: cells.length }), "warning");
    }
  }
}

/** A few codes, and that there are more. */
function nameSome(codes) {
  const some = codes.slice(0, MOST_NAMED).join(", ");
  return codes.length > MOST_NAMED ? `${some}…` : some;
}

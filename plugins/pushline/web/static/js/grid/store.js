// What the sheet holds: rows as the server knows them, and on top what was typed and not yet saved.
//
// A row has an id for life: its code, or "~1" while the server has not given it one yet.

// What the server counts of a row by itself: it comes beside the rows, and is newer than theirs.
const NUMBERS = ["reach", "sent", "run", "clicks", "clicks_missing", "uplift", "uplift_missing"];
const LOCKED = new Set(["sending", "sent", "cancelled"]);

export class Store {
  constructor(sheet) {
    this.sheet = sheet;
    this.revision = sheet.revision;
    this.numbers = sheet.numbers;
    this.columns = new Map(sheet.columns.map((column) => [column.key, column]));
    this.rows = new Map();
    this.ids = [];
    this.idOfCode = new Map();
    // id -> column -> { value, base, sent }: base is the revision of the cell that the writer saw; sent are the
    // texts that went out on it, and may have arrived although no answer did.
    this.waiting = new Map();
    this.listeners = [];
    this.problemsOf = new WeakMap();
    this.newest = 0;
    for (const row of sheet.rows) this.#add(row.code, row);
  }

  /** Be told after every change: listener({ changed: id -> columns or null for all, added, removed }). */
  listen(listener) {
    this.listeners.push(listener);
  }

  row(id) {
    return this.rows.get(id);
  }

  rowOfCode(code) {
    return this.rows.get(this.idOfCode.get(code));
  }

  value(id, key) {
    return this.waiting.get(id)?.get(key)?.value ?? this.rows.get(id)?.cells[key] ?? "";
  }

  /** All cells of a row as they stand here, saved or not. */
  cellsOf(id) {
    const cells = { ...this.rows.get(id).cells };
    for (const [key, { value }] of this.waiting.get(id) ?? []) cells[key] = value;
    return cells;
  }

  isWaiting(id, key) {
    return this.waiting.get(id)?.has(key) ?? false;
  }

  countWaiting() {
    let count = 0;
    for (const cells of this.waiting.values()) count += cells.size;
    return count;
  }

  /** The problems of a cell, errors first. */
  problems(id, key) {
    return this.#problemMap(this.rows.get(id)).get(key) ?? [];
  }

  /** The worst severity of a cell: "error", "warning" or "". */
  severity(id, key) {
    return this.problems(id, key)[0]?.severity ?? "";
  }

  isLocked(id) {
    return LOCKED.has(this.rows.get(id)?.status);
  }

  mayEdit(id, key) {
    return Boolean(this.columns.get(key)?.editable) && !this.isLocked(id);
  }

  mayAddRows() {
    const groups = this.sheet.me.role_rights.edit;
    return groups.includes("business") || groups.includes("marketing");
  }

  /** The revision of a cell that is seen now: what a change of it builds on. */
  base(id, key) {
    return this.waiting.get(id)?.get(key)?.base ?? this.rows.get(id)?.revisions[key] ?? 0;
  }

  /** Put a value on top of what the server knows; the same value as the server's takes it away. */
  put(id, key, value, base = this.base(id, key)) {
    const row = this.rows.get(id);
    const cells = this.waiting.get(id) ?? new Map();
    const kept = cells.get(key);
    if (!kept?.isOnItsWay && (row.cells[key] ?? "") === value) {
      cells.delete(key);
    } else {
      const sent = kept?.base === base ? kept.sent : [];
      cells.set(key, { value, base, sent: [...sent], isOnItsWay: false });
    }
    if (cells.size) this.waiting.set(id, cells);
    else this.waiting.delete(id);
  }

  /** Forget a waiting value: it was saved, or given up. */
  drop(id, key) {
    const cells = this.waiting.get(id);
    if (!cells) return;
    cells.delete(key);
    if (!cells.size) this.waiting.delete(id);
    this.announce({ changed: new Map([[id, new Set([key])]]) });
  }

  /** A row of our own that the server has not seen yet; returns its id. */
  addLocalRow(cells = {}, key = newKey()) {
    this.newest += 1;
    const id = `~${this.newest}`;
    this.#add(id, {
      code: null,
      key,
      status: "idea",
      status_label: this.sheet.statuses.find((status) => status.key === "idea")?.label ?? "",
      cells,
      revisions: {},
      problems: [],
      moves: [],
      revision: 0,
    });
    return id;
  }

  /** The row that was made under the key of a row of ours is gone again: another one is made. */
  renewKey(id) {
    this.rows.get(id).key = newKey();
  }

  /** The server gave a row of our own its code: from now on it is that row. */
  adopt(id, row) {
    // Its answer was lost, and others' news brought it first.
    const known = this.idOfCode.get(row.code);
    if (known && known !== id) this.remove([known]);
    this.idOfCode.set(row.code, id);
    this.#take(id, row);
    this.announce({ changed: new Map([[id, null]]) });
  }

  remove(ids) {
    const gone = new Set(ids);
    for (const id of gone) {
      const code = this.rows.get(id)?.code;
      if (code) this.idOfCode.delete(code);
      this.rows.delete(id);
      this.waiting.delete(id);
    }
    this.ids = this.ids.filter((id) => !gone.has(id));
    this.announce({ removed: [...gone] });
  }

  /**
   * Take rows as the server has them now; older news than ours are left out.
   * Returns id -> set of columns whose saved text changed.
   */
  take(rows) {
    const changed = new Map();
    const added = [];
    const removed = [];
    for (const row of rows) {
      const id = this.idOfCode.get(row.code);
      if (row.removed) {
        if (id) removed.push(id);
      } else if (!id) {
        this.#add(row.code, row);
        added.push(row.code);
      } else if (row.revision >= this.rows.get(id).revision) {
        changed.set(id, this.#take(id, row));
      }
    }
    if (removed.length) this.remove(removed);
    if (changed.size || added.length) this.announce({ changed, added });
    return changed;
  }

  /** Take the numbers that changed since ours, unless ours are newer; returns the ids of their rows. */
  takeNumbers({ mark, as_of: asOf, rows }) {
    // Several processes answer, and each counts for itself.
    if (asOf < this.numbers.as_of) return [];
    this.numbers = { mark, as_of: asOf };
    const changed = new Map();
    for (const [code, numbers] of Object.entries(rows)) {
      const id = this.idOfCode.get(code);
      if (!id) continue;
      const row = this.rows.get(id);
      if (NUMBERS.every((key) => isSame(row[key], numbers[key]))) continue;
      Object.assign(row, numbers);
      changed.set(id, new Set());
    }
    if (changed.size) this.announce({ changed });
    return [...changed.keys()];
  }

  announce({ changed = new Map(), added = [], removed = [] }) {
    for (const listener of this.listeners) listener({ changed, added, removed });
  }

  #take(id, row) {
    const known = this.rows.get(id);
    const before = known.cells;
    const numbers = NUMBERS.filter((key) => key in known).map((key) => [key, known[key]]);
    this.rows.set(id, { ...row, ...Object.fromEntries(numbers) });
    const keys = new Set([...Object.keys(before), ...Object.keys(row.cells)]);
    return new Set([...keys].filter((key) => (before[key] ?? "") !== (row.cells[key] ?? "")));
  }

  #add(id, row) {
    this.rows.set(id, row);
    this.ids.splice(row.code ? this.#placeOf(row.code) : this.ids.length, 0, id);
    if (row.code) this.idOfCode.set(row.code, id);
  }

  /** Where a code stands among the others, as the server orders them: what comes back comes to its place. */
  #placeOf(code) {
    let place = this.ids.length;
    for (let at = place - 1; at >= 0; at -= 1) {
      const other = this.rows.get(this.ids[at]).code;
      if (other && other < code) break;
      if (other) place = at;
    }
    return place;
  }

  #problemMap(row) {
    if (!row) return new Map();
    let map = this.problemsOf.get(row);
    if (!map) {
      map = new Map();
      const sorted = [...row.problems].sort((a, b) => rank(a) - rank(b));
      for (const problem of sorted) {
        const key = problem.column ?? "";
        if (!map.has(key)) map.set(key, []);
        map.get(key).push(problem);
      }
      this.problemsOf.set(row, map);
    }
    return map;
  }
}

/** What we call a row of ours until the server has given it a code; pages without TLS lack randomUUID. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function rank(problem) {
  return problem.severity === "error" ? 0 : 1;
}

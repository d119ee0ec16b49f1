// Saves by itself: one question to the server at a time, kept and asked again until it is answered.

const SOON = 250;
const MOST_CELLS = 400;
const MOST_ROWS = 200;
// More cells than these in a row that the server fails at: then it is not the cells.
const MOST_CULPRITS = 3;
// The whole body is refused for one cell of it.
const OF_A_CELL = new Set([400, 413, 422]);
const LONGEST_PAUSE = 20_000;
// Browsers let a page that goes send 64 KB.
const MOST_LAST_BYTES = 60_000;
// So many cells are written down at once; more, a moment later.
const FEW_CELLS = 200;
const KEEPS_WITHIN = 150;

export class Saver {
  /**
   * tell({ kind, count }): kind is "saved", "saving", "offline", "failed" (the server answered, but could
   * not), "signed_out", "refused" or "held" (a person has to decide first);
   * askToReturn(codes) -> Promise<boolean>: may approvals be taken back for these changes;
   * onConflicts(conflicts), onRefused(refused): what the server did not take, already off the queue;
   * onAside({ id, key, sentence }): a cell that kept the others from being saved, now set aside;
   * onReleased({ id, key }): it may be saved again, or is gone.
   * keeper: keeps what waits beyond this page.
   */
  constructor(store, api, keeper, heard) {
    Object.assign(this, { store, api, keeper, ...heard });
    this.typed = () => null; // { id, key, value, base } of an open editor that may go with the page
    this.isKept = true;
    this.isBusy = false;
    this.timer = null;
    this.failures = 0;
    this.held = new Set(); // cells that wait for a person's answer: "id column"
    this.aside = new Map(); // of them, those that the server cannot take: the text that it was
    this.lastFailure = 0;
    addEventListener("online", () => this.kick(0));
  }

  hasWork() {
    return this.store.waiting.size > 0 || this.#newRows().length > 0;
  }

  countWork() {
    return Math.max(this.store.countWaiting(), this.#newRows().length);
  }

  /** Something was put on the queue: keep it, save it in a moment. */
  kick(delay = SOON) {
    this.last = null;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#flush(), this.failures ? Math.max(delay, this.#pause()) : delay);
    if (!this.failures && this.hasWork()) this.tell({ kind: "saving", count: this.countWork() });
  }

  /** Save at once what waits: nobody may come back. */
  hurry() {
    if (this.hasWork() && !this.failures) void this.#flush();
  }

  /** Wait until nothing is on its way. For those who must act on what is saved. */
  async settle() {
    clearTimeout(this.timer);
    while (this.isBusy) await new Promise((resolve) => setTimeout(resolve, 30));
    if (this.hasWork()) await this.#flush();
    return !this.hasWork();
  }

  /** Write down in this browser what waits; of much, a moment later. */
  keep() {
    clearTimeout(this.keeping);
    if (this.store.countWaiting() <= FEW_CELLS) this.#keepNow();
    else this.keeping = setTimeout(() => this.#keepNow(), KEEPS_WITHIN);
  }

  #keepNow() {
    clearTimeout(this.keeping);
    const refOf = (id) => this.store.row(id).code ?? this.store.row(id).key;
    const cells = [];
    for (const [id, keys] of this.store.waiting) {
      for (const [key, { value, base, sent }] of keys) cells.push([refOf(id), key, value, base, sent]);
    }
    const typed = this.typed();
    if (typed && this.store.row(typed.id)) cells.push([refOf(typed.id), typed.key, typed.value, typed.base, []]);
    this.isKept = this.keeper.keep({ rows: this.#newRows().map(refOf), cells });
  }

  /**
   * Put back what an earlier page could not save: { rows, cells } as they were kept. Returns { count, lost }: how
   * many cells wait now because of it, and what could not be put back: { code, key, value, isGone }, because its
   * row was taken out of the sheet (isGone), or because another text of ours waits in the cell already.
   */
  takeUp({ rows, cells }) {
    const ids = new Map(this.#newRows().map((id) => [this.store.row(id).key, id]));
    const added = rows.filter((key) => !ids.has(key)).map((key) => this.store.addLocalRow({}, key));
    for (const id of added) ids.set(this.store.row(id).key, id);
    const changed = new Map();
    const lost = [];
    for (const [ref, key, value, base, sent] of cells) {
      const id = ids.get(ref) ?? this.store.idOfCode.get(ref);
      if (!id) {
        lost.push({ code: ref, key, value, isGone: true });
        continue;
      }
      const ours = this.store.waiting.get(id)?.get(key);
      if (ours && ours.value !== value) {
        lost.push({ code: this.store.row(id).code, key, value, isGone: false });
        continue;
      }
      this.store.put(id, key, value, base);
      this.store.waiting.get(id)?.get(key)?.sent.push(...sent);
      changed.set(id, (changed.get(id) ?? new Set()).add(key));
    }
    if (added.length || changed.size) this.store.announce({ changed, added });
    let count = 0;
    for (const [id, keys] of changed) for (const key of keys) count += this.store.isWaiting(id, key);
    return { count, lost };
  }

  /** The page may go: what waits is sent so that it arrives without us, and stays kept until that is known. */
  sendLast() {
    this.#keepNow();
    this.#sweep();
    const [changes, rows] = [[], []];
    let bytes = 0;
    const fits = (one) => {
      bytes += new Blob([JSON.stringify(one)]).size + 50;
      return bytes < MOST_LAST_BYTES;
    };
    for (const id of this.#newRows().slice(0, MOST_ROWS)) {
      const row = { key: this.store.row(id).key, cells: {} };
      for (const [key, { value }] of this.store.waiting.get(id) ?? []) row.cells[key] = value;
      if (fits(row)) rows.push(row);
    }
    for (const { cell, change } of this.#pick()) {
      if (!fits(change)) break;
      changes.push(change);
      note(cell);
    }
    const last = JSON.stringify([rows, changes]);
    if (last === this.last) return; // asked to leave, and leaving
    this.last = last;
    const send = (path, body) => this.api.post(path, body, { keepalive: true }).catch(() => {});
    if (rows.length) void send("api/rows", { keys: rows.map(({ key }) => key), cells: rows.map(({ cells }) => cells) });
    if (changes.length) void send("api/cells", { changes });
  }

  hold(id, key) {
    this.held.add(`${id} ${key}`);
  }

  release(id, key) {
    this.held.delete(`${id} ${key}`);
    if (this.aside.delete(`${id} ${key}`)) this.onReleased({ id, key });
  }

  /** Cells that were typed anew, or are gone, wait for nobody. */
  #sweep() {
    for (const place of this.held) {
      const [id, key] = place.split(" ");
      const cell = this.store.waiting.get(id)?.get(key);
      if (!cell || (this.aside.has(place) && this.aside.get(place) !== cell.value)) this.release(id, key);
    }
  }

  #newRows() {
    return this.store.ids.filter((id) => !this.store.row(id).code);
  }

  #pause() {
    return Math.min(1000 * 2 ** (this.failures - 1), LONGEST_PAUSE);
  }

  async #flush() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.last = null;
    clearTimeout(this.timer);
    this.#sweep();
    this.culprits = [];
    try {
      while (await this.#createRows());
      while (await this.#saveCells());
      this.failures = 0;
      if (this.#pick().length || this.#newRows().length) this.kick(0);
      else if (this.hasWork()) this.tell({ kind: "held", count: this.held.size });
      else this.tell({ kind: "saved", count: 0 });
    } catch (error) {
      this.#fail(error);
    } finally {
      this.isBusy = false;
      this.keep();
    }
  }

  async #createRows() {
    const ids = this.#newRows().slice(0, MOST_ROWS);
    if (!ids.length) return false;
    this.tell({ kind: "saving", count: this.countWork() });
    // An answer may be lost: asked again under the same keys, the server makes no row twice.
    const keys = ids.map((id) => this.store.row(id).key);
    const { rows } = await this.api.post("api/rows", { keys });
    ids.forEach((id, place) => {
      if (!this.store.row(id)) return;
      if (rows[place].removed) this.store.renewKey(id);
      else this.store.adopt(id, rows[place]);
    });
    this.onSaved(rows.filter((row) => !row.removed).map((row) => row.code));
    return true;
  }

  #pick(only) {
    const picked = [];
    for (const [id, keys] of this.store.waiting) {
      const code = this.store.row(id).code;
      if (!code) continue;
      for (const [key, cell] of keys) {
        if (this.held.has(`${id} ${key}`) || (only && !only.has(`${id} ${key}`))) continue;
        picked.push({ id, key, cell, change: { code, column: key, value: cell.value, base: cell.base } });
        if (picked.length === MOST_CELLS) return picked;
      }
    }
    return picked;
  }

  /** Save what waits; `returning`: only these cells, and approvals are taken back for them. */
  async #saveCells(returning = null) {
    const picked = this.#pick(returning);
    if (!picked.length) return false;
    this.tell({ kind: "saving", count: picked.length });
    await this.#send(picked, returning);
    return true;
  }

  async #send(picked, returning) {
    for (const { cell } of picked) {
      cell.isOnItsWay = true;
      note(cell);
    }
    let answer;
    try {
      const body = { changes: picked.map(({ change }) => change) };
      if (returning) body.returns_approval = true;
      answer = await this.api.post("api/cells", body);
    } catch (error) {
      for (const { cell } of picked) cell.isOnItsWay = false;
      // A server that failed is asked once more before the fault is looked for in the cells.
      const isOurs = OF_A_CELL.has(error.status) || (error.status === 500 && this.lastFailure === 500);
      if (!isOurs) throw error;
      if (picked.length === 1) {
        this.#setAside(picked[0], error);
        return;
      }
      const half = Math.ceil(picked.length / 2);
      await this.#send(picked.slice(0, half), returning);
      await this.#send(picked.slice(half), returning);
      return;
    }
    this.culprits = [];
    await this.#digest(picked, answer);
  }

  /** One cell cannot be taken: it waits for its writer, the others go on. */
  #setAside({ id, key, cell }, error) {
    this.culprits.push({ id, key });
    if (error.status === 500 && this.culprits.length > MOST_CULPRITS) {
      for (const one of this.culprits) this.release(one.id, one.key);
      throw error;
    }
    this.#keepAside({ id, key, cell }, error.detail ?? error.message);
  }

  #keepAside({ id, key, cell }, sentence) {
    this.hold(id, key);
    this.aside.set(`${id} ${key}`, cell.value);
    this.onAside({ id, key, sentence });
  }

  async #digest(picked, answer) {
    const notTaken = new Map();
    for (const one of answer.conflicts) notTaken.set(`${one.code} ${one.column}`, { conflict: one });
    for (const one of answer.refused) notTaken.set(`${one.code} ${one.column}`, { refused: one });
    const outcomes = picked.map((one) => {
      const found = notTaken.get(`${one.change.code} ${one.key}`);
      return this.#isOwn(one.cell, found?.conflict) ? { ...one, isAgain: true } : { ...one, ...found };
    });
    // First off the queue, then the rows: no cell shows an older text in between.
    for (const { id, key, cell, conflict, refused, isAgain } of outcomes) {
      cell.isOnItsWay = false;
      const now = this.store.waiting.get(id)?.get(key);
      if (conflict || refused) this.hold(id, key);
      else if (now === cell && !isAgain) this.#forget(id, key);
    }
    this.store.take(answer.rows);
    for (const { id, key, cell, conflict, refused, isAgain } of outcomes) {
      const now = this.store.waiting.get(id)?.get(key);
      // Typed on while the first text was on its way: the second one has seen the first.
      const hasSeen = !conflict && !refused && now && (now !== cell || isAgain);
      if (hasSeen) now.base = this.#revisionOf(id, key);
    }
    this.onSaved(answer.rows.map((row) => row.code));
    await this.#settleRefusals(outcomes.filter((one) => one.refused));
    const conflicts = outcomes.filter((one) => one.conflict);
    if (conflicts.length) this.onConflicts(conflicts);
  }

  /** Not somebody else's text, but one of ours that arrived, and we did not hear of it. */
  #isOwn(cell, conflict) {
    return conflict?.by === this.store.sheet.me.name && cell.sent.includes(conflict.theirs);
  }

  async #settleRefusals(outcomes) {
    const approved = outcomes.filter(({ refused }) => refused.kind === "approved");
    const tooLong = outcomes.filter(({ refused }) => refused.kind === "too_long");
    const others = outcomes.filter(({ refused }) => !["approved", "too_long"].includes(refused.kind));
    for (const one of tooLong) this.#keepAside(one, one.refused.sentence);
    for (const { id, key } of others) this.giveUp(id, key);
    if (others.length) this.onRefused(others.map(({ refused }) => refused));
    if (!approved.length) return;
    const codes = [...new Set(approved.map(({ change }) => change.code))];
    const mayReturn = await this.askToReturn(codes, approved[0].refused.sentence);
    for (const { id, key } of approved) {
      if (mayReturn) this.release(id, key);
      else this.giveUp(id, key);
    }
    if (mayReturn) await this.#saveCells(new Set(approved.map(({ id, key }) => `${id} ${key}`)));
  }

  #revisionOf(id, key) {
    return this.store.row(id)?.revisions[key] ?? 0;
  }

  #forget(id, key) {
    const cells = this.store.waiting.get(id);
    cells?.delete(key);
    if (cells && !cells.size) this.store.waiting.delete(id);
  }

  /** Take a cell off the queue: it shows what the server has. */
  giveUp(id, key) {
    this.release(id, key);
    this.store.drop(id, key);
    this.keep();
  }

  /** Put ours over theirs, now that a person has seen both. */
  insist(id, key) {
    const cell = this.store.waiting.get(id)?.get(key);
    if (cell) cell.base = this.#revisionOf(id, key);
    this.release(id, key);
    this.kick(0);
  }

  #fail(error) {
    const status = error.status ?? 0;
    this.lastFailure = status;
    if (status === 401) {
      this.failures += 1;
      this.tell({ kind: "signed_out", count: this.countWork() });
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      // Asking the same again would bring the same answer: the next edit asks anew.
      this.failures = 0;
      this.tell({ kind: "refused", count: this.countWork(), sentence: error.detail ?? error.message });
      return;
    } else {
      this.failures += 1;
      this.tell({ kind: status ? "failed" : "offline", count: this.countWork() });
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#flush(), this.#pause());
  }
}

/** The text goes out: from now on the server may have it. */
function note(cell) {
  if (!cell.sent.includes(cell.value)) cell.sent.push(cell.value);
}

// Every change of cells goes through here: one step for one act, and each step can be undone.

const MOST_STEPS = 200;

export class Edits {
  /** report({ skipped, owners }) says what an act could not change. */
  constructor(store, saver, { report, removeRows, restoreRows }) {
    Object.assign(this, { store, saver, report, removeRows, restoreRows });
    this.done = [];
    this.undone = [];
    this.listeners = [];
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  /**
   * Change cells as one step: changes are { id, key, value }, added are rows made for them; base of
   * a change is the revision that its writer saw, if that was some time ago.
   * Cells that this person may not edit, or that are locked, stay as they are. Returns how many
   * cells changed.
   */
  apply(changes, added = []) {
    const cells = [];
    const skipped = [];
    for (const { id, key, value, base } of changes) {
      const before = this.store.value(id, key);
      if (before === value) continue;
      if (this.store.mayEdit(id, key)) cells.push({ id, key, before, after: value, base });
      else skipped.push({ id, key });
    }
    if (skipped.length) this.report(skipped);
    if (!cells.length && !added.length) return 0;
    this.done.push({ cells, added, isBack: Promise.resolve() });
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.undone = [];
    this.#write(cells.map(({ id, key, after, base }) => ({ id, key, value: after, base })));
    return cells.length;
  }

  /**
   * Somebody wrote into a cell while ours was not saved: what was typed last over it stands on theirs, so that
   * taking it back brings theirs, and not what was there before both.
   */
  rebase(id, key, theirs) {
    for (const step of [...this.done].reverse()) {
      const cell = step.cells.find((one) => one.id === id && one.key === key);
      if (!cell) continue;
      cell.before = theirs;
      return;
    }
  }

  /**
   * Remember as one step that the server took rows away ("removed") or made some ("made"); ids: the
   * rows here by their codes. answered: { all, gone } when it has, the codes of those that went.
   */
  note(what, ids, answered = Promise.resolve({ all: true })) {
    const step = { cells: [], added: [], turned: { what, ids } };
    this.turning = answered.then(({ all, gone }) => {
      if (!all) for (const code of [...ids.keys()]) if (!gone.has(code)) ids.delete(code);
      if (!ids.size) for (const steps of [this.done, this.undone]) drop(steps, step);
      this.#announce();
    });
    this.done.push(step);
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.undone = [];
    this.#announce();
  }

  /** Make rows of our own at the end, without a step of their own; returns their ids. */
  addRows(count) {
    const ids = Array.from({ length: count }, () => this.store.addLocalRow());
    this.store.announce({ added: ids });
    return ids;
  }

  /** Take the last step back. Returns the step, with the cells that others changed since. */
  undo() {
    const step = this.done.pop();
    if (!step) return null;
    this.undone.push(step);
    const untouched = step.cells.filter(({ id, key, after }) => this.#holds(id, key, after));
    // Rows that this step made go as a whole.
    const stays = untouched.filter(({ id }) => !step.added.includes(id));
    this.#write(stays.map(({ id, key, before }) => ({ id, key, value: before })));
    if (step.added.length) step.removal = step.isBack.then(() => this.removeRows(step.added));
    if (step.turned) this.turning = this.#turn(step, step.turned.what === "removed", this.undone, this.done);
    this.#announce();
    return { ...step, kept: step.cells.length - untouched.length };
  }

  /** Do again what was undone last. */
  redo() {
    const step = this.undone.pop();
    if (!step) return null;
    this.done.push(step);
    if (step.turned) this.turning = this.#turn(step, step.turned.what !== "removed", this.done, this.undone);
    if (step.added.length) step.isBack = this.#bringBack(step);
    const stays = step.cells.filter(({ id }) => !step.added.includes(id));
    const kept = this.#writeAgain(stays);
    this.#announce();
    return { ...step, kept };
  }

  /** Rows that the server had made come back under their codes; those it never saw are made anew. */
  async #bringBack(step) {
    const { codes, gone } = await step.removal;
    const isBack = !gone.size || (await this.restoreRows([...gone]));
    if (!isBack) {
      if (drop(this.done, step)) this.undone.push(step);
      this.#announce();
      return;
    }
    const now = new Map([...codes].map(([code, id]) => [id, this.store.idOfCode.get(code)]));
    const unmade = step.added.filter((id) => !now.has(id));
    const made = this.addRows(unmade.length);
    unmade.forEach((id, place) => now.set(id, made[place]));
    this.#replace(step, now);
    this.#writeAgain(step.cells.filter(({ id }) => step.added.includes(id)));
  }

  /** Returns how many cells stay, because others changed them. */
  #writeAgain(cells) {
    const open = cells.filter(({ id, key, after }) => !this.#holds(id, key, after));
    const untouched = open.filter(({ id, key, before }) => this.#holds(id, key, before));
    this.#write(untouched.map(({ id, key, after }) => ({ id, key, value: after })));
    return open.length - untouched.length;
  }

  /** Bring rows back or take them away; where the server does not, the step stays where it was. */
  async #turn(step, comesBack, to, from) {
    const { ids } = step.turned;
    const codes = [...ids.keys()];
    await this.turning;
    if (!to.includes(step)) return;
    const isDone = comesBack ? await this.restoreRows(codes) : (await this.removeRows([...ids.values()])).all;
    if (isDone && comesBack) {
      const now = new Map(codes.map((code) => [ids.get(code), this.store.idOfCode.get(code)]));
      this.#replace(step, now);
    } else if (!isDone && drop(to, step)) from.push(step);
    this.#announce();
  }

  // What the server tidied up (outer blanks, line ends) is still our text.
  #holds(id, key, text) {
    if (!this.store.row(id)) return false;
    const tidy = (value) => value.replace(/\r\n?/g, "\n").trim().normalize("NFC");
    return tidy(this.store.value(id, key)) === tidy(text);
  }

  #replace(step, newId) {
    for (const one of [...this.done, ...this.undone, step]) {
      one.added = one.added.map((id) => newId.get(id) ?? id);
      for (const cell of one.cells) cell.id = newId.get(cell.id) ?? cell.id;
      for (const [code, id] of one.turned?.ids ?? []) one.turned.ids.set(code, newId.get(id) ?? id);
    }
  }

  #write(changes) {
    const changed = new Map();
    for (const { id, key, value, base } of changes) {
      this.store.put(id, key, value, base);
      if (!changed.has(id)) changed.set(id, new Set());
      changed.get(id).add(key);
    }
    this.store.announce({ changed });
    this.saver.kick();
    this.#announce();
  }

  #announce() {
    for (const listener of this.listeners) listener();
  }
}

function drop(steps, step) {
  const place = steps.indexOf(step);
  if (place >= 0) steps.splice(place, 1);
  return place >= 0;
}

// What is wrong with a cell, beside it, with the button that mends it; and the way to the next one.

import { base } from "../api.js";
import { noteOf } from "./results.js";
import { word } from "../words.js";

const HOVER = 350;

export class Hints {
  /** onFix({ id, key, value }) */
  constructor(table, { store, view, selection, editor, onFix }) {
    Object.assign(this, { table, store, view, selection, editor, onFix });
    this.box = document.createElement("div");
    this.box.id = "cell-hint";
    this.box.className = "cell-hint";
    this.box.hidden = true;
    document.getElementById("main").append(this.box);
    this.timer = null;
    selection.listen(() => this.showActive());
    table.element.addEventListener("mouseover", (event) => this.#hover(event));
    table.holder.addEventListener("scroll", () => this.showActive(), { passive: true });
    table.holder.addEventListener("focus", () => this.showActive());
    table.holder.addEventListener("blur", () => this.#hide());
    // A click on the button must not take the focus from the grid.
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
    this.box.addEventListener("mouseleave", () => this.showActive());
  }

  /** The problem of the active cell, if the keyboard is in the grid. */
  showActive() {
    const { active } = this.selection;
    const isHere = this.table.hasFocus;
    const problems = active && isHere && !this.editor.isOpen ? this.#wordsOf(active) : [];
    this.#show(active, problems, true);
  }

  #hover(event) {
    clearTimeout(this.timer);
    const cell = this.table.cellOf(event.target);
    if (!cell || this.editor.isOpen || event.buttons) return;
    const problems = this.#wordsOf(cell);
    if (problems.length) this.timer = setTimeout(() => this.#show(cell, problems, false), HOVER);
  }

  /** What there is to say about a cell: its problems, or what its number means. */
  #wordsOf({ id, key }) {
    const problems = this.store.problems(id, key);
    const note = problems.length ? "" : noteOf(this.store.row(id), key);
    return note ? [{ sentence: note, severity: "note" }] : problems;
  }

  #show(cell, problems, isActive) {
    const element = cell && problems.length ? this.table.cellElement(cell.id, cell.key) : null;
    if (!element || !this.table.isInSight(element)) {
      this.#hide();
      return;
    }
    this.box.replaceChildren(...problems.map((problem) => this.#line(cell, problem)));
    this.box.dataset.severity = problems[0].severity;
    this.box.hidden = false;
    place(this.box, element.getBoundingClientRect());
    if (isActive) {
      element.setAttribute("aria-describedby", this.box.id);
      this.described = element;
    }
  }

  #line({ id, key }, problem) {
    const line = document.createElement("p");
    const sentence = document.createElement("span");
    sentence.textContent = problem.sentence;
    line.append(sentence);
    const column = this.store.columns.get(key);
    if (column && !this.store.mayEdit(id, key) && !this.store.isLocked(id)) {
      sentence.textContent += ` ${word("grid.filled_by", { owner: word(`grid.owner_${column.group}`) })}`;
    }
    if (problem.brief) line.append(" ", linkToBrief(problem));
    if (problem.fix !== null && problem.fix !== undefined && this.store.mayEdit(id, key)) {
      const fix = document.createElement("button");
      fix.type = "button";
      fix.className = "fix";
      fix.tabIndex = -1; // by keyboard: Ctrl and a full stop
      fix.textContent = word("grid.fix_as", { value: shorten(problem.fix) });
      fix.title = word("grid.fix_key");
      fix.addEventListener("click", () => this.onFix({ id, key, value: problem.fix }));
      line.append(" ", fix);
    }
    return line;
  }

  #hide() {
    clearTimeout(this.timer);
    this.box.hidden = true;
    this.described?.removeAttribute("aria-describedby");
    this.described = null;
  }

  /** The other brief that a problem of the active cell is about: { brief, column }, or undefined. */
  otherOfActive() {
    const { active } = this.selection;
    return active && this.store.problems(active.id, active.key).find(({ brief }) => brief);
  }

  /** The fix of the active cell, or undefined. */
  fixOfActive() {
    const { active } = this.selection;
    if (!active) return undefined;
    return this.store
      .problems(active.id, active.key)
      .map((problem) => problem.fix)
      .find((fix) => fix !== null && fix !== undefined);
  }

  /** How many cells have errors: { own, others: owner -> how many of the columns that they fill }. */
  countErrors() {
    let own = 0;
    const others = new Map();
    for (const id of this.store.ids) {
      if (this.store.isLocked(id)) continue;
      const red = this.store.row(id).problems.filter(({ severity }) => severity === "error");
      for (const key of new Set(red.map((problem) => problem.column))) {
        if (!key) continue;
        if (this.store.mayEdit(id, key)) {
          own += 1;
          continue;
        }
        const owner = word(`grid.owner_${this.store.columns.get(key)?.group ?? "system"}`);
        others.set(owner, (others.get(owner) ?? 0) + 1);
      }
    }
    return { own, others };
  }

  /** The next cell with an error that one may mend, after the active one; null when there is none. */
  findNext(ids, keys) {
    const { active } = this.selection;
    const from = active ? ids.indexOf(active.id) : 0;
    const start = Math.max(from, 0);
    for (let step = 0; step <= ids.length; step += 1) {
      const id = ids[(start + step) % ids.length];
      if (this.store.isLocked(id)) continue;
      const isFirst = step === 0 && active?.id === id;
      const isLast = step === ids.length;
      const passed = isFirst || isLast ? keys.indexOf(active?.key) : -1;
      const places = keys.map((_, place) => place).filter((place) => (isLast ? place <= passed : place > passed));
      const found = places.find(
        (place) => this.store.severity(id, keys[place]) === "error" && this.store.mayEdit(id, keys[place]),
      );
      if (found !== undefined) return { id, key: keys[found] };
    }
    return null;
  }
}

/** The other brief that a sentence is about; a click goes to it in the sheet. */
export function linkToBrief({ brief, column }) {
  const link = document.createElement("a");
  link.href = `${base}?brief=${encodeURIComponent(brief)}`;
  link.textContent = word("grid.go_to_brief", { code: brief });
  link.title = word("grid.fix_key");
  link.tabIndex = -1;
  link.addEventListener("mousedown", (event) => event.preventDefault()); // the keyboard stays where it is
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("select-brief", { detail: { code: brief, column } }));
  });
  return link;
}

function shorten(text) {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function place(box, at) {
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  const isLow = at.bottom + box.offsetHeight + 8 > innerHeight;
  box.style.top = `${isLow ? at.top - box.offsetHeight - 4 : at.bottom + 4}px`;
}

// The editor over a cell: types a text, a date, a choice; counts letters; hears the checks' word.

import { word } from "../words.js";
import { countLetters, isCounted } from "./cells.js";
import { ChoiceList } from "./choices.js";
import { linkToBrief } from "./hints.js";

const HEIGHT_MOST = 260;

export class Editor {
  /**
   * onCommit({ id, key, value, seen, move, fills }): what was typed over what was seen, and where to
   * go next ([down, right] or null); onCancel(); onTyping({ id, key, value }).
   */
  constructor(table, { onCommit, onCancel, onTyping }) {
    Object.assign(this, { table, onCommit, onCancel, onTyping });
    this.open = null;
    table.holder.addEventListener("scroll", () => this.#follow(), { passive: true });
  }

  get isOpen() {
    return this.open !== null;
  }

  isAt(id, key) {
    return this.open?.id === id && this.open?.key === key;
  }

  /** What is typed into a cell and differs from what was seen: { id, key, value, base }; else null. */
  get typed() {
    if (!this.open || this.open.key === "status") return null;
    const { id, key, input, seen } = this.open;
    return input.value === seen.text ? null : { id, key, value: input.value, base: seen.base };
  }

  /**
   * Edit a cell. column: { key, header, shape, choices }; initial: the text to begin with; seen:
   * { text, base } of the cell as it stands; typed: the person began by typing, so that arrows leave
   * the cell again.
   */
  start(id, column, initial, { seen, typed = false } = {}) {
    this.finish();
    const cell = this.table.cellElement(id, column.key);
    if (!cell) return;
    const box = document.createElement("div");
    box.className = "editor";
    const input = document.createElement("textarea");
    input.rows = 1;
    input.value = initial;
    input.spellcheck = isCounted(column.key);
    input.lang = /_([a-z]{2})$/.exec(column.key)?.[1] ?? "";
    input.setAttribute("aria-label", column.header);
    const foot = document.createElement("div");
    foot.className = "editor-foot";
    const verdict = document.createElement("p");
    verdict.className = "editor-verdict";
    verdict.id = "editor-verdict";
    verdict.setAttribute("aria-live", "polite");
    input.setAttribute("aria-describedby", verdict.id);
    const count = document.createElement("span");
    count.className = "editor-count";
    foot.append(verdict, count);
    box.append(input, foot);
    this.open = { id, key: column.key, column, seen, box, input, verdict, count, typed, cell };
    this.#addHelpers();
    this.table.element.append(box);
    this.#place();
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#blurred());
    box.addEventListener("mousedown", (event) => {
      if (event.target !== input) event.preventDefault();
    });
    input.focus({ preventScroll: true });
    input.setSelectionRange(input.value.length, input.value.length);
    this.#grow();
    this.#recount();
  }

  /** Say what the checks think of what is typed. problems: [{ sentence, severity }]. */
  judge(problems) {
    if (!this.open) return;
    const { verdict } = this.open;
    verdict.textContent = problems[0]?.sentence ?? "";
    verdict.dataset.severity = problems[0]?.severity ?? "";
    if (problems[0]?.brief) verdict.append(" ", linkToBrief(problems[0]));
  }

  /** Take what is typed, and go nowhere. */
  finish() {
    if (this.open) this.#commit(null);
  }

  cancel() {
    if (!this.open) return;
    this.#close();
    this.onCancel();
  }

  #addHelpers() {
    const { column, box, input } = this.open;
    if (column.choices?.length) {
      this.open.choices = new ChoiceList(input, column.choices, {
        isMany: column.shape === "list",
        onChoose: () => {
          this.#typed();
          if (column.shape !== "list") this.#commit([0, 0]);
        },
      });
      box.insertBefore(this.open.choices.element, box.lastChild);
    } else if (column.shape === "date" || column.shape === "moment") {
      box.insertBefore(this.#calendarButton(), input.nextSibling);
      box.classList.add("has-calendar");
    }
  }

  #calendarButton() {
    const { column, input } = this.open;
    const native = document.createElement("input");
    native.type = column.shape === "date" ? "date" : "datetime-local";
    native.className = "editor-native";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = "editor-calendar";
    button.textContent = "▾";
    button.title = word("grid.pick_a_date");
    button.setAttribute("aria-label", button.title);
    this.open.showPicker = () => {
      native.value = input.value.trim().replace(" ", "T");
      this.open.isPicking = true;
      native.showPicker?.();
    };
    button.addEventListener("click", this.open.showPicker);
    native.addEventListener("input", () => {
      input.value = native.value.replace("T", " ");
      this.#typed();
      input.focus();
    });
    const place = document.createElement("span");
    place.className = "editor-picker";
    place.append(native, button);
    return place;
  }

  /** Over its cell, within the frame of the table. */
  #place() {
    const { element, holder } = this.table;
    const outer = element.getBoundingClientRect();
    const frame = holder.getBoundingClientRect();
    const { box, cell } = this.open;
    const at = cell.getBoundingClientRect();
    const width = Math.max(at.width, isCounted(this.open.key) ? 320 : 180);
    const left = Math.min(at.left, Math.max(frame.left, frame.left + holder.clientWidth - width));
    box.style.left = `${left - outer.left}px`;
    box.style.top = `${at.top - outer.top}px`;
    box.style.width = `${width}px`;
    // Near the lower edge it opens upwards.
    box.classList.toggle("opens-up", at.bottom + 140 > frame.bottom && at.top - 140 > frame.top);
    box.style.setProperty("--cell-height", `${at.height}px`);
  }

  #follow() {
    if (this.open?.cell.isConnected) this.#place();
  }

  #grow() {
    const { input } = this.open;
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, HEIGHT_MOST)}px`;
  }

  #recount() {
    const { column, input, count } = this.open;
    if (!isCounted(column.key)) return;
    const letters = countLetters(input.value);
    count.textContent = word("grid.letters", { count: letters });
  }

  #typed() {
    if (!this.open) return;
    this.#grow();
    this.#recount();
    const { id, key, input } = this.open;
    this.onTyping({ id, key, value: input.value });
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.open.choices?.key(event)) return;
    const act = this.#actOf(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #actOf(event) {
    const { key, shiftKey, altKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (key === "Enter" && altKey) return () => this.#breakLine();
    if (key === "Enter" && command) return () => this.#commit([0, 0], true);
    if (key === "Enter") return () => this.#commit([shiftKey ? -1 : 1, 0]);
    if (key === "Tab") return () => this.#commit([0, shiftKey ? -1 : 1]);
    if (key === "Escape") return () => this.cancel();
    if (key === "ArrowDown" && altKey && this.open.showPicker) return this.open.showPicker;
    const arrow = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    if (arrow && this.open.typed && !command && !shiftKey && !altKey) return () => this.#commit(arrow);
    return null;
  }

  #breakLine() {
    const { input } = this.open;
    input.setRangeText("\n", input.selectionStart, input.selectionEnd, "end");
    this.open.typed = false;
    this.#typed();
  }

  #blurred() {
    // The native calendar takes the focus while it is open.
    if (this.open && !this.open.box.contains(document.activeElement)) {
      if (this.open.isPicking) this.open.isPicking = false;
      else this.#commit(null);
    }
  }

  #commit(move, fills = false) {
    const { id, key, input, seen } = this.open;
    const value = input.value;
    this.#close();
    this.onCommit({ id, key, value, seen, move, fills });
  }

  #close() {
    const { box } = this.open;
    this.open = null;
    // Before the box goes: afterwards the whole page would be laid out for it at once.
    if (box.contains(document.activeElement)) this.table.focus();
    box.remove();
  }
}

// The menu of a cell and of a header: by the right button, Shift+F10 or the menu key.

import { word } from "../words.js";

let open = null;

/**
 * Show a menu at a place of the window. items: [{ label, keys, act, isOff }], null for a line between.
 * onClose() is told when it is gone, before what was chosen happens.
 */
export function openMenu(items, { x, y, label, onClose }) {
  open?.close();
  const menu = document.createElement("div");
  menu.className = "context-menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  for (const item of items) menu.append(item ? makeItem(item) : makeLine());
  document.body.append(menu);
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 4))}px`;
  const buttons = [...menu.querySelectorAll("[role=menuitem]")];
  const point = (place) => buttons.at(place % buttons.length)?.focus({ preventScroll: true });
  const away = (event) => {
    if (!menu.contains(event.target)) close();
  };
  function close() {
    if (open?.menu !== menu) return;
    open = null;
    for (const kind of ["mousedown", "wheel"]) removeEventListener(kind, away, true);
    removeEventListener("blur", close);
    removeEventListener("resize", close);
    menu.remove();
    onClose();
  }
  menu.addEventListener("click", (event) => {
    const item = items.filter(Boolean)[buttons.indexOf(event.target.closest("[role=menuitem]"))];
    if (!item || item.isOff) return;
    close();
    item.act();
  });
  menu.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key in moves) point(moves[event.key]);
    else if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key.length === 1 && event.key !== " ") point(findNext(buttons, at, event.key));
    else return; // Enter and the space bar press the button
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener("contextmenu", (event) => event.preventDefault());
  for (const kind of ["mousedown", "wheel"]) addEventListener(kind, away, true);
  addEventListener("blur", close);
  addEventListener("resize", close);
  open = { menu, close };
  point(0);
}

function makeItem({ label, keys, isOff }) {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.setAttribute("role", "menuitem");
  if (isOff) button.setAttribute("aria-disabled", "true");
  const name = document.createElement("span");
  name.textContent = label;
  button.append(name);
  if (keys) {
    const shown = document.createElement("kbd");
    shown.textContent = keys;
    shown.setAttribute("aria-hidden", "true");
    button.append(shown);
  }
  return button;
}

function makeLine() {
  const line = document.createElement("div");
  line.setAttribute("role", "separator");
  return line;
}

/** The next item that begins with a letter, or the one we are at. */
function findNext(buttons, at, letter) {
  const begins = ({ textContent }) => textContent.toLocaleLowerCase().startsWith(letter.toLocaleLowerCase());
  const turned = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
  const found = turned.find(begins);
  return found ? buttons.indexOf(found) : at;
}

export class ContextMenu {
  /** acts: what its items do, by name; sort(key, direction), fit(key). */
  constructor(table, { store, view, selection, editor, acts }) {
    Object.assign(this, { table, store, view, selection, editor, acts });
    table.element.addEventListener("contextmenu", (event) => this.#asked(event));
  }

  #asked(event) {
    if (event.target.closest(".editor")) return;
    const cell = this.table.cellOf(event.target);
    const header = event.target.closest(".tabulator-col[tabulator-field]");
    const key = header?.getAttribute("tabulator-field");
    // The keyboard's question comes from the grid itself.
    if (!cell && event.target !== this.table.holder && !this.view.keys.includes(key)) return;
    event.preventDefault();
    this.editor.finish();
    this.table.focus();
    if (header) {
      this.#open(this.#sorting(key), this.#nameOf(key), event.clientX, event.clientY);
    } else if (cell) {
      if (!this.#isChosen(cell)) this.selection.select(cell.id, cell.key);
      this.#openForCell(event.clientX, event.clientY);
    } else this.show();
  }

  /** At the active cell: for the keyboard. */
  show() {
    const { active } = this.selection;
    if (!active) return;
    this.table.scrollTo(active.id, active.key);
    const box = this.table.cellElement(active.id, active.key)?.getBoundingClientRect();
    if (box) this.#openForCell(box.left + 8, box.bottom);
  }

  #isChosen({ id, key }) {
    const bounds = this.selection.bounds();
    if (!bounds) return false;
    const [row, column] = [this.view.rowOf(id), this.view.columnOf(key)];
    return row >= bounds.top && row <= bounds.bottom && column >= bounds.left && column <= bounds.right;
  }

  #open(items, label, x, y) {
    openMenu(items, { x, y, label, onClose: () => this.table.focus() });
  }

  #openForCell(x, y) {
    const { id, key } = this.selection.active;
    const { acts, store } = this;
    const { code } = store.row(id);
    const mayWrite = this.selection.cells().flat().some((cell) => store.mayEdit(cell.id, cell.key));
    const hasHistory = store.columns.has(key) || key === "status";
    const items = [
      { label: word("grid.menu_cut"), keys: "Ctrl+X", act: acts.cut, isOff: !mayWrite },
      { label: word("grid.menu_copy"), keys: "Ctrl+C", act: acts.copy },
      { label: word("grid.menu_paste"), keys: "Ctrl+V", act: acts.paste, isOff: !mayWrite },
      null,
      { label: word("grid.menu_fill"), keys: "Ctrl+D", act: acts.fillDown, isOff: !mayWrite },
      { label: word("grid.menu_clear"), keys: "Delete", act: acts.clear, isOff: !mayWrite },
      { label: word("grid.menu_duplicate"), act: acts.duplicate, isOff: !code || !store.mayAddRows() },
      null,
      { label: word("grid.menu_panel"), act: acts.openPanel, isOff: !code },
      { label: word("grid.menu_form"), act: acts.openForm, isOff: !code },
      { label: word("grid.menu_link"), act: acts.copyLink, isOff: !code },
      { label: word("grid.menu_history"), act: () => acts.showHistory(id, key), isOff: !code || !hasHistory },
      null,
      ...this.#sorting(key),
    ];
    this.#open(items, `${code ?? word("grid.new_code")} · ${this.#nameOf(key)}`, x, y);
  }

  #sorting(key) {
    const { order } = this.table;
    const at = order.key === key ? order.direction : null;
    const { sort, fit } = this.acts;
    return [
      { label: word("grid.sort_up"), keys: "Alt+↑", act: () => sort(key, "ascending"), isOff: at === "ascending" },
      { label: word("grid.sort_down"), keys: "Alt+↓", act: () => sort(key, "descending"), isOff: at === "descending" },
      { label: word("grid.sort_off"), act: () => sort(key, null), isOff: !order.key },
      { label: word("grid.menu_fit"), act: () => fit(key) },
    ];
  }

  #nameOf(key) {
    return this.store.columns.get(key)?.header ?? word(`grid.${key}`);
  }
}

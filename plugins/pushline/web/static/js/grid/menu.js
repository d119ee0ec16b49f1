// The menu of columns: which parts are shown, and the list of keys.

import { openDialog } from "../shell.js";
import { word } from "../words.js";

/** Fill the popover with a box per part; onFold(key, isFolded). Returns a function that redraws it. */
export function makeColumnMenu(menu, parts, folded, onFold) {
  const boxes = new Map();
  for (const part of parts.filter(({ folds }) => folds)) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => onFold(part.key, !box.checked));
    label.append(box, " ", part.title);
    menu.append(label);
    boxes.set(part.key, box);
  }
  const draw = () => {
    for (const [key, box] of boxes) box.checked = !folded.has(key);
  };
  draw();
  return draw;
}

const KEYS = [
  ["grid.key_type", ["A…Я", "F2", "Enter"]],
  ["grid.key_commit", ["Enter", "Tab"]],
  ["grid.key_cancel", ["Esc"]],
  ["grid.key_break", ["Alt+Enter"]],
  ["grid.key_choose", ["Shift+↑↓←→"]],
  ["grid.key_jump", ["Ctrl+↑↓←→"]],
  ["grid.key_copy", ["Ctrl+C", "Ctrl+X", "Ctrl+V"]],
  ["grid.key_undo", ["Ctrl+Z", "Ctrl+Y"]],
  ["grid.key_fill", ["Ctrl+D", "Ctrl+R", "Ctrl+Enter"]],
  ["grid.key_clear", ["Delete"]],
  ["grid.key_sort", ["Alt+↑", "Alt+↓"]],
  ["grid.key_menu", ["Shift+F10"]],
  ["grid.key_rows", ["Shift+Space", "Ctrl+Space", "Ctrl+A"]],
  ["grid.key_fix", ["Ctrl+."]],
  ["grid.key_leave", ["Esc, Tab"]],
];

export function showKeys() {
  const list = document.createElement("dl");
  list.className = "keys";
  for (const [name, keys] of KEYS) {
    const term = document.createElement("dt");
    for (const key of keys) {
      const shown = document.createElement("kbd");
      shown.textContent = key;
      term.append(shown, " ");
    }
    const meaning = document.createElement("dd");
    meaning.textContent = word(name);
    list.append(term, meaning);
  }
  return openDialog({ title: word("grid.keys"), body: list, wide: true });
}

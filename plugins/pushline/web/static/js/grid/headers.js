// The header of the grid: titles of columns, what is sorted, and roles as screen readers need them.

import { word } from "../words.js";

export function columnTitle(column) {
  const title = document.createElement("span");
  title.className = "column-title";
  title.textContent = column.header;
  if (column.hint) title.title = column.hint;
  return title;
}

/** The button that brings the sheet's order back: in the header, so that nothing moves when it appears. */
export function sortEnd(onEnd) {
  const button = document.createElement("button");
  button.type = "button";
  button.id = "sort-clear";
  button.className = "fold";
  button.hidden = true;
  button.tabIndex = -1; // the same by keyboard: Alt and the arrow once more, or the cell's menu
  button.textContent = "⇅ ×";
  button.title = word("grid.sort_off");
  button.setAttribute("aria-label", button.title);
  button.addEventListener("click", onEnd);
  return button;
}

/** Tell eye and ear by which column the rows are sorted. */
export function markSorted(root, { key, direction }) {
  for (const header of root.querySelectorAll(".tabulator-col[aria-sort]")) header.removeAttribute("aria-sort");
  root.querySelector("#sort-clear").hidden = !key;
  if (!key) return;
  root.querySelector(`.tabulator-col[tabulator-field="${CSS.escape(key)}"]`)?.setAttribute("aria-sort", direction);
}

/**
 * Roles as a screen reader needs them; Tabulator's own leave out the groups of rows. What scrolls is
 * the grid, because it has the keyboard; the header above it belongs to it.
 */
export function giveRoles(root, grid) {
  const give = (selector, role) => {
    for (const element of root.querySelectorAll(selector)) element.setAttribute("role", role);
  };
  root.removeAttribute("role");
  root.removeAttribute("aria-owns");
  grid.setAttribute("role", "grid");
  const header = root.querySelector(".tabulator-header");
  header.id = "grid-header";
  grid.setAttribute("aria-owns", header.id);
  give(".tabulator-header", "rowgroup");
  give(".tabulator-header-contents, .tabulator-col-group, .tabulator-col-group-cols", "presentation");
  give(".tabulator-headers", "row");
  give(".tabulator-col-group > .tabulator-col-content", "columnheader");
  give(".tabulator-table", "rowgroup");
  for (const header of root.querySelectorAll(".tabulator-col")) {
    header.removeAttribute("aria-sort");
    header.removeAttribute("aria-title");
  }
}

// The header of the grid: titles of columns, what is sorted, and roles as screen readers need them.

export function columnTitle(column) {
  const title = document.createElement("span");
  title.className = "column-title";
  title.textContent = column.header;
  if (column.hint) title.title = column.hint;
  return title;
}

/** Tell eye and ear by which column the rows are sorted. */
export function markSorted(root, { key, direction }) {
  for (const header of root.querySelectorAll(".tabulator-col[aria-sort]")) header.removeAttribute("aria-sort");
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

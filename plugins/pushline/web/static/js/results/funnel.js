// The numbers of a run as one bar, and its variants side by side.

import { number } from "../words.js";

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== "") node.textContent = text;
  return node;
}

/** Parts side by side in one bar: [{ share, kind }]. */
export function stackedBar(parts) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "meter");
  picture.setAttribute("width", "100%");
  picture.setAttribute("height", "12");
  picture.setAttribute("aria-hidden", "true");
  let from = 0;
  for (const { share, kind } of parts) {
    const part = piece(from, share, 12);
    part.setAttribute("class", kind);
    picture.append(part);
    from += share;
  }
  return picture;
}

function piece(from, share, height = 10) {
  const part = document.createElementNS(SVG, "rect");
  part.setAttribute("x", `${(100 * from).toFixed(2)}%`);
  part.setAttribute("width", `${(100 * share).toFixed(2)}%`);
  part.setAttribute("height", String(height));
  return part;
}

/** A beside B, with what came back: { heading, columns, rows, notes } as the server worked it out. */
export function variantsTable({ heading: name, columns, rows }) {
  const table = make("table", "variants");
  const head = table.createTHead().insertRow();
  head.append(...columns.map((text, place) => heading(text, place ? "amount" : "")));
  const body = table.createTBody();
  for (const { variant, cells } of rows) {
    const row = body.insertRow();
    const first = make("th", "", variant);
    first.scope = "row";
    row.append(first);
    for (const { users, share } of cells) {
      const cell = make("td", "amount", users === null ? "—" : number(users));
      if (share) cell.append(make("small", "faint", ` ${share}`));
      row.append(cell);
    }
  }
  const scroll = make("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-label", name);
  scroll.append(table);
  return scroll;
}

function heading(text, className = "") {
  const cell = make("th", className, text);
  cell.scope = "col";
  return cell;
}

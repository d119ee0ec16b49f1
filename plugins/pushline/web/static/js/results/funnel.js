// The numbers of a run as one bar, and its variants side by side.

import { number, numberLocale, word } from "../words.js";

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

const COUNTS = ["pushes", "accepted", "delivered", "opened", "converted", "unsubscribed"];

/** A beside B, with what came back; null when there is nothing to compare. */
export function variantsTable(variants, hasReceipts) {
  if (variants.length < 2 && !hasReceipts) return null;
  const table = make("table", "variants");
  const head = table.createTHead().insertRow();
  head.append(heading(word("results.variant")));
  const shown = hasReceipts ? COUNTS : COUNTS.slice(0, 2);
  for (const name of shown) head.append(heading(word(`results.${name}`), "amount"));
  const body = table.createTBody();
  for (const variant of variants) {
    const row = body.insertRow();
    const name = make("th", "", variant.variant);
    name.scope = "row";
    row.append(name);
    for (const key of shown) {
      const cell = make("td", "amount", number(variant[key]));
      if (key !== "pushes" && variant.pushes) {
        cell.append(make("small", "faint", ` ${percent(variant[key] / variant.pushes)}`));
      }
      row.append(cell);
    }
  }
  const scroll = make("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-label", word("results.variants"));
  scroll.append(table);
  return scroll;
}

export function percent(share) {
  return new Intl.NumberFormat(numberLocale, {
    style: "percent",
    maximumFractionDigits: 1,
  }).format(share);
}

function heading(text, className = "") {
  const cell = make("th", className, text);
  cell.scope = "col";
  return cell;
}

// A funnel as a table whose rows carry bars: the numbers can be read, copied and heard.

import { number, numberLocale, word } from "../words.js";

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== "") node.textContent = text;
  return node;
}

/** One bar, `share` (0 to 1) of the width; attributes, because a policy forbids inline styles. */
export function bar(share, kind = "") {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", `meter ${kind}`);
  picture.setAttribute("width", "100%");
  picture.setAttribute("height", "10");
  picture.setAttribute("aria-hidden", "true");
  picture.append(piece(0, share));
  return picture;
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

/** The steps of a funnel: [{ words, users, depth }]. */
export function funnelTable(steps, audience) {
  const table = make("table", "funnel");
  const head = table.createTHead().insertRow();
  head.append(heading(word("results.step")), heading(word("results.users"), "amount"));
  head.insertCell().setAttribute("aria-hidden", "true");
  const body = table.createTBody();
  for (const { words, users, depth } of steps) {
    const row = body.insertRow();
    row.className = `depth-${depth}`;
    const name = make("th", "", words);
    name.scope = "row";
    row.append(name);
    row.append(make("td", "amount", number(users)));
    const drawn = row.insertCell();
    drawn.className = "bar-cell";
    drawn.setAttribute("aria-hidden", "true");
    drawn.append(bar(audience ? Math.min(1, users / audience) : 0));
  }
  return table;
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

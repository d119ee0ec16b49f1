// From an audience to what became of it: a table whose bars fall. Numbers can be read, copied and heard.
// run.html draws the same for readers without scripts.

import { el } from "./panel/dom.js";
import { number, word } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * steps: [{ words, users, depth }] from the audience down. What stands between the two first steps of depth 0 is taken
 * away from the first; the parts below the second make it up.
 */
export function drawFunnel(steps) {
  const whole = Math.max(1, steps[0]?.users ?? 0);
  let heads = 0;
  let edge = 0;
  const rows = steps.map(({ words, users, depth }) => {
    if (depth === 0) {
      heads += 1;
      edge = users;
    } else if (depth === 1) edge -= users;
    const isLost = depth > 0 && heads === 1;
    const kind = depth === 0 ? (heads === 1 ? "whole" : "kept") : (isLost ? "lost" : "part");
    return el(
      "tr",
      { class: `${kind} depth-${depth}` },
      el("th", { scope: "row" }, words),
      el("td", { class: "amount users" }, `${isLost ? "−" : ""}${number(users)}`),
      el("td", { class: "bar-cell", "aria-hidden": "true" }, drawBar((depth === 0 ? 0 : Math.max(0, edge)) / whole, users / whole)),
    );
  });
  return el(
    "table",
    { class: "funnel" },
    el("caption", { class: "unseen" }, word("reach.funnel")),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, word("results.step")), el("th", { scope: "col", class: "amount" }, word("results.users")), el("td", { "aria-hidden": "true" }))),
    el("tbody", {}, rows),
  );
}

/** A piece of a line, both between 0 and 1; attributes, because a policy forbids inline styles. */
function drawBar(from, share) {
  const picture = document.createElementNS(SVG, "svg");
  const part = document.createElementNS(SVG, "rect");
  const sizes = { class: "meter", width: "100%", height: "10" };
  for (const [name, value] of Object.entries(sizes)) picture.setAttribute(name, value);
  part.setAttribute("x", `${(100 * from).toFixed(2)}%`);
  part.setAttribute("width", `${(100 * Math.min(1, share)).toFixed(2)}%`);
  part.setAttribute("height", "10");
  picture.append(part);
  return picture;
}

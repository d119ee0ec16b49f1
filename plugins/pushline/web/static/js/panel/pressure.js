// How full the week is: people by the number of pushes that they have in it.

import { get } from "../api.js";
import { number, word } from "../words.js";
import { el, fill } from "./dom.js";
import { day as dayOf } from "./times.js";

export async function drawPressure(box, day) {
  let found;
  try {
    found = await get(`api/pressure?week=${day}`);
  } catch (error) {
    fill(box, el("p", { class: "faint" }, error.detail ?? String(error)));
    return;
  }
  if (!found.rule) {
    fill(box, el("h4", {}, word("reach.pressure")), el("p", { class: "faint" }, found.sentence));
    return;
  }
  const most = Math.max(1, ...found.counts);
  const bars = found.counts.map((users, pushes) => {
    const bar = el("span", { class: "bar-fill" });
    bar.style.width = `${(users / most) * 100}%`;
    const isFull = pushes === found.maximum;
    return el(
      "tr",
      { class: isFull ? "lost" : "whole" },
      el("th", { scope: "row" }, isFull ? word("reach.pressure_full", { count: pushes }) : word("reach.pressure_pushes", { count: pushes })),
      el("td", { class: "users" }, `${found.is_sample ? "≈" : ""}${number(users)}`),
      el("td", { class: "bar-cell", "aria-hidden": "true" }, el("span", { class: "bar-line" }, bar)),
    );
  });
  fill(
    box,
    el("h4", {}, word("reach.pressure_week", { from: dayOf(found.from) })),
    el("table", { class: "funnel" }, el("caption", { class: "unseen" }, word("reach.pressure")), el("tbody", {}, bars)),
    el("p", { class: "faint" }, word(found.is_sample ? "reach.pressure_sample" : "reach.pressure_exact", { rule: found.rule })),
  );
}

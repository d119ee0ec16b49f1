// Whom this brief shares with another one of the sheet.

import { get } from "../api.js";
import { number, word } from "../words.js";
import { button, el, fill } from "./dom.js";

const CODE = /^C-\d{4}-\d{3,6}$/;

export class Overlap {
  constructor(rowOf) {
    this.rowOf = rowOf;
    this.input = el("input", { type: "text", size: 12, placeholder: "C-2026-118", "aria-label": word("reach.other_brief"), autocomplete: "off" });
    this.result = el("div", { role: "status" });
    this.element = el(
      "form",
      { class: "overlap", onsubmit: (event) => { event.preventDefault(); void this.compare(); } },
      el("h4", {}, word("reach.overlap")),
      el("div", { class: "line-up" }, this.input, button(word("reach.compare"), () => void this.compare(), { class: "small" })),
      this.result,
    );
  }

  reset() {
    this.input.value = "";
    this.result.replaceChildren();
  }

  async compare() {
    const first = this.rowOf().code;
    const second = this.input.value.trim().toUpperCase();
    if (!CODE.test(second) || second === first) {
      fill(this.result, el("p", { class: "bad" }, word("reach.overlap_code")));
      return;
    }
    fill(this.result, el("p", { class: "faint" }, word("reach.reading")));
    try {
      const found = await get(`api/overlap?a=${first}&b=${second}`);
      if (this.rowOf().code === first) fill(this.result, drawOverlap(found));
    } catch (error) {
      fill(this.result, el("p", { class: "bad" }, error.detail ?? String(error)));
    }
  }
}

function drawOverlap({ a, b, only_a: onlyA, both, only_b: onlyB }) {
  const whole = Math.max(1, onlyA + both + onlyB);
  const parts = [["a", onlyA], ["both", both], ["b", onlyB]].map(([kind, users]) => {
    const part = el("span", { class: `share ${kind}` });
    part.style.width = `${(users / whole) * 100}%`;
    return part;
  });
  const first = onlyA + both;
  return el(
    "div",
    {},
    el("div", { class: "shares", "aria-hidden": "true" }, parts),
    el(
      "ul",
      { class: "legend" },
      el("li", { class: "a" }, word("reach.overlap_only", { code: a }), " ", el("span", { class: "users" }, number(onlyA))),
      el("li", { class: "both" }, word("reach.overlap_both"), " ", el("span", { class: "users" }, number(both))),
      el("li", { class: "b" }, word("reach.overlap_only", { code: b }), " ", el("span", { class: "users" }, number(onlyB))),
    ),
    el("p", { class: "faint" }, word("reach.overlap_share", { percent: Math.round((both / Math.max(1, first)) * 100), a, b })),
  );
}

// What an approver's yes is of: the idea, what decides, the texts as phones show them, who gets it, the cost.

import { number, word } from "../words.js";
import { el } from "./dom.js";
import { drawPhone } from "./phones.js";
import { drawVerdict } from "./preview.js";
import { drawReach } from "./reach.js";
import { clock, dayAndClock } from "./times.js";

export function drawCase({ reach, known, texts, typed, zone }) {
  const [first] = texts;
  return [
    el("p", { class: "case-heading" }, known.idea, first && el("span", { lang: first.language }, ` · ${first.title.text}`)),
    drawFacts(known),
    drawTexts(texts),
    el(
      "div",
      { class: "case-numbers" },
      el("p", {}, word("reach.as_of", { time: clock(reach.as_of), zone, when: dayAndClock(reach.planned_for) })),
      drawReach(reach),
      known.band && el("p", {}, word("approve.band", known.band)),
      known.cost !== null && el("p", {}, word("approve.cost", { cost: cost(known.cost), price: known.price, currency: known.currency })),
      el("p", {}, word("approve.editors", { names: known.editors.join(", ") })),
      el("p", { class: "faint" }, word("approve.binds")),
      known.sentence && el("p", { class: "bad" }, known.sentence),
      known.needs_typed_number && el("p", { class: "typed" }, el("label", { for: "typed-number" }, word("approve.type_number", { count: reach.will_get })), " ", typed),
    ),
  ];
}

function drawFacts({ facts, warnings }) {
  return el(
    "section",
    { class: "case-facts", "aria-label": word("approve.facts") },
    el("dl", { class: "facts" }, facts.map(({ key, label, value, is_bad: isBad }) => [
      el("dt", {}, label),
      el("dd", { class: isBad ? "bad" : undefined, data: { fact: key } }, value),
    ])),
    warnings.length > 0 && el("ul", { class: "warnings" }, warnings.map((sentence) => el("li", {}, sentence))),
  );
}

function drawTexts(texts) {
  return el(
    "div",
    { class: "case-texts", tabIndex: 0, role: "region", "aria-label": word("panel.preview") },
    texts.map((text) => el(
      "section",
      {},
      el("h3", {}, `${text.language.toUpperCase()}${texts.some((one) => one.variant) ? ` · ${"AB"[text.variant]}` : ""}`),
      drawPhone("android16-360", { title: text.title.text, body: text.body.text, lang: text.language }, "light"),
      drawVerdict(word("panel.title"), text.title),
      text.link && el("p", { class: "link" }, el("code", {}, text.link)),
    )),
  );
}

const cost = (value) => (Number.isInteger(value) ? number(value) : number(value.toFixed(2)));

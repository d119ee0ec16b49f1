// Who gets it: the falling bars from the audience to those who will get it, and who takes the slots.

import { get, post, remove } from "../api.js";
import { drawFunnel } from "../funnel.js";
import { stageOf } from "../grid/results.js";
import { number, word } from "../words.js";
import { button, el, fill } from "./dom.js";
import { Overlap } from "./overlap.js";
import { drawPressure } from "./pressure.js";
import { city, clock, dayAndClock } from "./times.js";

const LOOK = 300;
const DWELL = 700;
const OPEN_STATES = new Set(["idea", "texts_ready", "audience_ready", "approved", "scheduled"]);
// Who holds the slots is counted after the numbers; so often it is asked for.
const MOST_LOOKS_FOR_TAKERS = 40;
const MOST_COMING = 5;
// Numbers grow old while one looks at them.
const AGE_CHECK = 60_000;

export class Reach {
  constructor(box, sheet, tell) {
    this.box = box;
    this.tell = tell;
    this.row = null;
    this.answer = null;
    this.timer = null;
    this.looks = 0;
    this.counts = sheet.me.role_rights.edit.length > 0 || sheet.me.role_rights.approve;
    this.overlap = new Overlap(() => this.row);
    this.week = el("div", { class: "pressure" });
    setInterval(() => {
      if (this.row && !document.hidden && this.answer?.state !== "running") this.look(0, true);
    }, AGE_CHECK);
  }

  show(row) {
    const isOther = row.code !== this.row?.code;
    const isEdited = row.content_hash !== this.row?.content_hash;
    this.row = row;
    if (isOther) {
      this.answer = null;
      this.overlap.reset();
      this.draw();
    }
    if (isOther || isEdited) this.look(isOther ? 0 : DWELL, true);
  }

  /** Somebody else may have had it counted: then the whole answer is asked for. */
  hearNumbers(row) {
    const { state, reach } = this.answer ?? {};
    const isUnderWay = state === "queued" || state === "running";
    if (row.code === this.row?.code && !isUnderWay && row.reach && row.reach.as_of !== reach?.as_of) this.look(0);
  }

  /** The number that an approver agrees to; null unless it is of the brief as it stands. */
  get fresh() {
    return this.answer?.state === "ready" && this.answer.reach?.is_fresh ? this.answer.reach : null;
  }

  /** Resolves to fresh numbers, counted anew if need be; rejects with the sentence why not. */
  async whenFresh() {
    if (!this.fresh) await this.count(false);
    while (!this.fresh) {
      const { state, fault } = this.answer ?? {};
      if (this.trouble || fault) throw new Error(this.trouble || fault);
      if (state !== "queued" && state !== "running") throw new Error(word("reach.not_counted"));
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
    return this.fresh;
  }

  look(pause, mayAsk = false) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#look(mayAsk), pause);
  }

  async #look(mayAsk) {
    const { code } = this.row;
    try {
      const answer = await get(`api/reach/${code}`);
      if (code !== this.row.code) return;
      this.#hear(answer);
      if (mayAsk && this.#isWanted()) this.timer = setTimeout(() => void this.count(false), DWELL);
    } catch (error) {
      if (code === this.row.code) this.#fail(error);
    }
  }

  #isWanted() {
    const { state, reach } = this.answer;
    if (!this.counts || !this.#isOpen() || !this.#isGood()) return false;
    return state === "none" || state === "cancelled" || (state === "ready" && !reach.is_fresh)
      || (state === "failed" && !reach);
  }

  /** Whether a number may still change anything: nobody asks who will get what has left. */
  #isOpen() {
    return OPEN_STATES.has(stageOf(this.row));
  }

  #isGood() {
    return this.row.is_in_step && !this.row.problems.some((one) => one.severity === "error");
  }

  async count(again) {
    clearTimeout(this.timer);
    const { code } = this.row;
    try {
      const answer = await post(`api/reach/${code}`, { again });
      if (code === this.row.code) this.#hear(answer);
    } catch (error) {
      if (code === this.row.code) this.#fail(error);
    }
  }

  async stop() {
    try {
      this.#hear(await remove(`api/reach/${this.row.code}`));
    } catch (error) {
      this.#fail(error);
    }
  }

  #hear(answer) {
    const was = this.answer;
    this.answer = answer;
    this.trouble = "";
    const isUnderWay = answer.state === "queued" || answer.state === "running";
    if (isUnderWay) this.looks = 0;
    if (isUnderWay) this.look(LOOK);
    else if (answer.state === "ready" && !answer.reach.takers && this.looks++ < MOST_LOOKS_FOR_TAKERS) this.look(LOOK);
    if (answer.reach && answer.reach.as_of !== was?.reach?.as_of) {
      void drawPressure(this.week, answer.reach.planned_for.slice(0, 10));
      this.tell(answer);
    }
    this.draw();
  }

  #fail(error) {
    this.trouble = error.detail ?? String(error);
    this.draw();
  }

  draw() {
    const { answer } = this;
    if (!answer) {
      fill(this.box, el("p", { class: "faint", role: "status" }, this.trouble || word("shell.loading")));
      return;
    }
    const { reach } = answer;
    fill(
      this.box,
      this.#drawState(),
      reach && drawReach(reach),
      reach && drawSplit(reach),
      reach && drawTakers(reach, this.row.code),
      reach && this.overlap.element,
      reach && this.week,
    );
  }

  #drawState() {
    const { state, progress, fault, reach, zone } = this.answer;
    const isUnderWay = state === "queued" || state === "running";
    const isOpen = this.#isOpen();
    const refresh = this.counts && isOpen && !isUnderWay && this.#isGood()
      && button(word(reach ? "reach.again" : "reach.count"), () => void this.count(true), { class: "small" });
    let sentence = "";
    if (this.trouble) sentence = this.trouble;
    else if (!isOpen) sentence = reach ? word("reach.before") : "";
    else if (fault) sentence = fault;
    else if (state === "queued") sentence = word("reach.queued");
    else if (state === "running") sentence = progress.total ? word("reach.counting", progress) : word("reach.reading");
    else if (!reach && !this.#isGood()) sentence = word("reach.mend_first");
    else if (!reach) sentence = word("reach.none");
    const stale = reach && isOpen && !isUnderWay && reach.stale ? word(`reach.stale_${reach.stale}`) : "";
    return el(
      "div",
      { class: "reach-state" },
      reach && el("p", { class: "as-of" }, word("reach.as_of", { time: clock(reach.as_of), zone: city(zone), when: dayAndClock(reach.planned_for) })),
      el("p", { role: "status", class: (fault && isOpen) || this.trouble ? "bad" : "" }, sentence),
      stale && el("p", { class: "stale" }, stale),
      isUnderWay && el("progress", { max: progress.total || 1, ...(progress.total ? { value: progress.done } : {}), "aria-label": word("reach.progress") }),
      isUnderWay && this.counts ? button(word("reach.stop"), () => void this.stop(), { class: "small" }) : refresh,
    );
  }
}

/** Audience, what each reason takes away, who is left: the numbers at the bars' ends add up. */
export const drawReach = (reach) => drawFunnel([
  { words: word("reach.audience"), users: reach.audience, depth: 0 },
  ...reach.parts.map(({ label, users }) => ({ words: label, users, depth: 1 })),
  { words: word("reach.will_get"), users: reach.will_get, depth: 0 },
]);

function drawSplit({ by_variant: variants, by_language: languages }) {
  const parts = [];
  if (Object.keys(variants).length > 1) {
    parts.push(Object.entries(variants).map(([variant, users]) => `${"AB"[variant] ?? variant} ${number(users)}`).join(" · "));
  }
  if (Object.keys(languages).length > 0) {
    parts.push(Object.entries(languages).map(([language, users]) => `${language.toUpperCase()} ${number(users)}`).join(" · "));
  }
  return parts.length ? el("p", { class: "faint" }, word("reach.of_them", { parts: parts.join("; ") })) : null;
}

function drawTakers({ takers, parts }, code) {
  const isLimited = parts.some((part) => ["capped", "minimum_gap", "own_limit"].includes(part.reason));
  if (!takers) return isLimited ? el("p", { class: "faint" }, word("reach.takers_coming")) : null;
  const limits = takers.limits.filter((limit) => limit.takers.length);
  return el(
    "div",
    { class: "takers" },
    limits.map((limit) => [
      el("h4", {}, word("reach.takers", { limit: limit.label })),
      el("ul", {}, limit.takers.map((taker) => drawTaker(taker, limit.is_sample, code))),
      limit.more ? el("p", { class: "faint" }, word("reach.takers_more", { count: limit.more })) : null,
    ]),
    takers.coming.length > 0 && [
      el("h4", {}, word("reach.coming")),
      el("ul", {}, takers.coming.slice(0, MOST_COMING).map((one) => el("li", {}, briefLink(one.code), ` ${one.title ?? ""} `, el("span", { class: "faint" }, word("reach.coming_reach", { count: one.reach_expected }))))),
      takers.coming.length > MOST_COMING && el("p", { class: "faint" }, word("reach.takers_more", { count: takers.coming.length - MOST_COMING })),
      el("p", { class: "faint" }, word("reach.coming_note")),
    ],
  );
}

function drawTaker(taker, isSample, code) {
  const users = `${isSample ? "≈" : ""}${number(taker.users)}`;
  const title = taker.code && taker.title.startsWith(taker.code) ? taker.title.slice(taker.code.length) : taker.title;
  return el(
    "li",
    {},
    taker.code ? briefLink(taker.code) : el("span", { class: "tag" }, word(`reach.kind_${taker.kind}`)),
    ` ${title.trim()}${taker.code === code ? ` (${word("reach.this_brief")})` : ""} `,
    el("span", { class: "users" }, users),
  );
}

/** A link to another brief of the sheet: selects it here, and can be copied as an address. */
export function briefLink(code) {
  return el("a", {
    href: `?brief=${encodeURIComponent(code)}`,
    onclick: (event) => {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("select-brief", { detail: { code } }));
    },
  }, code);
}

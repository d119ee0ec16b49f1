// The preview: what phones show of the chosen brief, while it is typed and as sample people read it.

import { post } from "../api.js";
import { number, word } from "../words.js";
import { choice, el, fill } from "./dom.js";
import { fit, loadMeasures } from "./fit.js";
import { DEVICES, drawPhone, WIDTHS } from "./phones.js";

const LANGUAGES = ["ru", "kk", "en"];
const LETTERS = ["A", "B"];
const PREFIXES = ["", "b_"];
const PAUSE = 250;
const KEPT = "pushline-preview";

export class Preview {
  constructor(box) {
    this.box = box;
    this.row = null;
    this.typed = {};
    this.answer = null;
    this.timer = null;
    this.question = null;
    this.asked = 0;
    this.chosen = { device: DEVICES[0], width: WIDTHS[0], theme: "light", language: "", variant: 0, sample: 0, ...readKept() };
  }

  /** Another row, or the same one after a save. */
  show(row) {
    if (row.code !== this.row?.code) {
      this.answer = null;
      this.chosen.sample = 0;
      this.chosen.variant = 0;
    }
    this.row = row;
    this.typed = {};
    this.draw();
    this.ask(0);
  }

  /** A cell of the row is being typed. */
  hear(column, value) {
    this.typed[column] = value;
    const part = /^(?:title|text)_(b_)?(ru|kk|en)$/.exec(column);
    if (part) this.choose({ language: part[2], variant: part[1] ? 1 : 0 }, false);
    if (column in this.row.cells || value) this.draw();
    this.ask(PAUSE);
  }

  choose(change, asks = true) {
    Object.assign(this.chosen, change);
    keep(this.chosen);
    this.draw();
    if (asks && "sample" in change) this.ask(0);
  }

  ask(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#ask(), pause);
  }

  async #ask() {
    this.question?.abort();
    this.question = new AbortController();
    const number_ = ++this.asked;
    const body = { code: this.row.code, cells: this.#cells(), sample: this.chosen.sample };
    try {
      // Without them the page has no verdict of its own; the server's comes all the same.
      await loadMeasures().catch(() => {});
      const answer = await post("api/preview", body, { signal: this.question.signal });
      if (number_ !== this.asked) return;
      this.answer = { ...answer, cells: body.cells };
      this.draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.trouble = error.detail ?? String(error);
      this.draw();
    }
  }

  #cells() {
    return { ...this.row.cells, ...this.typed };
  }

  /** Texts of every language and variant: filled by the server, or as typed until it answers. */
  list() {
    const cells = this.#cells();
    const found = [];
    for (const [variant, prefix] of PREFIXES.entries()) {
      for (const language of LANGUAGES) {
        const raw = { title: cells[`title_${prefix}${language}`] ?? "", body: cells[`text_${prefix}${language}`] ?? "" };
        if (!raw.title.trim() && !raw.body.trim()) continue;
        const answered = this.answer?.texts.find((one) => one.variant === variant && one.language === language);
        const text = { variant, language, link: answered?.link ?? "" };
        for (const place of ["title", "body"]) text[place] = this.#part(raw[place].trim(), place, answered?.[place], `${place === "title" ? "title" : "text"}_${prefix}${language}`);
        found.push(text);
      }
    }
    return found;
  }

  #part(typed, place, answered, column) {
    const isSame = answered && (this.answer.cells[column] ?? "").trim() === typed;
    if (isSame) return answered;
    // A field can only be filled by the server: until then its old text stands, or the braces.
    return { text: typed, fault: "", fit: typed.includes("{") ? null : safeFit(typed, place) };
  }

  draw() {
    if (!this.row) return;
    const texts = this.list();
    if (!texts.length) {
      fill(this.box, el("p", { class: "faint" }, word("panel.no_texts")));
      return;
    }
    const variants = [...new Set(texts.map((one) => one.variant))];
    const variant = variants.includes(this.chosen.variant) ? this.chosen.variant : variants[0];
    const languages = LANGUAGES.filter((one) => texts.some((text) => text.language === one));
    const language = languages.includes(this.chosen.language) ? this.chosen.language : languages[0];
    const shown = texts.find((one) => one.variant === variant && one.language === language)
      ?? texts.find((one) => one.variant === 0 && one.language === language) ?? texts[0];
    fill(
      this.box,
      el(
        "div",
        { class: "line-up" },
        choice(word("panel.language"), languages.map((one) => ({ value: one, label: one.toUpperCase(), title: word(`panel.language_${one}`) })), language, (value) => this.choose({ language: value })),
        variants.length > 1 && choice(word("panel.variant"), variants.map((one) => ({ value: one, label: LETTERS[one], title: word("panel.variant_of", { letter: LETTERS[one] }) })), variant, (value) => this.choose({ variant: value })),
        this.#drawPeople(),
      ),
      el(
        "div",
        { class: "line-up" },
        choice(word("panel.device"), DEVICES.map((one) => ({ value: one, label: word(`panel.device_${one}`), title: word(`panel.device_long_${one}`) })), this.chosen.device, (value) => this.choose({ device: value })),
        this.chosen.device !== "iphone" && choice(word("panel.width"), WIDTHS.map((one) => ({ value: one, label: `${one} dp`, title: word(`panel.width_${one}`) })), this.chosen.width, (value) => this.choose({ width: value })),
        choice(word("panel.phone_theme"), ["light", "dark"].map((one) => ({ value: one, label: one === "light" ? "☀" : "☾", title: word(`panel.phone_${one}`) })), this.chosen.theme, (value) => this.choose({ theme: value })),
      ),
      drawPhone(this.#phone(), { title: shown.title.text, body: shown.body.text, image: this.#cells().image_url, lang: language }, this.chosen.theme),
      drawVerdict(word("panel.title"), shown.title),
      drawVerdict(word("panel.body"), shown.body),
      this.#drawFallback(languages, language),
      shown.link && el("p", { class: "link" }, el("span", { class: "faint" }, word("panel.link"), " "), el("code", {}, shown.link)),
    );
  }

  #phone() {
    const { device, width } = this.chosen;
    return device === "iphone" ? device : `${device}-${width}`;
  }

  #drawPeople() {
    const people = this.answer?.people ?? [];
    if (!people.length) {
      return this.answer?.fields.length ? el("p", { class: "faint" }, word("panel.longest_values")) : null;
    }
    const at = Math.min(this.chosen.sample, people.length - 1);
    const values = Object.entries(people[at].fields).map(([name, value]) => `${name}: ${value ?? "—"}`).join(", ");
    return el(
      "div",
      { class: "people" },
      choice(word("panel.sample"), people.map((one, place) => ({ value: place, label: word(`panel.sample_${one.key}`) })), at, (value) => this.choose({ sample: value })),
      el("p", { class: "faint fields" }, values),
    );
  }

  #drawFallback(languages) {
    const missing = LANGUAGES.filter((one) => !languages.includes(one));
    if (!missing.length || !languages.length) return null;
    return el("p", { class: "faint" }, word("panel.falls_back", { languages: missing.map((one) => one.toUpperCase()).join(", "), to: languages[0].toUpperCase() }));
  }
}

/** How a text fits, in words beside its colour. */
export function drawVerdict(name, part) {
  if (part.fault) return el("p", { class: "verdict", data: { colour: "red" } }, el("strong", {}, name, " "), part.fault);
  if (!part.text.trim()) return el("p", { class: "verdict", data: { colour: "none" } }, el("strong", {}, name, " "), word("panel.fit_empty"));
  const judged = part.fit;
  if (!judged) return el("p", { class: "verdict", data: { colour: "none" } }, el("strong", {}, name, " "), word("panel.filling"));
  const cut = judged.colour === "red"
    ? word("panel.fit_red", { extra: judged.extra })
    : word(`panel.fit_${judged.colour}`, { head: tail(judged.head) });
  const others = (judged.findings ?? []).filter((_, place) => judged.colour === "green" || place > 0);
  return el(
    "p",
    { class: "verdict", data: { colour: judged.colour } },
    el("strong", {}, name, " "),
    el("span", { class: "count" }, `${number(judged.graphemes)} / ${number(judged.limit)}`),
    " ",
    cut,
    others.map((sentence) => el("span", { class: "more" }, " ", sentence)),
  );
}

function tail(head) {
  const letters = Array.from(head.trimEnd());
  return letters.length > 24 ? `…${letters.slice(-24).join("")}` : letters.join("");
}

function safeFit(text, place) {
  try {
    return fit(text, place);
  } catch {
    return null; // the widths are still on their way
  }
}

function readKept() {
  try {
    const { device, width, theme } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return {
      ...(DEVICES.includes(device) && { device }),
      ...(WIDTHS.includes(width) && { width }),
      ...(theme && { theme }),
    };
  } catch {
    return {};
  }
}

function keep({ device, width, theme }) {
  localStorage.setItem(KEPT, JSON.stringify({ device, width, theme }));
}

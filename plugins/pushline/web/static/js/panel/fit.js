// Where phones cut a text: the server's rules (message/text_fit.py) by the browser's means. Widths and
// limits come from the same file, letters from the same font, so that a verdict stands while one types.

import { get } from "../api.js";

const ELLIPSIS = "…";
const OVERSAMPLING = 16;
const PATIENCE = 20_000;
const EMOJI = /(?![\u00a9\u00ae\u2122])\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3|\ufe0f/u;
const RUN = /\p{Script=Cyrillic}+|\P{Script=Cyrillic}+/gu;
const CYRILLIC = /^\p{Script=Cyrillic}/u;
const CONTROL = /[\p{Cc}\p{Cs}]/gu;
// Blank as Python's split() has it.
const BLANK = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANKS = new RegExp(`[${BLANK}]+`, "u");
const WORD = new RegExp(`[^${BLANK}]+[${BLANK}]*|[${BLANK}]+`, "gu");
const TAIL = new RegExp(`[${BLANK}]+$`, "u");

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const canvas = document.createElement("canvas").getContext("2d");
const widths = new Map();
let measures = null;
let loading = null;

/** Loads widths and fonts; call it once before the others. Rejects when they do not come. */
export function loadMeasures() {
  loading ??= Promise.race([load(), refuseAfter(PATIENCE)]).catch((error) => {
    loading = null; // asked for again next time
    throw error;
  });
  return loading;
}

async function load() {
  const fonts = [400, 500].map((weight) => document.fonts.load(`${weight} ${14 * OVERSAMPLING}px "Pushline Roboto"`));
  const [found] = await Promise.all([get("api/text-fit"), ...fonts]);
  measures = found;
  return measures;
}

const refuseAfter = (pause) => new Promise((_, refuse) => {
  setTimeout(() => refuse(new Error("The fonts do not come.")), pause);
});

export const splitGraphemes = (text) => Array.from(segmenter.segment(text), ({ segment }) => segment);
export const isEmoji = (grapheme) => EMOJI.test(grapheme);
const trimEnd = (text) => text.replace(TAIL, "");

/** Width of one line in dp or pt; font names an entry of text_fit.json. */
export function measureWidth(text, font) {
  const style = measures.fonts[font];
  let width = 0;
  let letters = "";
  for (const grapheme of splitGraphemes(text.replace(CONTROL, ""))) {
    if (isEmoji(grapheme)) {
      width += measureLetters(letters, font) + measures.emoji_em * style.size;
      letters = "";
    } else letters += grapheme;
  }
  return width + measureLetters(letters, font);
}

function measureLetters(letters, font) {
  if (!letters) return 0;
  const key = `${font} ${letters}`;
  let width = widths.get(key);
  if (width === undefined) {
    const style = measures.fonts[font];
    width = style.over_roboto
      ? letters.match(RUN).reduce((sum, run) => (
        sum + measureRoboto(run, style) * style.over_roboto[CYRILLIC.test(run) ? "cyrillic" : "latin"]), 0)
      : measureRoboto(letters, style);
    if (widths.size > 20_000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

function measureRoboto(letters, style) {
  canvas.font = `${style.weight < 500 ? 400 : 500} ${style.size * OVERSAMPLING}px "Pushline Roboto"`;
  canvas.fontKerning = "normal";
  return canvas.measureText(letters).width / OVERSAMPLING;
}

/** What one line of this width shows before the ellipsis, or null when all of it fits. */
export function headOfLine(line, width, font) {
  if (measureWidth(line, font) <= width) return null;
  const graphemes = splitGraphemes(line);
  let low = 0;
  let high = graphemes.length;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (measureWidth(graphemes.slice(0, middle).join("") + ELLIPSIS, font) <= width) low = middle;
    else high = middle - 1;
  }
  return graphemes.slice(0, low).join("");
}

/** Verdict of a filled text in a place ("title" or "body"), as the server gives it, without sentences. */
export function fit(text, place) {
  const rules = measures.places[place];
  const count = splitGraphemes(text).length;
  const line = text.split(BLANKS).filter(Boolean).join(" ");
  const narrow = headOfLine(line, rules.narrow.width, rules.narrow.font);
  let colour = "green";
  let extra = 0;
  if (narrow !== null) {
    const wide = headOfLine(line, rules.wide.width, rules.wide.font);
    colour = wide === null ? "yellow" : "orange";
    extra = splitGraphemes(line).length - splitGraphemes(narrow).length;
  }
  if (count > rules.limit) {
    colour = "red";
    extra = count - rules.limit;
  }
  return { place, colour, graphemes: count, limit: rules.limit, head: narrow ?? line, extra };
}

/** The lines that a phone draws: broken by words, long words by graphemes. */
export function wrapLines(text, width, font) {
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.match(WORD) ?? []) {
      if (measureWidth(trimEnd(line + word), font) <= width) {
        line += word;
        continue;
      }
      if (trimEnd(line)) lines.push(line);
      const pieces = breakWord(word, width, font);
      line = pieces.pop();
      lines.push(...pieces);
    }
    lines.push(line);
  }
  return lines;
}

function breakWord(word, width, font) {
  const pieces = [""];
  for (const grapheme of splitGraphemes(word)) {
    const last = pieces[pieces.length - 1];
    if (last && measureWidth(trimEnd(last + grapheme), font) > width) pieces.push("");
    pieces[pieces.length - 1] += grapheme;
  }
  return pieces;
}

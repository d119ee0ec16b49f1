// How a cell looks: its text, what is wrong with it, whether it may be edited, what is on its way.

import { dayAndClock } from "../panel/times.js";
import { number, word } from "../words.js";
import { isResult, resultOf, stageOf, statusOf } from "./results.js";

const COUNTED = /^(title|text)_/;
const STATES = ["error", "warning", "readonly", "waiting", "conflict", "number"];
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many characters a reader sees: an emoji is one, blanks around the text are none. */
export function countLetters(typed) {
  const text = typed.trim();
  if (/^[\x20-\x7e\u0400-\u04ff]*$/.test(text)) return text.length;
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

export function isCounted(key) {
  return COUNTED.test(key);
}

/** Put what a cell shows into its element. */
export function paintCell(element, store, id, key, { isConflict = false } = {}) {
  const row = store.row(id);
  if (!row) return;
  const severity = store.severity(id, key);
  const states = {
    error: severity === "error",
    warning: severity === "warning",
    readonly: key !== "code" && key !== "status" && !store.mayEdit(id, key),
    waiting: store.isWaiting(id, key),
    conflict: isConflict,
    number: key === "reach" || isResult(key) || store.columns.get(key)?.shape === "number",
  };
  for (const state of STATES) element.classList.toggle(`is-${state}`, states[state]);
  setAttribute(element, "aria-invalid", states.error ? "true" : null);
  setAttribute(element, "aria-readonly", states.readonly || key === "code" ? "true" : null);
  element.replaceChildren(...contents(store, row, id, key));
}

function contents(store, row, id, key) {
  if (key === "code") return codeParts(row);
  if (key === "status") return statusParts(row);
  if (key === "problems") return problemParts(row);
  if (key === "reach") return reachParts(row);
  if (isResult(key)) return resultParts(row, key);
  const text = store.value(id, key);
  const parts = [span("cell-text", text.replaceAll("\n", " ⏎ "))];
  if (text.trim() && isCounted(key)) parts.push(span("count", String(countLetters(text)), true));
  return parts;
}

function codeParts(row) {
  if (!row.code) return [span("code new", word("grid.new_code"))];
  return [span("code", row.code)];
}

function statusParts(row) {
  const parts = [span(`chip is-${stageOf(row)}`, statusOf(row))];
  if (row.version !== null && row.version !== undefined && row.is_in_step === false) {
    const mark = span("out-of-step", "≠");
    mark.title = word("grid.out_of_step");
    parts.push(mark);
  }
  return parts;
}

function problemParts(row) {
  const errors = row.problems.filter((problem) => problem.severity === "error").length;
  const warnings = row.problems.length - errors;
  const parts = [];
  if (errors) parts.push(span("tally error", word("grid.to_mend", { count: errors })));
  if (warnings) parts.push(span("tally warning", word("grid.hints", { count: warnings })));
  if (!parts.length && row.code) parts.push(span("tally good", "✓"));
  return parts;
}

function reachParts(row) {
  const reach = row.reach?.will_get;
  if (reach === null || reach === undefined) return [];
  const part = span(row.reach.is_fresh === false ? "cell-text stale" : "cell-text", number(reach));
  const words = { time: dayAndClock(row.reach.as_of) };
  part.title = word(row.reach.is_fresh === false ? "grid.reach_was" : "grid.reach_as_of", words);
  return [part];
}

function resultParts(row, key) {
  const [text, small] = row.code ? resultOf(row, key) : ["", ""];
  const parts = text ? [span("cell-text", text)] : [];
  if (small) parts.unshift(span("share", small));
  return parts;
}

/** What a cell says as text: for copying and for searching. */
export function textOfCell(store, id, key) {
  const row = store.row(id);
  if (key === "code") return row.code ?? "";
  if (key === "status") return statusOf(row);
  if (key === "problems") return row.problems.map((problem) => problem.sentence).join(" ");
  if (key === "reach") return String(row.reach?.will_get ?? "");
  if (isResult(key)) return row.code ? resultOf(row, key)[0] : "";
  return store.value(id, key);
}

function span(name, text, isHidden = false) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  if (isHidden) element.setAttribute("aria-hidden", "true");
  return element;
}

function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

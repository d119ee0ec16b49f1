// What became of a campaign, in the cells Sent, Clicks and Uplift: numbers, or why there are none.

import { number, numberLocale, word } from "../words.js";

// Of a run, as the page calls them; its brief is "sent" all the same: as far as it will ever come.
const ENDS = { cancelled: "stopped", expired: "expired" };
const GOES_ON = new Set(["sending", "sent"]);
const AHEAD = new Set(["approved", "scheduled", "sending"]);
const TOLD_BY_RUN = { held: "held", planning: "sending", sending: "sending" };
const KEYS = new Set(["sent", "clicks", "uplift"]);

export function isResult(key) {
  return KEYS.has(key);
}

/**
 * Where a campaign is now: a status, "held", "stopped" or "expired". Its run tells it at once; the
 * brief follows at the planner's next tick, minutes later.
 */
export function stageOf(row) {
  const run = row.run?.status;
  if (AHEAD.has(row.status) && TOLD_BY_RUN[run]) return TOLD_BY_RUN[run];
  const isOver = GOES_ON.has(row.status) || (AHEAD.has(row.status) && row.sent > 0 && !row.cells.repeat);
  if (isOver && ENDS[run]) return ENDS[run];
  if (isOver && run === "sent" && !row.cells.repeat) return "sent";
  return row.status;
}

/** How the last run of a campaign ended, if it was not by being sent: "stopped", "expired", or "". */
export function endOf(row) {
  const stage = stageOf(row);
  return Object.values(ENDS).includes(stage) ? stage : "";
}

/** What a row is called by its stage. */
export function statusOf(row) {
  const stage = stageOf(row);
  return stage === row.status ? row.status_label : word(`shell.status_${stage}`);
}

/** [text, small] of a cell; empty texts where there is no number. */
export function resultOf(row, key) {
  if (key === "sent") return [row.sent === null ? "" : number(row.sent), ""];
  if (key === "clicks") return row.clicks === null ? ["", ""] : [number(row.clicks), shareOf(row)];
  if (!row.uplift) return ["", ""];
  if (!row.uplift.is_clear) return [word("grid.uplift_unclear"), ""];
  return [word("grid.uplift_points", { points: points(row.uplift.difference) }), ""];
}

/** What the number says, or why there is none; "" for a row that was never saved. */
export function noteOf(row, key) {
  if (!isResult(key) || !row?.code) return "";
  if (key === "sent") {
    if (row.sent === null) return word("grid.missing_not_sent");
    if (endOf(row)) return word(`grid.sent_till_${endOf(row)}`);
    return word(row.run.status === "sending" ? "grid.sent_so_far" : "grid.sent_note");
  }
  const missing = row[`${key}_missing`];
  if (missing) return word(`grid.missing_${missing}`);
  if (key === "clicks") {
    return word("grid.clicks_note", { opened: row.clicks, sent: row.sent, share: shareOf(row) });
  }
  const { a, b, low, high, is_clear: isClear, occasion } = row.uplift;
  return word(isClear ? "grid.uplift_note" : "grid.uplift_unclear_note", {
    a: percent(a),
    b: percent(b),
    low: points(low),
    high: points(high),
    day: occasion.slice(0, 10),
  });
}

function shareOf(row) {
  return row.sent ? percent(row.clicks / row.sent) : "";
}

function percent(share) {
  return write(share, { style: "percent", maximumFractionDigits: 1 });
}

/** Percentage points of a difference of shares, with their sign. */
function points(share) {
  return write(100 * share, { signDisplay: "exceptZero", maximumFractionDigits: 1 });
}

function write(value, how) {
  return new Intl.NumberFormat(numberLocale, how).format(value).replace("-", "−");
}

// Who changed what in a brief, and what was done to its runs, the latest first.

import { base, get } from "../api.js";
import { stageOf } from "../grid/results.js";
import { word } from "../words.js";
import { button, el, fill } from "./dom.js";
import { dayAndClock } from "./times.js";

const SHOWN = 20;

export class History {
  constructor(box, sheet) {
    this.box = box;
    this.columns = Object.fromEntries(sheet.columns.map(({ key, header }) => [key, header]));
    this.labels = Object.fromEntries(sheet.statuses.map(({ key, label }) => [key, label]));
    this.row = null;
    this.isOpen = false;
    this.acts = [];
    this.most = SHOWN;
    // A run that was stopped or held changes no cell: only the numbers tell.
    document.addEventListener("numbers-changed", ({ detail: { row } }) => {
      if (row.code === this.row?.code && stageOf(row) !== this.stage) this.show(row);
    });
  }

  show(row) {
    this.stage = stageOf(row);
    const isOther = row.code !== this.row?.code;
    this.row = row;
    if (isOther) {
      this.acts = [];
      this.most = SHOWN;
      fill(this.box, el("p", { class: "faint" }, word("shell.loading")));
    }
    if (this.isOpen) void this.#ask();
  }

  /** The section was opened or closed: closed, nothing is asked for. */
  open(isOpen) {
    this.isOpen = isOpen;
    if (isOpen && this.row) void this.#ask();
  }

  async #ask() {
    const { code } = this.row;
    try {
      const { acts } = await get(`api/briefs/${code}/history`);
      if (code !== this.row.code) return;
      this.acts = acts.reverse();
      this.draw();
    } catch (error) {
      fill(this.box, el("p", { class: "bad" }, error.detail ?? String(error)));
    }
  }

  draw() {
    const shown = this.acts.slice(0, this.most);
    fill(
      this.box,
      shown.length ? el("ol", { class: "acts" }, shown.map((act) => this.#drawAct(act))) : el("p", { class: "faint" }, word("panel.history_none")),
      this.acts.length > shown.length && button(word("panel.history_more", { count: this.acts.length - shown.length }), () => { this.most += 200; this.draw(); }, { class: "small" }),
    );
  }

  #drawAct(act) {
    const isStatus = act.column === "status";
    const name = isStatus ? "" : this.columns[act.column] ?? act.column;
    const say = (text) => (isStatus ? this.labels[text] ?? text : text);
    return el(
      "li",
      {},
      el("p", { class: "who" }, el("strong", {}, act.who), " ", word(`panel.act_${act.what}`), name && ` · ${name}`, el("time", { class: "faint", dateTime: act.at }, ` ${dayAndClock(act.at)}`)),
      (act.old || act.new) && el("p", { class: "change" }, act.old && el("del", {}, say(act.old)), act.old && act.new && " → ", act.new && el("ins", {}, say(act.new))),
      act.run && drawRun(act.run),
    );
  }
}

/** Which run it was, and for a reach that was asked about, how many and for how many it was approved. */
function drawRun({ run_id: id, occasion, reach, low, high }) {
  return el(
    "p",
    {},
    el("a", { href: `${base}runs/${id}` }, word("panel.run_of", { time: dayAndClock(occasion) })),
    reach !== null && ` · ${word("panel.run_reach", { count: reach })}`,
    low !== null && ` ${word("panel.run_band", { low, high })}`,
  );
}

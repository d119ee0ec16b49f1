// The steps of a brief: who may move it on, the approver's dialog, sending back, taking an approval back, its runs.

import { base, get, post } from "../api.js";
import { openDialog, toast } from "../shell.js";
import { askToStopRun } from "../stop.js";
import { word } from "../words.js";
import { drawCase } from "./case.js";
import { button, el, fill } from "./dom.js";
import { city, dayAndClock } from "./times.js";

const PAUSE = 250;
// So often a brief that somebody else is writing is counted anew for the approver's dialog.
const MOST_COUNTS = 5;
const LONGEST_REASON = 500;
const refresh = (code) => document.dispatchEvent(new CustomEvent("refresh-rows", { detail: { codes: [code] } }));

export class Approval {
  constructor(box, sheet, { reach, preview }) {
    this.box = box;
    this.sheet = sheet;
    this.rights = sheet.me.role_rights;
    this.labels = Object.fromEntries(sheet.statuses.map(({ key, label }) => [key, label]));
    this.reach = reach;
    this.preview = preview;
    this.note = el("div", { class: "note sent-back", role: "note" });
    this.row = null;
    this.known = null;
    this.runs = [];
    this.timer = null;
  }

  show(row) {
    if (row.code !== this.row?.code) {
      this.known = null;
      this.runs = [];
    }
    this.row = row;
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#ask(), PAUSE);
  }

  async #ask() {
    const { code } = this.row;
    try {
      const [known, { runs }] = await Promise.all([get(`api/briefs/${code}/approval`), get(`api/briefs/${code}/runs`)]);
      if (code !== this.row.code) return;
      Object.assign(this, { known, runs });
      this.draw();
    } catch { /* the row is too new for the server; the next change asks again */ }
  }

  draw() {
    const { row } = this;
    this.#drawSentBack();
    fill(
      this.box,
      this.#drawSteps(),
      this.#drawApproved(),
      this.known?.editors.length > 0 && el("p", { class: "faint" }, word("approve.editors", { names: this.known.editors.join(", ") })),
      this.#drawActions(),
      row.status === "audience_ready" && !row.is_in_step && el("p", { class: "bad" }, word("approve.not_in_step")),
      this.known?.sentence && row.status === "audience_ready" && el("p", { class: "note" }, this.known.sentence),
      this.#drawWhoIsNext(),
      this.#drawRuns(),
    );
  }

  /** Above all sections: who said no, when and why. */
  #drawSentBack() {
    const told = ["idea", "texts_ready"].includes(this.row.status) && this.known?.sent_back;
    if (!told) {
      this.note.remove();
      return;
    }
    const said = word("approve.sent_back_by", { name: told.by, time: dayAndClock(told.at), zone: city(this.sheet.zone) });
    fill(this.note, el("p", {}, said), el("p", { class: "reason" }, told.reason));
    if (!this.note.isConnected) document.querySelector("#panel .panel-idea")?.after(this.note);
  }

  #drawSteps() {
    const order = this.sheet.statuses.map(({ key }) => key).filter((key) => key !== "cancelled");
    const at = order.indexOf(this.row.status);
    if (at < 0) return el("p", { class: "chip cancelled" }, this.labels[this.row.status]);
    return el("ol", { class: "steps" }, order.map((key, place) => el(
      "li",
      { class: place < at ? "done" : "", "aria-current": place === at ? "step" : undefined },
      this.labels[key],
    )));
  }

  /** Whose step it is, for those whose it is not. */
  #drawWhoIsNext() {
    const { status, moves } = this.row;
    const order = this.sheet.statuses.map(({ key }) => key);
    const isMine = status === "audience_ready"
      ? this.rights.approve
      : moves.some((key) => key !== "cancelled" && order.indexOf(key) > order.indexOf(status));
    if (isMine || !["idea", "texts_ready", "audience_ready"].includes(status)) return null;
    return el("p", { class: "faint" }, word(`approve.next_${status}`));
  }

  #drawApproved() {
    const { row } = this;
    if (!row.approved_by) return null;
    return el("p", {}, word("approve.approved_by", {
      name: row.approved_by, time: dayAndClock(row.approved_at), zone: city(this.sheet.zone), count: row.reach_expected ?? 0,
    }));
  }

  #drawActions() {
    const { row } = this;
    const isApproved = row.status === "approved" || row.status === "scheduled";
    const moves = row.moves.filter((key) => !(isApproved && key === "audience_ready"));
    const canApprove = this.rights.approve && row.status === "audience_ready";
    return el(
      "div",
      { class: "line-up actions" },
      canApprove && button(word("approve.open"), () => void this.#openCase(), { class: "primary", disabled: this.known ? !this.known.may_approve : true }),
      canApprove && button(word("approve.send_back"), () => void this.#sendBack()),
      moves.filter((key) => key !== "cancelled").map((key) => button(word("approve.move_to", { status: this.labels[key] }), () => void this.#move(key))),
      isApproved && row.moves.includes("audience_ready") && button(word("approve.withdraw"), () => void this.#withdraw()),
      moves.includes("cancelled") && button(word("approve.cancel"), () => void this.#cancel(), { class: "plain" }),
    );
  }

  #drawRuns() {
    if (!this.runs.length) return null;
    const may = this.rights.stop_run;
    const isWithheld = ["idea", "texts_ready", "audience_ready"].includes(this.row.status);
    return el(
      "div",
      { class: "runs" },
      el("h4", {}, word("approve.runs")),
      el("ul", {}, this.runs.map((run) => el(
        "li",
        {},
        el("a", { href: `${base}runs/${run.run_id}` }, dayAndClock(run.occasion)),
        ` ${word(`approve.run_${run.status}`)} `,
        el("span", { class: "faint" }, word("approve.run_numbers", { enqueued: run.enqueued, waiting: run.waiting })),
        isWithheld && run.waiting > 0 && ["planned", "planning", "set_aside"].includes(run.status) && ` ${word("approve.run_withheld")}`,
        " ",
        may && ["waiting", "held", "planning", "planned", "set_aside"].includes(run.status) && run.waiting + run.not_planned_yet > 0
          && button(word("stop.run"), () => void this.#stop(run), { class: "small" }),
      ))),
    );
  }

  async #stop(run) {
    await askToStopRun(run.run_id);
    this.show(this.row);
  }

  async #act(path, body, done) {
    try {
      const answer = await post(`api/briefs/${this.row.code}/${path}`, body);
      if (done) toast(done, "good");
      refresh(this.row.code);
      return answer;
    } catch (error) {
      toast(error.detail ?? String(error), "error");
      return null;
    }
  }

  #move(to) {
    return this.#act("move", { to }, word("approve.moved", { code: this.row.code, status: this.labels[to] }));
  }

  /** No, and why: the writers read it above their brief. */
  async #sendBack() {
    const { code } = this.row;
    const reason = el("textarea", { id: "reason", rows: 4, maxLength: LONGEST_REASON, required: true });
    const send = async () => {
      if (!reason.value.trim()) {
        reason.focus();
        return word("approve.reason_missing");
      }
      try {
        await post(`api/briefs/${code}/send-back`, { reason: reason.value });
      } catch (error) {
        return error.detail ?? String(error);
      }
      return "";
    };
    const asked = openDialog({
      title: word("approve.send_back_title", { code }),
      body: el("div", { class: "send-back" }, el("label", { for: "reason" }, word("approve.reason", { count: LONGEST_REASON })), reason),
      actions: [{ label: word("shell.cancel"), value: false }, { label: word("approve.send_back_yes"), value: true, kind: "primary", check: send }],
    });
    reason.focus();
    const yes = await asked;
    refresh(code);
    if (yes) toast(word("approve.sent_back", { code }), "good");
  }

  async #withdraw() {
    const { code } = this.row;
    let queued = null;
    try {
      ({ queued } = await get(`api/briefs/${code}/approval`));
    } catch (error) {
      toast(error.detail ?? String(error), "error");
      return;
    }
    const yes = await openDialog({
      title: word("approve.withdraw_title", { code }),
      body: el("div", {}, el("p", {}, word("approve.withdraw_body")), queued.waiting + queued.left_already > 0 && el("p", {}, sayQueued("approve.withdraw_queued", queued))),
      actions: [{ label: word("shell.cancel"), value: false }, { label: word("approve.withdraw"), value: true, kind: "primary" }],
    });
    if (!yes) return;
    const answer = await this.#act("withdraw", {}, "");
    if (!answer) return;
    const isQueued = answer.waiting + answer.left_already > 0;
    toast(word("approve.withdrawn", { code }) + (isQueued ? ` ${sayQueued("approve.withdrawn_queued", answer)}` : ""), isQueued ? "warning" : "good");
    document.dispatchEvent(new CustomEvent("stops-changed"));
  }

  async #cancel() {
    const yes = await openDialog({
      title: word("approve.cancel_title", { code: this.row.code }),
      body: word("approve.cancel_body"),
      actions: [{ label: word("approve.keep"), value: false }, { label: word("approve.cancel"), value: true, kind: "danger" }],
    });
    if (!yes) return;
    const answer = await this.#act("cancel", {}, word("approve.cancelled", { code: this.row.code }));
    const open = answer?.runs.filter((run) => run.waiting + run.not_planned_yet > 0) ?? [];
    if (open.length) toast(word("approve.cancelled_runs", { count: open.length }), "warning");
  }

  /**
   * What an approver must see: the texts, who gets it, the cost; then the yes, with the number. All of it is of the
   * version and hash that the yes is sent with: the row of this page may be older, or newer.
   */
  async #openCase() {
    const { code } = this.row;
    const body = el("div", { class: "case" });
    const typed = el("input", { inputMode: "numeric", autocomplete: "off", id: "typed-number" });
    let found = null;
    const load = async () => {
      found = null;
      fill(body, el("p", { role: "status" }, word("approve.counting")));
      const { reach, known } = await this.#readCase(code);
      const { texts } = await post("api/preview", { code, cells: known.cells });
      found = { reach, known };
      fill(body, drawCase({ reach, known, texts, typed, zone: city(this.sheet.zone) }));
      if (known.needs_typed_number) typed.focus();
    };
    const reload = () => load().catch((error) => fill(body, el("p", { class: "bad" }, error.detail ?? error.message)));
    const ready = reload();
    const send = async () => {
      await ready;
      if (!found) return word("approve.not_ready");
      const { reach, known } = found;
      const wanted = known.needs_typed_number;
      if (wanted && !typed.value.trim()) return word("approve.type_number", { count: reach.will_get });
      if (wanted && readNumber(typed.value) !== reach.will_get) return word("approve.wrong_number", { typed: typed.value.trim(), count: reach.will_get });
      try {
        await post(`api/briefs/${code}/approve`, {
          version: known.version,
          content_hash: known.content_hash,
          expected_reach: reach.will_get,
          ...(wanted && { typed_number: reach.will_get }),
        });
      } catch (error) {
        // Somebody changed it while it was looked at: what it says now is shown, and asked for anew.
        if (["approval_outdated", "reach_not_counted", "reach_differs"].includes(error.body?.kind)) void reload();
        return error.detail ?? String(error);
      }
      return "";
    };
    const yes = await openDialog({
      title: word("approve.title", { code }),
      body,
      wide: true,
      actions: [{ label: word("shell.cancel"), value: false }, { label: word("approve.yes"), value: true, kind: "primary", check: send }],
    });
    refresh(code);
    if (yes) toast(word("approve.done", { code }), "good");
  }

  /** The reach and the case that belong together: counted anew while the brief is another than was counted. */
  async #readCase(code) {
    for (let turn = 0; turn < MOST_COUNTS; turn += 1) {
      const reach = await this.reach.whenFresh();
      const known = await get(`api/briefs/${code}/approval?reach=${reach.will_get}`);
      if (known.is_reach_fresh) return { reach, known };
      await this.reach.count(false);
    }
    throw new Error(word("approve.keeps_changing"));
  }
}

// Digits, and the spaces that we write between them: 1.1 and 0xB are not 11.
const readNumber = (text) => (/^[\d\s]+$/.test(text) ? Number(text.replace(/\s/g, "")) : NaN);
const sayQueued = (key, { waiting, left_already: left }) => [
  waiting > 0 && word(key, { count: waiting }),
  left > 0 && word("approve.left_already", { count: left }),
].filter(Boolean).join(" ");

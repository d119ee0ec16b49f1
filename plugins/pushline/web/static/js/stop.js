// Stopping: a run for good, a lane or everything until somebody lets it go on. Numbers before and after;
// and the line on every page that says what is stopped, since when, and by whom.

import { get, post } from "./api.js";
import { button, el, fill } from "./panel/dom.js";
import { city, clock, dayAndClock } from "./panel/times.js";
import { openDialog, toast } from "./shell.js";
import { word } from "./words.js";

const PLACES = [["all", "all"], ["lane", "marketing"], ["lane", "trigger"]];
const nameOf = (kind, id) => (kind === "all" ? word("stop.all") : word(`stop.lane_${id}`));

/** The button in the toolbar, for who may stop. */
export function addStopButton(place, sheet) {
  if (!place || !sheet.me.role_rights.stop_all) return;
  place.append(button(word("stop.open"), () => void openStop(), { class: "stop-button", "aria-haspopup": "dialog" }));
}

async function openStop() {
  const box = el("div", { class: "stop" }, el("p", { role: "status" }, word("shell.loading")));
  const draw = async () => {
    const found = await Promise.all(PLACES.map(([kind, id]) => get(`api/stop/${kind}/${id}`)));
    fill(box, el("p", {}, word("stop.explained")), found.map((one) => drawPlace(one, act)));
  };
  const act = async (one) => {
    if (one.kind === "all" && !one.is_stopped && !(await isMeant())) return;
    try {
      const done = await post(`api/${one.is_stopped ? "resume" : "stop"}/${one.kind}/${one.id}`);
      const name = nameOf(one.kind, one.id);
      toast(one.is_stopped ? word("stop.resumed", { name }) : word("stop.stopped", { name, left: done.left_already, waiting: done.waiting }), one.is_stopped ? "good" : "warning");
      tellStopped();
      await draw();
    } catch (error) {
      toast(error.detail ?? String(error), "error");
    }
  };
  draw().catch((error) => fill(box, el("p", { class: "bad" }, error.detail ?? String(error))));
  await openDialog({ title: word("stop.title"), body: box });
}

/** Everything is stopped after one more question, with what has left by then. */
async function isMeant() {
  try {
    const found = await get("api/stop/all/all");
    return await openDialog({
      title: word("stop.all_title"),
      body: el("p", {}, word("stop.all_would", { waiting: found.will_stop, left: found.left_already })),
      actions: [
        { label: word("shell.cancel"), value: false },
        { label: word("stop.all_yes"), value: true, kind: "danger" },
      ],
    });
  } catch (error) {
    toast(error.detail ?? String(error), "error");
    return false;
  }
}

function drawPlace(one, act) {
  return el(
    "section",
    { class: "stop-place" },
    el("h3", {}, nameOf(one.kind, one.id)),
    el("p", {}, one.is_stopped
      ? word("stop.is_stopped", { name: one.stopped_by ?? "", waiting: one.waiting, left: one.left_already })
      : word("stop.would", { waiting: one.will_stop, left: one.left_already })),
    button(word(one.is_stopped ? "stop.resume" : "stop.stop"), () => void act(one), { class: one.is_stopped ? "primary" : "danger", "aria-label": `${word(one.is_stopped ? "stop.resume" : "stop.stop")}: ${nameOf(one.kind, one.id)}` }),
  );
}

/** Asks, with the numbers that left already, and stops one run for good; resolves to whether it did. */
export async function askToStopRun(id) {
  let found;
  try {
    found = await get(`api/stop/run/${id}`);
  } catch (error) {
    toast(error.detail ?? String(error), "error");
    return false;
  }
  let done = null;
  const yes = await openDialog({
    title: word("stop.run_title", { title: found.title }),
    body: el("p", {}, word("stop.run_would", { waiting: found.will_stop, left: found.left_already })),
    actions: [
      { label: word("shell.cancel"), value: false },
      {
        label: word("stop.run_yes", { count: found.will_stop }),
        value: true,
        kind: "danger",
        check: async () => {
          try {
            done = await post(`api/stop/run/${id}`);
            return "";
          } catch (error) {
            return error.detail ?? String(error);
          }
        },
      },
    ],
  });
  if (yes) toast(word("stop.run_stopped", { stopped: done.stopped, left: done.left_already }), "warning");
  return Boolean(yes);
}

// ------------------------------------------------------------------ what is stopped, on every page

const tellStopped = () => document.dispatchEvent(new CustomEvent("stops-changed"));
let shown = "[]";

/** Says above the page what is stopped now: [{ scope, lane, run_id, title, code, by, at, waiting, may_resume }]. */
export function showStops(stops, zone) {
  const news = JSON.stringify(stops);
  if (news === shown) return;
  shown = news;
  fill(document.getElementById("stops"), stops.map((stop) => drawStop(stop, zone)));
}

function drawStop(stop, zone) {
  if (stop.scope === "brief") {
    return el("p", {}, word("stop.says_brief", { code: stop.code, count: stop.waiting }));
  }
  const name = stop.scope === "run" ? word("stop.a_run", { title: stop.title ?? "" }) : nameOf(stop.scope, stop.lane);
  const isToday = stop.at.slice(0, 10) === new Date().toLocaleDateString("sv", { timeZone: zone });
  const time = isToday ? clock(stop.at) : dayAndClock(stop.at);
  return el(
    "p",
    {},
    word("stop.says", { name, by: stop.by, time, zone: city(zone) }),
    " ",
    stop.may_resume
      ? button(word("stop.resume"), () => void resume(stop, name), { class: "small", "aria-label": `${word("stop.resume")}: ${name}` })
      : word("stop.who_resumes"),
  );
}

async function resume(stop, name) {
  const id = { run: stop.run_id, lane: stop.lane, all: "all" }[stop.scope];
  const yes = await openDialog({
    title: word("stop.resume_title", { name }),
    body: el("p", {}, word("stop.resume_would")),
    actions: [{ label: word("shell.cancel"), value: false }, { label: word("stop.resume"), value: true, kind: "primary" }],
  });
  if (!yes) return;
  try {
    await post(`api/resume/${stop.scope}/${id}`);
    toast(word("stop.resumed", { name }), "good");
  } catch (error) {
    toast(error.detail ?? String(error), "error");
  }
  tellStopped();
}

/** Asks for the stops alone: after one was made or ended here, and on pages that ask for nothing else. */
export async function askForStops() {
  try {
    const { stops, zone } = await get("api/stops");
    showStops(stops, zone);
  } catch { /* the page's own question says that nobody answers */ }
}
document.addEventListener("stops-changed", () => void askForStops());

// Stopping: a run for good, a lane or everything until somebody lets it go on. Numbers before and after.

import { get, post } from "../api.js";
import { openDialog, toast } from "../shell.js";
import { word } from "../words.js";
import { button, el, fill } from "./dom.js";

const PLACES = [["all", "all"], ["lane", "marketing"], ["lane", "trigger"]];
const nameOf = (kind, id) => (kind === "all" ? word("stop.all") : word(`stop.lane_${id}`));

/** The button in the toolbar, for who may stop. */
export function addStopButton(place, sheet) {
  if (!place || !sheet.me.role_rights.stop_all) return;
  place.append(button(word("stop.open"), () => void openStop(sheet), { class: "stop-button", "aria-haspopup": "dialog" }));
}

async function openStop() {
  const box = el("div", { class: "stop" }, el("p", { role: "status" }, word("shell.loading")));
  const draw = async () => {
    const found = await Promise.all(PLACES.map(([kind, id]) => get(`api/stop/${kind}/${id}`)));
    fill(box, el("p", {}, word("stop.explained")), found.map((one) => drawPlace(one, act)));
  };
  const act = async (one) => {
    try {
      const done = await post(`api/${one.is_stopped ? "resume" : "stop"}/${one.kind}/${one.id}`);
      const name = nameOf(one.kind, one.id);
      toast(one.is_stopped ? word("stop.resumed", { name }) : word("stop.stopped", { name, left: done.left_already, waiting: done.waiting }), one.is_stopped ? "good" : "warning");
      await draw();
    } catch (error) {
      toast(error.detail ?? String(error), "error");
    }
  };
  draw().catch((error) => fill(box, el("p", { class: "bad" }, error.detail ?? String(error))));
  await openDialog({ title: word("stop.title"), body: box });
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

/** Asks, with the numbers that left already, and stops one run for good. */
export async function askToStopRun(id) {
  let found;
  try {
    found = await get(`api/stop/run/${id}`);
  } catch (error) {
    toast(error.detail ?? String(error), "error");
    return;
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
}

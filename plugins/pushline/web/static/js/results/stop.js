// Stops what is left of a run, after saying how much of it has left already.

import { ApiError, get, post } from "../api.js";
import { openDialog, toast } from "../shell.js";
import { word } from "../words.js";

/** Asks, stops, and resolves to whether anything was stopped. */
export async function stopRun(runId) {
  const id = String(runId);
  let told = false;
  try {
    const left = await get(`api/stop/run/${id}`);
    const body = document.createElement("p");
    body.textContent = word("stop.run_would", { left: left.left_already, waiting: left.will_stop });
    const answer = await openDialog({
      title: word("stop.run_title", { title: left.title }),
      body,
      actions: [
        { label: word("shell.cancel"), value: false },
        { label: word("results.stop_yes", { count: left.will_stop }), value: true, kind: "danger" },
      ],
    });
    if (!answer) return false;
    const done = await post(`api/stop/run/${id}`);
    toast(word("results.stopped", { id, will_stop: done.stopped }), "good");
    told = true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.detail, "error");
  }
  return told;
}

// The button that syncs with Google Sheets, when the last sync was, and what it wants from people.

import { get, post } from "./api.js";
import { dayAndMonth } from "./dates.js";
import { nameZone } from "./grid/questions.js";
import { openDialog, toast } from "./shell.js";
import { word } from "./words.js";

const slot = document.getElementById("toolbar-sync");
const BUSY_MS = 1000;
const IDLE_MS = 60_000;
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

let zone = "UTC";
let timer = 0;

const button = document.createElement("button");
button.type = "button";
button.id = "google-sync";
button.addEventListener("click", () => void start());
const told = document.createElement("span");
told.id = "google-last";
const look = document.createElement("button");
look.type = "button";
look.id = "google-look";
look.className = "plain";
look.setAttribute("aria-haspopup", "dialog");

document.addEventListener("sheet-loaded", ({ detail }) => {
  zone = detail.sheet.zone;
  void follow();
}, { once: true });

async function start() {
  button.disabled = true;
  try {
    show(await post("api/google/sync"));
    follow(true);
  } catch (error) {
    button.disabled = false;
    toast(error.detail ?? String(error), "error");
  }
}

/** Asks how it stands, soon again while a sync runs; `tells` its end to the person who began it. */
async function follow(tells = false) {
  clearTimeout(timer);
  let state;
  try {
    state = await get("api/google");
  } catch {
    timer = setTimeout(follow, IDLE_MS, tells);
    return;
  }
  if (!state.is_set_up) return;
  show(state);
  if (!state.running && tells) tell(state.last_sync);
  timer = setTimeout(follow, state.running ? BUSY_MS : IDLE_MS, state.running && tells);
}

function tell(last) {
  document.dispatchEvent(new CustomEvent("refresh-rows", { detail: { codes: [] } }));
  if (!last) return;
  if (last.error) toast(word("google.failed", { sentence: last.error }), "error");
  else if (last.taken + last.created + last.written) toast(word("google.done", last));
  else toast(word("google.nothing"));
}

function show({ may_sync: maySync, running, last_sync: last }) {
  button.textContent = word(running ? "google.syncing" : "google.sync");
  button.disabled = running;
  slot.replaceChildren(...(maySync ? [button] : []), told);
  if (running) return;
  const at = last?.at ? new Date(last.at) : null;
  told.textContent = at ? word("google.last", { time: `${clock(at)} ${nameZone(zone)}` }) : word("google.never");
  if (last?.error) told.textContent = word("google.failed", { sentence: last.error });
  told.title = at
    ? word("google.last_full", { when: `${dayAndMonth(at, zone)}, ${clock(at)}`, zone: nameZone(zone) })
    : "";
  const problems = last?.problems ?? [];
  if (!problems.length) return;
  look.textContent = word("google.look", { count: problems.length });
  look.onclick = () => void openDialog({ title: word("google.look_title"), body: list(problems), wide: true });
  slot.append(look);
}

const clock = (moment) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...CLOCK }).format(moment);

function list(problems) {
  const items = document.createElement("ul");
  for (const problem of problems) {
    const item = document.createElement("li");
    const place = document.createElement("strong");
    place.textContent = problem.code
      || (problem.row ? word("google.row", { row: problem.row }) : word("google.whole"));
    item.append(place, ` ${problem.sentence}`);
    items.append(item);
  }
  return items;
}

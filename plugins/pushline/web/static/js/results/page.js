// The Results tab: runs with their numbers, each opened into its funnel; what runs is refreshed.

import { ApiError, base, get } from "../api.js";
import { drawFunnel } from "../funnel.js";
import { leave, toast } from "../shell.js";
import { askToStopRun, showStops } from "../stop.js";
import { number, word } from "../words.js";
import { make, stackedBar, variantsTable } from "./funnel.js";

const WEEKS = 12;
const REFRESH_MS = 5_000;
// What became of pushes that are not under way, as the line of numbers calls it.
const OUTCOMES = {
  accepted: ["accepted"],
  lost: ["rejected"],
  unanswered: ["unknown"],
  did_not_leave: ["withheld", "expired"],
  stopped: ["cancelled"],
};

const list = document.getElementById("runs");
const week = document.getElementById("filter-week");
const status = document.getElementById("filter-status");
const kind = document.getElementById("filter-kind");
const opened = new Map();
const mayStop = document.querySelector(".results-page").dataset.mayStop === "yes";
let timer = 0;
let asked = 0;

function isoDay(date) {
  return date.toISOString().slice(0, 10);
}

function fillWeeks(today) {
  const monday = new Date(`${today}T00:00:00Z`);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  week.append(new Option(word("results.all_time"), ""));
  for (let back = -1; back < WEEKS; back += 1) {
    const from = new Date(monday);
    from.setUTCDate(from.getUTCDate() - 7 * back);
    const to = new Date(from);
    to.setUTCDate(to.getUTCDate() + 7);
    const last = new Date(to);
    last.setUTCDate(last.getUTCDate() - 1);
    const label = word("results.week_of", { from: isoDay(from), to: isoDay(last) });
    week.append(new Option(label, `${isoDay(from)}/${isoDay(to)}`));
  }
}

function question() {
  const asking = new URLSearchParams();
  if (week.value) {
    const [from, to] = week.value.split("/");
    asking.set("from", from);
    asking.set("to", to);
  }
  if (status.value) asking.set("status", status.value);
  if (kind.value) asking.set("kind", kind.value);
  return asking;
}

async function load() {
  clearTimeout(timer);
  const turn = ++asked;
  const asking = question();
  const tail = asking.size ? `?${asking}` : "";
  document.getElementById("export").href = `${base}api/results/export.csv${tail}`;
  let wait = REFRESH_MS * 6;
  try {
    const answer = await get(`api/results${tail}`);
    if (turn !== asked) return;
    if (week.options.length === 0) fillWeeks(answer.now.slice(0, 10));
    draw(answer);
    showStops(answer.stops, answer.zone);
    if (answer.runs.some((run) => run.is_open)) wait = REFRESH_MS;
    document.getElementById("updated").textContent = word("results.updated", {
      time: answer.now.slice(11, 16),
      zone: answer.zone,
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (turn === asked && list.childElementCount === 0) toast(error.detail, "error");
  }
  if (turn === asked) timer = setTimeout(() => (document.hidden ? later() : load()), wait);
}

function later() {
  document.addEventListener("visibilitychange", load, { once: true });
}

function draw({ runs, has_more }) {
  const focused = document.activeElement?.dataset.act;
  const nodes = byWave(runs).map((wave) => drawWave(wave));
  if (!nodes.length) nodes.push(make("p", "nothing", word("results.none")));
  if (has_more) nodes.push(make("p", "faint", word("results.more", { count: runs.length })));
  list.replaceChildren(...nodes);
  list.setAttribute("aria-busy", "false");
  if (focused) list.querySelector(`[data-act="${focused}"]`)?.focus();
}

/** Runs that were planned together stand together, where the first of them stands. */
function byWave(runs) {
  const waves = new Map();
  for (const run of runs) {
    const key = run.wave_id ?? `run ${run.run_id}`;
    if (!waves.has(key)) waves.set(key, []);
    waves.get(key).push(run);
  }
  return [...waves.values()];
}

function drawWave(runs) {
  const [{ wave_id: id, wave_planned_at: plannedAt, dag_run: dagRun }] = runs;
  if (!id) return drawRun(runs[0]);
  const section = make("section", "wave");
  const time = plannedAt.slice(0, 16).replace("T", " ");
  const heading = make("h2", "", word("results.wave_heading", { id: String(id), time }));
  heading.id = `wave-${id}`;
  section.setAttribute("aria-labelledby", heading.id);
  const head = make("div", "wave-head");
  head.append(heading, make("span", "faint", word("results.wave_runs", { count: runs.length })));
  if (dagRun) {
    const out = make("button", "", word("results.open_dag_run"));
    out.type = "button";
    out.dataset.act = `dag-${id}`;
    out.addEventListener("click", () => leave(dagRun));
    head.append(out);
  }
  section.append(head, ...runs.map((run) => drawRun(run)));
  return section;
}

function drawRun(run) {
  const article = make("article", "run");
  const heading = make("h3", "", run.title);
  heading.id = `run-${run.run_id}`;
  article.setAttribute("aria-labelledby", heading.id);
  const facts = make("p", "faint");
  facts.append(
    `${run.occasion.slice(0, 16).replace("T", " ")} · `,
    make("span", `run-status status-${run.status}`, run.status_label),
    run.status_note ? `: ${run.status_note}` : "",
    ` · ${word("results.run", { id: String(run.run_id) })}`,
  );
  const titles = make("div");
  titles.append(heading, facts);
  const head = make("div", "run-head");
  head.append(titles, drawActs(run));
  article.append(head, drawNumbers(run.counts));
  const shown = opened.get(run.run_id);
  if (shown) {
    article.append(shown);
    fillFunnel(run, shown);
  }
  return article;
}

function drawActs(run) {
  const acts = make("div", "run-acts");
  const isShown = opened.has(run.run_id);
  const toggle = make("button", "", word(isShown ? "results.hide" : "results.show"));
  toggle.type = "button";
  toggle.dataset.act = `toggle-${run.run_id}`;
  toggle.setAttribute("aria-expanded", String(isShown));
  toggle.addEventListener("click", () => {
    if (opened.has(run.run_id)) opened.delete(run.run_id);
    else opened.set(run.run_id, make("div", "funnel-place"));
    toggle.closest("article").replaceWith(drawRun(run));
    list.querySelector(`[data-act="toggle-${run.run_id}"]`)?.focus();
  });
  acts.append(toggle);
  if (run.code) {
    const brief = make("a", "button", word("results.open_brief"));
    brief.href = `${base}?brief=${encodeURIComponent(run.code)}`;
    acts.append(brief);
  }
  const canStop = run.is_open && run.status !== "cancelled" && run.status !== "expired";
  if (canStop && mayStop) {
    const stop = make("button", "", word("results.stop"));
    stop.type = "button";
    stop.dataset.act = `stop-${run.run_id}`;
    stop.addEventListener("click", async () => {
      if (await askToStopRun(run.run_id)) load();
    });
    acts.append(stop);
  }
  return acts;
}

/** One line of numbers that add up: audience = left out + not planned yet + enqueued's states. */
function drawNumbers(counts) {
  const add = (names) => names.reduce((sum, name) => sum + counts[name], 0);
  const [accepted, ...others] = Object.entries(OUTCOMES).map(([name, states]) => [name, add(states)]);
  const parts = [
    accepted,
    ["under_way", counts.waiting + counts.claimed],
    ...others,
    ["left_out", counts.left_out],
    ["not_planned_yet", counts.not_planned_yet],
  ];
  const place = make("div", "numbers");
  const whole = counts.audience || 1;
  place.append(stackedBar(parts.map(([name, users]) => ({ share: users / whole, kind: name }))));
  const words = make("dl");
  for (const [name, users] of [["audience", counts.audience], ...parts]) {
    if (!users && name !== "audience") continue;
    const pair = make("div", name);
    pair.append(make("dt", "", word(`results.${name}`)), make("dd", "", number(users)));
    words.append(pair);
  }
  place.append(words);
  return place;
}

async function fillFunnel(run, place) {
  const stamp = JSON.stringify(run.counts) + run.status;
  if (place.dataset.stamp === stamp) return;
  try {
    const found = await get(`api/results/${run.run_id}`);
    place.dataset.stamp = stamp;
    place.replaceChildren(...describe(found));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    place.replaceChildren(make("p", "fault", error.detail));
  }
}

function describe(found) {
  const nodes = found.faults.map((fault) => make("p", "fault", fault));
  nodes.push(drawFunnel(found.steps));
  const notes = make("p", "faint");
  const sentences = found.agreed ? [found.agreed] : [];
  if (!found.faults.length) sentences.push(word("results.adds_up"));
  if (found.duplicates) sentences.push(word("results.duplicates", { count: found.duplicates }));
  if (found.kept_at) sentences.push(word("results.kept", { time: found.kept_at.slice(0, 10) }));
  notes.textContent = sentences.join(" ");
  nodes.push(notes);
  if (found.variants) {
    nodes.push(make("h4", "", found.variants.heading), variantsTable(found.variants));
    nodes.push(...found.variants.notes.map((note) => make("p", "faint", note)));
  }
  return nodes;
}

for (const select of [week, status, kind]) select.addEventListener("change", load);
load();

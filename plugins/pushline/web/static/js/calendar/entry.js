// One send in the calendar: how it looks, what it says to a screen reader, what its dialog tells.

import { base } from "../api.js";
import { openDialog } from "../shell.js";
import { word } from "../words.js";
import { asCell } from "./clock.js";

const MARKS = [
  [(entry) => entry.status === "stopped", "■", "shell.status_stopped", "halted"],
  [(entry) => !entry.is_good, "✕", "calendar.red", "mistake"],
  [(entry) => entry.collisions.length > 0, "⚠", "calendar.collides", "collision"],
  [(entry) => entry.is_local_time, "⌂", "calendar.local_time", ""],
  [(entry) => entry.is_repeat, "↻", "calendar.repeats", ""],
];

/** What stands inside the coloured box; undefined for shades, which have nothing to say. */
export function drawEntry(entry, view) {
  if (!entry) return { domNodes: [] };
  const line = span("entry-line");
  line.append(span("entry-time", entry.shown.slice(11)), " ");
  for (const [holds, mark, key, kind] of MARKS) {
    if (!holds(entry)) continue;
    const node = span(`mark ${kind}`, mark);
    node.title = word(key);
    line.append(node, " ");
  }
  line.append(span("entry-idea", entry.idea || entry.code));
  const status = span("entry-status", entry.status_label);
  const service = entry.lane === "trigger" ? ` · ${word("calendar.lane_trigger")}` : "";
  if (entry.how_far) status.append(` · ${entry.how_far}`);
  status.append(service, view === "listMonth" ? ` · ${entry.code}` : "");
  return { domNodes: [line, status] };
}

/** Where it stands; of what was stopped also how far it had come. */
export function sayStatus({ status_label: label, how_far: howFar }) {
  return howFar ? `${label}: ${howFar}` : label;
}

/** The same in words, for those who do not see colours and marks. */
export function describeEntry(entry) {
  const marks = MARKS.filter(([holds, , , kind]) => kind !== "halted" && holds(entry)).map(([, , key]) => word(key));
  return [
    asCell(entry.shown),
    entry.idea || entry.code,
    sayStatus(entry),
    word(`calendar.lane_${entry.lane}`),
    ...marks,
  ].join(", ");
}

/** Shows what there is to know; resolves to a new "send_at" if the person chose one. */
export async function showEntry(entry, zone) {
  const body = document.createElement("div");
  body.append(paragraph(`${asCell(entry.shown)} (${zone})`, "entry-when"));
  const facts = [sayStatus(entry), word(`calendar.lane_${entry.lane}`), ...entry.audiences];
  body.append(paragraph(facts.join(" · "), "faint"));
  const notes = [
    entry.is_local_time ? word("calendar.local_time") : "",
    entry.is_quiet ? word("calendar.is_quiet") : "",
    entry.holiday ? word("calendar.is_holiday", { name: entry.holiday }) : "",
    entry.is_good ? "" : word("calendar.red"),
    ...entry.collisions.map((collision) => collision.sentence),
  ].filter(Boolean);
  if (notes.length) {
    const list = document.createElement("ul");
    list.className = "entry-notes";
    list.append(...notes.map((note) => element("li", note)));
    body.append(list);
  }
  const actions = [{ label: word("calendar.open_brief"), value: "open", kind: "primary" }];
  const field = document.createElement("input");
  if (entry.may_move) {
    field.type = "datetime-local";
    field.value = entry.send_at;
    field.id = "new-time";
    const label = element("label", word(entry.is_repeat ? "calendar.move_first" : "calendar.move_to", { zone }));
    label.htmlFor = field.id;
    const row = document.createElement("p");
    row.className = "entry-move";
    row.append(label, field);
    body.append(row);
    actions.push({
      label: word("calendar.move"),
      value: "move",
      check: () => (field.value ? "" : word("calendar.choose_time")),
    });
  } else body.append(paragraph(word("calendar.fixed"), "faint"));
  actions.push({ label: word("shell.close"), value: null });
  const title = `${entry.code} ${entry.idea}`.trim();
  const chosen = await openDialog({ title, body, actions });
  if (chosen === "open") location.assign(`${base}?brief=${encodeURIComponent(entry.code)}`);
  if (chosen !== "move" || field.value.slice(0, 16) === entry.send_at) return null;
  return field.value.slice(0, 16);
}

function span(className, text = "") {
  const node = element("span", text);
  node.className = className;
  return node;
}

function paragraph(text, className) {
  const node = element("p", text);
  node.className = className;
  return node;
}

function element(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

// The Calendar tab: weeks and months of campaigns, moved by dragging or by a dialog.
// The calendar itself is a script that sets window.EventCalendar; it knows wall clocks only.

import { ApiError, get } from "../api.js";
import { toast } from "../shell.js";
import { showStops } from "../stop.js";
import { language, word } from "../words.js";
import { chooseEntry, gatherCrowds } from "./crowd.js";
import { describeEntry, drawEntry, sayStatus, showEntry } from "./entry.js";
import { moveEntry } from "./move.js";
import { addMilliseconds, dayOf, headOfDay, longDay, shortDay, title, wholeDay } from "./clock.js";

const REFRESH_MS = 20_000;
const MINUTES_SHOWN = 30;
const ROLES = new Set(["table", "row", "rowgroup", "cell", "columnheader", "list", "listitem"]);
const narrow = matchMedia("(max-width: 48rem)");

const lane = document.getElementById("filter-lane");
const status = document.getElementById("filter-status");
let answer = { entries: [], holidays: {}, quiet: null, zone: "", offset: "local" };
let seen = "";
let span = null;
let turn = 0;
let isBusy = false;
let wasShown = false;

const place = document.getElementById("calendar");
dropTableRoles();

const calendar = EventCalendar.create(place, {
  view: narrow.matches ? "listMonth" : "dayGridMonth",
  headerToolbar: {
    start: "prev,next today",
    center: "title",
    end: "dayGridMonth,timeGridWeek,listMonth",
  },
  buttonText: (texts) => ({
    ...texts,
    today: word("calendar.today"),
    dayGridMonth: word("calendar.month"),
    timeGridWeek: word("calendar.week"),
    listMonth: word("calendar.list"),
    next: word("calendar.next"),
    prev: word("calendar.previous"),
  }),
  locale: language,
  firstDay: 1,
  height: "100%",
  dayMaxEvents: true,
  moreLinkContent: ({ num }) => word("calendar.more", { count: num }),
  noEventsContent: () => word("calendar.nothing"),
  allDaySlot: false,
  nowIndicator: true,
  slotDuration: "00:30",
  snapDuration: "00:15",
  slotHeight: 36,
  slotEventOverlap: false,
  scrollTime: "08:00",
  eventDurationEditable: false,
  editable: true,
  eventTimeFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  dayCellContent: ({ date }) => dayContent(date),
  titleFormat: title,
  dayPopoverFormat: longDay,
  views: {
    dayGridMonth: { dayHeaderFormat: shortDay, dayHeaderAriaLabelFormat: wholeDay },
    timeGridWeek: { dayHeaderFormat: (date) => weekHeader(date), dayHeaderAriaLabelFormat: longDay },
    listMonth: {
      listDayFormat: longDay,
      listDaySideFormat: (date) => answer.holidays[dayOf(date)] ?? "",
    },
  },
  eventContent: ({ event, view }) => {
    const { crowd, entry } = event.extendedProps;
    return crowd ? `+${crowd.entries.length}` : drawEntry(entry, view.type);
  },
  eventDidMount: ({ el, event }) => {
    const { crowd, entry } = event.extendedProps;
    if (crowd) {
      el.dataset.key = event.id;
      const words = { count: crowd.entries.length, time: crowd.shown.slice(11) };
      el.title = word("calendar.crowd", words);
      el.setAttribute("aria-label", el.title);
    }
    if (!entry) return;
    el.dataset.key = keyOf(entry);
    el.setAttribute("aria-label", describeEntry(entry));
    el.title = `${entry.shown.slice(11)} ${entry.code} ${entry.idea} · ${sayStatus(entry)}`;
  },
  eventClick: ({ event, jsEvent }) => {
    // Enter would go on to press the button that the dialog begins with.
    jsEvent.preventDefault();
    const { crowd, entry } = event.extendedProps;
    if (crowd) void openCrowd(crowd.shown, crowd.entries, event.id);
    else open(entry);
  },
  eventDragStart: () => { isBusy = true; },
  eventDragStop: () => { isBusy = false; },
  eventDrop: drop,
  datesSet: ({ startStr, endStr, view }) => {
    place.dataset.view = view.type;
    delete place.dataset.shown; // until the answer is drawn
    span = { from: startStr.slice(0, 10), to: endStr.slice(0, 10) };
    load();
  },
});

async function load() {
  if (!span) return;
  const mine = ++turn;
  try {
    const found = await get(`api/calendar?${new URLSearchParams(span)}`);
    if (mine !== turn || isBusy) return;
    const { now: _, stops, ...news } = found;
    showStops(stops, found.zone);
    // Drawing anew takes the keyboard's place away: only when something is new.
    const state = JSON.stringify([span, news]);
    if (state !== seen) {
      seen = state;
      answer = found;
      draw();
    }
    place.dataset.shown = span.from;
    if (!wasShown) place.querySelector(".ec-today")?.scrollIntoView({ block: "nearest" });
    wasShown = true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (mine === turn) toast(error.detail, "error");
  }
}

function draw() {
  const focused = document.activeElement?.dataset.key;
  const isWeek = place.dataset.view === "timeGridWeek";
  const { alone, crowds } = isWeek ? gatherCrowds(listShown()) : { alone: listShown(), crowds: [] };
  if (calendar.getOption("timeZone") !== answer.offset) calendar.setOption("timeZone", answer.offset);
  // Drawn anew with the holidays that came with this answer.
  calendar.setOption("dayCellContent", ({ date }) => dayContent(date));
  calendar.setOption("events", [...alone.map(makeEvent), ...crowds.map(makeCrowd), ...shades()]);
  if (focused) {
    requestAnimationFrame(() => place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus());
  }
  document.getElementById("calendar-zone").textContent = word("calendar.zone", { zone: answer.zone });
  if (answer.quiet) {
    document.getElementById("legend-quiet").textContent = word("calendar.quiet", answer.quiet);
  }
  drawUnplaced();
  const leftOff = document.getElementById("calendar-left-off");
  leftOff.hidden = !answer.left_off;
  leftOff.textContent = answer.left_off ? word("calendar.left_off", { count: answer.left_off }) : "";
}

function listShown() {
  return answer.entries.filter(
    (entry) => (!lane.value || entry.lane === lane.value) && (!status.value || entry.status === status.value),
  );
}

/**
 * The calendar calls its boxes a table (or a list) whose parts are none, which screen readers stumble over;
 * without these roles it is a list of buttons, each with its day and time in its name.
 */
function dropTableRoles() {
  const drop = (node) => {
    if (!ROLES.has(node.getAttribute?.("role"))) return;
    node.removeAttribute("role");
    node.removeAttribute("aria-colindex");
  };
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        drop(node);
        for (const inner of node.querySelectorAll?.("[role]") ?? []) drop(inner);
      }
    }
  }).observe(place, { childList: true, subtree: true });
}

function keyOf(entry) {
  return `${entry.code}@${entry.shown}`;
}

function makeEvent(entry) {
  return {
    id: keyOf(entry),
    start: `${entry.shown}:00`,
    end: `${addMilliseconds(entry.shown, MINUTES_SHOWN * 60_000)}:00`,
    title: entry.idea,
    startEditable: entry.may_move,
    classNames: [
      `status-${entry.status}`,
      `lane-${entry.lane}`,
      entry.collisions.some((one) => one.is_audience) ? "collides" : "",
      entry.is_good ? "" : "red",
    ].filter(Boolean),
    extendedProps: { entry },
  };
}

function makeCrowd(crowd) {
  return {
    id: `crowd@${crowd.shown}`,
    start: `${crowd.shown}:00`,
    end: `${addMilliseconds(crowd.shown, MINUTES_SHOWN * 60_000)}:00`,
    title: "",
    startEditable: false,
    classNames: ["crowd-box"],
    extendedProps: { crowd },
  };
}

/** Backgrounds: quiet hours of each day (seen in weeks), holidays as whole days. */
function shades() {
  const shade = (kind, start, end, allDay) => ({
    id: `${kind}-${start}-${allDay}`,
    start,
    end,
    allDay,
    display: "background",
    classNames: [`shade-${kind}`],
  });
  // Months take shades of whole days only, weeks those of hours.
  const found = Object.keys(answer.holidays).flatMap((day) => [
    shade("holiday", day, day, true),
    shade("holiday", `${day}T00:00:00`, `${day}T23:59:59`, false),
  ]);
  if (!answer.quiet || !span) return found;
  const { from, until } = answer.quiet;
  for (let day = span.from; day < span.to; day = addMilliseconds(`${day}T12:00`, 86_400_000).slice(0, 10)) {
    const parts = from < until ? [[from, until]] : [["00:00", until], [from, "24:00"]];
    for (const [start, end] of parts) {
      if (start === end) continue;
      const last = end === "24:00" ? "23:59:59" : `${end}:00`;
      found.push(shade("quiet", `${day}T${start}:00`, `${day}T${last}`, false));
    }
  }
  return found;
}

function dayContent(date) {
  const holiday = answer.holidays[dayOf(date)];
  const content = document.createElement("span");
  const number = document.createElement("span");
  number.textContent = place.dataset.view === "listMonth" ? longDay(date) : String(date.getDate());
  content.append(number);
  if (holiday) content.append(holidayName(holiday));
  return { domNodes: [content] };
}

function weekHeader(date) {
  const content = document.createElement("span");
  content.append(headOfDay(date));
  const holiday = answer.holidays[dayOf(date)];
  if (holiday) content.append(holidayName(holiday));
  return { domNodes: [content] };
}

function holidayName(name) {
  const node = document.createElement("span");
  node.className = "holiday-name";
  node.textContent = name;
  return node;
}

function drawUnplaced() {
  const place = document.getElementById("unplaced");
  place.hidden = answer.unplaced.length === 0;
  place.querySelector("summary").textContent = word("calendar.unplaced", { count: answer.unplaced.length });
  place.querySelector("ul").replaceChildren(...answer.unplaced.map((brief) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${document.body.dataset.base}?brief=${encodeURIComponent(brief.code)}`;
    link.textContent = `${brief.code} ${brief.idea}`.trim();
    line.append(link, ` · ${brief.status_label} · ${brief.sentence}`);
    return line;
  }));
}

async function drop({ event, oldEvent, revert }) {
  const entry = event.extendedProps.entry;
  const shift = event.start - oldEvent.start;
  if (!shift) return; // back onto its own slot
  isBusy = true;
  const isMoved = await moveEntry(entry, addMilliseconds(entry.send_at, shift), answer.zone);
  isBusy = false;
  if (!isMoved) revert();
  await load();
}

/** A day of a month, or a half hour of a week, holds more than fits: its list, then what is chosen. */
async function openCrowd(day, entries, key) {
  if (isBusy) return;
  isBusy = true;
  const date = new Date(`${day.slice(0, 10)}T00:00:00`);
  const chosen = await chooseEntry(longDay(date), entries);
  isBusy = false;
  if (chosen) await open(chosen);
  const back = document.activeElement === document.body && findBox(key);
  if (back) back.focus();
}

const findBox = (key) => place.querySelector(`[data-key="${CSS.escape(key)}"], ${moreOf(key)}`);
const moreOf = (day) => `.ec-day:has(time[datetime="${CSS.escape(day)}"]) .ec-day-foot a`;

// The calendar's own box of a day would say it in the browser's language.
for (const kind of ["click", "keydown"]) {
  place.addEventListener(kind, (event) => {
    const more = event.target.closest?.(".ec-day-foot a");
    if (!more || (kind === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    const day = more.closest(".ec-day").querySelector("time").dateTime.slice(0, 10);
    void openCrowd(day, listShown().filter(({ shown }) => shown.startsWith(day)), day);
  }, true);
}

async function open(entry) {
  if (!entry || isBusy) return;
  isBusy = true;
  const sendAt = await showEntry(entry, answer.zone);
  if (sendAt) await moveEntry(entry, sendAt, answer.zone);
  isBusy = false;
  place.querySelector(`[data-key="${CSS.escape(keyOf(entry))}"]`)?.focus();
  await load();
}

for (const select of [lane, status]) select.addEventListener("change", draw);
setInterval(() => { if (!document.hidden && !isBusy) load(); }, REFRESH_MS);
addEventListener("focus", () => { if (!isBusy) load(); });
narrow.addEventListener("change", () => {
  calendar.setOption("view", narrow.matches ? "listMonth" : "dayGridMonth");
});

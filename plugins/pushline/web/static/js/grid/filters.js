// Which rows are wanted: by status, by the week they are sent in, by words, by what is to mend.

import { textOfCell } from "./cells.js";
import { stageOf } from "./results.js";
import { fromTo } from "../dates.js";
import { word } from "../words.js";

const DAY = 86_400_000;
// What a run makes of a campaign beside the statuses of briefs.
const STAGES = ["held", "stopped", "expired"];

export class Filters {
  /** places: the form's elements { status, week, search, mend }; onChange() after each choice. */
  constructor(store, places, onChange) {
    Object.assign(this, { store, places, onChange });
    for (const { key, label } of store.sheet.statuses) places.status.append(new Option(label, key));
    for (const key of STAGES) places.status.append(new Option(word(`shell.status_${key}`), key));
    this.listWeeks();
    for (const place of [places.status, places.week]) place.addEventListener("change", onChange);
    places.search.addEventListener("input", onChange);
    places.mend.addEventListener("click", () => {
      const isPressed = places.mend.getAttribute("aria-pressed") === "true";
      places.mend.setAttribute("aria-pressed", String(!isPressed));
      onChange();
    });
  }

  get isOn() {
    const { status, week, search, mend } = this.places;
    return Boolean(
      status.value || week.value || search.value.trim() || mend.getAttribute("aria-pressed") === "true",
    );
  }

  clear() {
    const { status, week, search, mend } = this.places;
    status.value = week.value = search.value = "";
    mend.setAttribute("aria-pressed", "false");
    this.onChange();
  }

  /** The weeks that something is sent in, with their number of briefs; keeps what is chosen. */
  listWeeks() {
    const { week } = this.places;
    const counts = new Map();
    for (const id of this.store.ids) {
      const monday = mondayOf(this.store.value(id, "send_at"));
      if (monday) counts.set(monday, (counts.get(monday) ?? 0) + 1);
    }
    const chosen = week.value;
    const thisYear = Number(this.store.sheet.now.slice(0, 4));
    const options = [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([monday, count]) => new Option(`${nameWeek(monday, thisYear)} (${count})`, monday));
    week.replaceChildren(new Option(word("grid.any_week"), ""), ...options);
    if (options.some((option) => option.value === chosen)) week.value = chosen;
  }

  accepts(id) {
    const row = this.store.row(id);
    if (!row.code) return true; // just made here: never out of sight
    const { status, week, search, mend } = this.places;
    if (status.value && stageOf(row) !== status.value) return false;
    if (week.value && mondayOf(this.store.value(id, "send_at")) !== week.value) return false;
    if (mend.getAttribute("aria-pressed") === "true" && !row.problems.length) return false;
    return this.#hasWords(id, search.value);
  }

  #hasWords(id, text) {
    const words = text.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return true;
    const keys = ["code", "status", ...this.store.columns.keys()];
    const whole = keys.map((key) => textOfCell(this.store, id, key)).join("\n").toLocaleLowerCase();
    return words.every((one) => whole.includes(one));
  }
}

/** The Monday of a time as people write it, "2026-08-15 11:00" or "15.08.2026 11:00", or "". */
export function mondayOf(text) {
  const iso = /^\s*(\d{4})-(\d{2})-(\d{2})/.exec(text);
  const dotted = /^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})/.exec(text);
  const parts = iso ? iso.slice(1) : dotted ? dotted.slice(1).reverse() : null;
  if (!parts) return "";
  const day = Date.UTC(Number(parts[0]), Number(parts[1]) - 1, Number(parts[2]));
  const back = (new Date(day).getUTCDay() + 6) % 7;
  return new Date(day - back * DAY).toISOString().slice(0, 10);
}

function nameWeek(monday, thisYear) {
  const first = new Date(`${monday}T00:00:00Z`);
  const last = new Date(first.getTime() + 6 * DAY);
  const year = last.getUTCFullYear();
  return year === thisYear ? fromTo(first, last) : `${fromTo(first, last)}, ${year}`;
}

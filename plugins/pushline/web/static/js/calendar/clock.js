// Wall clocks "2026-11-25T11:00" as texts: the project's zone is not the browser's.

/** The wall clock that lies so many milliseconds later. */
export function addMilliseconds(clock, milliseconds) {
  const moment = new Date(`${clock.slice(0, 16)}:00Z`);
  moment.setTime(moment.getTime() + milliseconds);
  return moment.toISOString().slice(0, 16);
}

/** As the sheet's cells have it: "2026-11-25 11:00". */
export function asCell(clock) {
  return clock.slice(0, 16).replace("T", " ");
}

const names = JSON.parse(document.getElementById("names").textContent);

/** "2026-11-25" of the calendar's Date, whose fields are the wall clock. */
export function dayOf(date) {
  const part = (value) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}

const weekday = (date) => (date.getDay() + 6) % 7;

export const wholeDay = (date) => names.days[weekday(date)];
export const shortDay = (date) => names.days_short[weekday(date)];
export const headOfDay = (date) =>
  `${shortDay(date)}, ${date.getDate()} ${names.months_short[date.getMonth()]}`;
export const longDay = (date) =>
  `${names.days[weekday(date)]}, ${date.getDate()} ${names.months_of[date.getMonth()]}`;

/** The title of a month, or of the days from `start` to `end`, which is included. */
export function title(start, end) {
  if (start.getMonth() === end.getMonth() && start.getDate() === 1 && end.getDate() > 27) {
    return `${names.months[start.getMonth()]} ${start.getFullYear()}`;
  }
  const last = `${end.getDate()} ${names.months_of[end.getMonth()]} ${end.getFullYear()}`;
  if (start.getMonth() === end.getMonth()) return `${start.getDate()}–${last}`;
  return `${start.getDate()} ${names.months_of[start.getMonth()]} – ${last}`;
}

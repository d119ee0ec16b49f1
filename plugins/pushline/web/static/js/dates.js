// Days in the reader's language: browsers often come without Kazakh dates, and write "M11" then.

import { language } from "./words.js";

const LOCALE = language === "en" ? "en-GB" : language;
const KAZAKH_DAYS = ["жс", "дс", "сс", "ср", "бс", "жм", "сб"];
const KAZAKH_MONTHS = ["қаң.", "ақп.", "нау.", "сәу.", "мам.", "мау.", "шіл.", "там.", "қыр.", "қаз.", "қар.", "жел."];
const DAY = { day: "numeric", month: "short" };

/** "24 Nov" of a moment on the clock of a zone. */
export function dayAndMonth(moment, timeZone = "UTC") {
  if (language !== "kk") return new Intl.DateTimeFormat(LOCALE, { ...DAY, timeZone }).format(moment);
  const [day, month] = numbersOf(moment, timeZone);
  return `${day} ${KAZAKH_MONTHS[month - 1]}`;
}

/** "Tue, 24 Nov" of a moment in UTC. */
export function weekdayAndDay(moment) {
  if (language === "kk") return `${KAZAKH_DAYS[moment.getUTCDay()]}, ${dayAndMonth(moment)}`;
  return new Intl.DateTimeFormat(LOCALE, { weekday: "short", ...DAY, timeZone: "UTC" }).format(moment);
}

/** "16–22 Nov" of two moments in UTC. */
export function fromTo(first, last) {
  if (language !== "kk") {
    return new Intl.DateTimeFormat(LOCALE, { ...DAY, timeZone: "UTC" }).formatRange(first, last);
  }
  const isOneMonth = first.getUTCMonth() === last.getUTCMonth();
  return isOneMonth ? `${first.getUTCDate()}–${dayAndMonth(last)}` : `${dayAndMonth(first)} – ${dayAndMonth(last)}`;
}

function numbersOf(moment, timeZone) {
  const how = { day: "numeric", month: "numeric", timeZone };
  const parts = new Intl.DateTimeFormat("en-GB", how).formatToParts(moment);
  return ["day", "month"].map((type) => Number(parts.find((part) => part.type === type).value));
}

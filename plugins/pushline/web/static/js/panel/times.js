// Moments as the server writes them (with the project's offset), in words that name their zone.

import { language } from "../words.js";

export { nameZone as city } from "../grid/questions.js";

// Browsers often come without Kazakh dates.
const KAZAKH_DAYS = ["жс", "дс", "сс", "ср", "бс", "жм", "сб"];
const KAZAKH_MONTHS = ["қаң.", "ақп.", "нау.", "сәу.", "мам.", "мау.", "шіл.", "там.", "қыр.", "қаз.", "қар.", "жел."];

export const clock = (moment) => moment.slice(11, 16);

/** "Tue, 24 Nov": the day on the project's clock. */
export function day(moment) {
  const noon = new Date(`${moment.slice(0, 10)}T12:00:00Z`);
  if (language === "kk") return `${KAZAKH_DAYS[noon.getUTCDay()]}, ${noon.getUTCDate()} ${KAZAKH_MONTHS[noon.getUTCMonth()]}`;
  return noon.toLocaleDateString(language === "en" ? "en-GB" : language, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
}

/** "Tue, 24 Nov, 11:00": the clock of the project, never of this machine. */
export const dayAndClock = (moment) => `${day(moment)}, ${clock(moment)}`;

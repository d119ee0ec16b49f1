// Moments as the server writes them (with the project's offset), in words that name their zone.

import { language } from "../words.js";

export const clock = (moment) => moment.slice(11, 16);
export const city = (zone) => zone.split("/").pop().replaceAll("_", " ");

/** "Tue, 24 Nov, 11:00": the clock of the project, never of this machine. */
export function dayAndClock(moment) {
  const day = new Date(`${moment.slice(0, 10)}T12:00:00Z`);
  const shown = day.toLocaleDateString(language, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
  return `${shown}, ${clock(moment)}`;
}

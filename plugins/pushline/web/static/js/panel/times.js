// Moments as the server writes them (with the project's offset), in words that name their zone.

import { weekdayAndDay } from "../dates.js";

export { nameZone as city } from "../grid/questions.js";

export const clock = (moment) => moment.slice(11, 16);

/** "Tue, 24 Nov": the day on the project's clock. */
export const day = (moment) => weekdayAndDay(new Date(`${moment.slice(0, 10)}T12:00:00Z`));

/** "Tue, 24 Nov, 11:00": the clock of the project, never of this machine. */
export const dayAndClock = (moment) => `${day(moment)}, ${clock(moment)}`;

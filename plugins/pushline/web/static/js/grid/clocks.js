// Dates and times as people write them in cells: read, and continued as a series.

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:([ T])(\d{1,2}):(\d{2}))?$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:( )(\d{1,2}):(\d{2}))?$/;
const MINUTE = 60_000;

/**
 * A date or a time on the wall clock, or null: { style, gap, time }, where gap is what stands between
 * date and time ("" without a time), and time counts milliseconds as if in UTC.
 */
export function readClock(text) {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  const found = iso ?? DOTTED.exec(trimmed);
  if (!found) return null;
  const [first, month, last, gap = "", hours = 0, minutes = 0] = found.slice(1);
  const [year, day] = iso ? [first, last] : [last, first];
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes));
  const made = new Date(time);
  // No 30 February, no 25 o'clock.
  const isReal = made.getUTCDate() === Number(day) && made.getUTCMonth() === Number(month) - 1;
  return isReal ? { style: iso ? "iso" : "dotted", gap, time } : null;
}

function writeClock({ style, gap, time }) {
  const [date, clock] = new Date(time).toISOString().split("T");
  const shown = style === "iso" ? date : date.split("-").reverse().join(".");
  return gap ? `${shown}${gap}${clock.slice(0, 5)}` : shown;
}

/**
 * The next `count` dates of a series, or those before it, the nearest first; null when the texts are
 * no series: fewer than two, of several shapes, or with steps that differ.
 */
export function continueClocks(texts, count, isBackwards) {
  const clocks = texts.map(readClock);
  if (clocks.length < 2 || clocks.includes(null)) return null;
  const [{ style, gap }] = clocks;
  if (clocks.some((clock) => clock.style !== style || clock.gap !== gap)) return null;
  const add = findStep(clocks.map(({ time }) => time));
  if (!add) return null;
  const start = isBackwards ? clocks[0].time : clocks.at(-1).time;
  const sign = isBackwards ? -1 : 1;
  return Array.from({ length: count }, (_, place) =>
    writeClock({ style, gap, time: add(start, sign * (place + 1)) }),
  );
}

/** How a series goes on, by months or by minutes: a function of a time and a number of steps. */
function findStep(times) {
  const steps = (values) => values.slice(1).map((value, place) => value - values[place]);
  const same = (values) => values[0] !== 0 && values.every((value) => value === values[0]);
  const parts = times.map((time) => new Date(time));
  const months = steps(parts.map((at) => at.getUTCFullYear() * 12 + at.getUTCMonth()));
  const inMonth = parts.map((at) => at.getTime() - Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
  if (same(months) && inMonth.every((rest) => rest === inMonth[0])) {
    return (time, count) => addMonths(time, months[0] * count);
  }
  const minutes = steps(times.map((time) => time / MINUTE));
  return same(minutes) ? (time, count) => time + minutes[0] * count * MINUTE : null;
}

/** The same day and time of another month; its last day where it has fewer. */
function addMonths(time, count) {
  const at = new Date(time);
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth() + count;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(at.getUTCDate(), last);
  return Date.UTC(year, month, day, at.getUTCHours(), at.getUTCMinutes());
}

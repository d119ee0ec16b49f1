// How wide a person has made the columns: kept in their browser.

const KEPT_AS = "pushline-widths";
const NARROWEST = 48;
export const WIDEST = 640;

/** Column -> width in pixels, as they were left. */
export function readWidths() {
  try {
    const kept = Object.entries(JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}"));
    return new Map(kept.filter(([, width]) => width >= NARROWEST && width <= WIDEST));
  } catch {
    return new Map(); // no storage, or not ours: the usual widths
  }
}

export function keepWidth(key, width) {
  const widths = readWidths().set(key, Math.round(Math.min(width, WIDEST)));
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(Object.fromEntries(widths)));
  } catch {
    // Then it lasts as long as the page.
  }
}

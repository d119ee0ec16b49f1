// In which order rows are seen: the sheet's, or sorted by a column. What is saved knows nothing of it.

import { language } from "../words.js";
import { textOfCell } from "./cells.js";
import { readClock } from "./clocks.js";

const collator = new Intl.Collator(language, { numeric: true });
const NUMBER = /^[+\u2212-]?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?/;
// What is empty stands last, whichever way one sorts; before it what cannot be read.
const [READ, UNREAD, EMPTY] = [0, 1, 2];

export class Order {
  constructor(store) {
    this.store = store;
    this.key = null;
    this.direction = null;
    this.places = null; // id -> place
  }

  /** direction: "ascending", "descending", or null for the order of the sheet. */
  set(key, direction) {
    this.key = direction ? key : null;
    this.direction = direction;
    const sorted = direction && this.#sort(key, direction === "descending" ? -1 : 1);
    this.places = sorted && new Map(sorted.map((id, place) => [id, place]));
  }

  /** What the next click on this column's header asks for. */
  after(key) {
    if (this.key !== key) return "ascending";
    return this.direction === "ascending" ? "descending" : null;
  }

  /**
   * Rows of the sheet's order, in the order in which they are seen; idOf(row) tells which one it is. The
   * order was made once, as in any spreadsheet: a row does not run away while it is edited, and new ones
   * come last.
   */
  arrange(rows, idOf = (id) => id) {
    if (!this.places) return rows;
    const placeOf = (row) => this.places.get(idOf(row)) ?? this.places.size;
    return [...rows].sort((one, other) => placeOf(one) - placeOf(other));
  }

  #sort(key, sign) {
    const read = this.#reader(key);
    const values = new Map(this.store.ids.map((id) => [id, read(id)]));
    const compare = (one, other) => {
      const [rank, value] = values.get(one);
      const [otherRank, otherValue] = values.get(other);
      if (rank !== otherRank) return rank - otherRank;
      if (typeof value === "number" && typeof otherValue === "number") return sign * (value - otherValue);
      return sign * collator.compare(String(value), String(otherValue));
    };
    return [...this.store.ids].sort(compare);
  }

  #reader(key) {
    const { store } = this;
    if (key === "status") {
      const steps = new Map(store.sheet.statuses.map((status, place) => [status.key, place]));
      return (id) => [READ, steps.get(store.row(id).status) ?? 0];
    }
    if (key === "problems") {
      const weight = ({ severity }) => (severity === "error" ? 1000 : 1);
      return (id) => [READ, store.row(id).problems.reduce((sum, one) => sum + weight(one), 0)];
    }
    const shape = store.columns.get(key)?.shape;
    const isNumber = shape === "number" || (!shape && key !== "code");
    return (id) => {
      const text = textOfCell(store, id, key).trim();
      if (!text) return [EMPTY, ""];
      if (shape === "date" || shape === "moment") {
        const clock = readClock(text);
        return clock ? [READ, clock.time] : [UNREAD, text];
      }
      if (!isNumber) return [READ, text];
      const found = NUMBER.exec(text)?.[0];
      const number = Number(found?.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".").replace("\u2212", "-"));
      return found ? [READ, number] : [UNREAD, text];
    };
  }
}

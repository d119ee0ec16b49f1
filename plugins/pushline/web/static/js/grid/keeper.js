// What waits to be saved, kept in this browser: a closed tab, a lost connection, a dead machine take nothing along.
//
// Every open page keeps its own, under a key that it holds a lock of, so that only one page sends a cell.
// What no page holds any more is taken up by the next one, or by one that is open.

import { DAY, keyOf, listKept, readKept, writeKept } from "../kept.js";
import { newKey } from "./store.js";

const AREA = "pushline-waiting";
const KEPT_DAYS = 30;
const ANSWERS_WITHIN = 400;

export class Keeper {
  constructor(person) {
    this.prefix = `${keyOf(AREA, person)} `;
    this.key = this.prefix + newKey();
    this.followed = new Set([this.key]);
    this.channel = null;
  }

  /**
   * Keep what waits now, instead of what was kept before: { rows, cells }. rows: keys of rows that have no code
   * yet; cells: [row, column, value, base, sent], row being a code or such a key, sent the texts that may have
   * arrived although nobody heard of it. Returns whether the browser could.
   */
  keep({ rows, cells }) {
    const isEmpty = !rows.length && !cells.length;
    return writeKept(this.key, isEmpty ? null : { at: new Date().toISOString(), rows, cells });
  }

  /** Take what pages left that are gone; take({ rows, cells }) hears of it now, and when others go later. */
  async open(take) {
    this.take = take;
    forgetOld();
    await this.#hold();
    const taken = [];
    await Promise.all(this.#others().map((key) => this.#claim(key, (kept) => taken.push(kept))));
    taken.sort((one, other) => (one.at < other.at ? 1 : -1)); // what was typed last comes first, and stands
    for (const kept of taken) take(kept);
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(this.prefix) && newValue) this.#follow(key);
    });
    if (!navigator.locks) addEventListener("focus", () => this.#others().forEach((key) => this.#follow(key)));
  }

  #others() {
    return listKept(this.prefix).filter((key) => key !== this.key);
  }

  async #hold() {
    if (navigator.locks) {
      await new Promise((resolve) => {
        const held = navigator.locks.request(this.key, () => {
          resolve();
          return new Promise(() => {}); // as long as the page lives
        });
        held.catch(resolve);
      });
      return;
    }
    // Pages without TLS have no locks: they ask each other.
    this.channel = new BroadcastChannel(this.prefix);
    this.channel.addEventListener("message", ({ data }) => {
      if (data.isHeld === this.key) this.channel.postMessage({ held: this.key });
    });
  }

  /** Take what is kept under a key if its page is gone; else when it goes. */
  async #claim(key, take) {
    if (!navigator.locks) {
      if (!(await this.#isHeld(key))) this.#move(key, take);
      return;
    }
    const isFree = await navigator.locks.request(key, { ifAvailable: true }, (lock) => {
      if (lock) this.#move(key, take);
      return Boolean(lock);
    });
    if (!isFree) this.#follow(key);
  }

  #follow(key) {
    if (!navigator.locks) void this.#claim(key, this.take);
    else if (!this.followed.has(key)) {
      this.followed.add(key);
      void navigator.locks.request(key, () => this.#move(key, this.take));
    }
  }

  #isHeld(key) {
    return new Promise((resolve) => {
      const hear = ({ data }) => {
        if (data.held === key) answer(true);
      };
      const answer = (isHeld) => {
        this.channel.removeEventListener("message", hear);
        resolve(isHeld);
      };
      this.channel.addEventListener("message", hear);
      this.channel.postMessage({ isHeld: key });
      setTimeout(() => answer(false), ANSWERS_WITHIN);
    });
  }

  /** First ours, then no longer theirs: dying in between loses nothing. */
  #move(key, take) {
    const kept = readKept(key);
    if (!kept) return;
    const own = readKept(this.key) ?? { rows: [], cells: [] };
    const isKept = this.keep({ rows: [...own.rows, ...kept.rows], cells: [...own.cells, ...kept.cells] });
    if (isKept) writeKept(key, null);
    take(kept);
  }
}

/** What nobody came back for within a month is forgotten, whoever typed it. */
function forgetOld() {
  for (const key of listKept(`${AREA} `)) {
    const at = Date.parse(readKept(key)?.at);
    if (!(Date.now() - at < KEPT_DAYS * DAY)) writeKept(key, null);
  }
}

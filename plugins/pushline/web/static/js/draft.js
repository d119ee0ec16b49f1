// What was typed into the form of a brief and not saved, kept in this browser: Airflow's own menu takes the frame
// away without asking, and phones end a tab when they like. Nothing is kept but the typed cells.

import { dayAndMonth } from "./dates.js";
import { DAY, keyOf, listKept, readKept, writeKept } from "./kept.js";
import { word } from "./words.js";

const AREA = "pushline-draft";
const KEPT_DAYS = 7;
const LONGEST_SHOWN = 160;

export class Draft {
  /**
   * One draft a person and brief of this installation: name -> { value, base, at }, where base is the
   * revision of the cell that its writer saw.
   */
  constructor({ person, code, zone }) {
    this.key = keyOf(AREA, person, code);
    this.zone = zone;
    forgetOld();
  }

  read() {
    return readKept(this.key) ?? {};
  }

  /** Keep cells ({ name: { value, base } }), forget others (names); what another tab keeps stays. */
  keep(cells, forgotten) {
    const kept = this.read();
    for (const name of forgotten) delete kept[name];
    for (const [name, cell] of Object.entries(cells)) kept[name] = { ...cell, at: new Date().toISOString() };
    // Without a storage leaving asks, where the browser lets it.
    writeKept(this.key, Object.keys(kept).length ? kept : null);
  }

  /**
   * Draws the question what is to become of cells that were not saved: [{ name, label, value, theirs, isBehind }].
   * isBehind: somebody changed the cell since. take() and drop() are the two answers.
   */
  draw(place, cells, { take, drop }) {
    const kept = this.read();
    const latest = cells.map(({ name }) => kept[name].at).sort().at(-1);
    const heading = make("h2", this.#sayWhen(new Date(latest)));
    heading.id = "draft-heading";
    const list = document.createElement("dl");
    for (const { label, value, theirs, isBehind } of cells) {
      const typed = make("dd", shorten(value) || word("form.empty"));
      list.append(make("dt", label), typed);
      if (!isBehind) continue;
      const now = make("dd", word("form.draft_meanwhile", { theirs: shorten(theirs) || word("form.empty") }));
      now.className = "meanwhile";
      list.append(now);
    }
    const acts = document.createElement("p");
    acts.className = "draft-acts";
    acts.append(
      this.#button("primary", "form.draft_take", place, take),
      this.#button("", "form.draft_drop", place, drop),
    );
    place.replaceChildren(heading, list, acts);
    place.setAttribute("aria-labelledby", heading.id);
    place.hidden = false;
  }

  #button(kind, key, place, act) {
    const button = make("button", word(key));
    button.type = "button";
    button.className = kind;
    button.addEventListener("click", () => {
      place.hidden = true;
      act();
    });
    return button;
  }

  /** By the project's clock; with the day unless that is today. */
  #sayWhen(then) {
    const how = { timeZone: this.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const time = new Intl.DateTimeFormat("en-GB", how).format(then);
    const day = dayAndMonth(then, this.zone);
    const isToday = day === dayAndMonth(new Date(), this.zone);
    return word(isToday ? "form.draft" : "form.draft_of_day", { day, time, zone: this.zone });
  }
}

/** Drafts that nobody came back for within some days are forgotten, whoever wrote them. */
function forgetOld() {
  for (const key of listKept(`${AREA} `)) {
    const cells = Object.entries(readKept(key) ?? {});
    const fresh = cells.filter(([, { at }]) => Date.now() - Date.parse(at) < KEPT_DAYS * DAY);
    if (fresh.length < cells.length || !cells.length) {
      writeKept(key, fresh.length ? Object.fromEntries(fresh) : null);
    }
  }
}

function shorten(text) {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text;
}

function make(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

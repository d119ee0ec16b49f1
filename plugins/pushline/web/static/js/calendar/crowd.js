// Many sends within one half hour: so many lie side by side in a week, the rest behind a number; and
// the list that such a number, or a month's "5 more", opens.

import { openDialog } from "../shell.js";
import { word } from "../words.js";
import { describeEntry, drawEntry } from "./entry.js";
import { addMilliseconds } from "./clock.js";

const HALF_HOUR = 30 * 60_000;
const MOST_ABREAST = 3;

/**
 * What a week shows: { alone: entries with a box of their own, crowds: [{ shown, entries }] }, where
 * never more than three boxes lie side by side. A crowd begins at its first entry's time.
 */
export function gatherCrowds(entries) {
  const sorted = [...entries].sort((a, b) => (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0));
  const alone = [];
  const crowds = [];
  for (const cluster of listClusters(sorted)) {
    const lanes = layOut(cluster);
    const isTooWide = Math.max(...lanes) >= MOST_ABREAST;
    cluster.forEach((entry, place) => {
      if (!isTooWide || lanes[place] < MOST_ABREAST - 1) alone.push(entry);
      else if (crowds.length && entry.shown < endOf(crowds.at(-1))) crowds.at(-1).entries.push(entry);
      else crowds.push({ shown: entry.shown, entries: [entry] });
    });
  }
  return { alone, crowds };
}

const endOf = ({ shown }) => addMilliseconds(shown, HALF_HOUR);

/** Runs of entries of which each begins before the ones so far have ended. */
function listClusters(sorted) {
  const clusters = [];
  let end = "";
  for (const entry of sorted) {
    if (entry.shown < end) clusters.at(-1).push(entry);
    else clusters.push([entry]);
    end = endOf(entry);
  }
  return clusters;
}

/** The lane of each entry: the first that is free when it begins. */
function layOut(cluster) {
  const ends = [];
  return cluster.map((entry) => {
    const free = ends.findIndex((end) => end <= entry.shown);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = endOf(entry);
    return lane;
  });
}

/** Lists entries in a dialog; resolves to the one that was chosen, or null. */
export function chooseEntry(title, entries) {
  return openDialog({
    title,
    body: (close) => {
      const list = document.createElement("ul");
      list.className = "crowd";
      list.append(...entries.map((entry) => {
        const line = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = `crowd-entry status-${entry.status} lane-${entry.lane}`;
        button.setAttribute("aria-label", describeEntry(entry));
        button.append(...drawEntry(entry, "listMonth").domNodes);
        button.addEventListener("click", () => close(entry));
        line.append(button);
        return line;
      }));
      return list;
    },
    actions: [{ label: word("shell.close"), value: null }],
  });
}

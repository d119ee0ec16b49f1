// What only a person can decide: whose text stays, whether an approval may be taken back.

import { openDialog } from "../shell.js";
import { language, word } from "../words.js";

/** Ask whether these approved briefs may lose their approval. */
export async function askToReturn(codes, sentence) {
  const body = document.createElement("p");
  body.textContent =
    codes.length === 1 ? sentence : word("grid.return_many", { count: codes.length, codes: codes.join(", ") });
  const answer = await openDialog({
    title: word("grid.return_title", { count: codes.length }),
    body,
    actions: [
      { label: word("grid.return_no"), value: "no" },
      { label: word("grid.return_yes"), value: "yes", kind: "primary" },
    ],
  });
  return answer === "yes";
}

/**
 * Show cells that somebody else changed meanwhile: theirs with who and when, and ours. Resolves to
 * the places of the cells where ours shall stand, or null when nothing was decided.
 * conflicts: [{ code, header, theirs, by, at, yours }]
 */
export async function askWhose(conflicts, zone) {
  const body = document.createElement("div");
  const lead = document.createElement("p");
  lead.textContent = word("grid.conflict_lead");
  body.append(lead);
  const asked = conflicts.map((one, place) => conflictParts(one, place, zone));
  body.append(...asked);
  const answer = await openDialog({
    title: word("grid.conflict_title", { count: conflicts.length }),
    body,
    wide: true,
    actions: [{ label: word("grid.conflict_done"), value: "done", kind: "primary" }],
  });
  if (answer !== "done") return null;
  const chosen = asked.map((part) => part.querySelector("input:checked").value);
  return conflicts.map((_, place) => place).filter((place) => chosen[place] === "yours");
}

function conflictParts({ code, header, theirs, by, at, yours }, place, zone) {
  const set = document.createElement("fieldset");
  set.className = "conflict";
  const legend = document.createElement("legend");
  legend.textContent = `${code} · ${header}`;
  const when = at ? showTime(at, zone) : "";
  set.append(
    legend,
    choice(place, "theirs", word("grid.conflict_theirs", { by: by || "?", at: when }), theirs, true),
    choice(place, "yours", word("grid.conflict_yours"), yours, false),
  );
  return set;
}

function choice(place, value, title, text, isChosen) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: `conflict-${place}`, value, checked: isChosen });
  const head = document.createElement("span");
  head.className = "conflict-who";
  head.textContent = title;
  const shown = document.createElement("span");
  shown.className = "conflict-text";
  shown.textContent = text || word("grid.empty");
  label.append(input, head, shown);
  return label;
}

/** A moment on the project's clock, with its zone: "09:05 Almaty". */
export function showTime(moment, zone) {
  const time = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  }).format(new Date(moment));
  return `${time} ${nameZone(zone)}`;
}

const CITIES = {
  "Asia/Almaty": { ru: "Алматы", kk: "Алматы" },
  "Asia/Aqtau": { ru: "Актау", kk: "Ақтау" },
  "Asia/Aqtobe": { ru: "Актобе", kk: "Ақтөбе" },
  "Asia/Atyrau": { ru: "Атырау", kk: "Атырау" },
  "Asia/Bishkek": { ru: "Бишкек", kk: "Бішкек" },
  "Asia/Oral": { ru: "Уральск", kk: "Орал" },
  "Asia/Qostanay": { ru: "Костанай", kk: "Қостанай" },
  "Asia/Qyzylorda": { ru: "Кызылорда", kk: "Қызылорда" },
  "Asia/Tashkent": { ru: "Ташкент", kk: "Ташкент" },
  "Europe/Moscow": { ru: "Москва", kk: "Мәскеу" },
};

/** The city of a zone, in the reader's language where the browser knows it. */
export function nameZone(zone) {
  return CITIES[zone]?.[language] ?? zone.split("/").at(-1).replaceAll("_", " ");
}

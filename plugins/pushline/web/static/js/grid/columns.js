// Which columns there are, in which groups, which of them are folded away.

import { word } from "../words.js";

const FOLDED_AS = "pushline-folded";
// What Pushline says about a row, and the idea, which stays in sight beside it.
const OWN = { code: 112, status: 152, idea: 220, problems: 132, reach: 96, sent: 104, clicks: 112, uplift: 112 };

/** The part of the sheet that a column stands in. Parts can be folded; the first two cannot. */
function partOf(column) {
  if (column.key === "idea") return "brief";
  if (/_b_|^b_pct$/.test(column.key)) return "variant_b";
  const language = /^(?:title|text)_([a-z]{2})$/.exec(column.key)?.[1];
  if (language) return `texts_${language}`;
  return { business: "plan", marketing: "sending", data: "audience" }[column.group] ?? "plan";
}

/** [{ key, title, columns: [keys], folds, owner }] in the order of the sheet. */
export function listParts(sheet) {
  const parts = new Map([["code", ["code"]], ["brief", ["status"]]]);
  for (const column of sheet.columns) {
    const key = partOf(column);
    if (!parts.has(key)) parts.set(key, []);
    parts.get(key).push(column.key);
  }
  parts.set("report", ["problems", "reach", "sent", "clicks", "uplift"]);
  const owners = new Map(sheet.columns.map((column) => [column.key, column.group]));
  return [...parts].map(([key, columns]) => ({
    key,
    columns,
    folds: key !== "code" && key !== "brief",
    owner: owners.get(columns[0]) ?? "system",
    title: nameOf(key),
  }));
}

function nameOf(key) {
  const language = key.startsWith("texts_") && key.slice(-2).toUpperCase();
  return language ? word("grid.part_texts", { language }) : word(`grid.part_${key}`);
}

export function widthOf(column) {
  if (OWN[column.key]) return OWN[column.key];
  // The header in bold, too: Russian and Kazakh ones are the longer.
  return Math.max(Math.round(column.width * 6 + 32), Math.ceil(column.header.length * 9) + 18);
}

/** Parts that are folded: what the person chose, else those that nobody has filled yet. */
export function listFolded(parts, store) {
  try {
    const kept = JSON.parse(localStorage.getItem(FOLDED_AS) ?? "null");
    if (Array.isArray(kept)) return new Set(kept);
  } catch {
    // No storage, or not ours: the usual folds.
  }
  const foldsWhenEmpty = parts.filter(({ key }) => key === "variant_b" || key === "texts_en");
  const isEmpty = ({ columns }) =>
    columns.every((key) => store.ids.every((id) => !store.value(id, key)));
  return new Set(foldsWhenEmpty.filter(isEmpty).map(({ key }) => key));
}

export function keepFolded(folded) {
  try {
    localStorage.setItem(FOLDED_AS, JSON.stringify([...folded]));
  } catch {
    // Then it lasts as long as the page.
  }
}

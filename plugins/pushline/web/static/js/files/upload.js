// Uploading a sheet: first what would happen and what is wrong, then what to do about it.
// The shape of the answer is GOV.UK Notify's: a list of what to do, then only the bad rows.

import { ApiError, upload } from "../api.js";
import { openDialog, toast } from "../shell.js";
import { number, word } from "../words.js";

const MOST_SENTENCES = 20;

/** Opens the dialog, with a file or to choose one; again and again until it is good or closed. */
export async function openUpload(file = null) {
  let chosen = file;
  for (;;) {
    chosen ??= await choose();
    if (!chosen) return;
    const report = await send(chosen, { dry_run: true });
    const step = report && (await show(report));
    if (step === "again" || report === null) {
      chosen = null;
      continue;
    }
    if (step !== "good" && step !== "all") return;
    await take(chosen, step);
    return;
  }
}

async function choose() {
  const body = document.createElement("div");
  body.append(element("p", word("files.intro")));
  const input = document.createElement("input");
  input.type = "file";
  input.id = "sheet-file";
  input.accept = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const label = element("label", word("files.drop"));
  label.htmlFor = input.id;
  // The browser's own button speaks the browser's language: ours stands in its place.
  input.className = "unseen";
  const button = element("label", word("files.pick"), "button pick");
  button.htmlFor = input.id;
  const zone = element("div", "", "drop-zone");
  zone.append(label, input, button);
  body.append(zone);
  let dropped = null;
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  const asked = openDialog({
    title: word("files.title"),
    body,
    actions: [
      { label: word("shell.cancel"), value: null },
      { label: word("files.check"), value: "go", kind: "primary", check: () => (dropped || input.files[0] ? "" : word("files.none_chosen")) },
    ],
  });
  const go = () => zone.closest("dialog")?.querySelector("button.primary")?.click();
  input.addEventListener("change", go);
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    [dropped] = event.dataTransfer.files;
    if (dropped) go();
  });
  return (await asked) === "go" ? dropped ?? input.files[0] : null;
}

/** Sends the file; null (and a message) when the server refuses it whole. */
async function send(file, { dry_run, bad_rows = "leave" }) {
  const form = new FormData();
  form.append("file", file);
  const notice = toast(word(dry_run ? "files.reading" : "files.taking", { file: file.name }));
  try {
    return await upload(`api/import?${new URLSearchParams({ dry_run, bad_rows })}`, form);
  } catch (error) {
    // A file that was changed on the disk after it was chosen cannot be read again.
    const detail = error instanceof ApiError ? error.detail : word("files.none_chosen");
    toast(`${file.name}: ${detail}`, "error");
    return null;
  } finally {
    notice.remove();
  }
}

async function show(report) {
  const good = report.created + report.updated;
  const body = document.createElement("div");
  body.className = "import-report";
  const errors = report.problems.filter((problem) => problem.severity === "error");
  const warnings = report.problems.filter((problem) => problem.severity !== "error");
  if (errors.length) body.append(listSentences(errors, report.headers));
  body.append(element("p", word("files.would", report), "would"));
  if (report.bad) body.append(...tableOfBadRows(report));
  if (warnings.length) {
    const folded = document.createElement("details");
    folded.append(element("summary", `${word("files.warnings")}: ${number(warnings.length)}`));
    folded.append(listSentences(warnings, {}));
    body.append(folded);
  }
  if (!good && !report.bad) body.append(element("p", word("files.nothing_new")));
  const actions = [{ label: word("shell.cancel"), value: null }];
  if (report.bad) actions.push({ label: word("files.again"), value: "again" });
  if (report.can_be_drafts) {
    actions.push({ label: word("files.take_all", { count: report.can_be_drafts }), value: "all" });
  }
  if (good) {
    const kind = report.bad ? "" : "primary";
    actions.push({ label: word("files.take_good", { count: good }), value: "good", kind });
  }
  const key = report.bad || errors.length ? "files.problems" : "files.all_good";
  return openDialog({ title: word(key, { file: report.file }), body, actions, wide: report.bad > 0 });
}

/** Each sentence once, with the rows that it is about. */
function listSentences(problems, headers) {
  const rows = new Map();
  for (const { sentence, row, column } of problems) {
    const head = headers[column] ? `${headers[column]}: ` : "";
    const text = head + sentence;
    if (!rows.has(text)) rows.set(text, new Set());
    if (row) rows.get(text).add(row);
  }
  const list = element("ul", "", "to-do");
  for (const [text, numbers] of [...rows].slice(0, MOST_SENTENCES)) {
    const line = element("li", text);
    if (numbers.size) {
      const key = numbers.size > 1 ? "files.rows" : "files.row";
      line.append(" ", element("span", `(${word(key, { rows: [...numbers].slice(0, 8).join(", ") })})`, "faint"));
    }
    list.append(line);
  }
  const hidden = rows.size - MOST_SENTENCES;
  if (hidden > 0) list.append(element("li", word("files.more_problems", { count: hidden }), "faint"));
  return scrolling(list, word("files.to_do"));
}

/** What is longer than its place, scrolled by keyboard, too. */
function scrolling(content, label) {
  const place = element("div", "", "scroll");
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", label);
  place.append(content);
  return place;
}

function tableOfBadRows(report) {
  const keys = Object.keys(report.headers);
  const table = document.createElement("table");
  table.className = "bad-rows";
  table.append(element("caption", word("files.bad_rows")));
  const head = table.createTHead().insertRow();
  for (const text of [word("files.row_number"), ...keys.map((key) => report.headers[key])]) {
    const cell = element("th", text);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const bad of report.bad_rows) {
    const found = report.problems.filter((it) => it.row === bad.row && it.severity === "error");
    const row = body.insertRow();
    const name = element("th", String(bad.row));
    name.scope = "row";
    name.append(element("span", bad.idea, "row-idea"));
    // What is wrong with the whole row stands at its number.
    for (const problem of found) {
      if (!(problem.column in report.headers)) name.append(element("span", problem.sentence, "cell-error"));
    }
    row.append(name);
    for (const key of keys) {
      const cell = row.insertCell();
      const here = found.filter((problem) => problem.column === key);
      for (const problem of here) cell.append(element("span", problem.sentence, "cell-error"));
      if (here.length) cell.className = "wrong";
      cell.append(element("span", bad.cells[key] ?? "", "cell-value"));
    }
  }
  const scroll = scrolling(table, word("files.bad_rows"));
  const hidden = report.bad - report.bad_rows.length;
  return hidden > 0
    ? [scroll, element("p", word("files.more_rows", { count: hidden }), "faint")]
    : [scroll];
}

async function take(file, step) {
  const done = await send(file, { dry_run: false, bad_rows: step === "all" ? "draft" : "leave" });
  if (!done) return;
  const numbers = { file: done.file, created: done.created, updated: done.updated, drafts: done.drafts.length };
  toast(word("files.done", numbers), "good");
  const codes = [...done.codes, ...done.drafts];
  document.dispatchEvent(new CustomEvent("refresh-rows", { detail: { codes } }));
  if (done.drafts.length) {
    document.dispatchEvent(new CustomEvent("select-brief", { detail: { code: done.drafts[0] } }));
  }
}

function element(tag, text = "", className = "") {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
}

// The plain form of one brief: saves what was changed, cell by cell, through the grid's door.

import { ApiError, base, post } from "./api.js";
import { Draft } from "./draft.js";
import { openDialog, showState, toast } from "./shell.js";
import { askForStops } from "./stop.js";
import { word } from "./words.js";

void askForStops();

const page = document.querySelector(".form-page[data-code]");
const form = document.getElementById("brief");
const save = document.getElementById("save");
const outcome = document.getElementById("outcome");
const { code } = page.dataset;

const fields = [...form.querySelectorAll("[data-base]")];
const kept = new Map(fields.map((field) => [field.name, field.value]));

const PAUSE = 300;
const checking = { timer: null, question: null };
const draft = new Draft(page.dataset);
const touched = new Set(); // names of fields that the draft follows

if (save) {
  save.disabled = false;
  // At every letter: there may be no later moment.
  form.addEventListener("input", ({ target }) => {
    if (!kept.has(target.name)) return;
    touched.add(target.name);
    keepDraft();
    checkSoon(target);
  });
  offerDraft();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  addEventListener("beforeunload", (event) => {
    if (changed().length) event.preventDefault();
  });
}
for (const button of document.querySelectorAll("[data-move]")) {
  button.disabled = false;
  button.addEventListener("click", () => move(button.dataset.move));
}

function changed() {
  return fields.filter((field) => field.value !== kept.get(field.name));
}

/** The text of a cell: pickers write 2026-11-25T11:00. */
function textOf(field) {
  return field.type === "datetime-local" ? field.value.replace("T", " ") : field.value;
}

function put(field, text) {
  field.value = field.type === "datetime-local" ? text.replace(" ", "T") : text;
}

function keepDraft() {
  const open = new Map(changed().map((field) => [field.name, field]));
  const cells = [...touched].filter((name) => open.has(name)).map((name) => {
    const field = open.get(name);
    return [name, { value: textOf(field), base: Number(field.dataset.base) }];
  });
  draft.keep(Object.fromEntries(cells), [...touched].filter((name) => !open.has(name)));
}

/** What an earlier page could not save stands above the form, until its writer has said what is to become of it. */
function offerDraft() {
  const typed = draft.read();
  const found = fields.filter((field) => field.name in typed && !field.readOnly && !field.disabled);
  const same = found.filter((field) => textOf(field) === typed[field.name].value);
  draft.keep({}, same.map((field) => field.name));
  const cells = found.filter((field) => !same.includes(field)).map((field) => ({
    name: field.name,
    field,
    label: form.querySelector(`label[for="${field.id}"]`).textContent,
    theirs: textOf(field),
    isBehind: typed[field.name].base !== Number(field.dataset.base),
    ...typed[field.name],
  }));
  if (!cells.length) return;
  draft.draw(document.getElementById("draft"), cells, {
    take: () => takeDraft(cells),
    drop: () => {
      draft.keep({}, cells.map(({ name }) => name));
      fields.find((field) => !field.readOnly && !field.disabled)?.focus({ preventScroll: true });
    },
  });
}

function takeDraft(cells) {
  for (const { name, field, value, base, theirs, isBehind } of cells) {
    const now = Number(field.dataset.base);
    put(field, value);
    touched.add(name);
    field.closest("details")?.setAttribute("open", "");
    if (!isBehind) continue;
    // Saved as it is, it would be told as a conflict: nothing is overwritten unseen.
    field.dataset.base = base;
    drawConflict(field, word("form.draft_meanwhile", { theirs: theirs || word("form.empty") }), theirs, now);
  }
  keepDraft();
  outcome.textContent = word(cells.some(({ isBehind }) => isBehind) ? "form.conflicts" : "form.draft_taken");
  cells[0].field.focus();
}

async function submit() {
  const sent = changed();
  if (!sent.length) {
    outcome.textContent = word("form.nothing_changed");
    return;
  }
  await guard(async () => {
    let saved = await send(sent, false);
    if (saved.refused.some((refused) => refused.kind === "approved")) {
      if (!(await ask(saved.refused[0].sentence))) return;
      saved = await send(sent, true);
    }
    take(saved, sent);
  });
}

function send(sent, returnsApproval) {
  const changes = sent.map((field) => ({
    code,
    column: field.name,
    value: textOf(field),
    base: Number(field.dataset.base),
  }));
  return post("api/cells", { changes, returns_approval: returnsApproval });
}

function ask(sentence) {
  const body = document.createElement("p");
  body.textContent = sentence;
  return openDialog({
    title: word("form.ask_title"),
    body,
    actions: [
      { label: word("shell.cancel"), value: false },
      { label: word("form.ask_yes"), value: true, kind: "primary" },
    ],
  });
}

function take(saved, sent) {
  const left = new Map(
    [...saved.conflicts, ...saved.refused].map((trouble) => [trouble.column, trouble]),
  );
  const row = saved.rows.find((one) => one.code === code);
  for (const field of sent) {
    const trouble = left.get(field.name);
    if (trouble?.theirs !== undefined) showConflict(field, trouble, row);
    else if (trouble) showRefusal(field, trouble.sentence);
    else {
      kept.set(field.name, field.value);
      if (row) field.dataset.base = row.revisions[field.name] ?? field.dataset.base;
      clearConflict(field);
    }
  }
  for (const { name } of sent) touched.add(name);
  keepDraft();
  if (row) showRow(row);
  const errors = (row?.problems ?? []).filter((problem) => problem.severity === "error");
  if (saved.conflicts.length) outcome.textContent = word("form.conflicts");
  else if (saved.refused.length) outcome.textContent = saved.refused[0].sentence;
  else if (errors.length) outcome.textContent = word("form.saved_red", { count: errors.length });
  else outcome.textContent = word("form.saved");
  const first = fields.find((field) => left.has(field.name));
  first?.focus();
}

/** While one types into a field: what the checks say about it, of the form as it stands. */
function checkSoon(field) {
  clearTimeout(checking.timer);
  checking.question?.abort();
  checking.timer = setTimeout(async () => {
    checking.question = new AbortController();
    const cells = Object.fromEntries(fields.map((one) => [one.name, textOf(one)]));
    try {
      const { problems } = await post("api/check", { code, cells }, { signal: checking.question.signal });
      showProblems(field, problems);
    } catch {
      // The check after saving says the same; typing goes on undisturbed.
    }
  }, PAUSE);
}

/** Puts what the server found beside the fields. */
function showRow(row) {
  clearTimeout(checking.timer);
  checking.question?.abort();
  for (const field of fields) showProblems(field, row.problems);
  document.getElementById("status").textContent = row.status_label;
  const notice = document.getElementById("out-of-step");
  if (notice) notice.hidden = row.is_in_step;
  document.getElementById("summary")?.remove();
}

function showProblems(field, problems) {
  const here = problems.filter((problem) => problem.column === field.name);
  const isWrong = here.some((problem) => problem.severity === "error");
  document.getElementById(`problems-${field.name}`).replaceChildren(...here.map(drawProblem));
  field.closest(".field").classList.toggle("is-wrong", isWrong);
  if (isWrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function drawProblem({ sentence, severity, brief }) {
  const line = document.createElement("p");
  line.className = severity;
  line.textContent = sentence;
  if (brief) {
    const link = document.createElement("a");
    link.href = `${base}briefs/${encodeURIComponent(brief)}`;
    link.textContent = word("grid.go_to_brief", { code: brief });
    line.append(" ", link);
  }
  return line;
}

function showConflict(field, conflict, row) {
  const base = row?.revisions[field.name] ?? conflict.base;
  drawConflict(field, word("form.conflict", conflict), conflict.theirs, base);
}

/** Both texts and the choice between them; base: the revision of theirs. */
function drawConflict(field, told, theirs, base) {
  const place = document.getElementById(`conflict-${field.name}`);
  const sentence = document.createElement("p");
  sentence.textContent = told;
  const button = (label, value) => {
    const node = document.createElement("button");
    node.type = "button";
    node.textContent = label;
    node.addEventListener("click", () => {
      field.dataset.base = base;
      if (value !== null) {
        put(field, value);
        kept.set(field.name, field.value);
      }
      clearConflict(field);
      touched.add(field.name);
      keepDraft();
      field.focus();
    });
    return node;
  };
  place.replaceChildren(
    sentence,
    button(word("form.take_theirs"), theirs),
    button(word("form.keep_mine"), null),
  );
}

function showRefusal(field, sentence) {
  const line = document.createElement("p");
  line.className = "error";
  line.textContent = sentence;
  document.getElementById(`conflict-${field.name}`).replaceChildren(line);
}

function clearConflict(field) {
  document.getElementById(`conflict-${field.name}`).replaceChildren();
}

async function move(to) {
  if (changed().length) {
    toast(word("form.save_first"), "warning");
    return;
  }
  await guard(async () => {
    await post(`api/briefs/${code}/move`, { to });
    location.reload();
  });
}

/** Runs one act at a time; what the server refuses is said in a message. */
async function guard(act) {
  if (save) save.disabled = true;
  showState(word("shell.saving"), "busy");
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.detail, "error");
    if (outcome) outcome.textContent = error.detail;
  } finally {
    if (save) save.disabled = false;
    showState("");
  }
}

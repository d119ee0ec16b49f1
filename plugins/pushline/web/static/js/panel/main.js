// The panel beside the grid: preview, who gets it, steps and approval, history of the chosen brief.

import { addStopButton } from "../stop.js";
import { stageOf, statusOf } from "../grid/results.js";
import { word } from "../words.js";
import { Approval } from "./approval.js";
import { el } from "./dom.js";
import { History } from "./history.js";
import { Preview } from "./preview.js";
import { Reach } from "./reach.js";

const SECTIONS = ["preview", "reach", "approval", "history"];
const FOLDED = "pushline-panel-folded";

function readFolded() {
  try {
    return new Set(JSON.parse(localStorage.getItem(FOLDED) ?? '["history"]'));
  } catch {
    return new Set(["history"]);
  }
}

function open(sheet) {
  const panel = document.getElementById("panel");
  const folded = readFolded();
  const boxes = {};
  const heading = el("h2", { class: "panel-title" });
  const idea = el("p", { class: "panel-idea" });
  const sections = SECTIONS.map((key) => {
    boxes[key] = el("div", { class: "section-body", id: `panel-${key}` });
    return el(
      "details",
      {
        class: "section",
        open: !folded.has(key),
        ontoggle: ({ target }) => {
          if (target.open) folded.delete(key);
          else folded.add(key);
          localStorage.setItem(FOLDED, JSON.stringify([...folded]));
          if (key === "history") parts.history.open(target.open);
        },
      },
      el("summary", {}, el("h3", {}, word(`panel.${key}`))),
      boxes[key],
    );
  });
  const empty = el("p", { class: "panel-empty faint" }, word("panel.choose"));
  const parts = {};
  parts.preview = new Preview(boxes.preview);
  parts.reach = new Reach(boxes.reach, sheet, (answer) => {
    document.dispatchEvent(new CustomEvent("reach-counted", { detail: answer }));
  });
  parts.approval = new Approval(boxes.approval, sheet, parts);
  parts.history = new History(boxes.history, sheet);
  parts.history.isOpen = !folded.has("history");
  let code = null;
  let stage = "";

  function name(row) {
    stage = stageOf(row);
    heading.replaceChildren(row.code, " ", el("span", { class: "chip", data: { status: stage } }, statusOf(row)));
  }

  function show(row) {
    code = row.code;
    empty.remove();
    if (!heading.isConnected) panel.append(heading, idea, ...sections);
    name(row);
    idea.textContent = row.cells.idea ?? "";
    for (const part of Object.values(parts)) part.show(row);
  }

  panel.replaceChildren(empty);
  if (chosen) show(chosen);
  document.addEventListener("brief-selected", ({ detail }) => detail.row?.code && show(detail.row));
  document.addEventListener("brief-changed", ({ detail }) => detail.row.code === code && show(detail.row));
  document.addEventListener("brief-removed", () => {
    code = null;
    for (const part of Object.values(parts)) clearTimeout(part.timer); // nobody would know it
    panel.replaceChildren(empty);
  });
  document.addEventListener("numbers-changed", ({ detail }) => {
    if (detail.row.code !== code) return;
    if (stageOf(detail.row) !== stage) show(detail.row);
    parts.reach.hearNumbers(detail.row);
  });
  document.addEventListener("cell-typing", ({ detail }) => {
    if (code && detail.code === code) parts.preview.hear(detail.column, detail.value);
  });
  addStopButton(document.getElementById("toolbar-stop"), sheet);
}

// A deep link selects its brief while the sheet is still being put together.
let chosen = null;
document.addEventListener("brief-selected", ({ detail }) => { chosen = detail.row; });
document.addEventListener("sheet-loaded", ({ detail }) => open(detail.sheet), { once: true });

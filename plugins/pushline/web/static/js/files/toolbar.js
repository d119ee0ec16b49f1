// The files of the sheet: what is shown as a file, an empty template, an upload.

import { base } from "../api.js";
import { word } from "../words.js";
import { openUpload } from "./upload.js";

const slot = document.getElementById("toolbar-files");
slot.append(downloads());
document.addEventListener("sheet-loaded", ({ detail }) => {
  if (detail.sheet.me.role_rights.edit.length) offerUpload();
});

function offerUpload() {
  const button = document.createElement("button");
  button.type = "button";
  button.id = "upload";
  button.textContent = word("files.upload");
  button.addEventListener("click", () => openUpload());
  slot.prepend(button);
  acceptDrops();
}

/** Codes of the rows that are shown, in their order; null when the grid does not say. */
function shownCodes() {
  const detail = { codes: null };
  document.dispatchEvent(new CustomEvent("ask-view", { detail }));
  return detail.codes;
}

function downloads() {
  const menu = document.createElement("details");
  menu.className = "menu";
  const summary = document.createElement("summary");
  summary.className = "button";
  summary.textContent = word("files.download");
  const list = document.createElement("ul");
  menu.append(summary, list);
  const add = (label, path, isView) => {
    const link = document.createElement("a");
    link.textContent = label;
    link.href = base + path;
    link.download = "";
    link.addEventListener("click", () => {
      const codes = isView ? shownCodes() : null;
      link.href = codes ? `${base}${path}?codes=${encodeURIComponent(codes.join(","))}` : base + path;
      menu.open = false;
    });
    const line = document.createElement("li");
    line.append(link);
    list.append(line);
  };
  add(word("files.as_xlsx"), "api/export.xlsx", true);
  add(word("files.as_csv"), "api/export.csv", true);
  add(word("files.template"), "api/template.xlsx", false);
  const plain = document.createElement("a");
  plain.textContent = word("files.plain_list");
  plain.href = `${base}briefs`;
  const last = document.createElement("li");
  last.append(plain);
  list.append(last);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  return menu;
}

/** A file may be dropped anywhere on the page; a text that is dragged into a cell is no file. */
function acceptDrops() {
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (isFile(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) openUpload(event.dataTransfer.files[0]);
  });
}

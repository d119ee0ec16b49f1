// Moving a brief to another time: checked first, asked where it takes something back, then saved.

import { ApiError, get, post } from "../api.js";
import { openDialog, toast } from "../shell.js";
import { word } from "../words.js";
import { asCell } from "./clock.js";

/** Saves a new send_at; resolves to whether it was taken. Says why if not. */
export async function moveEntry(entry, sendAt, zone) {
  if (asCell(sendAt) === asCell(entry.send_at)) return false; // nothing changes, so nothing is asked
  try {
    return await move(entry, asCell(sendAt), zone);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(word("calendar.not_moved", { code: entry.code, sentences: error.detail }), "error");
    return false;
  }
}

async function move(entry, value, zone) {
  const asking = new URLSearchParams({ code: entry.code, send_at: value });
  const verdict = await get(`api/calendar/check?${asking}`);
  const sentences = verdict.problems.map((problem) => problem.sentence);
  if (verdict.is_refused) {
    const errors = verdict.problems.filter((problem) => problem.severity === "error");
    refuse(entry, errors.map((problem) => problem.sentence).join(" "));
    return false;
  }
  const when = `${value} (${zone})`;
  const warnings = [
    verdict.takes_approval ? word("calendar.move_takes_approval") : "",
    entry.is_repeat ? word("calendar.move_repeats") : "",
  ].filter(Boolean);
  if (warnings.length && !(await ask(entry, when, [...warnings, ...sentences]))) return false;
  const saved = await save(entry, value, verdict.takes_approval);
  if (saved.conflicts.length) {
    const [conflict] = saved.conflicts;
    toast(word("calendar.changed_meanwhile", { code: entry.code, by: conflict.by }), "warning");
    return false;
  }
  if (saved.refused.length) {
    const [refused] = saved.refused;
    // Approved between the check and the save: ask now, once.
    const isNews = refused.kind === "approved" && !verdict.takes_approval;
    if (!isNews) {
      refuse(entry, refused.sentence);
      return false;
    }
    if (!(await ask(entry, when, [refused.sentence]))) return false;
    const again = await save(entry, value, true);
    if (again.refused.length || again.conflicts.length) {
      refuse(entry, again.refused[0]?.sentence ?? "");
      return false;
    }
  }
  if (sentences.length) {
    toast(word("calendar.moved_but", { code: entry.code, when, sentences: sentences.join(" ") }), "warning");
  } else toast(word("calendar.moved", { code: entry.code, when }), "good");
  return true;
}

function save(entry, value, returnsApproval) {
  return post("api/cells", {
    changes: [{ code: entry.code, column: "send_at", value, base: entry.base }],
    returns_approval: returnsApproval,
  });
}

function refuse(entry, sentences) {
  toast(word("calendar.not_moved", { code: entry.code, sentences }), "error");
}

async function ask(entry, when, sentences) {
  const body = document.createElement("div");
  for (const sentence of sentences) {
    const line = document.createElement("p");
    line.textContent = sentence;
    body.append(line);
  }
  return openDialog({
    title: word("calendar.move_title", { code: entry.code, when }),
    body,
    actions: [
      { label: word("shell.cancel"), value: false },
      { label: word("calendar.move_yes"), value: true, kind: "primary" },
    ],
  });
}

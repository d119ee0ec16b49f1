// What every page has: Airflow's language, dialogs and messages of our own, ways out of the frame.
// The frame is sandboxed: confirm, alert, popups and target=_blank do nothing in it.

import { base } from "./api.js";
import { language, word } from "./words.js";

const CHOSEN = "pushline-language";
const AIRFLOWS = "i18nextLng";
// How long a message stays, in milliseconds: at least, and by its letters.
const STAYS = 6000;
const ERROR_STAYS = 15_000;
const A_LETTER = 80;
const framed = parent !== window;

/** The window of Airflow around us, or null where there is none that we may touch. */
function outer() {
  try {
    return framed && parent.document ? parent : null;
  } catch {
    return null;
  }
}

/** Goes to a page of Airflow, such as "/dags/plan_marketing_pushes", without loading it anew. */
export function leave(path) {
  const airflow = outer();
  const root = base.replace(/\/pushline\/$/, "");
  if (!airflow) {
    location.assign(root + path);
    return;
  }
  airflow.history.pushState({}, "", root + path);
  airflow.dispatchEvent(new PopStateEvent("popstate"));
}

/** The address of a page of ours, such as "?brief=C-2026-118", as others can open it: with Airflow around. */
export function linkTo(path) {
  const root = base.replace(/\/pushline\/$/, "");
  const frame = outer() ? `${root}/plugin/campaigns` : "";
  return location.origin + frame + base + path;
}

/** Says in the header what is going on: "Saved", "Saving…". kind: "", "busy", "good", "bad". */
export function showState(sentence, kind = "") {
  const line = document.getElementById("state");
  if (line.textContent !== sentence) line.textContent = sentence;
  line.dataset.kind = kind;
}

/**
 * Shows a sentence for as long as reading takes, and while the pointer or the keyboard is on it; progress
 * ("busy") and what tells of a lasting state (stays) until its maker takes it away. A sentence that stands
 * there already is not shown twice: its time begins anew.
 */
export function toast(sentence, kind = "info", { stays = kind === "busy" } = {}) {
  const shown = [...document.querySelectorAll("#toasts .toast")].find(
    (box) => box.classList.contains(kind) && box.firstChild.textContent === sentence,
  );
  if (shown && kind !== "busy") {
    shown.dispatchEvent(new Event("again"));
    return shown;
  }
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  const text = document.createElement("p");
  text.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain";
  close.setAttribute("aria-label", word("shell.close"));
  close.textContent = "×";
  close.addEventListener("click", () => box.remove());
  box.append(text, close);
  document.getElementById("toasts").append(box);
  if (!stays) passWithTime(box, kind === "error" ? ERROR_STAYS : STAYS, sentence.length * A_LETTER);
  return box;
}

function passWithTime(box, least, reading) {
  let timer = null;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (box.matches(":hover, :focus-within")) start();
      else box.remove();
    }, Math.max(least, reading));
  };
  for (const event of ["again", "pointerleave", "focusout"]) box.addEventListener(event, start);
  start();
}

/** Says how far something long is: { tell(sentence), end() }. */
export function showProgress(sentence) {
  const box = toast(sentence, "busy");
  const text = box.querySelector("p");
  return { tell: (news) => { text.textContent = news; }, end: () => box.remove() };
}

/**
 * Asks in a dialog of our own and resolves to the chosen action's value, null for Escape.
 * body: a Node, a text, or a function (finish) => Node whose parts may end it. actions: [{ label, value, kind: "primary" | "danger" | "", check }];
 * check() may return a sentence that keeps the dialog open.
 */
export function openDialog({ title, body, actions = [], wide = false }) {
  const dialog = document.createElement("dialog");
  dialog.className = wide ? "wide" : "";
  const heading = document.createElement("h2");
  heading.id = `dialog-${crypto.randomUUID?.() ?? Math.random()}`;
  heading.textContent = title;
  dialog.setAttribute("aria-labelledby", heading.id);
  const content = document.createElement("div");
  content.className = "dialog-body";
  const trouble = document.createElement("p");
  trouble.className = "trouble";
  trouble.setAttribute("role", "alert");
  const row = document.createElement("div");
  row.className = "dialog-actions";
  dialog.append(heading, content, trouble, row);
  document.body.append(dialog);
  return new Promise((resolve) => {
    const finish = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    content.append((typeof body === "function" ? body(finish) : body) ?? "");
    const shown = actions.length ? actions : [{ label: word("shell.close"), value: null }];
    for (const action of shown) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = action.kind ?? "";
      button.textContent = action.label;
      button.addEventListener("click", async () => {
        button.disabled = true;
        const refusal = action.check ? await action.check() : "";
        button.disabled = false;
        if (refusal) trouble.textContent = refusal;
        else finish(action.value);
      });
      row.append(button);
    }
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    dialog.showModal();
  });
}

/** Keeps the language for the server, which writes the page's words. */
function speak(chosen) {
  document.cookie = `pushline_language=${chosen}; path=${base}; max-age=31536000; SameSite=Lax`;
  location.reload();
}

function followLanguage() {
  const select = document.getElementById("language");
  const known = [...select.options].map((option) => option.value);
  const choose = () => {
    localStorage.setItem(CHOSEN, select.value);
    speak(select.value);
  };
  select.addEventListener("change", choose);
  // Somebody was quicker than this script.
  if (select.value !== language) return choose();
  addEventListener("storage", ({ key }) => {
    if (key !== AIRFLOWS || !outer()) return;
    localStorage.removeItem(CHOSEN); // what was chosen last counts
    followAirflow(known);
  });
  followAirflow(known);
}

function followAirflow(known) {
  const asked = localStorage.getItem(CHOSEN)
    ?? outer()?.localStorage.getItem(AIRFLOWS)?.slice(0, 2).toLowerCase();
  if (asked && known.includes(asked) && asked !== language) {
    // Once: where cookies are refused, loading again would never end.
    if (sessionStorage.getItem("pushline-asked") !== asked) {
      sessionStorage.setItem("pushline-asked", asked);
      speak(asked);
    }
  } else sessionStorage.removeItem("pushline-asked");
}

followLanguage();
if (framed && !outer()) document.getElementById("outside").hidden = false;

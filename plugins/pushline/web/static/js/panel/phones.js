// Draws notifications as phones show them. Sizes in css/panel.css are those of text_fit.json.

import { word } from "../words.js";
import { el } from "./dom.js";
import { isEmoji, splitGraphemes } from "./fit.js";

export const DEVICES = ["android16", "android15", "iphone"];
/** Widths of the screens of Androids, in dp: a narrow phone and a wide one. */
export const WIDTHS = [360, 412];
const SVG = "http://www.w3.org/2000/svg";

/**
 * The phone's screen with one notification. device: "android16-360", "android15-412", "iphone";
 * shown: { title, body, image, lang }.
 * Android is drawn collapsed and opened, as the shade shows it before and after a pull.
 */
export function drawPhone(device, shown, theme) {
  const cards = device === "iphone"
    ? [drawIphone(shown)]
    : [drawAndroid(device, shown, false), drawAndroid(device, shown, true)];
  const clock = device === "iphone"
    ? el("p", { class: "lock-clock", "aria-hidden": "true" }, "9:41")
    : el("p", { class: "shade-clock", "aria-hidden": "true" }, "9:41");
  return el("div", { class: `phone ${device}`, data: { theme } }, clock, cards);
}

function drawAndroid(device, { title, body, image, lang }, isOpen) {
  const app = word("panel.app_name");
  const now = word("panel.phone_now");
  const is16 = device.startsWith("android16");
  const name = is16 && title && !isOpen ? null : el("span", { class: "app" }, app, " · ");
  return el(
    "figure",
    { class: `card android ${is16 ? "a16" : "a15"}${isOpen ? " open" : ""}` },
    el("figcaption", { class: "unseen" }, word(isOpen ? "panel.phone_open" : "panel.phone_collapsed")),
    el("span", { class: "app-icon", "aria-hidden": "true" }),
    el(
      "div",
      { class: "lines", lang },
      is16 && !isOpen
        ? el("div", { class: "top" }, line("title", title || app), el("span", { class: "time" }, `· ${now}`))
        : [el("div", { class: "top" }, name, el("span", { class: "time" }, now)), title && line("title", title)],
      line(isOpen ? "body many" : "body", body),
      isOpen && image && drawPicture(image),
    ),
    el("span", { class: "expander", "aria-hidden": "true" }, isOpen ? "⌃" : "⌄"),
  );
}

/** The place of the picture, of its shape and with its name: the page loads nothing from outside. */
function drawPicture(address) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 48 32");
  icon.setAttribute("aria-hidden", "true");
  for (const [tag, shape] of [["circle", { cx: 14, cy: 9, r: 4 }], ["path", { d: "M2 30 16 14l8 9 7-7 15 14z" }]]) {
    const part = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(shape)) part.setAttribute(name, value);
    icon.append(part);
  }
  const name = address.split(/[?#]/)[0].split("/").filter(Boolean).at(-1) ?? "";
  return el(
    "div",
    { class: "picture" },
    icon,
    el("span", { class: "picture-name" }, name),
    el("span", {}, word("panel.picture_shape")),
  );
}

function drawIphone({ title, body, lang }) {
  return el(
    "figure",
    { class: "card ios" },
    el("figcaption", { class: "unseen" }, word("panel.phone_lock")),
    el("span", { class: "app-icon", "aria-hidden": "true" }),
    el(
      "div",
      { class: "lines", lang },
      el("div", { class: "top" }, line("title", title || word("panel.app_name")), el("span", { class: "time" }, word("panel.phone_now"))),
      line("body clamp", body),
    ),
  );
}

/** A line whose emoji are as wide as the phone's, whatever font this machine draws them with. */
export function line(kind, text) {
  const made = el("p", { class: `line ${kind}` });
  let letters = "";
  const put = () => {
    if (letters) made.append(letters);
    letters = "";
  };
  for (const grapheme of splitGraphemes(text ?? "")) {
    if (isEmoji(grapheme)) {
      put();
      made.append(el("span", { class: "emoji" }, grapheme));
    } else letters += grapheme;
  }
  put();
  return made;
}

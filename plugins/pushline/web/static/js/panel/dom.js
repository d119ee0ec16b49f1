// Makes elements: el("p", { class: "note" }, "text", child). Texts go in as text, never as HTML.

export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name in made && !name.includes("-") && name !== "list") made[name === "class" ? "className" : name] = value;
    else made.setAttribute(name === "class" ? "class" : name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const button = (label, onclick, props = {}) => el("button", { type: "button", onclick, ...props }, label);

/** A row of buttons of which one is pressed: choices [{ value, label, title }]. */
export function choice(name, choices, chosen, onchoose) {
  return el(
    "div",
    { class: "choice", role: "group", "aria-label": name },
    choices.map(({ value, label, title, lang }) => button(label, () => onchoose(value), {
      "aria-pressed": String(value === chosen), title, lang,
    })),
  );
}

/** Puts new children in the place of the old ones; keeps the focus where it was, if it can. */
export function fill(box, ...children) {
  const focused = box.contains(document.activeElement) ? pathTo(box, document.activeElement) : null;
  box.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (!focused) return;
  let found = box;
  for (const place of focused) found = found?.children[place];
  if (found?.focus) found.focus({ preventScroll: true });
}

function pathTo(box, element) {
  const path = [];
  for (let at = element; at !== box; at = at.parentElement) path.unshift([...at.parentElement.children].indexOf(at));
  return path;
}

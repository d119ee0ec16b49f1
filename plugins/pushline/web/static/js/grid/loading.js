// The first question for the sheet: asked again, by itself and by a button, until it is answered.

import { get } from "../api.js";
import { word } from "../words.js";

const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 30;

/** The sheet as the server has it; as long as there is none, `box` says why and when we ask again. */
export async function loadSheet(box) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      const sheet = await get("api/sheet");
      box.replaceChildren();
      return sheet;
    } catch (error) {
      if (error.status === undefined) throw error;
      // Without a session or the right, asking again changes nothing by itself.
      const isFinal = error.status === 401 || error.status === 403;
      await tell(box, error.detail, isFinal ? Infinity : pause);
    }
  }
}

function tell(box, sentence, seconds) {
  const said = document.createElement("div");
  said.className = "load-trouble";
  said.setAttribute("role", "alert");
  const why = document.createElement("p");
  why.textContent = sentence;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word("shell.load_again");
  said.append(why);
  if (seconds !== Infinity) {
    const when = document.createElement("p");
    when.textContent = word("grid.asks_again", { count: seconds });
    said.append(when);
  }
  said.append(button);
  box.replaceChildren(said);
  return new Promise((resolve) => {
    button.addEventListener("click", resolve);
    if (seconds !== Infinity) setTimeout(resolve, seconds * 1000);
  });
}

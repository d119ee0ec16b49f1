// The machine's clipboard without Ctrl+C and Ctrl+V: for the menu. Where the browser gives it only to
// keys, or the page came without https, copying has another way; pasting has none.

/** Put { plain, html } on the clipboard; false when the browser refuses. */
export async function writeClipboard({ plain, html }) {
  // First as the keys do it: it needs neither https nor leave, and nobody tidies the html.
  if (writeByCommand({ plain, html })) return true;
  try {
    await navigator.clipboard.writeText(plain);
    return true;
  } catch {
    return false;
  }
}

export const writeText = (text) => writeClipboard({ plain: text, html: "" });

function writeByCommand({ plain, html }) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = plain;
  field.className = "unseen";
  document.body.append(field);
  const fill = (event) => {
    event.clipboardData.setData("text/plain", plain);
    if (html) event.clipboardData.setData("text/html", html);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", fill, true);
  field.select();
  const isDone = document.execCommand("copy");
  document.removeEventListener("copy", fill, true);
  field.remove();
  focused?.focus?.({ preventScroll: true });
  return isDone;
}

/** What the clipboard holds as { plain, html }, or null when the browser does not tell. */
export async function readClipboard() {
  try {
    // As it is: tidied, it would lose blanks, and styles in it would trip over the page's policy.
    const [item] = await navigator.clipboard.read({ unsanitized: ["text/html"] });
    const read = async (type) => (item.types.includes(type) ? (await item.getType(type)).text() : "");
    return { plain: await read("text/plain"), html: await read("text/html") };
  } catch {
    return null;
  }
}

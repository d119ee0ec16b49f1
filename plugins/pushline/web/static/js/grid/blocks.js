// Blocks of cells as Excel, Google Sheets and LibreOffice put them on the clipboard. Knows no page,
// no grid: strings in, rows of strings out, and not a character lost on the way.

const BLOCK_TAGS = new Set(["P", "DIV", "LI", "UL", "OL", "H1", "H2", "H3", "H4", "PRE"]);
const SILENT_TAGS = new Set(["STYLE", "SCRIPT", "TEMPLATE"]);
const MOST_SPAN = 1000;
// A cell in quotes: what programs write when the cell holds a tab, a line break or a quote.
const QUOTED = /"((?:[^"]|"")*)"(?=\t|\n|$)/y;
const PLAIN = /[^\t\n]*/y;
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;

/**
 * Rows of cells from what the clipboard holds as text/html and text/plain.
 *
 * The table in the html says which characters there are (plain text is ambiguous about quotes), the
 * plain text says which blanks there are (html folds them): where both agree on the characters, the
 * plain text is taken.
 */
export function readBlock(html, plain) {
  const exact = readPlain(plain);
  const table = html ? readTable(html) : null;
  if (!table) return exact;
  const sameShape =
    table.length === exact.length && table.every((row, r) => row.length === exact[r].length);
  if (!sameShape) return table;
  return table.map((row, r) =>
    row.map((cell, c) => (withoutBlanks(cell) === withoutBlanks(exact[r][c]) ? exact[r][c] : cell)),
  );
}

/** A block as { plain, html }, which every spreadsheet and readBlock read back exactly. */
export function writeBlock(rows) {
  const plain = rows.map((row) => row.map(quoteWhenNeeded).join("\t")).join("\n");
  const cells = (row) => row.map((cell) => `<td style="white-space:pre-wrap">${escape(cell)}</td>`);
  const lines = rows.map((row) => `<tr>${cells(row).join("")}</tr>`);
  return { plain, html: `<meta charset="utf-8"><table>${lines.join("")}</table>` };
}

function quoteWhenNeeded(cell) {
  return /[\t\n]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function escape(cell) {
  return cell
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\n", "<br>");
}

function withoutBlanks(text) {
  return text.replace(/[\s\u00a0]+/g, "");
}

/** Rows of tab-separated text; a line break at the very end belongs to the last row. */
export function readPlain(plain) {
  const text = plain.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const rows = [[]];
  let at = 0;
  for (;;) {
    const [cell, end] = readPlainCell(text, at);
    rows.at(-1).push(cell);
    if (end >= text.length) return squared(rows);
    if (text[end] === "\n") rows.push([]);
    at = end + 1;
  }
}

function readPlainCell(text, at) {
  QUOTED.lastIndex = at;
  const quoted = QUOTED.exec(text);
  // Somebody's own quotes around a plain word stay: only what had to be quoted was quoted.
  if (quoted && /[\t\n"]/.test(quoted[1])) {
    return [quoted[1].replaceAll('""', '"'), QUOTED.lastIndex];
  }
  PLAIN.lastIndex = at;
  const cell = PLAIN.exec(text)[0];
  return [cell, at + cell.length];
}

/** Rows of the tables in a piece of html, or null when there is none. */
function readTable(html) {
  // The parsed document is inert: no script runs, no picture loads. Styles and handlers are taken
  // out all the same, because the page's policy forbids them and says so for each.
  const calm = html.replace(/<style[\s>][\s\S]*?(?:<\/style>|$)/gi, "").replace(TAG, calmTag);
  const page = new DOMParser().parseFromString(calm, "text/html");
  const rows = [...page.querySelectorAll("tr")].filter((row) => !row.parentElement.closest("td"));
  if (rows.length) return squared(placeCells(rows));
  // One cell of Google Sheets comes without a table.
  if (/<google-sheets-html-origin/i.test(html)) return [[textOf(page.body)]];
  return null;
}

/** The tag with its name, its spans, and whether it keeps blanks. */
function calmTag(tag) {
  const name = /^<[a-z][^\s>/]*/i.exec(tag)[0];
  const spans = tag.match(/\s(?:col|row)span\s*=\s*["']?\d+/gi) ?? [];
  const keeps = /white-space:\s*pre/i.test(tag) ? " data-keeps" : "";
  return `${name}${spans.map((span) => span.replace(/["']/g, "")).join("")}${keeps}>`;
}

function placeCells(rows) {
  const placed = rows.map(() => []);
  rows.forEach((row, r) => {
    let c = 0;
    for (const cell of row.cells) {
      while (placed[r][c] !== undefined) c += 1;
      const height = Math.min(cell.rowSpan || 1, rows.length - r);
      const width = Math.min(cell.colSpan || 1, MOST_SPAN);
      for (let down = 0; down < height; down += 1) {
        for (let right = 0; right < width; right += 1) placed[r + down][c + right] = "";
      }
      placed[r][c] = textOf(cell);
      c += width;
    }
  });
  return placed;
}

function squared(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => Array.from({ length: width }, (_, c) => row[c] ?? ""));
}

/** What a reader sees in a cell: blanks folded as a browser does, br and blocks as line breaks. */
function textOf(cell) {
  const keepsBlanks = cell.dataset.keeps !== undefined;
  const text = collect(cell, keepsBlanks);
  if (keepsBlanks) return text;
  return text.replace(/ {2,}/g, " ").replace(/ ?\n ?/g, "\n").replace(/^[ \n]+|[ \n]+$/g, "");
}

function collect(node, keepsBlanks) {
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      text += keepsBlanks ? child.data : child.data.replace(/[ \t\r\n\f]+/g, " ");
    } else if (child.nodeName === "BR") {
      text += "\n";
    } else if (child.nodeType === Node.ELEMENT_NODE && !SILENT_TAGS.has(child.nodeName)) {
      const isBlock = BLOCK_TAGS.has(child.nodeName);
      if (isBlock && text.trim() && !text.endsWith("\n")) text += "\n";
      text += collect(child, keepsBlanks);
      if (isBlock && child.nextSibling && !text.endsWith("\n")) text += "\n";
    }
  }
  return text;
}

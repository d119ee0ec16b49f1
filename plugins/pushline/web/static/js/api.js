// Asks our server. Paths are relative to where Pushline is mounted: get("api/sheet").

import { word } from "./words.js";

export const base = document.body.dataset.base;

/** What the server said no to; `detail` is a sentence for people, `body` the whole answer. */
export class ApiError extends Error {
  constructor(status, detail, body = {}) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.body = body;
  }
}

export const get = (path, options = {}) => ask("GET", path, undefined, options);
export const post = (path, body = {}, options = {}) => ask("POST", path, body, options);
export const remove = (path, options = {}) => ask("DELETE", path, undefined, options);

/** Sends a form with a file: post is for JSON. */
export const upload = (path, form, options = {}) => ask("POST", path, form, options);

async function ask(method, path, body, { signal, keepalive } = {}) {
  const init = { method, signal, keepalive, credentials: "same-origin", headers: { Accept: "application/json" } };
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(base + path, init);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, word("shell.offline"));
  }
  const text = await answer.text();
  let value = {};
  try {
    value = text ? JSON.parse(text) : {};
  } catch { /* an error page of a proxy */ }
  if (!answer.ok) throw new ApiError(answer.status, sentence(answer.status, value), value);
  return value;
}

function sentence(status, value) {
  if (status === 401) return word("shell.signed_out");
  if (typeof value.detail === "string") return value.detail;
  return word("shell.failed", { status });
}

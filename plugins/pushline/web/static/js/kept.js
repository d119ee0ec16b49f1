// What this browser keeps of a person's typing until the server has it. Where there is no storage
// (private windows, a full one), reading finds nothing and writing says so.

import { base } from "./api.js";

export const DAY = 86_400_000;

/** Where something is kept: only for this installation, and for what the parts name. */
export function keyOf(area, ...parts) {
  return [area, base, ...parts.map(encodeURIComponent)].join(" ");
}

/** What is kept under a key, or null. */
export function readKept(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** Keep a value, or nothing any more (null). Returns whether the browser could. */
export function writeKept(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** All keys that begin so. */
export function listKept(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

// Small things that everything drawn from what an app said is made with.

import { el } from "./dom.js";

let made = 0;

// A new id, for what another element has to name.
export function newId(prefix = "n") {
  made += 1;
  return `${prefix}-${made}`;
}

// An address that may be followed from here, or null.
export function followable(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function link(address, ...children) {
  const href = followable(address);
  if (href === null) return el("span", { class: "unlinked" }, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

// What stands where something cannot be drawn; a test of the page fails on it.
export function cannotDraw(type) {
  return el("div", { class: "cannot-draw", role: "alert" }, `cannot draw: ${type}`);
}

const ESCAPES = { amp: "&", lt: "<", gt: ">" };

// Return text as it was before it was escaped for Slack.
export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ESCAPES[name]);
}

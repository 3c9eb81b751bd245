// A line of mrkdwn, taken apart: single characters, and what stands for itself as an element.

import { el } from "../dom.js";
import { followable, link, unescape } from "../drawing.js";
import { emoji } from "../emoji.js";
import { drawDate } from "./dates.js";
import { drawMention } from "./mentions.js";

const PARTS = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<control>[^<>\\n]+)>",
    ":(?<name>[a-z0-9_+'-]+):(?::skin-tone-(?<tone>[2-6]):)?",
    "(?<url>https?://[^\\s<>|`]+)",
    "(?<mail>[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)",
    "&(?<escape>amp|lt|gt);",
  ].join("|"),
  "gu",
);

export function atoms(line, given) {
  const found = [];
  let at = 0;
  for (const match of line.matchAll(PARTS)) {
    // An address that was cut at its end leaves the rest to be read as characters.
    if (match.index < at) continue;
    const part = drawPart(match, line, given);
    if (part === null) continue;
    found.push(...line.slice(at, match.index), part.node ? { node: part.node } : part.text);
    at = match.index + part.length;
  }
  found.push(...line.slice(at));
  return found;
}

function drawPart(match, line, given) {
  const { code, control, name, tone, url, mail, escape } = match.groups;
  const whole = match[0].length;
  if (code !== undefined) return { node: el("code", {}, unescape(bare(code))), length: whole };
  if (control !== undefined) return { node: drawControl(control, given), length: whole };
  if (escape !== undefined) return { text: unescape(match[0]), length: whole };
  if (name !== undefined) {
    const sign = emoji(name, tone);
    return sign === null ? null : { node: signed(sign, name), length: whole };
  }
  if (given.verbatim || /[\p{L}\p{N}@/]/u.test(line[match.index - 1] ?? "")) return null;
  const address = (url ?? mail).replace(/(?:[.,;:!?'")*_~\]]|&gt;.*|&lt;.*)+$/, "");
  const target = url === undefined ? `mailto:${address}` : unescape(address);
  if (followable(target) === null) return null;
  return { node: link(target, unescape(address)), length: address.length };
}

// Formatting and mentions are not read inside code; an address there is only its address.
function bare(code) {
  return code.replace(/<(https?:[^<>|]+)(?:\|[^<>]*)?>/g, "$1");
}

// An emoji with its name, for those who cannot see it.
export function signed(sign, name) {
  return el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, sign);
}

function drawControl(control, { world }) {
  const [target, label] = split(control);
  if (target.startsWith("!date^")) return drawDate(target, label, world);
  const mention = drawMention(target, label, world);
  if (mention !== null) return mention;
  const href = followable(unescape(target));
  if (href === null) return document.createTextNode(unescape(`<${control}>`));
  const shown = label ?? target.replace(/^mailto:/, "");
  return link(href, plainly(shown));
}

function split(control) {
  const bar = control.indexOf("|");
  return bar < 0 ? [control, undefined] : [control.slice(0, bar), control.slice(bar + 1)];
}

function plainly(label) {
  return unescape(label.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole));
}

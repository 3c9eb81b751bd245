// Slack's mrkdwn, drawn with elements.

import { el } from "./dom.js";
import { unescape } from "./drawing.js";
import { emoji } from "./emoji.js";
import { atoms } from "./text/atoms.js";

const EMPHASIS = { "*": "strong", _: "em", "~": "s" };
const FENCE = "```";
const QUOTE = /^(?:>|&gt;)(?!(?:>|&gt;)(?:>|&gt;)) ?/;
const QUOTE_ALL = /^(?:>|&gt;){3} ?/;
const BULLET = /^\s*[•◦▪] /;

// Draw mrkdwn; `world` knows the names of people, channels and groups.
export function drawMrkdwn(text, world, { verbatim = false } = {}) {
  const drawn = document.createDocumentFragment();
  const parts = String(text ?? "").split(FENCE);
  // A fence that is never closed is only three characters.
  if (parts.length % 2 === 0) parts.push(parts.splice(-2).join(FENCE));
  parts.forEach((part, index) => {
    if (index % 2) drawn.append(codeBlock(part));
    else drawLines(drawn, trimmed(part, index > 0, index < parts.length - 1), { world, verbatim });
  });
  return drawn;
}

// Draw text without formatting, except for its emoji.
export function drawPlain(text, { withEmoji = true } = {}) {
  const drawn = document.createDocumentFragment();
  String(text ?? "").split("\n").forEach((line, index) => {
    if (index) drawn.append(el("br"));
    drawn.append(withEmoji ? withNames(line) : line);
  });
  return drawn;
}

// Draw a text object of either kind.
export function drawTextObject(object, world) {
  if (object.type === "mrkdwn") return drawMrkdwn(object.text, world, { verbatim: object.verbatim });
  return drawPlain(object.text, { withEmoji: object.emoji !== false });
}

function withNames(line) {
  return line.replace(/:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?/g, (whole, name, tone) => emoji(name, tone) ?? whole);
}

function trimmed(part, after, before) {
  const start = after ? part.replace(/^\n/, "") : part;
  return before ? start.replace(/\n$/, "") : start;
}

function codeBlock(text) {
  const plain = text.replace(/^\n/, "").replace(/\n$/, "");
  return el("pre", { tabindex: "0" }, el("code", {}, unescape(plain.replace(/<(https?:[^<>|]+)(?:\|[^<>]*)?>/g, "$1"))));
}

function drawLines(into, text, given) {
  if (text === "") return;
  const lines = text.split("\n");
  let open = false; // whether the last thing drawn is a line that a next one must break
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (QUOTE_ALL.test(line)) {
      into.append(quote([line.replace(QUOTE_ALL, ""), ...lines.slice(index + 1)], given));
      return;
    }
    if (QUOTE.test(line)) {
      const quoted = [];
      while (index < lines.length && QUOTE.test(lines[index])) quoted.push(lines[index++].replace(QUOTE, ""));
      index -= 1;
      into.append(quote(quoted, given));
      open = false;
    } else if (BULLET.test(line)) {
      into.append(el("span", { class: "bullet" }, drawLine(line, given)));
      open = false;
    } else {
      if (open) into.append(el("br"));
      into.append(drawLine(line, given));
      open = true;
    }
  }
}

function quote(lines, given) {
  const drawn = el("blockquote");
  drawLines(drawn, lines.join("\n"), given);
  return drawn;
}

// Draw one line of mrkdwn.
function drawLine(line, given) {
  return emphasised(atoms(line, given), new Set());
}

function emphasised(parts, inside) {
  const drawn = document.createDocumentFragment();
  const hopeless = new Set(inside);
  let plain = "";
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (typeof part !== "string") {
      drawn.append(plain, part.node);
      plain = "";
      continue;
    }
    const end = part in EMPHASIS && !hopeless.has(part) ? closing(parts, index) : 0;
    if (end > 0) {
      const inner = emphasised(parts.slice(index + 1, end), new Set([...inside, part]));
      drawn.append(plain, el(EMPHASIS[part], {}, inner));
      plain = "";
      index = end;
    } else {
      if (end < 0) hopeless.add(part);
      plain += part;
    }
  }
  drawn.append(plain);
  return drawn;
}

const WORD = /[\p{L}\p{N}]/u;
const isWord = (part) => typeof part === "string" && WORD.test(part);
const isSpace = (part) => part === undefined || (typeof part === "string" && /^\s$/.test(part));

// Where the emphasis that begins here ends: 0 if none begins here, -1 if none of its kind ends later.
function closing(parts, start) {
  const mark = parts[start];
  if (isWord(parts[start - 1]) || parts[start - 1] === mark || isSpace(parts[start + 1])) return 0;
  if (parts[start + 1] === mark) return 0;
  for (let end = start + 2; end < parts.length; end += 1) {
    if (parts[end] === mark && !isSpace(parts[end - 1]) && !isWord(parts[end + 1])) return end;
  }
  return -1;
}

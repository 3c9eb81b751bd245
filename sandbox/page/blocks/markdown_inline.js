// Markdown within a line.

import { el } from "../dom.js";
import { followable, link } from "../drawing.js";
import { emoji } from "../emoji.js";
import { signed } from "../text/atoms.js";
import { drawMention } from "../text/mentions.js";

const PARTS = [
  [/^\\([\\`*_{}[\]()#+\-.!~|<>])/, ([, sign]) => document.createTextNode(sign)],
  [/^(`+)(.+?)\1(?!`)/, ([, , code]) => el("code", {}, code.replace(/^ (.*) $/, "$1"))],
  [/^!?\[([^\]]*)\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/, ([, words, target], world) => link(target, words ? drawInline(words, world) : target)],
  [/^<([@#!][^<>|\s]+)(?:\|([^<>]*))?>/, ([, target, label], world) => drawMention(target, label, world)],
  [/^<((?:https?:\/\/|mailto:)[^<>\s|]+)(?:\|([^<>]*))?>/, ([, target, label]) => link(target, label ?? target)],
  [/^(\*\*|__)(?=\S)(.+?\S|\S)\1/, ([, , words], world) => el("strong", {}, drawInline(words, world))],
  [/^~~(?=\S)(.+?\S|\S)~~/, ([, words], world) => el("s", {}, drawInline(words, world))],
  [/^([*_])(?=\S)((?:(?!\1).)*?\S|\S)\1(?![\p{L}\p{N}])/u, ([, , words], world) => el("em", {}, drawInline(words, world))],
  [/^https?:\/\/[^\s<>|`)]+[^\s<>|`).,;:!?'"*_~]/, ([target]) => (followable(target) ? link(target, target) : null)],
  [/^:([a-z0-9_+'-]+):/, ([, name]) => (emoji(name) ? signed(emoji(name), name) : null)],
];
const MAY_BEGIN = /[\\`![<*_~:h]/;
const WORD = /[\p{L}\p{N}]/u;

// Draw one line's worth of Markdown.
export function drawInline(text, world) {
  const drawn = document.createDocumentFragment();
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = MAY_BEGIN.test(text[at]) ? readPart(text, at, world) : null;
    if (found) {
      drawn.append(plain, found.node);
      plain = "";
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  drawn.append(plain);
  return drawn;
}

function readPart(text, at, world) {
  const rest = text.slice(at);
  // An underscore or an address inside a word is part of the word.
  const inWord = at > 0 && WORD.test(text[at - 1]);
  for (const [mark, draw] of PARTS) {
    const match = inWord && /[_h]/.test(text[at]) ? null : mark.exec(rest);
    const node = match ? draw(match, world) : null;
    if (node) return { node, length: match[0].length };
  }
  return null;
}

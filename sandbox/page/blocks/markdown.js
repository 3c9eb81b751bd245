// The markdown block: Markdown as apps and language models write it, drawn with elements.

import { el } from "../dom.js";
import { drawInline } from "./markdown_inline.js";

const FENCE = /^(\s*)(`{3,}|~{3,})\s*([\w+-]*)\s*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^\s{0,3}>\s?/;
const DASHES = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const TASK = /^\[([ xX])\]\s+/;

// Draw Markdown.
export function drawMarkdown(text, world) {
  return drawLines(String(text ?? "").replaceAll("\r\n", "\n").split("\n"), world);
}

function drawLines(lines, world) {
  const drawn = document.createDocumentFragment();
  let at = 0;
  while (at < lines.length) {
    const block = BLOCKS.map((read) => read(lines, at, world)).find(Boolean);
    if (block) drawn.append(block.node);
    at = block ? block.next : at + 1;
  }
  return drawn;
}

const BLOCKS = [fence, heading, rule, quote, table, list, paragraph];

function fence(lines, at) {
  const open = FENCE.exec(lines[at]);
  if (!open) return null;
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== open[2]) end += 1;
  const code = lines.slice(at + 1, end).join("\n");
  return { node: el("pre", { tabindex: "0" }, el("code", {}, code)), next: end + 1 };
}

function heading(lines, at, world) {
  const found = HEADING.exec(lines[at]);
  if (!found) return null;
  // Above these stand the page's own headings.
  const level = Math.min(6, found[1].length + 2);
  return { node: el(`h${level}`, { class: `size-${found[1].length}` }, drawInline(found[2], world)), next: at + 1 };
}

function rule(lines, at) {
  return RULE.test(lines[at]) ? { node: el("hr"), next: at + 1 } : null;
}

function quote(lines, at, world) {
  if (!QUOTE.test(lines[at])) return null;
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return { node: el("blockquote", {}, drawLines(inner, world)), next: end };
}

function table(lines, at, world) {
  if (!lines[at].includes("|") || !DASHES.test(lines[at + 1] ?? "") || !lines[at + 1].includes("-")) return null;
  const aligns = cells(lines[at + 1]).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "left"));
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const row = (line, tag) => el("tr", {}, aligns.map((align, index) =>
    el(tag, { class: `align-${align}`, scope: tag === "th" ? "col" : null }, drawInline(cells(line)[index] ?? "", world))));
  const body = lines.slice(at + 2, end).map((line) => row(line, "td"));
  const drawn = el("table", {}, el("thead", {}, row(lines[at], "th")), el("tbody", {}, body));
  return { node: el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": "Table" }, drawn), next: end };
}

function cells(line) {
  const bare = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return bare.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function list(lines, at, world) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const ordered = /\d/.test(first[2]);
  const depth = first[1].length;
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (item && item[1].length <= depth + 1 && item[1].length >= depth && /\d/.test(item[2]) === ordered) items.push([item[3]]);
    else if (lines[end].trim() && (item ? item[1].length > depth : /^\s{2,}/.test(lines[end]))) items.at(-1).push(lines[end].slice(Math.min(depth + 2, lines[end].search(/\S/))));
    else if (lines[end].trim() || !ITEM.test(lines[end + 1] ?? "") || ITEM.exec(lines[end + 1])[1].length < depth) break;
    end += 1;
  }
  const start = ordered ? parseInt(first[2], 10) : 1;
  const tag = ordered ? "ol" : "ul";
  return { node: el(tag, { start: start > 1 ? start : null }, items.map((item) => drawItem(item, world))), next: end };
}

function drawItem([first, ...rest], world) {
  const task = TASK.exec(first);
  const words = task ? first.slice(task[0].length) : first;
  const done = task && task[1] !== " ";
  const box = task ? el("span", { role: "img", "aria-label": done ? "done" : "to do" }, done ? "☑ " : "☐ ") : null;
  return el("li", { class: task ? "task" : null }, box, drawInline(words, world), drawLines(rest, world));
}

function paragraph(lines, at, world) {
  if (!lines[at].trim()) return null;
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !begins(lines, end)) end += 1;
  const node = el("p", { dir: "auto" });
  lines.slice(at, end).forEach((line, index) => {
    if (index) node.append(el("br"));
    node.append(drawInline(line.trim(), world));
  });
  return { node, next: end };
}

function begins(lines, at) {
  const line = lines[at];
  return [FENCE, HEADING, RULE, QUOTE, ITEM].some((mark) => mark.test(line));
}

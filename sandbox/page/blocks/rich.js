// rich_text: text as a tree instead of as marks.

import { el } from "../dom.js";
import { cannotDraw, link } from "../drawing.js";
import { emoji } from "../emoji.js";
import { signed } from "../text/atoms.js";
import { drawMoment } from "../text/dates.js";
import { drawBroadcast, drawChannel, drawGroup, drawPerson } from "../text/mentions.js";

const DEEPEST = 8;

// Draw a rich_text block's elements.
export function drawRichText(block, world) {
  const drawn = document.createDocumentFragment();
  for (const part of block.elements ?? []) drawn.append(drawPart(part, world));
  return drawn;
}

function drawPart(part, world) {
  const inline = () => (part.elements ?? []).map((element) => drawInline(element, world));
  switch (part.type) {
    case "rich_text_section":
      return el("div", { class: "rich-section" }, inline());
    case "rich_text_quote":
      return el("blockquote", {}, inline());
    case "rich_text_preformatted":
      return el("pre", { tabindex: "0" }, el("code", {}, inline()));
    case "rich_text_list":
      return drawList(part, world);
    default:
      return cannotDraw(part.type);
  }
}

function drawList(list, world) {
  const depth = Math.min(list.indent ?? 0, DEEPEST);
  const ordered = list.style === "ordered";
  const start = ordered && list.offset ? list.offset + 1 : null;
  const items = (list.elements ?? []).map((item) => el("li", {}, drawPart(item, world)));
  return el(ordered ? "ol" : "ul", { class: `indent-${depth}${list.border ? " bordered" : ""}`, start }, items);
}

function drawInline(element, world) {
  const drawn = INLINE[element.type]?.(element, world);
  return drawn ? styled(drawn, element.style) : cannotDraw(element.type);
}

const INLINE = {
  text: ({ text }) => el("span", { class: "rich-run" }, text),
  link: ({ url, text }) => link(url, text || url),
  user: ({ user_id: id }, world) => drawPerson(id, world),
  usergroup: ({ usergroup_id: id }, world) => drawGroup(id, world),
  channel: ({ channel_id: id }, world) => drawChannel(id, world),
  broadcast: ({ range }) => drawBroadcast(range),
  team: ({ team_id: id }, world) => el("span", { class: "mention" }, teamName(id, world)),
  emoji: ({ name, unicode, skin_tone: tone }) => {
    const sign = emoji(name, tone) ?? fromCodes(unicode);
    return sign === null ? el("span", {}, `:${name}:`) : signed(sign, name);
  },
  date: ({ timestamp, format, url, fallback }, world) =>
    drawMoment(Number(timestamp), format ?? "", { address: url, fallback, world }),
  color: ({ value }) => {
    const sign = el("span", { class: "swatch", "aria-hidden": "true" });
    sign.style.backgroundColor = value;
    return el("span", {}, sign, el("code", {}, value));
  },
};

function teamName(id, world) {
  const team = world.seen?.team;
  return team?.id === id ? team.name : id;
}

function fromCodes(unicode) {
  if (!/^[0-9a-f]+(-[0-9a-f]+)*$/i.test(unicode ?? "")) return null;
  return String.fromCodePoint(...unicode.split("-").map((code) => parseInt(code, 16)));
}

const STYLES = [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["code", "code"], ["highlight", "mark"], ["client_highlight", "mark"]];

function styled(drawn, style) {
  return STYLES.reduce((inner, [name, tag]) => (style?.[name] ? el(tag, {}, inner) : inner), drawn);
}

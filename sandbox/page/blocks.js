// Block Kit, drawn: what an app sent becomes what a person sees and uses.

import { el } from "./dom.js";
import { cannotDraw, link } from "./drawing.js";
import { surfaceOf } from "./surface.js";
import { drawMrkdwn, drawPlain } from "./text.js";
import { drawImage } from "./blocks/images.js";
import { LAYOUT } from "./blocks/layout.js";

// Draw blocks on a surface {world, kind, channel, ts, view}.
export function drawBlocks(blocks, surface) {
  return drawInto(el("div", { class: "blocks" }), blocks, surfaceOf(surface));
}

function drawInto(into, blocks, surface) {
  for (const block of blocks ?? []) into.append(drawBlock(block, surface));
  return into;
}

function drawBlock(block, surface) {
  const draw = LAYOUT[block?.type];
  return draw ? draw(block, surface, (inner) => drawInto(el("div", { class: "blocks" }), inner, surface)) : cannotDraw(block?.type);
}

// Draw the older attachments: blocks or text behind a coloured bar.
export function drawAttachments(attachments, surface) {
  const whole = surfaceOf(surface);
  return el("div", { class: "attachments" }, (attachments ?? []).map((each) => drawAttachment(each, whole)));
}

function drawAttachment(attachment, surface) {
  const { world } = surface;
  const words = (text) => drawMrkdwn(text, world);
  const bar = el("div", { class: "attachment-bar" });
  const colour = COLOURS[attachment.color] ?? attachment.color;
  if (colour) bar.style.backgroundColor = colour.startsWith("#") || colour.startsWith("var") ? colour : `#${colour}`;
  const body = el("div", { class: "attachment-body" });
  if (attachment.author_name) body.append(el("div", { class: "attachment-author" }, maybeLink(attachment.author_link, attachment.author_name)));
  if (attachment.title) body.append(el("div", { class: "attachment-title" }, maybeLink(attachment.title_link, drawPlain(attachment.title))));
  if (attachment.text) body.append(el("div", { class: "mrkdwn" }, words(attachment.text)));
  if (attachment.fields?.length) body.append(drawFields(attachment.fields, words));
  if (attachment.blocks?.length) drawInto(body, attachment.blocks, surface);
  const picture = attachment.image_url ?? attachment.thumb_url;
  if (picture) body.append(drawImage({ image_url: picture, alt_text: attachment.title ?? "Picture" }, surface));
  if (attachment.footer) body.append(el("div", { class: "attachment-footer" }, drawPlain(attachment.footer)));
  if (!body.childNodes.length) body.append(words(attachment.fallback ?? ""));
  const before = attachment.pretext ? el("div", { class: "mrkdwn" }, words(attachment.pretext)) : null;
  return el("div", {}, before, el("div", { class: "attachment" }, bar, body));
}

const COLOURS = { good: "var(--accent)", warning: "#daa038", danger: "var(--danger)" };

function maybeLink(address, words) {
  return address ? link(address, words) : words;
}

function drawFields(fields, words) {
  return el("div", { class: "fields" }, fields.map((field) => el("div", { class: field.short ? "field-short" : "field-long" }, el("strong", {}, field.title ?? ""), el("br"), words(field.value ?? ""))));
}

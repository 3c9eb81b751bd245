// The blocks by type, each a function (block, surface, drawInner) => element.

import { el } from "../dom.js";
import { drawPlain, drawTextObject } from "../text.js";
import { CARDS } from "./cards.js";
import { drawChart } from "./chart.js";
import { drawElement } from "./elements.js";
import { drawFold } from "./folding.js";
import { drawImage, drawImageBlock, drawVideo } from "./images.js";
import { drawInput } from "./input.js";
import { drawMarkdown } from "./markdown.js";
import { drawRichText } from "./rich.js";
import { drawDataTable, drawTable } from "./tables.js";
import { words } from "./words.js";

function section(block, surface) {
  const body = el("div", { class: "section-body" });
  if (block.text) body.append(drawFold(words(block.text, surface), block.text.text, block.expand));
  if (block.fields?.length) {
    body.append(el("div", { class: "fields" }, block.fields.map((field) => words(field, surface))));
  }
  const accessory = block.accessory ? el("div", { class: "accessory" }, beside(block, surface)) : null;
  return el("div", { class: "block block-section" }, body, accessory);
}

function beside(block, surface) {
  const { accessory } = block;
  if (accessory.type !== "image") return drawElement(accessory, block, surface);
  return drawImage(accessory, surface, { class: "picture thumbnail" });
}

function context(block, surface) {
  const picture = { class: "picture context-picture" };
  const part = (each) => (each.type === "image" ? drawImage(each, surface, picture) : words(each, surface));
  return el("div", { class: "block block-context" }, block.elements.map(part));
}

function actions(block, surface) {
  const elements = block.elements.map((element) => drawElement(element, block, surface));
  return el("div", { class: "block block-actions" }, elements);
}

function file(block) {
  const sign = el("span", { "aria-hidden": "true" }, "📄 ");
  return el("div", { class: "block block-file" }, sign, `Remote file ${block.external_id}`);
}

function header({ text }) {
  return el("h3", { class: "block block-header", dir: "auto" }, drawPlain(text.text, { withEmoji: text.emoji !== false }));
}

function image(block, surface) {
  return drawImageBlock(block, surface, block.title ? drawTextObject(block.title, surface.world) : null);
}

function video(block, surface) {
  const { title, description } = block;
  const more = description ? drawTextObject(description, surface.world) : null;
  return drawVideo(block, drawTextObject(title, surface.world), more);
}

export const LAYOUT = {
  section,
  context,
  actions,
  context_actions: actions,
  file,
  header,
  image,
  video,
  divider: () => el("hr", { class: "block block-divider" }),
  input: drawInput,
  rich_text: (block, surface) => el("div", { class: "block mrkdwn" }, drawRichText(block, surface.world)),
  markdown: (block, surface) => el("div", { class: "block markdown" }, drawMarkdown(block.text, surface.world)),
  table: drawTable,
  data_table: drawDataTable,
  data_visualization: drawChart,
  ...CARDS,
};

// alert, card, carousel, container, plan and task_card.

import { el } from "../dom.js";
import { link, newId } from "../drawing.js";
import { drawPlain } from "../text.js";
import { drawElement } from "./elements.js";
import { drawImage } from "./images.js";
import { drawRichText } from "./rich.js";
import { words } from "./words.js";

const LEVELS = { default: ["", "📌"], info: ["Note", "ℹ️"], warning: ["Warning", "⚠️"], error: ["Error", "⛔"], success: ["Done", "✅"] };
const STATES = { pending: ["○", "to do"], in_progress: ["◐", "in progress"], complete: ["✓", "done"], error: ["✕", "failed"] };

function alert(block, surface) {
  const level = block.level in LEVELS ? block.level : "default";
  const [name, sign] = LEVELS[level];
  const attributes = { class: `block block-alert alert-${level}`, role: "note", "aria-label": name || "Notice" };
  return el("div", attributes, el("span", { "aria-hidden": "true" }, sign), words(block.text, surface));
}

function card(block, surface) {
  const drawn = el("div", { class: "block block-card" });
  if (block.hero_image) drawn.append(drawImage(block.hero_image, surface, { class: "picture hero" }));
  const head = el("div", { class: "card-head" });
  if (block.icon) head.append(drawImage(block.icon, surface, { class: "picture card-icon" }));
  const titles = el("div");
  if (block.title) titles.append(el("div", { class: "card-title" }, words(asText(block.title), surface)));
  if (block.subtitle) titles.append(el("div", { class: "card-subtitle" }, words(asText(block.subtitle), surface)));
  head.append(titles);
  drawn.append(head);
  if (block.body) drawn.append(el("div", { class: "card-body" }, words(asText(block.body), surface)));
  const actions = (block.actions ?? []).map((element) => drawElement(element, block, surface));
  if (actions.length) drawn.append(el("div", { class: "block-actions" }, actions));
  return drawn;
}

function asText(text) {
  return typeof text === "string" ? { type: "mrkdwn", text } : text;
}

function carousel(block, surface) {
  const cards = block.elements.map((each) => el("li", {}, card(each, surface)));
  return el("ul", { class: "block block-carousel", tabindex: "0", "aria-label": `${cards.length} cards` }, cards);
}

function container(block, surface, drawInner) {
  const title = block.rich_text_title ? drawRichText(block.rich_text_title, surface.world) : drawPlain(block.title?.text ?? block.title ?? "");
  const head = [el("span", { class: "container-title" }, title)];
  if (block.icon) head.unshift(drawImage(block.icon, surface, { class: "picture card-icon" }));
  if (block.subtitle) head.push(el("span", { class: "container-subtitle" }, words(asText(block.subtitle), surface)));
  const inner = el("div", { class: "container-body" }, drawInner(block.child_blocks));
  const look = `block block-container width-${block.width ?? "standard"}${block.has_header_divider ? " divided" : ""}`;
  if (!block.is_collapsible) return el("div", { class: look }, el("div", { class: "container-head" }, head), inner);
  const details = el("details", { class: look, open: !block.default_collapsed });
  details.append(el("summary", { class: "container-head" }, head), inner);
  return details;
}

function task(block, surface) {
  const [sign, said] = STATES[block.status] ?? ["•", block.status];
  const about = [];
  if (block.details) about.push(el("div", { class: "mrkdwn" }, drawRichText(block.details, surface.world)));
  if (block.output) about.push(el("div", { class: "mrkdwn task-output" }, drawRichText(block.output, surface.world)));
  const sources = (block.sources ?? []).map((source) => el("li", {}, link(source.url, source.text ?? source.url)));
  if (sources.length) about.push(el("ul", { class: "sources" }, sources));
  const title = [
    el("span", { class: "task-sign", "aria-hidden": "true" }, sign),
    el("span", { class: "task-title" }, drawPlain(block.title)),
    el("span", { class: "unseen" }, ` (${said})`),
  ];
  const look = `block-task task-${block.status}`;
  if (!about.length) return el("div", { class: look }, title);
  return el("details", { class: look, open: block.status === "in_progress" }, el("summary", {}, title), about);
}

function plan(block, surface) {
  const title = el("div", { class: "plan-title", id: newId("plan") }, drawPlain(block.title?.text ?? block.title));
  const tasks = (block.tasks ?? []).map((each) => el("li", {}, task(each, surface)));
  return el("div", { class: "block block-plan" }, title, el("ul", { "aria-labelledby": title.id }, tasks));
}

export const CARDS = {
  alert,
  card,
  carousel,
  container,
  plan,
  task_card: (block, surface) => el("div", { class: "block" }, task(block, surface)),
};

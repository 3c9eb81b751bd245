// Buttons of all kinds, and the overflow menu.

import { arrows, el } from "../dom.js";
import { followable, newId } from "../drawing.js";
import { keyOf } from "../surface.js";
import { drawTextObject } from "../text.js";
import { fieldOf, nameOf } from "./field.js";
import { openPopup } from "./popup.js";
import { markTrouble, press } from "./press.js";

// Draw a button; one with an address opens that too.
export function drawButton(element, block, surface) {
  const style = element.style === "primary" || element.style === "danger" ? ` ${element.style}` : "";
  const look = { class: `button${style}`, "aria-label": element.accessibility_label };
  const href = element.url ? followable(element.url) : null;
  const words = drawTextObject(element.text, surface.world);
  const button = href
    ? el("a", { ...look, href, target: "_blank", rel: "noopener noreferrer" }, words)
    : el("button", { ...look, type: "button" }, words);
  return pressable(button, element, block, surface);
}

function pressable(button, element, block, surface, extra = {}) {
  const { key, request } = fieldOf(element, block, surface, {});
  button.dataset.key = extra.option === undefined ? key : `${key} ${extra.option}`;
  button.addEventListener("click", (event) => {
    // The second half of a double click is no wish of its own.
    if (event.detail > 1) return;
    press(button, surface, { ...request, ...extra }, element.confirm);
  });
  return withTrouble(button, element, block, surface);
}

function withTrouble(node, element, block, surface) {
  const box = el("span", { class: "pressable" }, node);
  markTrouble(node, surface.troubles.get(keyOf(block.block_id, element.action_id)));
  return box;
}

// Draw a button that starts a workflow; there are none here to start.
export function drawWorkflowButton(element, block, surface) {
  const style = element.style ? ` ${element.style}` : "";
  const look = { type: "button", class: `button${style}`, "aria-label": element.accessibility_label };
  const button = el("button", look, drawTextObject(element.text, surface.world));
  button.addEventListener("click", () => markTrouble(button, "No workflows run in this workspace."));
  return el("span", { class: "pressable" }, button);
}

export function drawIconButton(element, block, surface) {
  const seers = element.visible_to_user_ids;
  if (seers && !seers.includes(surface.me)) return "";
  const sign = { trash: "🗑" }[element.icon] ?? "•";
  const content = [el("span", { "aria-hidden": "true" }, `${sign} `), drawTextObject(element.text, surface.world)];
  const button = el("button", { type: "button", class: "icon-button", "aria-label": element.accessibility_label }, content);
  return pressable(button, element, block, surface);
}

export function drawFeedback(element, block, surface) {
  const one = (choice, sign) => {
    const attributes = { type: "button", class: "icon-button", "aria-label": choice.accessibility_label ?? choice.text.text, title: choice.text.text };
    const button = el("button", attributes, el("span", { "aria-hidden": "true" }, sign));
    return pressable(button, element, block, surface, { option: choice.value });
  };
  return el("span", { class: "feedback" }, one(element.positive_button, "👍"), one(element.negative_button, "👎"));
}

// Draw the menu behind three dots.
export function drawOverflow(element, block, surface) {
  const { key, request } = fieldOf(element, block, surface, {});
  const name = nameOf({ ...element, type: "overflow" }, {}, surface);
  const menu = el("div", { class: "popup overflow-menu", role: "menu", popover: "manual", id: newId("menu"), "aria-label": name });
  const attributes = { type: "button", class: "button overflow", "aria-label": name, "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": menu.id };
  const button = el("button", attributes, el("span", { "aria-hidden": "true" }, "•••"));
  button.dataset.key = key;
  const state = { close: null };

  const choose = (option) => {
    state.close?.();
    button.focus();
    if (option.url && followable(option.url)) window.open(option.url, "_blank", "noopener");
    press(button, surface, { ...request, option: option.value }, element.confirm);
  };
  for (const option of element.options) {
    const about = option.description ? el("span", { class: "option-more" }, drawTextObject(option.description, surface.world)) : null;
    const item = el("button", { type: "button", class: "option", role: "menuitem", tabindex: "-1" }, drawTextObject(option.text, surface.world), about);
    item.addEventListener("click", () => choose(option));
    menu.append(item);
  }
  const items = () => [...menu.children];
  arrows(menu, items);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    event.stopPropagation();
    event.preventDefault();
    state.close?.();
    button.focus();
  });
  button.addEventListener("click", () => {
    if (state.close) return state.close();
    button.setAttribute("aria-expanded", "true");
    state.close = openPopup(menu, button, () => {
      state.close = null;
      button.setAttribute("aria-expanded", "false");
    });
    items()[0]?.focus();
    return undefined;
  });
  return el("span", { class: "overflow-box" }, withTrouble(button, element, block, surface), menu);
}

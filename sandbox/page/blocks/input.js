// An input block: a field with its label, its hint, and what is wrong with what was entered.

import { el } from "../dom.js";
import { newId } from "../drawing.js";
import { drawTextObject } from "../text.js";
import { drawElement } from "./elements.js";

export function drawInput(block, surface) {
  const { world } = surface;
  const wrong = surface.errors?.[block.block_id];
  const [label, hint, error, control] = ["label", "hint", "error", "field"].map(newId);
  const names = {
    id: control,
    "aria-labelledby": label,
    "aria-describedby": [block.hint && hint, wrong && error].filter(Boolean).join(" ") || null,
    "aria-invalid": wrong ? "true" : null,
    "aria-required": block.optional ? null : "true",
  };
  const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
  return el(
    "div",
    { class: wrong ? "block block-input wrong" : "block block-input", "data-block": block.block_id },
    el("label", { id: label, for: control }, drawTextObject(block.label, world), optional),
    drawElement(block.element, block, surface, names),
    wrong ? el("div", { class: "field-error", id: error }, wrong) : null,
    block.hint ? el("div", { class: "hint", id: hint }, drawTextObject(block.hint, world)) : null,
  );
}

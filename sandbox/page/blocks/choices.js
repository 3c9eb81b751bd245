// Radio buttons and checkboxes.

import { el } from "../dom.js";
import { newId } from "../drawing.js";
import { drawTextObject } from "../text.js";
import { fieldOf } from "./field.js";

// Draw options of which one can be chosen.
export function drawRadios(element, block, surface, names) {
  const field = fieldOf(element, block, surface, names);
  const group = newId("radio");
  const values = () => field.held()?.value;
  return drawChoices(field, "radiogroup", (option) => ({ type: "radio", name: group, checked: values() === option.value }), (option) => [option.value, option]);
}

// Draw options of which any number can be chosen.
export function drawCheckboxes(element, block, surface, names) {
  const field = fieldOf(element, block, surface, names);
  const chosen = () => (field.held() ?? []).map(({ value }) => value);
  const enter = (option, checked) => {
    const values = new Set(chosen());
    if (checked) values.add(option.value);
    else values.delete(option.value);
    const held = element.options.filter(({ value }) => values.has(value));
    return [held.map(({ value }) => value), held];
  };
  return drawChoices(field, "group", (option) => ({ type: "checkbox", checked: chosen().includes(option.value) }), enter);
}

function drawChoices(field, role, look, entry) {
  const { element, surface } = field;
  const { "aria-required": required, id, ...names } = field.names;
  const drawn = el("div", { class: "choices", role, ...names, ...(role === "radiogroup" ? { "aria-required": required } : { "aria-invalid": null }) });
  const inputs = element.options.map((option) => {
    const more = option.description ? newId("more") : null;
    const input = el("input", { ...look(option), id: newId("choice"), "aria-describedby": more });
    input.dataset.key = `${field.key} ${option.value}`;
    input.addEventListener("change", async () => {
      const [value, held] = entry(option, input.checked);
      await field.enter(value, held, drawn);
      element.options.forEach((each, index) => { inputs[index].checked = look(each).checked; });
    });
    const text = el("label", { for: input.id }, drawTextObject(option.text, surface.world));
    const about = more ? el("div", { class: "option-more", id: more }, drawTextObject(option.description, surface.world)) : null;
    drawn.append(el("div", { class: "choice" }, input, el("div", {}, text, about)));
    return input;
  });
  field.stands(drawn);
  return el("div", {}, drawn);
}

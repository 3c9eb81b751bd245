// Small forms in a dialog, with what the workspace says against them.

import { openDialog } from "./dialog.js";
import { el } from "./dom.js";

// Ask for values and do something with them; if that is refused, say why and ask again.
// Fields are {name, label, value?, kind?, hint?, required?, choices?}; answers whether it was done.
export async function askFor({ title, fields, confirm, act, intro = null }) {
  const trouble = el("p", { class: "form-trouble", role: "alert" });
  const inputs = fields.map((field) => [field, inputFor(field)]);
  const content = el("div", { class: "form" }, intro, trouble, ...inputs.map(([field, input]) => labelled(field, input)));
  for (;;) {
    const answer = await openDialog({ title, content, actions: [{ label: "Cancel", value: null }, { label: confirm, value: "do", style: "primary" }] });
    if (answer !== "do") return false;
    const missing = inputs.find(([field, input]) => field.required && !input.value.trim());
    try {
      if (missing) throw new Error(`${missing[0].label}: this must be filled in.`);
      await act(Object.fromEntries(inputs.map(([field, input]) => [field.name, valueOf(input)])));
      return true;
    } catch (error) {
      trouble.textContent = error.message;
    }
  }
}

function inputFor({ name, kind = "text", value = "", choices = null }) {
  if (choices) return el("select", { class: "field", name }, ...choices.map(({ value: each, label }) => el("option", { value: each, selected: each === value }, label)));
  if (kind === "checkbox") return el("input", { type: "checkbox", name, checked: Boolean(value) });
  const input = kind === "long" ? el("textarea", { class: "field", rows: 3, name, dir: "auto" }) : el("input", { class: "field", type: kind, name, dir: "auto", autocomplete: "off" });
  input.value = value;
  return input;
}

function valueOf(input) {
  return input.type === "checkbox" ? input.checked : input.value.trim();
}

function labelled({ label, hint, kind }, input) {
  const words = el("span", { class: "label" }, label);
  const note = hint ? el("span", { class: "quiet" }, hint) : null;
  return kind === "checkbox" ? el("label", { class: "check" }, input, words, note) : el("label", { class: "labelled" }, words, input, note);
}

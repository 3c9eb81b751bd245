// Fields that are typed into.

import { el } from "../dom.js";
import { fieldOf } from "./field.js";
import { saying } from "./words.js";

const ENTER = "on_enter_pressed";
const EACH = "on_character_entered";
const NEARLY_FULL = 0.8;
const KEYBOARDS = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };

// Draw a field for text, an address or a number; all are sent as text.
export function drawEntry(element, block, surface, names) {
  const field = fieldOf(element, block, surface, names);
  const attributes = { class: "field", placeholder: saying(element.placeholder, surface) || null, ...field.names };
  const input = element.multiline
    ? el("textarea", { ...attributes, rows: "4" })
    : el("input", { ...attributes, type: "text", inputmode: KEYBOARDS[element.type], autocomplete: "off" });
  input.value = field.held() ?? "";
  return entering(field, input, (text) => [text, text]);
}

// Draw a field for formatted text; what is typed is sent as rich_text, one section.
export function drawRichEntry(element, block, surface, names) {
  const field = fieldOf(element, block, surface, names);
  const attributes = { class: "field", rows: "4", placeholder: saying(element.placeholder, surface) || null, ...field.names };
  const input = el("textarea", attributes);
  input.value = plainly(field.held());
  return entering(field, input, (text) => {
    const rich = text ? richly(text) : null;
    return [rich, rich];
  });
}

function richly(text) {
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { type: "rich_text", elements: [section] };
}

function plainly(value) {
  if (Array.isArray(value)) return value.map(plainly).join("");
  if (!value || typeof value !== "object") return "";
  return (value.text ?? value.url ?? "") + plainly(value.elements);
}

function entering(field, input, entry) {
  const { element } = field;
  const on = field.sends ? element.dispatch_action_config?.trigger_actions_on ?? [ENTER] : [];
  const counter = el("span", { class: "counter", "aria-live": "polite", hidden: true });
  const most = element.max_length;
  let [sending, again] = [false, false];

  async function send() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    do {
      again = false;
      await field.enter(...entry(input.value), input);
    } while (again);
    sending = false;
  }

  function count() {
    const left = (most ?? Infinity) - input.value.length;
    counter.hidden = !most || input.value.length < most * NEARLY_FULL;
    counter.textContent = String(left);
    counter.classList.toggle("over", left < 0);
  }

  input.addEventListener("input", () => {
    field.keep(...entry(input.value));
    count();
    if (on.includes(EACH)) send();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || !on.includes(ENTER) || element.multiline) return;
    event.preventDefault();
    send();
  });
  count();
  field.stands(input);
  return el("span", { class: "entry" }, input, counter);
}

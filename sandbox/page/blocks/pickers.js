// Dates and times, in the browser's own fields and the viewer's zone.

import { el } from "../dom.js";
import { fieldOf } from "./field.js";
import { saying } from "./words.js";

const PATIENCE = 700; // milliseconds in which a date typed digit by digit is not yet the one meant

const two = (number) => String(number).padStart(2, "0");

function localWords(seconds) {
  const at = new Date(seconds * 1000);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const KINDS = {
  datepicker: { type: "date", shown: (held) => held, meant: (text) => text },
  timepicker: { type: "time", shown: (held) => held, meant: (text) => text.slice(0, 5) },
  datetimepicker: { type: "datetime-local", shown: localWords, meant: (text) => Math.floor(new Date(text).getTime() / 1000) },
};

export function drawPicker(element, block, surface, names) {
  const field = fieldOf(element, block, surface, names);
  const kind = KINDS[element.type];
  const held = () => field.held();
  const shown = () => (held() ? kind.shown(held()) : "");
  const title = saying(element.placeholder, surface) || element.timezone || null;
  const input = el("input", { type: kind.type, class: "field picker", title, ...field.names });
  input.value = shown();
  let waiting = null;

  async function settle() {
    clearTimeout(waiting);
    waiting = null;
    const meant = input.value ? kind.meant(input.value) : null;
    if (meant === (held() ?? null)) return;
    await field.enter(meant, meant, input);
    input.value = shown();
  }

  input.addEventListener("change", () => {
    clearTimeout(waiting);
    if (field.sends) waiting = setTimeout(settle, PATIENCE);
    else settle();
  });
  input.addEventListener("blur", () => { if (waiting) settle(); });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter" && waiting) settle(); });
  field.stands(input);
  return el("span", { class: "pressable" }, input);
}

// A field with a list that is searched while typing, for one choice or several.

import { el } from "../dom.js";
import { newId } from "../drawing.js";
import { openPopup, place } from "./popup.js";

// Draw one. `load(query)` answers groups [{label, items: [{key, label, more}]}] or words; `changed(chosen)` is
// told the chosen items and answers false to have them as they were.
export function drawCombobox({ names, placeholder, multiple, most, chosen, load, changed, dataKey }) {
  const list = el("div", { class: "popup listbox", role: "listbox", popover: "manual", id: newId("list"), "aria-multiselectable": multiple || null });
  list.setAttribute("aria-label", "Choices");
  const input = el("input", {
    type: "text", role: "combobox", class: "combo-input", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
    placeholder, ...names,
  });
  input.dataset.key = dataKey;
  const chips = el("span", { class: "chips" });
  const clear = el("button", { type: "button", class: "combo-clear", "aria-label": "Clear the choice" }, "×");
  const box = el("div", { class: multiple ? "combo combo-multiple" : "combo" }, chips, input, clear, list);
  const state = { chosen: [...chosen], close: null, items: [], at: -1, asked: 0 };

  function show() {
    const full = most && state.chosen.length >= most;
    chips.replaceChildren(...(multiple ? state.chosen.map(chip) : []));
    if (!multiple) input.value = state.chosen[0]?.label ?? "";
    input.placeholder = state.chosen.length && multiple ? "" : placeholder;
    input.readOnly = Boolean(multiple && full);
    clear.hidden = multiple || !state.chosen.length;
  }

  function chip(item) {
    const remove = el("button", { type: "button", "aria-label": `Remove ${item.label}` }, "×");
    remove.addEventListener("click", () => { choose(state.chosen.filter(({ key }) => key !== item.key)); input.focus(); });
    return el("span", { class: "chip" }, item.label, remove);
  }

  async function choose(next) {
    const before = state.chosen;
    state.chosen = next;
    if (multiple) input.value = "";
    show();
    if ((await changed(next)) === false) {
      state.chosen = before;
      show();
    }
  }

  async function open(query = "") {
    if (!state.close) {
      input.setAttribute("aria-expanded", "true");
      state.close = openPopup(list, box, () => {
        state.close = null;
        state.at = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
      });
    }
    const asked = (state.asked += 1);
    list.replaceChildren(note("Loading…"));
    const found = await load(query);
    if (asked !== state.asked || !state.close) return;
    fill(found);
    place(list, box);
  }

  function note(words) {
    return el("div", { class: "option-note", role: "option", "aria-disabled": "true", "aria-selected": "false" }, words);
  }

  function fill(found) {
    state.items = [];
    state.at = -1;
    input.removeAttribute("aria-activedescendant");
    const groups = typeof found === "string" ? [] : found;
    const drawn = groups.filter(({ items }) => items.length).map(({ label, items }) => {
      const options = items.map(drawOption);
      if (!label) return options;
      return el("div", { role: "group", "aria-label": label }, el("div", { class: "option-group", "aria-hidden": "true" }, label), options);
    });
    list.replaceChildren(...drawn.flat());
    if (!state.items.length) list.append(note(typeof found === "string" ? found : "Nothing found"));
    else if (!multiple) point(state.items.findIndex(({ item }) => item.key === state.chosen[0]?.key));
  }

  function drawOption(item) {
    const selected = state.chosen.some(({ key }) => key === item.key);
    const option = el("div", { class: "option", role: "option", id: newId("option"), "aria-selected": String(selected) }, el("span", {}, item.label), item.more ? el("span", { class: "option-more" }, item.more) : null);
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => pick(item));
    state.items.push({ item, option });
    return option;
  }

  function pick(item) {
    const has = state.chosen.some(({ key }) => key === item.key);
    if (multiple && !has && most && state.chosen.length >= most) return;
    const next = multiple ? (has ? state.chosen.filter(({ key }) => key !== item.key) : [...state.chosen, item]) : [item];
    state.close?.();
    choose(next);
  }

  function point(index) {
    state.items[state.at]?.option.classList.remove("pointed");
    state.at = index;
    const now = state.items[index]?.option;
    if (!now) return input.removeAttribute("aria-activedescendant");
    now.classList.add("pointed");
    input.setAttribute("aria-activedescendant", now.id);
    return now.scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("click", () => { if (!state.close) { input.select(); open(); } });
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("blur", () => { state.close?.(); show(); });
  clear.addEventListener("click", () => { choose([]); input.focus(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!state.close) open();
      else if (state.items.length) point((Math.max(state.at, step < 0 ? 0 : -1) + step + state.items.length) % state.items.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const pointed = state.items[state.at] ?? (state.close && input.value ? state.items[0] : undefined);
      if (state.close && pointed) pick(pointed.item);
      else if (!state.close) open();
    } else if (event.key === "Escape" && state.close) {
      event.preventDefault();
      event.stopPropagation();
      state.close();
      show();
    } else if (event.key === "Backspace" && multiple && !input.value && state.chosen.length) {
      choose(state.chosen.slice(0, -1));
    }
  });
  show();
  return { box, input };
}

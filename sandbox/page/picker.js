// Choosing an emoji from those that the workspace knows.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { closePanel, openPanel } from "./menu.js";
import { attempt } from "./notice.js";
import { get } from "./server.js";

const MOST = 96;
const COLUMNS = 8;
const USUAL = ["+1", "eyes", "white_check_mark", "tada", "rotating_light", "fire", "raised_hands", "pray"];
let names = null;

// The names of all emoji of the workspace.
export async function emojiNames() {
  names ??= Object.keys(await get("emoji"));
  return names;
}

export function drawEmoji(name) {
  return emoji(name) ?? `:${name}:`;
}

// Let somebody choose an emoji beside a button; `take` gets its name.
export async function pickEmoji(anchor, take) {
  const all = await attempt(emojiNames);
  if (!all) return;
  const usual = USUAL.filter((name) => all.includes(name));
  const ordered = [...usual, ...all.filter((name) => !usual.includes(name))];
  const search = el("input", { type: "search", class: "field", placeholder: "Search emoji", "aria-label": "Search emoji" });
  const grid = el("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
  const fill = () => {
    const words = search.value.trim().toLowerCase();
    const found = ordered.filter((name) => name.includes(words)).slice(0, MOST);
    grid.replaceChildren(...found.map((name) => choice(name)));
    if (!found.length) grid.append(el("p", { class: "quiet" }, "No emoji has this name."));
  };
  const choose = (name) => { closePanel(); take(name); };
  const choice = (name) => el("button", { type: "button", class: "emoji-choice", "aria-label": name, title: `:${name}:`, on: { click: () => choose(name) } }, drawEmoji(name));
  search.addEventListener("input", fill);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); grid.querySelector("button")?.click(); }
    if (event.key === "ArrowDown") { event.preventDefault(); grid.querySelector("button")?.focus(); }
  });
  grid.addEventListener("keydown", (event) => walk(event, grid, search));
  fill();
  openPanel(anchor, el("div", { class: "emoji-picker", role: "dialog", "aria-label": "Choose an emoji" }, search, grid));
  search.focus();
}

function walk(event, grid, search) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (!step) return;
  event.preventDefault();
  const choices = [...grid.querySelectorAll("button")];
  const to = choices.indexOf(document.activeElement) + step;
  (choices[to] ?? (to < 0 ? search : choices.at(-1))).focus();
}

// Lists that complete what is being typed: @people, #channels, :emoji: and /commands.

import { badges } from "./message.js";
import { drawEmoji, emojiNames } from "./picker.js";
import { el } from "./dom.js";
import { world } from "./world.js";

const MOST = 8;
const BROADCASTS = { here: "Notify everybody who is here", channel: "Notify everybody in this channel", everyone: "Notify everybody" };
let lists = 0;

export class Completion {
  #items = [];
  #at = 0;
  #emoji = [];

  constructor(field, taken) {
    Object.assign(this, { field, taken });
    this.id = `completion-${(lists += 1)}`;
    this.list = el("ul", { class: "completion", role: "listbox", id: this.id, "aria-label": "Completions", hidden: true });
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== field) this.close(); }, 150));
    emojiNames().then((names) => { this.#emoji = names; }, () => { this.#emoji = []; });
  }

  close() {
    this.list.hidden = true;
    this.#items = [];
    this.field.removeAttribute("aria-activedescendant");
    this.field.removeAttribute("aria-controls");
  }

  // Look at what stands before the cursor and offer what fits.
  look() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    this.#items = this.#fitting(before).slice(0, MOST);
    this.#at = 0;
    if (!this.#items.length || document.activeElement !== this.field) return this.close();
    this.list.hidden = false;
    this.field.setAttribute("aria-controls", this.id);
    return this.#draw();
  }

  // Whether a key was meant for the list.
  takes(event) {
    if (this.list.hidden || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#items.length) % this.#items.length;
      this.#draw();
    } else if (event.key === "Escape") {
      this.close();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !this.#items[this.#at].isWhole)) {
      this.#take(this.#items[this.#at]);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  #take({ text, from }) {
    this.field.setRangeText(text, from, this.field.selectionStart, "end");
    this.field.focus();
    this.taken();
  }

  #draw() {
    const options = this.#items.map((item, at) => el("li", {
      role: "option", id: `${this.id}-${at}`, "aria-selected": String(at === this.#at),
      on: { pointerdown: (event) => { event.preventDefault(); this.#take(item); } },
    }, item.mark ? el("span", { class: "completion-mark", "aria-hidden": "true" }, item.mark) : null,
    el("b", { dir: "auto" }, item.name), ...(item.notes ?? []), item.hint ? el("span", { class: "quiet", dir: "auto" }, item.hint) : null));
    this.list.replaceChildren(...options);
    this.field.setAttribute("aria-activedescendant", `${this.id}-${this.#at}`);
    options[this.#at].scrollIntoView({ block: "nearest" });
  }

  #fitting(before) {
    if (before.startsWith("/")) return commands(before);
    const found = /(^|[\s(])([@#:])([^\s@#:]*)$/u.exec(before);
    if (!found) return [];
    const [, , sign, word] = found;
    const from = before.length - word.length - 1;
    const find = { "@": people, "#": channels, ":": (name) => this.#emojiLike(name) }[sign];
    return find(word.toLowerCase()).map((item) => ({ ...item, from }));
  }

  #emojiLike(word) {
    if (word.length < 2) return [];
    const fits = this.#emoji.filter((name) => name.includes(word));
    fits.sort((a, b) => b.startsWith(word) - a.startsWith(word));
    return fits.map((name) => ({ name: `:${name}:`, text: `:${name}: `, mark: drawEmoji(name) }));
  }
}

// Commands by their beginning, then the words that their usage hint names.
function commands(before) {
  const space = before.indexOf(" ");
  if (space < 0) {
    return world.commands.filter(({ command }) => command.startsWith(before)).map((known) => ({
      name: known.command, hint: [known.description, known.usage_hint].filter(Boolean).join(" — "), text: `${known.command} `, from: 0,
      isWhole: known.command === before, notes: [el("span", { class: "badge" }, world.app.name)],
    }));
  }
  const known = world.commands.find(({ command }) => command === before.slice(0, space));
  const word = before.slice(space + 1);
  if (!known || word.includes(" ")) return [];
  return subWords(known.usage_hint).filter(({ name }) => name.startsWith(word) && name !== word).map(({ name, usage }) => ({
    name, hint: usage === name ? known.description : usage, text: `${name} `, from: space + 1, isWhole: word === "",
  }));
}

function subWords(hint) {
  const parts = hint.split("|").map((part) => part.trim()).filter(Boolean);
  return parts.map((usage) => ({ usage, name: usage.split(/\s/, 1)[0].replace(/[[\]<>]/g, "") })).filter(({ name }) => /^\p{Ll}/u.test(name));
}

function people(word) {
  const fits = (...names) => names.some((name) => name?.toLowerCase().includes(word));
  const inside = new Set(world.here?.members ?? []);
  const found = world.people.filter((person) => !person.is_deleted && fits(person.name, person.title));
  found.sort((a, b) => inside.has(b.id) - inside.has(a.id));
  const groups = world.groups.filter((group) => !group.is_disabled && fits(group.handle, group.name));
  const all = Object.entries(BROADCASTS).filter(([name]) => name.startsWith(word));
  return [
    ...found.map((person) => ({ name: person.name, text: `@${person.name} `, notes: badges(person.id), hint: inside.has(person.id) ? person.title : `${person.title ?? ""} (not in this channel)`.trim() })),
    ...groups.map((group) => ({ name: `@${group.handle}`, text: `@${group.handle} `, hint: `${group.name}, ${group.users.length} people` })),
    ...all.map(([name, hint]) => ({ name: `@${name}`, text: `@${name} `, hint })),
  ];
}

function channels(word) {
  return world.channels.filter((channel) => !channel.other && !channel.is_archived && channel.name.toLowerCase().includes(word))
    .map((channel) => ({ name: `#${channel.name}`, text: `#${channel.name} `, hint: channel.kind === "private_channel" ? "Private" : "" }));
}

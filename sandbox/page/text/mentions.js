// Mentions of people, channels, groups and everybody.

import { el } from "../dom.js";
import { unescape } from "../drawing.js";
import { address } from "../route.js";

const EVERYBODY = new Set(["here", "channel", "everyone"]);

// Draw what <...> mentions, or return null if it is no mention.
export function drawMention(target, label, world) {
  const id = target.slice(1);
  if (/^@[UWB][A-Z0-9]*$/.test(target)) return drawPerson(id, world, label);
  if (/^#[CGD][A-Z0-9]*$/.test(target)) return drawChannel(id, world, label);
  if (target.startsWith("!subteam^")) return drawGroup(target.slice("!subteam^".length), world, label);
  if (target.startsWith("!")) {
    const name = id.split("^")[0];
    if (EVERYBODY.has(name)) return drawBroadcast(name);
    return document.createTextNode(unescape(label ?? `<${target}>`));
  }
  return null;
}

export function drawPerson(id, world, label) {
  const person = world.person?.(id);
  const called = person?.isUnknown ? null : person?.display_name || person?.name;
  const name = called || unescape(label ?? id).replace(/^@/, "");
  const mine = id === idOf(world.me);
  return el("span", { class: mine ? "mention mention-me" : "mention", "data-user": id }, `@${name}`);
}

export function drawChannel(id, world, label) {
  const channel = world.channel?.(id);
  const name = channel?.name ?? (label ? unescape(label) : null);
  if (!name) return el("span", { class: "mention" }, "#a channel you cannot see");
  if (!channel) return el("span", { class: "mention" }, `#${name}`);
  return el("a", { class: "mention", href: address({ person: idOf(world.me), place: id }), "data-channel": id }, `#${name}`);
}

export function drawGroup(id, world, label) {
  const handle = world.group?.(id)?.handle ?? (label ? unescape(label) : id);
  return el("span", { class: "mention", "data-group": id }, `@${handle.replace(/^@/, "")}`);
}

export function drawBroadcast(name) {
  return el("span", { class: "mention mention-me" }, `@${name}`);
}

function idOf(me) {
  return typeof me === "string" ? me : me?.id;
}

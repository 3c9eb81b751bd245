// One message, as its reader sees it.

import { drawAttachments, drawBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";
import { drawFiles } from "./files.js";
import { emoji } from "./emoji.js";
import { address } from "./route.js";
import { dayOf, timeOf } from "./rows.js";
import { drawMrkdwn } from "./text.js";
import { world } from "./world.js";

const TOLD = new Set([
  "channel_join", "channel_leave", "group_join", "group_leave", "channel_topic", "channel_purpose", "channel_name",
  "channel_archive", "channel_unarchive", "group_topic", "group_purpose", "group_name", "group_archive", "group_unarchive",
  "pinned_item", "unpinned_item", "bot_add", "bot_remove", "tombstone", "channel_canvas_updated",
]);
const HUES = 12;

export function nameOf(message) {
  return message.username ?? world.person(message.user).name;
}

// A message's words for those who hear them.
export function plainWords(message) {
  const words = message.text || (message.files?.length ? message.files.map((file) => file.title || file.name).join(", ") : "");
  const place = document.createElement("div");
  place.append(drawMrkdwn(words, world));
  return place.textContent.slice(0, 200);
}

export function avatar(id, name = world.person(id).name) {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 3571, 7) % HUES;
  const letters = [...name.replace(/[^\p{L}\p{N} _-]/gu, "").trim()].slice(0, 1).join("") || "?";
  return el("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, letters);
}

export function badges(id) {
  const person = world.person(id);
  const words = [person.is_bot && "App", person.is_guest && "Guest", world.isStranger(id) && "External", person.is_deleted && "Deactivated"];
  return words.filter(Boolean).map((word) => el("span", { class: "badge" }, word));
}

export function drawRow(row, conversation) {
  const { message, marks } = row;
  const isTold = TOLD.has(message.subtype);
  const kinds = ["row", marks.goesOn && "goes-on", isTold && "told", message.is_ephemeral && "ephemeral", marks.isPinned && "pinned"];
  const words = `${nameOf(message)}, ${timeOf(message.ts)}: ${plainWords(message)}`;
  const node = el("article", { class: kinds.filter(Boolean).join(" "), tabindex: 0, "aria-label": words, data: { rowKey: message.ts, key: `row-${message.ts}` } });
  if (marks.begins) node.append(el("div", { class: "day" }, el("span", {}, marks.begins)));
  if (marks.isNews) node.append(el("div", { class: "news" }, el("span", {}, "New")));
  const side = marks.goesOn ? timeLink(message, conversation, "gutter") : avatar(message.user, nameOf(message));
  const body = el("div", { class: "said" }, ...marksOf(message, marks), marks.goesOn ? null : head(message, conversation));
  body.append(...(marks.isEdited ? [conversation.hands.editor(message)] : content(message, conversation)));
  body.append(...below(message, conversation, marks));
  node.append(el("div", { class: "message" }, el("div", { class: "beside" }, side), body));
  if (marks.isRoot && message.reply_count) node.append(el("div", { class: "day replies" }, el("span", {}, replies(message))));
  conversation.hands.watch(node, message);
  return node;
}

function marksOf(message, marks) {
  const notes = [];
  if (marks.isPinned) notes.push(el("p", { class: "mark" }, icon("M7 3h6l-1 6 3 3H5l3-3-1-6M10 12v5"), "Pinned to this channel"));
  if (message.subtype === "thread_broadcast") notes.push(el("p", { class: "mark" }, "replied to a thread"));
  if (message.is_ephemeral) notes.push(el("p", { class: "mark" }, icon("M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5M10 8a2 2 0 100 4 2 2 0 000-4"), "Only visible to you"));
  return notes;
}

function head(message, conversation) {
  return el("div", { class: "head" }, el("b", { class: "name", dir: "auto" }, nameOf(message)), ...badges(message.user), timeLink(message, conversation));
}

function timeLink(message, conversation, kind = "time") {
  const place = { person: world.me, place: conversation.channel, ts: message.ts, thread: conversation.thread };
  const at = new Date(Number(message.ts) * 1000);
  const label = `${dayOf(message.ts)}, ${timeOf(message.ts)}`;
  const attributes = { class: kind, href: address(place), title: label, "aria-label": `Link to the message of ${label}`, tabindex: -1 };
  return el("a", attributes, el("time", { datetime: at.toISOString() }, timeOf(message.ts)));
}

function content(message, conversation) {
  const surface = { world, kind: "message", channel: conversation.channel, ts: message.ts, view: null };
  const parts = [];
  if (message.blocks?.length) parts.push(drawBlocks(message.blocks, surface));
  else if (message.text) parts.push(el("div", { class: "text", dir: "auto" }, drawMrkdwn(wordsOf(message), world)));
  if (message.edited && parts.length) parts.at(-1).append(el("span", { class: "quiet edited", title: timeOf(message.edited.ts ?? message.ts) }, " (edited)"));
  if (message.attachments?.length) parts.push(drawAttachments(message.attachments, surface));
  if (message.files?.length) parts.push(drawFiles(message.files));
  return parts;
}

// Slack's own messages begin with who did it, which stands above them already.
function wordsOf({ text, subtype, user }) {
  return TOLD.has(subtype) && text.startsWith(`<@${user}> `) ? text.slice(user.length + 4) : text;
}

function below(message, conversation, marks) {
  const parts = [];
  if (message.reactions?.length) parts.push(reactions(message, conversation));
  if (message.reply_count && !conversation.thread && !marks.isRoot) parts.push(summary(message, conversation));
  if (message.subtype === "thread_broadcast" && !conversation.thread) {
    parts.push(el("button", { type: "button", class: "link", data: { key: `thread-${message.ts}` }, on: { click: () => conversation.openThread(message.thread_ts) } }, "View the thread"));
  }
  if (message.is_ephemeral) {
    parts.push(el("button", { type: "button", class: "link dismiss", data: { key: `dismiss-${message.ts}` }, on: { click: () => conversation.hands.dismiss(message) } }, "Dismiss message"));
  }
  return parts;
}

function reactions(message, conversation) {
  const who = (users) => users.map((user) => (user === world.me ? "you" : world.person(user).name)).join(", ");
  const buttons = message.reactions.map(({ name, users, count }) => {
    const words = `${who(users)} reacted with :${name}:`;
    const attributes = { type: "button", class: "reaction", title: words, "aria-label": words, "aria-pressed": String(users.includes(world.me)), data: { key: `${message.ts}-${name}` } };
    return el("button", { ...attributes, on: { click: () => conversation.hands.toggle(message, name) } }, el("span", { class: "emoji" }, emoji(name) ?? `:${name}:`), ` ${count}`);
  });
  const add = (event) => conversation.hands.react(message, event.currentTarget);
  const more = el("button", { type: "button", class: "reaction add", "aria-label": "Add a reaction", title: "Add a reaction", data: { key: `${message.ts}-add` }, on: { click: add } }, icon("M10 5v10M5 10h10"));
  return el("div", { class: "reactions" }, ...buttons, more);
}

function replies(message) {
  return message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
}

function summary(message, conversation) {
  const faces = message.reply_users.slice(0, 5).map((user) => avatar(user));
  const last = `Last reply ${dayOf(message.latest_reply)} at ${timeOf(message.latest_reply)}`;
  const attributes = { type: "button", class: "summary", data: { key: `thread-${message.ts}` } };
  return el("button", { ...attributes, on: { click: () => conversation.openThread(message.ts) } },
    el("span", { class: "faces" }, ...faces), el("b", {}, replies(message)), el("span", { class: "quiet" }, last));
}

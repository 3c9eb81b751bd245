// What can be looked at and done with the channel in front.

import { confirmDialog, openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { drawEmoji } from "./picker.js";
import { askFor } from "./form.js";
import { avatar, badges, nameOf, plainWords } from "./message.js";
import { attempt } from "./notice.js";
import { address } from "./route.js";
import { timeOf, dayOf } from "./rows.js";
import { post } from "./server.js";
import { drawMrkdwn } from "./text.js";
import { world } from "./world.js";

const DONE = [{ label: "Close", value: null }];
const plain = (text) => ({ type: "plain_text", text });

export function act(path, given = {}) {
  return post(path, { user: world.me, channel: world.here.id, ...given });
}

export function changeText(what) {
  const { here } = world;
  const label = { topic: "Topic", purpose: "Description" }[what];
  if (!here.is_member || here.is_archived) return openDialog({ title: label, content: el("p", { dir: "auto" }, drawMrkdwn(here[what], world)), actions: DONE });
  return askFor({ title: label, confirm: "Save", fields: [{ name: "text", label, value: here[what], kind: "long", hint: "At most 250 characters" }], act: (values) => act(what, values) });
}

export function rename() {
  return askFor({ title: "Rename the channel", confirm: "Rename", fields: [{ name: "name", label: "Name", value: world.here.name, required: true }], act: (values) => act("rename", values) });
}

export function addBookmark() {
  const fields = [
    { name: "title", label: "Name", required: true },
    { name: "link", label: "Link", required: true, hint: "https://…" },
    { name: "emoji", label: "Emoji", hint: "Such as :books:, if any" },
  ];
  return askFor({ title: "Add a bookmark", confirm: "Add", fields, act: (values) => act("bookmark", values) });
}

export function bookmarkLink(bookmark) {
  const name = bookmark.emoji?.replaceAll(":", "");
  const safe = /^https?:\/\//i.test(bookmark.link) ? bookmark.link : null;
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer", dir: "auto", data: { key: bookmark.id } }, name ? `${drawEmoji(name)} ` : "", bookmark.title);
}

export async function removeBookmark(bookmark) {
  const sure = await confirmDialog({ title: plain("Remove the bookmark"), text: plain(`Remove “${bookmark.title}” for everybody?`), confirm: plain("Remove"), deny: plain("Cancel"), style: "danger" }, world);
  if (sure) await attempt(() => act("unbookmark", { bookmark: bookmark.id }));
}

export async function archive() {
  const sure = await confirmDialog({ title: plain("Archive the channel"), text: plain("Nobody can write in it any more."), confirm: plain("Archive"), deny: plain("Cancel"), style: "danger" }, world);
  if (sure) await attempt(() => act("archive"));
}

export function invite() {
  const outside = world.people.filter((person) => !person.is_deleted && !world.here.members.includes(person.id));
  if (!outside.length) return openDialog({ title: "Add people", content: el("p", {}, "Everybody is here already."), actions: DONE });
  const choices = outside.map((person) => ({ value: person.id, label: person.title ? `${person.name} — ${person.title}` : person.name }));
  return askFor({ title: "Add people", confirm: "Add", fields: [{ name: "invited", label: "Person", choices, value: choices[0].value }], act: (values) => act("invite", values) });
}

export function showMembers() {
  const { here } = world;
  const canRemove = here.is_member && !here.is_archived && (world.self.is_admin || here.creator === world.me);
  const line = (id) => {
    const gone = async (event) => {
      const item = event.currentTarget.closest("li");
      if (await attempt(() => act("remove_member", { removed: id }))) item.remove();
    };
    const button = canRemove && id !== world.me ? el("button", { type: "button", class: "button", "aria-label": `Remove ${world.person(id).name}`, on: { click: gone } }, "Remove") : null;
    return el("li", {}, avatar(id), el("span", { class: "member-words" }, el("b", { dir: "auto" }, world.person(id).name), " ", ...badges(id), el("span", { class: "quiet", dir: "auto" }, ` ${world.person(id).title ?? ""}`)), button);
  };
  return openDialog({ title: `People in #${here.name}`, content: el("ul", { class: "members" }, ...here.members.map(line)), actions: DONE });
}

export async function showPins() {
  const { here } = world;
  const line = ({ message }) => el("li", {},
    el("p", {}, el("b", { dir: "auto" }, nameOf(message)), el("span", { class: "quiet" }, ` ${dayOf(message.ts)}, ${timeOf(message.ts)}`)),
    el("p", { dir: "auto" }, plainWords(message)),
    el("a", { href: address({ person: world.me, place: here.id, ts: message.ts }), on: { click: leave } }, "Go to the message"));
  await openDialog({ title: "Pinned messages", content: el("ul", { class: "pins" }, ...here.pins.map(line)), actions: DONE });
}

// A link inside a dialog goes away from it.
function leave(event) {
  event.preventDefault();
  const { hash } = event.currentTarget;
  event.currentTarget.dispatchEvent(new CustomEvent("choose", { bubbles: true, detail: null }));
  location.hash = hash;
}

export function showCanvas() {
  const { canvas } = world.here;
  const lines = canvas.markdown.split("\n").map((line) => {
    const heading = /^(#{1,3}) (.*)$/.exec(line);
    return heading ? el("h3", { dir: "auto" }, heading[2]) : el("p", { dir: "auto" }, line);
  });
  return openDialog({ title: canvas.title || "Canvas", content: el("div", { class: "canvas" }, ...lines), actions: DONE });
}


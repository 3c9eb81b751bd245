// What stands above a conversation: its name, topic, people, pins, links and canvas.

import { openDrawer } from "./sidebar.js";
import { el, icon, iconButton, renew } from "./dom.js";
import { openMenu } from "./menu.js";
import { attempt } from "./notice.js";
import { badges } from "./message.js";
import * as matters from "./matters.js";
import { address } from "./route.js";
import { world } from "./world.js";

const LOCK = "M5 9h10v8H5zM7 9V6a3 3 0 016 0v3";

function drawerButton() {
  const unread = world.channels.some((channel) => channel.mentions);
  return iconButton(unread ? "Channels (something new for you)" : "Channels", "M3 5h14M3 10h14M3 15h14", openDrawer, { id: "drawer-button", class: `icon-button drawer-button${unread ? " has-news" : ""}`, "aria-expanded": "false", "data-key": "drawer" });
}

// Above a channel, or above the messages with the app.
export function drawHeader(container, route) {
  const { here } = world;
  if (here.other) return renew(container, bar(person(here.other)), here.other === world.app.user ? tabs(route) : null);
  return renew(container, bar(title(here), el("span", { class: "space" }), ...tools(here)), links(here));
}

export function drawAppHeader(container, route) {
  if (route.place === "browse") return renew(container, bar(el("h2", {}, "All channels")));
  return renew(container, bar(person(world.app.user)));
}

function bar(...content) {
  return el("div", { class: "header-bar" }, drawerButton(), ...content);
}

function person(id) {
  return el("h2", { dir: "auto" }, world.person(id).name, " ", ...badges(id));
}

function tabs(route) {
  const places = [["home", "Home"], [`D${world.me}`, "Messages"]];
  const links = places.map(([place, name]) => el("a", { class: "tab", href: address({ person: world.me, place: place === "home" ? place : messagesPlace(place) }), "aria-current": route.place === place ? "page" : null, data: { key: `tab-${place}` } }, name));
  return el("nav", { class: "tabs", "aria-label": world.app.name }, ...links);
}

function messagesPlace(place) {
  return world.channel(place) ? place : "DM";
}

function title(here) {
  const sign = here.kind === "private_channel" ? icon(LOCK) : "#";
  const heading = el("h2", {}, sign, here.kind === "private_channel" ? el("span", { class: "unseen" }, "private channel") : null, " ", el("span", { dir: "auto" }, here.name));
  const marks = [here.is_ext_shared && "Shared with another company", here.is_archived && "Archived"].filter(Boolean).map((words) => el("span", { class: "badge" }, words));
  const topic = here.topic || (here.is_member && !here.is_archived ? "Add a topic" : "");
  const change = () => matters.changeText("topic");
  const words = topic && el("button", { type: "button", class: "topic", dir: "auto", title: topic, "aria-label": here.topic ? `Topic: ${topic}` : topic, data: { key: "topic" }, on: { click: change } }, topic);
  return el("div", { class: "title" }, el("div", { class: "title-line" }, heading, ...marks), words);
}

function tools(here) {
  const button = (key, label, paths, count, press) => el("button", { type: "button", class: "tool", "aria-label": label, title: label, data: { key }, on: { click: press } }, icon(paths), count === null ? null : String(count));
  const people = here.members.length;
  return [
    button("members", `${people} members`, "M7 9a3 3 0 100-6 3 3 0 000 6M2 17a5 5 0 0110 0M13 3.500a3 3 0 010 5.500M14.500 12.500A5 5 0 0118 17", people, () => matters.showMembers()),
    here.pins.length ? button("pins", `${here.pins.length} pinned`, "M7 3h6l-1 6 3 3H5l3-3-1-6M10 12v5", here.pins.length, () => matters.showPins()) : null,
    here.canvas ? button("canvas", "Canvas", "M5 2h7l4 4v12H5zM12 2v4h4M8 10h5M8 13h5", null, () => matters.showCanvas()) : null,
    iconButton("Channel actions", "M10 4h.01M10 10h.01M10 16h.01", (event) => openMenu(event.currentTarget, "Channel actions", actions(world.here)), { "data-key": "actions", "aria-haspopup": "menu" }),
  ].filter(Boolean);
}

function actions(here) {
  if (!here.is_member) return [{ name: "Join the channel", act: () => attempt(() => matters.act("join")) }];
  if (here.is_archived) return [{ name: "Reopen the channel", act: () => attempt(() => matters.act("unarchive")) }];
  return [
    { name: "Set the topic", act: () => matters.changeText("topic") },
    { name: "Set the description", act: () => matters.changeText("purpose") },
    { name: "Add people", act: () => matters.invite() },
    { name: "Add a bookmark", act: () => matters.addBookmark() },
    { name: "Rename the channel", act: () => matters.rename() },
    { name: "Leave the channel", act: () => attempt(() => matters.act("leave")) },
    { name: "Archive the channel…", kind: "danger", act: () => matters.archive() },
  ];
}

function links(here) {
  if (!here.bookmarks.length) return null;
  const items = here.bookmarks.map((bookmark) => el("li", {}, matters.bookmarkLink(bookmark),
    here.is_member && !here.is_archived ? iconButton(`Remove the bookmark ${bookmark.title}`, "M5 5l10 10M15 5L5 15", () => matters.removeBookmark(bookmark), { class: "icon-button small", "data-key": `remove-${bookmark.id}` }) : null));
  return el("ul", { class: "bookmarks", "aria-label": "Bookmarks" }, ...items);
}

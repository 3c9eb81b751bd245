// Where one can go: channels, direct messages, the app; and as whom.

import { arrows, el, icon, iconButton, renew } from "./dom.js";
import { askFor } from "./form.js";
import { avatar, badges } from "./message.js";
import { address, go } from "./route.js";
import { post } from "./server.js";
import { openSwitcher } from "./switcher.js";
import { world } from "./world.js";

const LOCK = "M5 9h10v8H5zM7 9V6a3 3 0 016 0v3";
const HASH = "M7 3L5 17M14 3l-2 14M3 8h14M3 13h14";
const NARROW = matchMedia("(max-width: 760px)");
const opener = () => document.getElementById("drawer-button");

export function drawSidebar(container, route) {
  const mine = world.channels.filter((channel) => channel.is_member && !channel.is_archived);
  const byName = (a, b) => world.channelName(a).localeCompare(world.channelName(b));
  const rooms = mine.filter((channel) => !channel.other && channel.kind !== "mpim").sort(byName);
  const direct = mine.filter((channel) => channel.other || channel.kind === "mpim").sort(byName);
  renew(container,
    el("div", { class: "team" }, el("h1", { dir: "auto" }, world.seen.team.name), iconButton("Close the channel list", "M5 5l10 10M15 5L5 15", closeDrawer, { class: "icon-button drawer-close" })),
    actAs(),
    el("button", { type: "button", class: "jump", data: { key: "jump" }, on: { click: openSwitcher } }, icon("M9 3a6 6 0 100 12A6 6 0 009 3M13.500 13.500L17 17"), "Jump to…", el("kbd", {}, "Ctrl K")),
    el("div", { class: "places" },
      section("Channels", rooms.map((channel) => place(channel, route)), more(route)),
      section("Direct messages", direct.map((channel) => place(channel, route))),
      section("Apps", [appPlace(route)])),
    connection());
  if (!container.dataset.ready) {
    container.dataset.ready = "yes";
    arrows(container, () => (document.activeElement.matches("#sidebar .places a") ? [...container.querySelectorAll(".places a")] : []));
  }
}

function actAs() {
  const select = el("select", { id: "act-as", data: { key: "act-as" }, on: { change: () => go({ person: select.value }) } });
  for (const person of world.people) {
    if (person.is_bot || person.is_deleted) continue;
    const words = person.title ? `${person.name} — ${person.title}` : person.name;
    select.append(el("option", { value: person.id, selected: person.id === world.me }, words));
  }
  select.value = world.me;
  return el("div", { class: "act-as" }, avatar(world.me), el("label", { class: "unseen", for: "act-as" }, "Act as"), select);
}

function section(name, items, after = null) {
  const id = `section-${name.toLowerCase().replace(" ", "-")}`;
  return el("section", { "aria-labelledby": id }, el("h2", { id }, name), el("ul", {}, ...items.map((item) => el("li", {}, item))), after);
}

function place(channel, route) {
  const isHere = route.place === channel.id;
  const name = world.channelName(channel);
  const marks = [];
  if (channel.is_ext_shared) marks.push(el("span", { class: "shared", title: "Shared with another company" }, icon("M8 5H4v11h11v-4M11 3h6v6M17 3l-8 8"), el("span", { class: "unseen" }, "shared with another company")));
  if (channel.mentions) marks.push(el("span", { class: "count" }, String(channel.mentions), el("span", { class: "unseen" }, " for you")));
  else if (channel.unread) marks.push(el("span", { class: "unseen" }, "unread"));
  const attributes = { class: `place${channel.unread ? " unread" : ""}`, href: address({ person: world.me, place: channel.id }), "aria-current": isHere ? "page" : null, data: { key: channel.id } };
  const sign = channel.other ? avatar(channel.other) : icon(channel.kind === "private_channel" ? LOCK : HASH);
  return el("a", { ...attributes, on: { click: closeDrawer } }, sign,
    channel.kind === "private_channel" ? el("span", { class: "unseen" }, "private channel") : null,
    el("span", { class: "place-name", dir: "auto" }, name), ...(channel.other ? badges(channel.other) : []), el("span", { class: "space" }), ...marks);
}

function appPlace(route) {
  const attributes = { class: "place", href: address({ person: world.me, place: "home" }), "aria-current": route.place === "home" ? "page" : null, data: { key: "home" } };
  return el("a", { ...attributes, on: { click: closeDrawer } }, avatar(world.app.user), el("span", { class: "place-name", dir: "auto" }, world.app.name));
}

function more(route) {
  const link = el("a", { class: "place", href: address({ person: world.me, place: "browse" }), "aria-current": route.place === "browse" ? "page" : null, data: { key: "browse" }, on: { click: closeDrawer } }, icon("M4 6h12M4 10h12M4 14h8"), "Browse channels");
  const add = el("button", { type: "button", class: "place", data: { key: "create" }, on: { click: createChannel } }, icon("M10 4v12M4 10h12"), "Create a channel");
  return el("div", {}, link, world.isGuest() || world.isStranger() ? null : add);
}

function connection() {
  const { connections } = world.seen;
  const words = connections ? `${world.app.name} is connected${connections > 1 ? ` (${connections} sockets)` : ""}` : `${world.app.name} has no socket open`;
  return el("p", { class: `connection ${connections ? "on" : "off"}` }, words);
}

export async function createChannel() {
  let made = null;
  const done = await askFor({
    title: "Create a channel", confirm: "Create",
    fields: [
      { name: "name", label: "Name", required: true, hint: "Lower case, without spaces or full stops; at most 80 characters" },
      { name: "is_private", label: "Private", kind: "checkbox", hint: "Only who is invited sees it" },
    ],
    act: async (values) => { made = (await post("create_channel", { user: world.me, ...values })).channel; },
  });
  if (done) go({ place: made });
}

// While the drawer is open, nothing behind it can be reached, and a press there closes it.
export function openDrawer() {
  document.body.classList.add("drawer-open");
  behind(true);
  opener()?.setAttribute("aria-expanded", "true");
  document.querySelector("#sidebar .drawer-close")?.focus();
}

export function closeDrawer() {
  if (!document.body.classList.contains("drawer-open")) return;
  document.body.classList.remove("drawer-open");
  behind(false);
  opener()?.setAttribute("aria-expanded", "false");
  opener()?.focus();
}

function behind(is) {
  for (const id of ["front", "thread"]) document.getElementById(id).inert = is;
}

NARROW.addEventListener("change", closeDrawer);
document.addEventListener("pointerdown", ({ target }) => {
  if (!target.closest?.("#sidebar, dialog")) closeDrawer();
});

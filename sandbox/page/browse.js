// All channels that a person may look into, to join or to leave.

import { el, renew } from "./dom.js";
import { attempt } from "./notice.js";
import { address, go } from "./route.js";
import { post } from "./server.js";
import { createChannel } from "./sidebar.js";
import { world } from "./world.js";

let filter = "";

export function drawBrowse(container) {
  const rooms = world.channels.filter((channel) => !channel.other && channel.kind !== "mpim" && channel.name.includes(filter.toLowerCase()));
  rooms.sort((a, b) => a.is_archived - b.is_archived || a.name.localeCompare(b.name));
  const search = el("input", { type: "search", class: "field", placeholder: "Search channels", "aria-label": "Search channels", data: { key: "search" } });
  search.value = filter;
  search.addEventListener("input", () => { filter = search.value; drawBrowse(container); });
  const isMember = !world.isGuest() && !world.isStranger();
  renew(container, el("div", { class: "browse" },
    el("div", { class: "browse-tools" }, search, isMember ? el("button", { type: "button", class: "button primary", data: { key: "create" }, on: { click: createChannel } }, "Create a channel") : null),
    el("ul", {}, ...rooms.map(line)), rooms.length ? null : el("p", { class: "quiet" }, "No channel has this name.")));
}

function line(channel) {
  const notes = [channel.is_member && "Joined", channel.kind === "private_channel" && "Private", channel.is_archived && "Archived", channel.is_ext_shared && "Shared with another company"];
  const act = (path) => () => attempt(async () => {
    await post(path, { user: world.me, channel: channel.id });
    if (path === "join") go({ place: channel.id });
  });
  const button = channel.is_archived ? null : channel.is_member
    ? el("button", { type: "button", class: "button", "aria-label": `Leave ${channel.name}`, data: { key: `act-${channel.id}` }, on: { click: act("leave") } }, "Leave")
    : el("button", { type: "button", class: "button", "aria-label": `Join ${channel.name}`, data: { key: `act-${channel.id}` }, on: { click: act("join") } }, "Join");
  return el("li", {}, el("div", {},
    el("a", { href: address({ person: world.me, place: channel.id }), dir: "auto", data: { key: channel.id } }, `#${channel.name}`),
    el("p", { class: "quiet" }, notes.filter(Boolean).join(" · ") || "Public")), button);
}

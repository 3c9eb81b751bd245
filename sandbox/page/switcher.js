// Ctrl+K: go to any channel or person by the beginning of a name.

import { el } from "./dom.js";
import { openDialog } from "./dialog.js";
import { go } from "./route.js";
import { world } from "./world.js";

const MOST = 10;
let isOpen = false;

export async function openSwitcher() {
  if (isOpen || !world.seen) return;
  isOpen = true;
  const chosen = await openDialog({ title: "Jump to…", content: switcher(), actions: [] });
  isOpen = false;
  if (chosen) go({ place: chosen });
}

function places() {
  const channels = world.channels.filter((channel) => !channel.is_archived).map((channel) => ({
    id: channel.id, name: channel.other ? world.channelName(channel) : `#${channel.name}`, unread: channel.unread,
  }));
  return [...channels, { id: "home", name: world.app.name, hint: "App" }, { id: "browse", name: "Browse channels" }];
}

function switcher() {
  let at = 0;
  let found = [];
  const list = el("ul", { class: "completion still", role: "listbox", id: "switcher-list", "aria-label": "Places" });
  const field = el("input", { class: "field", type: "search", "aria-label": "Channel or person", placeholder: "Channel or person", autofocus: true, "aria-controls": "switcher-list", "aria-autocomplete": "list" });
  const take = ({ id }) => field.dispatchEvent(new CustomEvent("choose", { bubbles: true, detail: id }));
  const draw = () => {
    const word = field.value.trim().replace(/^#/, "").toLowerCase();
    found = places().filter(({ name }) => name.toLowerCase().includes(word)).slice(0, MOST);
    at = Math.max(0, Math.min(at, found.length - 1));
    list.replaceChildren(...found.map((place, index) => el("li", { role: "option", id: `switch-${index}`, "aria-selected": String(index === at), on: { click: () => take(place) } },
      el("b", { dir: "auto" }, place.name), el("span", { class: "quiet" }, place.hint ?? (place.unread ? `${place.unread} unread` : "")))));
    if (found.length) field.setAttribute("aria-activedescendant", `switch-${at}`);
    else field.removeAttribute("aria-activedescendant");
  };
  field.addEventListener("input", () => { at = 0; draw(); });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) { at = (at + step + found.length) % found.length; draw(); event.preventDefault(); }
    if (event.key === "Enter" && found[at]) { event.preventDefault(); take(found[at]); }
  });
  draw();
  return el("div", { class: "switcher" }, field, list);
}

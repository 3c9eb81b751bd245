// The app's own place: its Home tab, its messages with this person, and what it is.

import { drawBlocks } from "./blocks.js";
import { arrows, el, redraw } from "./dom.js";
import { newId } from "./drawing.js";
import { address } from "./route.js";
import { get, post } from "./server.js";
import { surfaceOf } from "./surface.js";

const places = new WeakMap(); // container -> what is shown in it

// Show the Home tab in a container, or show anew what changed there since.
export async function drawHome(world, container) {
  const place = places.get(container);
  if (place?.me === world.me && place.node.isConnected) return refresh(place, world);
  const made = newPlace(world, container);
  places.set(container, made);
  await post("home", { user: world.me });
  return refresh(made, world);
}

function newPlace(world, container) {
  const panel = el("div", { class: "home-panel", role: "tabpanel", id: newId("panel"), tabindex: "0" });
  const tabs = [tab("Home", panel), tab("Messages", panel), tab("About", panel)];
  const list = el("div", { class: "tabs", role: "tablist", "aria-label": "App" }, tabs);
  const node = el("div", { class: "home" }, list, panel);
  const place = { me: world.me, world, node, panel, tabs, tab: 0, looks: null, view: null };
  arrows(list, () => tabs, { horizontal: true });
  tabs.forEach((each, index) => each.addEventListener("click", () => choose(place, index)));
  mark(place);
  container.replaceChildren(node);
  return place;
}

function tab(name, panel) {
  return el("button", { type: "button", role: "tab", id: newId("tab"), "aria-controls": panel.id }, name);
}

function mark({ tabs, tab: chosen, panel }) {
  tabs.forEach((each, index) => {
    each.setAttribute("aria-selected", String(index === chosen));
    each.tabIndex = index === chosen ? 0 : -1;
  });
  panel.setAttribute("aria-labelledby", tabs[chosen].id);
}

function choose(place, index) {
  const direct = place.world.channels?.find(({ kind, other }) => kind === "im" && place.world.person(other)?.is_bot);
  if (index === 1 && direct) {
    location.hash = address({ person: place.me, place: direct.id });
    return;
  }
  place.tab = index;
  place.looks = null;
  mark(place);
  show(place);
}

async function refresh(place, world) {
  place.world = world;
  const view = await get("home", { user: world.me });
  if (place.me !== world.me) return;
  place.view = view;
  show(place);
}

function show(place) {
  const looks = JSON.stringify([place.tab, place.view?.hash]);
  if (place.looks === looks) return;
  place.looks = looks;
  redraw(place.panel, [home, messages, about][place.tab](place));
}

function home({ view, world }) {
  if (!view) return el("p", { class: "home-empty" }, "This app has not published a Home tab yet.");
  return drawBlocks(view.blocks, surfaceOf({ world, kind: "home", view }));
}

function messages() {
  return el("p", { class: "home-empty" }, "You have no direct messages with this app yet.");
}

function about({ world }) {
  const app = world.app ?? {};
  const commands = (world.commands ?? []).map((each) => el("li", {}, el("code", {}, each.command), ` ${each.description ?? ""}`));
  const parts = [el("h2", {}, app.name ?? "App")];
  if (app.description) parts.push(el("p", {}, app.description));
  if (commands.length) parts.push(el("h3", {}, "Commands"), el("ul", {}, commands));
  return el("div", { class: "home-about" }, parts);
}

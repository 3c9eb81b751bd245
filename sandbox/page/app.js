// The page of the workspace: who is looking, at what, and what changed since.

import { drawBrowse } from "./browse.js";
import { Conversation } from "./conversation.js";
import { drawAppHeader, drawHeader } from "./header.js";
import { drawHome } from "./home.js";
import { closeDialogs } from "./dialog.js";
import { el } from "./dom.js";
import { closePanel } from "./menu.js";
import { syncModals } from "./modal.js";
import { hush, tell } from "./notice.js";
import { nextPane } from "./panes.js";
import { address, current, go, remember } from "./route.js";
import { ServerAway, get } from "./server.js";
import { closeDrawer, drawSidebar } from "./sidebar.js";
import { openSwitcher } from "./switcher.js";
import { world } from "./world.js";

const PATIENCE = 25; // seconds that the server may take to tell of a change
const BREATH = 100; // milliseconds between two looks
const RETRY = 1000;

const sidebar = document.getElementById("sidebar");
const front = document.getElementById("front");
const aside = document.getElementById("thread");
const parts = { header: el("header", { class: "header" }), body: el("div", { class: "body" }) };
let shown = {}; // the route that is drawn
let main = null; // the conversation in front
let thread = null; // the thread beside it
let work = Promise.resolve();

const pause = (time) => new Promise((done) => setTimeout(done, time));

// One thing is drawn after the other; what goes wrong is told. Answers whether all went well.
function inTurn(act) {
  work = work.then(act).then(() => true, troubled);
  return work;
}

function troubled(error) {
  if (error instanceof ServerAway) away(true);
  else tell(error.message, "trouble");
  return false;
}

function away(is) {
  let bar = document.getElementById("away");
  if (is && !bar) document.body.prepend(el("div", { id: "away", role: "alert" }, "The workspace does not answer. Trying again…"));
  if (!is && bar) bar.remove();
}

async function look() {
  const { person } = current();
  try {
    world.seen = await get("look", { user: person });
  } catch (error) {
    if (error instanceof ServerAway || !person) throw error;
    // Nobody looks on as somebody who is not there, or not any more.
    tell(error.message, "trouble");
    world.seen = await get("look");
    history.replaceState(null, "", address({ ...current(), person: world.seen.me }));
  }
  world.me = world.seen.me;
  remember(world.me);
  away(false);
}

function usualPlace() {
  const mine = world.channels.filter((channel) => channel.is_member && !channel.is_archived);
  return (mine.find((channel) => channel.kind !== "im") ?? mine[0])?.id ?? "browse";
}

function isThere(place) {
  return ["home", "browse"].includes(place) || Boolean(world.channel(place));
}

// The messages with the app begin when they are first looked at.
async function openDirect(route) {
  route.place = (await get("channel", { user: world.me, channel: "DM" })).id;
  await look();
}

// Go where the address says.
async function arrive() {
  await look();
  const route = { ...current(), person: world.me };
  if (route.place === "DM") await openDirect(route);
  if (!isThere(route.place)) {
    if (route.place && route.person === shown.person) tell("There is no such channel, or you cannot see it.", "trouble");
    Object.assign(route, { place: usualPlace(), ts: null, thread: null });
  }
  history.replaceState(null, "", address(route));
  await open(route);
  await draw();
}

async function open(route) {
  const is = (name) => route[name] === shown[name];
  const moved = !(is("person") && is("place"));
  const threadMoved = moved || !is("thread");
  shown = route;
  if (moved) {
    closeDrawer();
    closeDialogs();
    closePanel();
    main?.close();
    main = null;
    parts.body.replaceChildren();
    parts.body.className = "body";
    if (!["home", "browse"].includes(route.place)) main = await Conversation.open(parts.body, await here(route));
  }
  if (main && route.ts) await main.show(route.ts);
  if (threadMoved) await openThread(route);
}

async function here({ place }) {
  world.here = await get("channel", { user: world.me, channel: place });
  return { channel: place };
}

async function openThread(route) {
  thread?.close();
  thread = null;
  aside.hidden = !(route.thread && main);
  document.body.classList.toggle("with-thread", !aside.hidden);
  if (aside.hidden) return aside.replaceChildren();
  thread = await Conversation.open(aside, { channel: route.place, thread: route.thread });
  return thread.focus();
}

async function draw() {
  if (!isThere(shown.place)) {
    tell(`You do not see #${world.here?.name} any more.`, "trouble"); // left, or removed from it
    return go({ place: usualPlace() });
  }
  drawSidebar(sidebar, shown);
  if (main) {
    world.here = await get("channel", { user: world.me, channel: shown.place });
    drawHeader(parts.header, shown);
    if (world.isRenamed()) for (const conversation of [main, thread]) conversation?.forget();
    await main.refresh();
    await thread?.refresh();
  } else {
    world.here = null;
    drawAppHeader(parts.header, shown);
    if (shown.place === "home") await drawHome(world, parts.body);
    else if (shown.place === "browse") drawBrowse(parts.body);
  }
  const unread = world.channels.reduce((sum, channel) => sum + channel.mentions, 0);
  const place = main ? world.channelName(world.here) : shown.place;
  document.title = `${unread ? `(${unread}) ` : ""}${place} · ${world.seen.team.name} workspace`;
  await syncModals(world);
}

async function live() {
  for (;;) {
    await changed();
    const went = await inTurn(async () => {
      await look();
      await (world.me === shown.person ? drawStill() : arrive());
    });
    await pause(went ? BREATH : RETRY);
  }
}

// Draw, unless the place was taken from the person meanwhile: then lead them away.
async function drawStill() {
  try {
    await draw();
  } catch (error) {
    if (error instanceof ServerAway) throw error;
    await look();
    if (isThere(shown.place)) throw error;
    await draw();
  }
}

// Wait until something changed, or until the workspace is back, which may have begun anew.
async function changed() {
  for (;;) {
    try {
      return await get("wait", { version: world.version, timeout: PATIENCE });
    } catch (error) {
      troubled(error);
      if (world.seen) world.seen.version = -1;
      await pause(RETRY);
    }
  }
}

function keys(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openSwitcher();
  } else if (event.key === "F6") {
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) nextPane(event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape" && !event.defaultPrevented) {
    closeDrawer();
    if (shown.thread && aside.contains(document.activeElement)) {
      location.hash = address({ ...shown, thread: null });
      main?.focus();
    }
  }
}

front.append(parts.header, parts.body);
window.addEventListener("hashchange", () => {
  if (current().person !== shown.person) hush(); // what was told was told to somebody else
  inTurn(arrive);
});
document.addEventListener("visibilitychange", () => main?.markRead());
document.addEventListener("keydown", keys);
inTurn(arrive).then(live);

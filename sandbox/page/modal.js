// The modals before a person: a stack, of which the front one is used and those below show behind it.

import { drawBlocks } from "./blocks.js";
import { warningWords } from "./blocks/press.js";
import { el, icon, redraw, standIn } from "./dom.js";
import { newId } from "./drawing.js";
import { get, post } from "./server.js";
import { surfaceOf } from "./surface.js";
import { drawPlain } from "./text.js";

const BACK = "M12 4l-6 6 6 6";
const panels = new Map(); // view id -> what is shown for it
const shown = { dialog: null, before: null, asked: 0 };

// Show the modals as the workspace has them now.
export async function syncModals(world) {
  const asked = (shown.asked += 1);
  const me = world.me;
  const views = await get("views", { user: me });
  if (asked !== shown.asked || me !== world.me) return;
  const kept = new Set(views.map(({ id }) => id));
  for (const [id, panel] of panels) if (!kept.has(id)) remove(id, panel, me);
  if (!views.length) return closeAll();
  openAll();
  const ids = views.map(({ id }) => id);
  views.forEach((view, depth) => sync(view, { world, ids, depth }));
}

function openAll() {
  if (shown.dialog) return;
  shown.before = document.activeElement;
  shown.dialog = el("dialog", { class: "modals", "aria-modal": "true" });
  shown.dialog.addEventListener("cancel", (event) => event.preventDefault());
  shown.dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    front()?.close(false);
  });
  document.body.append(shown.dialog);
  shown.dialog.showModal();
}

function closeAll() {
  if (!shown.dialog) return;
  shown.dialog.close();
  shown.dialog.remove();
  shown.dialog = null;
  standIn(shown.before)?.focus({ preventScroll: true });
}

function front() {
  return [...panels.values()].at(-1);
}

// A modal of somebody else is only out of sight, and holds what they typed.
function remove(id, panel, me) {
  panel.node.remove();
  if (panel.me === me) panel.surface.forget();
  panels.delete(id);
}

function sync(view, { world, ids, depth }) {
  const isNew = !panels.has(view.id);
  const panel = panels.get(view.id) ?? newPanel(view, world);
  panel.ids = ids;
  const isFront = depth === ids.length - 1;
  const looks = JSON.stringify([view.hash, view.errors]);
  if (isNew) {
    panels.set(view.id, panel);
    shown.dialog.append(panel.node);
  }
  if (panel.looks !== looks) {
    if (panel.hash !== view.hash) panel.clientErrors = {};
    panel.looks = looks;
    panel.hash = view.hash;
    panel.view = view;
    draw(panel);
  }
  panel.node.inert = !isFront;
  panel.node.dataset.behind = String(ids.length - 1 - depth);
  const wasFront = panel.isFront;
  panel.isFront = isFront;
  if (!isFront) return;
  shown.dialog.setAttribute("aria-labelledby", panel.heading);
  if (!wasFront) focusFirst(panel);
}

function newPanel(view, world) {
  const form = el("form", { class: "modal-panel", novalidate: true, "data-view": view.id });
  const panel = { id: view.id, me: world.me, world, node: form, heading: newId("modal"), clientErrors: {}, trouble: null, busy: false };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(panel);
  });
  panel.surface = surfaceOf({ world, kind: "modal", view });
  const { act } = panel.surface;
  panel.surface.act = async (request) => {
    const report = await act(request);
    await syncModals(world);
    return report;
  };
  panel.close = (all) => close(panel, all);
  return panel;
}

function draw(panel) {
  const { view, surface } = panel;
  surface.view = view;
  surface.errors = { ...view.errors, ...panel.clientErrors };
  const deep = panel.ids.indexOf(view.id) > 0;
  const body = panel.node.querySelector(".modal-body");
  const top = body?.scrollTop ?? 0;
  redraw(
    panel.node,
    el(
      "header",
      { class: "modal-head" },
      deep ? button("Back", [icon(BACK)], () => panel.close(false), "icon-button") : null,
      el("h2", { id: panel.heading, tabindex: "-1" }, drawPlain(view.title.text, { withEmoji: view.title.emoji !== false })),
      button("Close", ["×"], () => panel.close(panel.ids.length > 1), "icon-button close-cross"),
    ),
    el("div", { class: "modal-body" }, drawBlocks(view.blocks, surface)),
    el("div", { class: "modal-trouble", role: "alert" }, panel.trouble ? `⚠ ${panel.trouble}` : ""),
    footer(panel, deep),
  );
  panel.node.querySelector(".modal-body").scrollTop = top;
}

function button(name, content, press, look) {
  return el("button", { type: "button", class: look, "aria-label": name, title: name, on: { click: press } }, content);
}

function footer(panel, deep) {
  const { view } = panel;
  const closing = view.close ? view.close.text : deep ? "Back" : "Close";
  const close = el("button", { type: "button", class: "button modal-close", on: { click: () => panel.close(false) } }, closing);
  const busy = panel.busy ? "true" : null;
  const submitting = { type: "submit", class: "button primary modal-submit", "aria-busy": busy, "aria-disabled": busy, disabled: view.submit_disabled === true };
  const spinner = panel.busy ? el("span", { class: "spinner", "aria-hidden": "true" }) : null;
  return el("footer", { class: "modal-foot" }, close, view.submit ? el("button", submitting, spinner, view.submit.text) : null);
}

function focusFirst(panel) {
  const wanted = wantsFocus(panel.view);
  const place = wanted ? [...panel.node.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key.includes(wanted)) : null;
  const inside = place?.matches("input, textarea, button, a") ? place : place?.querySelector("input");
  const first = inside ?? panel.node.querySelector(".modal-body :is(input, textarea):not([type=file])");
  (first ?? panel.node.querySelector("h2")).focus({ preventScroll: !inside });
}

function wantsFocus(view) {
  for (const block of view.blocks) {
    const elements = [block.element, block.accessory, ...(block.elements ?? [])];
    const found = elements.find((element) => element?.focus_on_load);
    if (found) return JSON.stringify([block.block_id, found.action_id]);
  }
  return null;
}

async function submit(panel) {
  if (panel.busy || !panel.view.submit || panel.view.submit_disabled) return;
  Object.assign(panel, { busy: true, trouble: null, clientErrors: {} });
  draw(panel);
  const request = { user: panel.me, view_id: panel.id, values: panel.surface.values() };
  const report = await done(() => post("submit", request));
  panel.busy = false;
  panel.clientErrors = report.client_errors ?? {};
  panel.trouble = report.warning ? warningWords(report.warning) : null;
  await done(() => syncModals(panel.world));
  if (!panels.has(panel.id)) return;
  draw(panel);
  const wrong = panel.node.querySelector(".wrong :is(input, textarea, button)");
  if (panel.isFront && wrong) wrong.focus();
}

async function close(panel, all) {
  const request = { user: panel.me, view_id: panel.id, ...(all ? { clear: true } : {}) };
  const report = await done(() => post("close_view", request));
  if (report.warning && panels.has(panel.id)) {
    panel.trouble = warningWords(report.warning);
    draw(panel);
  }
  await done(() => syncModals(panel.world));
}

// What goes wrong on the way is a report like any other.
async function done(act) {
  try {
    return (await act()) ?? {};
  } catch (error) {
    return { warning: error.message };
  }
}

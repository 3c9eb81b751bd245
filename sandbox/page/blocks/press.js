// Something is pressed: the app is told, and the person sees that it travels, or that it did not arrive.

import { confirmDialog } from "../dialog.js";
import { el, standIn } from "../dom.js";
import { keyOf } from "../surface.js";

const TROUBLE = "We had some trouble connecting. Try again?";

// What a person is told when the workspace reports this warning.
export function warningWords(warning) {
  return warning === "trouble connecting" ? TROUBLE : String(warning);
}

const travelling = new Set();

// Tell the app; answers its report, or null if nothing was sent.
export async function press(node, surface, request, confirm) {
  const key = `${JSON.stringify(surface.place)} ${keyOf(request.block_id, request.action_id)}`;
  if (travelling.has(key)) return null;
  travelling.add(key);
  try {
    if (confirm && !(await confirmDialog(confirm, surface.world))) return null;
    return await send(node, surface, request);
  } finally {
    travelling.delete(key);
  }
}

async function send(node, surface, request) {
  const key = keyOf(request.block_id, request.action_id);
  surface.troubles.delete(key);
  markTrouble(node, null);
  node.setAttribute("aria-busy", "true");
  node.setAttribute("aria-disabled", "true");
  let report;
  try {
    report = await surface.act(request);
  } catch (error) {
    report = { warning: error.message };
  }
  node.removeAttribute("aria-busy");
  node.removeAttribute("aria-disabled");
  if (report?.warning) {
    const words = warningWords(report.warning);
    surface.troubles.set(key, words);
    markTrouble(standIn(node) ?? node, words);
  }
  return report;
}

// Show beside an element that the app was not reached, or no longer.
export function markTrouble(node, words) {
  const beside = node.nextElementSibling;
  if (beside?.classList.contains("trouble")) beside.remove();
  if (!words) return;
  node.after(el("span", { class: "trouble", role: "alert" }, el("span", { "aria-hidden": "true" }, "⚠ "), words));
}

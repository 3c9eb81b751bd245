// Small windows that ask something before anything else can be done.

import { el, standIn } from "./dom.js";
import { newId } from "./drawing.js";
import { drawTextObject } from "./text.js";

const open = new Set(); // what ends each dialog that is open

// End all dialogs as if the person went away: what they ask about is not in front any more.
export function closeDialogs() {
  for (const finish of open) finish(null);
}

// Ask; answers the `value` of the action that was pressed, or null if the person went away.
// An action is {label, value, style}, style "primary" or "danger"; content is a node or words.
export function openDialog({ title, content, actions = [{ label: "Close", value: null }] }) {
  const before = document.activeElement;
  const heading = el("h2", { id: newId("dialog") }, title);
  const body = el("div", { class: "dialog-body", id: newId("dialog-body") }, content ?? "");
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": heading.id, "aria-describedby": body.id });
    const finish = (value) => {
      if (!open.delete(finish)) return;
      dialog.close();
      dialog.remove();
      standIn(before)?.focus({ preventScroll: true });
      resolve(value);
    };
    const away = el("button", { type: "button", class: "close-cross", "aria-label": "Close", on: { click: () => finish(null) } }, "×");
    const buttons = actions.map(({ label, value, style }) =>
      el("button", { type: "button", class: `button ${style ?? ""}`.trim(), on: { click: () => finish(value) } }, label));
    dialog.append(el("header", {}, heading, away), body, el("footer", {}, buttons));
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      finish(null);
    });
    // What is inside may end the question too, with an event "choose" that carries the answer.
    dialog.addEventListener("choose", ({ detail }) => finish(detail));
    body.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input, select") || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      finish(actions.at(-1).value);
    });
    dialog.addEventListener("close", () => finish(null));
    document.body.append(dialog);
    open.add(finish);
    dialog.showModal();
    const first = body.querySelector("input, textarea, select") ?? buttons.at(-1);
    first?.focus();
  });
}

// Ask what a confirm object asks; only its confirming button answers true.
export async function confirmDialog(confirm, world) {
  const words = (object, otherwise) => object?.text ?? otherwise;
  const danger = confirm.style === "danger";
  const answer = await openDialog({
    title: drawTextObject(confirm.title ?? { type: "plain_text", text: "Are you sure?" }, world),
    content: el("div", { class: "mrkdwn" }, confirm.text ? drawTextObject(confirm.text, world) : ""),
    actions: [
      { label: words(confirm.deny, "Cancel"), value: false },
      { label: words(confirm.confirm, "Yes"), value: true, style: danger ? "danger filled" : "primary" },
    ],
  });
  return answer === true;
}

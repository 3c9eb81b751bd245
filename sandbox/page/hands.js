// What can be done with a message: by pointer, by keyboard, by its menu.

import { confirmDialog } from "./dialog.js";
import { el, iconButton } from "./dom.js";
import { openMenu, panelFor } from "./menu.js";
import { attempt, tell } from "./notice.js";
import { pickEmoji } from "./picker.js";
import { permalink } from "./route.js";
import { post } from "./server.js";
import { typed } from "./typed.js";
import { world } from "./world.js";

const plain = (text) => ({ type: "plain_text", text });
const FIXED = new Set(["tombstone"]);

export class Hands {
  editing = null; // the ts of the message that is being edited
  #draft = "";
  #message = null; // the one that the tools are at

  constructor(conversation) {
    this.conversation = conversation;
    const act = (name) => () => this[name](this.#message, this.tools);
    this.tools = el("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" },
      iconButton("Add a reaction", "M10 3a7 7 0 100 14 7 7 0 000-14M7.5 8.5h.01M12.5 8.5h.01M7 12c1.5 2 4.500 2 6 0", (event) => this.react(this.#message, event.currentTarget), { "data-key": "tool-react" }),
      conversation.thread ? null : iconButton("Reply in thread", "M4 5h12v8H9l-4 3v-3H4z", act("reply"), { "data-key": "tool-reply" }),
      iconButton("More actions", "M5 10h.01M10 10h.01M15 10h.01", (event) => this.menu(this.#message, event.currentTarget), { "data-key": "tool-more", "aria-haspopup": "menu" }));
  }

  // Have the tools at a message's row while it is pointed at or has the focus.
  watch(node, message) {
    const come = () => this.#come(node, message);
    node.addEventListener("pointerenter", come);
    node.addEventListener("focusin", come);
    node.addEventListener("pointerleave", () => this.#goAway(node));
    node.addEventListener("focusout", (event) => {
      // Later, as the focus may leave because the tools are being taken away just now.
      if (!node.contains(event.relatedTarget)) queueMicrotask(() => this.#goAway(node));
    });
    node.addEventListener("keydown", (event) => this.#keys(event, node, message));
  }

  moveOver(old, node) {
    if (old.contains(this.tools)) node.append(this.tools);
  }

  #come(node, message) {
    if (!this.#can(message) || this.editing === message.ts) return;
    if (this.tools.parentNode === node || panelFor(this.tools)) return;
    if (this.tools.contains(document.activeElement)) this.#toRow(this.#message);
    this.#message = message;
    node.append(this.tools);
  }

  #toRow(message) {
    this.conversation.list.node(message.ts)?.focus({ preventScroll: true });
  }

  #goAway(node) {
    if (!node.contains(document.activeElement) && !node.matches(":hover") && this.tools.parentNode === node && !panelFor(this.tools)) this.tools.remove();
  }

  #can(message) {
    return !message.is_ephemeral && !FIXED.has(message.subtype);
  }

  #keys(event, node, message) {
    if (event.target !== node || event.ctrlKey || event.metaKey || event.altKey || !this.#can(message)) return;
    const act = { r: "react", t: "reply", e: "edit", p: "pin", Delete: "remove", Enter: "menu" }[event.key];
    if (!act || (act === "edit" && !this.#isOwn(message)) || (act === "remove" && !this.#isOwn(message))) return;
    if (act === "reply" && this.conversation.thread) return;
    event.preventDefault();
    this.#come(node, message);
    this[act](message, this.tools.lastElementChild);
  }

  #isOwn(message) {
    return message.user === world.me && !message.bot_id;
  }

  menu(message, anchor) {
    const items = [];
    const isMember = world.here?.is_member && !world.here.is_archived;
    const isPinned = world.here?.pins.some((pin) => pin.message.ts === message.ts);
    for (const shortcut of world.shortcuts("message")) {
      items.push({ name: shortcut.name, hint: world.app.name, act: () => this.shortcut(message, shortcut) });
    }
    items.push({ name: "Copy link", act: () => this.copy(message) });
    if (isMember) items.push({ name: isPinned ? "Remove from the channel's pins" : "Pin to this channel", hint: "P", act: () => this.pin(message) });
    if (isMember) items.push({ name: "Mark unread from here", act: () => this.unread(message) });
    if (isMember && this.#isOwn(message)) items.push({ name: "Edit message", hint: "E", act: () => this.edit(message) });
    const isAdmin = world.self.is_admin;
    if (isMember && (this.#isOwn(message) || isAdmin)) items.push({ name: "Delete message…", hint: "Delete", kind: "danger", act: () => this.remove(message) });
    openMenu(anchor, "More actions", items);
  }

  #place(message) {
    return { user: this.conversation.person, channel: this.conversation.channel, ts: message.ts };
  }

  react(message, anchor) {
    return pickEmoji(anchor, (name) => this.toggle(message, name));
  }

  toggle(message, name) {
    const known = message.reactions?.find((reaction) => reaction.name === name);
    const remove = Boolean(known?.users.includes(world.me));
    return attempt(() => post("react", { ...this.#place(message), name, remove }));
  }

  reply(message) {
    this.conversation.openThread(message.thread_ts ?? message.ts);
  }

  edit(message) {
    this.editing = message.ts;
    this.#draft = typed(message.text);
    this.tools.remove();
    const node = this.conversation.redraw(message.ts);
    const field = node?.querySelector("textarea");
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  editor(message) {
    const field = el("textarea", { class: "field", rows: 3, dir: "auto", "aria-label": "Edit message", data: { key: "editor" }, on: { input: () => { this.#draft = field.value; } } });
    field.value = this.#draft;
    const save = () => this.#save(message, field.value);
    const cancel = () => this.#endEdit(message);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); cancel(); }
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
      event.stopPropagation();
    });
    return el("div", { class: "editor" }, field, el("div", { class: "editor-buttons" },
      el("button", { type: "button", class: "button", on: { click: cancel } }, "Cancel"),
      el("button", { type: "button", class: "button primary", on: { click: save } }, "Save changes")));
  }

  async #save(message, text) {
    if (!text.trim()) return tell("A message says something. To take it away, delete it.", "trouble");
    const done = await attempt(() => post("edit", { ...this.#place(message), text }));
    return done && this.#endEdit(message);
  }

  #endEdit(message) {
    this.editing = null;
    this.conversation.redraw(message.ts)?.focus({ preventScroll: true });
  }

  async remove(message) {
    this.#toRow(message);
    const sure = await confirmDialog({
      title: plain("Delete message"), text: plain("Are you sure? This cannot be undone."),
      confirm: plain("Delete"), deny: plain("Cancel"), style: "danger",
    }, world);
    if (sure) await attempt(() => post("delete", this.#place(message)));
  }

  pin(message) {
    const isPinned = world.here?.pins.some((pin) => pin.message.ts === message.ts);
    return attempt(() => post(isPinned ? "unpin" : "pin", this.#place(message)));
  }

  // Read no further than to the message before this one.
  async unread(message) {
    const { timeline } = this.conversation;
    const before = timeline.messages[timeline.indexOf(message.ts) - 1];
    if (!before) return tell("There is no message before this one.", "trouble");
    const done = await attempt(() => post("read", this.#place(before)));
    if (done) this.conversation.unreadFrom(before.ts);
    return done;
  }

  dismiss(message) {
    return attempt(() => post("delete", this.#place(message)));
  }

  async shortcut(message, shortcut) {
    const report = await attempt(() => post("shortcut", { ...this.#place(message), callback_id: shortcut.callback_id }));
    if (report?.warning) tell(`${shortcut.name} did not work: ${world.app.name} did not answer (${report.warning}).`, "trouble");
  }

  async copy(message) {
    const link = permalink(this.conversation.channel, message);
    try {
      await navigator.clipboard.writeText(link);
      tell("The link is copied.", "done");
    } catch (error) {
      tell(`${link} (not copied: ${error.message})`);
    }
  }
}

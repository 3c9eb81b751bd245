// Where one writes: messages, commands, files.

import { Completion } from "./completion.js";
import { el, icon, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { attempt, tell } from "./notice.js";
import { pickEmoji } from "./picker.js";
import { go } from "./route.js";
import { post } from "./server.js";
import { chooseFiles, uploadFiles } from "./upload.js";
import { world } from "./world.js";

const TALLEST = 240;
const drafts = new Map(); // person, channel and thread -> what is not sent yet
const WARNINGS = {
  operation_timeout: "the app did not answer within 3 seconds",
  dispatch_failed: "the app could not be reached, or nobody in it takes this command",
  invalid_command_response: "Slack could not show what the app answered",
};

export class Composer {
  #state = "";

  constructor(place, conversation) {
    Object.assign(this, { place, conversation });
    this.name = [world.me, conversation.channel, conversation.thread].join(" ");
    this.alert = el("div", { class: "command-alert", role: "alert", hidden: true });
    this.field = el("textarea", { rows: 1, dir: "auto", class: "write", data: { key: "composer" }, on: {
      input: () => this.#typed(), keydown: (event) => this.#keys(event), paste: (event) => this.#pasted(event),
    } });
    this.completion = new Completion(this.field, () => this.#typed());
    this.broadcast = el("input", { type: "checkbox" });
    this.sender = iconButton("Send", "M3 4l14 6-14 6 2-6zM5 10h6", () => this.send(), { class: "icon-button send" });
  }

  close() {
    this.completion.close();
  }

  focus() {
    this.field.focus();
  }

  // Draw what the person can do here, if that is another thing than before.
  draw() {
    const { here } = world;
    const state = here.is_archived ? "archived" : here.is_member ? "open" : "outside";
    const name = here.other ? world.channelName(here) : `#${here.name}`;
    const label = this.conversation.thread ? "Reply in the thread" : `Message ${name}`;
    this.field.placeholder = this.conversation.thread ? "Reply…" : label;
    this.field.setAttribute("aria-label", label);
    if (state === this.#state) return;
    this.#state = state;
    this.place.replaceChildren(...{ archived: () => this.#closed(), outside: () => this.#outside(), open: () => this.#open() }[state]());
    this.field.value = drafts.get(this.name) ?? "";
    this.#fit();
  }

  #closed() {
    const { here } = world;
    const reopen = () => attempt(() => post("unarchive", { user: world.me, channel: here.id }));
    const button = world.isGuest() || world.isStranger() ? null : el("button", { type: "button", class: "button", on: { click: reopen } }, "Reopen the channel");
    return [el("div", { class: "outside" }, el("p", {}, "This channel is archived: it can be read, and nothing more."), button)];
  }

  #outside() {
    const { here } = world;
    const join = () => attempt(() => post("join", { user: world.me, channel: here.id }));
    return [el("div", { class: "outside" }, el("p", { dir: "auto" }, `You are looking into #${here.name}.`),
      el("button", { type: "button", class: "button primary", on: { click: join } }, "Join the channel"))];
  }

  #open() {
    const { thread } = this.conversation;
    const upload = () => chooseFiles((files) => uploadFiles(files, this.conversation));
    const insert = (text) => this.#insert(text);
    const buttons = [
      iconButton("Upload a file", "M10 4v12M4 10h12", upload),
      iconButton("Emoji", "M10 3a7 7 0 100 14 7 7 0 000-14M7.5 8.5h.01M12.5 8.5h.01M7 12c1.5 2 4.500 2 6 0", (event) => pickEmoji(event.currentTarget, (name) => insert(`:${name}: `))),
      iconButton("Mention somebody", "M13 10a3 3 0 11-6 0 3 3 0 016 0v1.500a2 2 0 004 0V10a7 7 0 10-3 5.700", () => insert("@")),
      thread ? null : iconButton("Shortcuts", "M11 2L4 12h5l-1 6 7-10h-5z", (event) => this.#shortcuts(event.currentTarget), { "aria-haspopup": "menu" }),
    ];
    const box = el("div", { class: "composer" }, this.field, el("div", { class: "composer-bar" }, ...buttons, el("span", { class: "space" }), this.sender));
    box.addEventListener("dragover", (event) => event.preventDefault());
    box.addEventListener("drop", (event) => { event.preventDefault(); this.#files(event.dataTransfer); });
    const also = thread && !world.here.other ? el("label", { class: "also" }, this.broadcast, ` Also send to #${world.here.name}`) : null;
    return [this.alert, this.completion.list, box, also, el("p", { class: "hint quiet" }, "Enter sends, Shift+Enter begins a new line")].filter(Boolean);
  }

  #shortcuts(anchor) {
    const items = world.shortcuts("global").map((shortcut) => ({ name: shortcut.name, hint: shortcut.description || world.app.name, act: () => this.#shortcut(shortcut) }));
    items.push({ name: "Open the app's Home tab", hint: world.app.name, act: () => go({ place: "home" }) });
    for (const { command, description } of world.commands) items.push({ name: command, hint: description, act: () => this.#begin(command) });
    openMenu(anchor, "Shortcuts", items);
  }

  async #shortcut(shortcut) {
    const report = await attempt(() => post("shortcut", { user: this.conversation.person, callback_id: shortcut.callback_id }));
    if (report?.warning) this.#warn(`${shortcut.name} did not work: ${world.app.name} did not answer (${report.warning}).`);
  }

  // Begin a command, with what is already written as its text.
  #begin(command) {
    this.field.value = `${command} ${this.field.value.replace(/^\/\S*\s*/, "")}`;
    this.field.focus();
    this.#typed();
  }

  #insert(text) {
    this.field.focus();
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.#typed();
  }

  #typed() {
    drafts.set(this.name, this.field.value);
    this.alert.hidden = true;
    this.#fit();
    this.completion.look();
  }

  #fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(TALLEST, this.field.scrollHeight)}px`;
    this.sender.disabled = !this.field.value.trim();
  }

  #keys(event) {
    if (this.completion.takes(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      const { conversation } = this;
      const own = conversation.timeline.messages.findLast((message) => message.user === world.me && !message.subtype && !message.is_ephemeral);
      if (!own) return;
      event.preventDefault();
      conversation.list.show(own.ts);
      conversation.hands.edit(own);
    }
  }

  #pasted(event) {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      this.#files(event.clipboardData);
    }
  }

  #files({ files }) {
    if (files.length) uploadFiles([...files], this.conversation);
  }

  #warn(words) {
    if (!this.alert.isConnected) {
      tell(words, "trouble"); // the person is elsewhere by now
      return;
    }
    const away = () => { this.alert.hidden = true; this.field.focus(); };
    this.alert.replaceChildren(icon("M10 3l8 14H2zM10 8v4M10 14.500h.01"), el("span", { dir: "auto" }, words), el("button", { type: "button", class: "link", "aria-label": "Put this warning away", on: { click: away } }, "×"));
    this.alert.hidden = false;
  }

  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    this.completion.close();
    this.#put("");
    const isCommand = /^\/\S/.test(text) && !text.startsWith("//");
    const done = isCommand ? await this.#command(text) : await attempt(() => this.#message(text));
    if (!done) this.#put([text, this.field.value].filter(Boolean).join("\n"));
  }

  #put(text) {
    this.field.value = text;
    if (text) drafts.set(this.name, text);
    else drafts.delete(this.name);
    this.#fit();
  }

  #message(text) {
    const { channel, thread } = this.conversation;
    const broadcast = Boolean(thread && this.broadcast.checked);
    this.broadcast.checked = false;
    return post("message", { user: this.conversation.person, channel, text, ...(thread ? { thread_ts: thread, ...(broadcast ? { broadcast } : {}) } : {}) });
  }

  async #command(typed) {
    const [command] = typed.split(/\s/, 1);
    const text = typed.slice(command.length).trim();
    if (!world.commands.some((known) => known.command === command)) {
      this.#warn(`${command} is not a valid command. Messages that start with “/” are taken as commands.`);
      return false;
    }
    if (this.conversation.thread) {
      this.#warn(`${command} is not supported in threads. Sorry!`);
      return false;
    }
    const report = await attempt(() => post("command", { user: this.conversation.person, channel: this.conversation.channel, command, text }));
    if (report?.warning) this.#warn(`${command} failed with the error “${report.warning}”: ${WARNINGS[report.warning] ?? "the app had trouble"}.`);
    return report && !report.warning;
  }
}


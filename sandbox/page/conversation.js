// A channel or a thread in front of somebody: what was said in it, and where one writes.

import { Composer } from "./composer.js";
import { Hands } from "./hands.js";
import { VirtualList } from "./list.js";
import { drawRow, nameOf, plainWords } from "./message.js";
import { attempt, tell, whisper } from "./notice.js";
import { go } from "./route.js";
import { rowsOf } from "./rows.js";
import { post } from "./server.js";
import { Timeline } from "./timeline.js";
import { el, icon } from "./dom.js";
import { later, world } from "./world.js";

const MOST_SPOKEN = 3; // messages that are read out of those that come at once

export class Conversation {
  static async open(container, { channel, thread = null }) {
    const conversation = new Conversation(container, channel, thread);
    await conversation.timeline.load();
    conversation.paint();
    return conversation;
  }

  constructor(container, channel, thread) {
    Object.assign(this, { channel, thread, container });
    this.timeline = new Timeline(channel, thread);
    this.person = world.me;
    this.readBefore = thread ? null : world.here.read ?? "";
    this.lastRead = this.readBefore;
    this.fresh = 0;
    this.#build();
    this.hands = new Hands(this);
    this.list = new VirtualList(this.scroller, this.feed, {
      draw: (row, old) => this.#draw(row, old),
      more: (direction) => this.#more(direction),
      moved: () => this.#moved(),
    });
    this.feed.addEventListener("keydown", (event) => this.#keys(event));
  }

  #build() {
    const name = this.thread ? "Messages of the thread" : "Messages";
    this.feed = el("div", { class: "feed", role: "group", "aria-label": name });
    this.beginning = el("div", { class: "beginning" });
    this.scroller = el("div", { class: "scroller", tabindex: -1 }, this.beginning, this.feed);
    this.newest = el("button", { type: "button", class: "newest", hidden: true, on: { click: () => this.toEnd() } });
    this.foot = el("div", { class: "foot" });
    this.composer = new Composer(this.foot, this);
    const title = this.thread && el("header", { class: "thread-header" },
      el("h2", {}, "Thread ", el("span", { class: "quiet", dir: "auto" }, `#${world.channelName(world.here)}`)),
      el("button", { type: "button", class: "icon-button", "aria-label": "Close the thread", title: "Close the thread", on: { click: () => go({}) } }, icon("M5 5l10 10M15 5L5 15")));
    this.container.replaceChildren(...[title, el("div", { class: "lines" }, this.scroller, this.newest), this.foot].filter(Boolean));
  }

  close() {
    this.list.close();
    this.composer.close();
    this.container.replaceChildren();
  }

  focus() {
    this.composer.focus();
  }

  paint() {
    this.list.setRows(rowsOf(this));
    this.feed.setAttribute("role", this.timeline.messages.length ? "feed" : "group"); // an empty feed is none
    this.#begin();
    this.composer.draw();
    this.#moved();
  }

  // Have everything drawn anew, as it may be called otherwise now.
  forget() {
    this.list.forget();
  }

  async refresh() {
    const added = await this.timeline.refresh();
    const others = added.filter((message) => message.user !== world.me);
    if (this.person !== world.me) return;
    if (!this.list.isAtEnd || this.timeline.hasLater) this.fresh += others.length;
    if (added.some((message) => message.user === world.me)) await this.toEnd();
    else this.paint();
    if (others.length) whisper(spoken(others));
  }

  // Show one message, wherever it is.
  async show(ts) {
    if (!this.timeline.find(ts)) {
      await this.timeline.load(ts);
      this.list.isAtEnd = false;
      this.list.setRows(rowsOf(this));
    }
    const node = this.list.show(ts);
    if (!node) {
      tell("This message is not there, or not any more.", "trouble");
      return;
    }
    node.classList.add("found");
    node.addEventListener("animationend", () => node.classList.remove("found"), { once: true });
    node.focus({ preventScroll: true });
  }

  async toEnd() {
    if (this.timeline.hasLater) await attempt(() => this.timeline.load());
    this.list.isAtEnd = true;
    this.list.setRows(rowsOf(this));
    this.fresh = 0;
    this.#moved();
  }

  // What is at the end and seen counts as read.
  async markRead() {
    const last = this.timeline.messages.at(-1);
    const isSeen = this.list.isAtEnd && !this.timeline.hasLater && document.visibilityState === "visible";
    const counts = !this.thread && world.here?.is_member && last && later(last.ts, this.lastRead);
    if (!isSeen || !counts) return;
    this.lastRead = last.ts;
    await attempt(() => post("read", { user: world.me, channel: this.channel, ts: last.ts }));
  }

  // Leave everything after this message unread until the channel is opened again.
  unreadFrom(ts) {
    this.readBefore = ts;
    this.lastRead = this.timeline.messages.at(-1).ts;
    this.list.setRows(rowsOf(this));
  }

  openThread(ts) {
    go({ place: this.channel, thread: ts });
  }

  redraw(ts) {
    this.list.forget(ts);
    this.list.setRows(rowsOf(this));
    return this.list.node(ts);
  }

  #draw(row, old) {
    const node = drawRow(row, this);
    if (old) this.hands.moveOver(old, node);
    return node;
  }

  async #more(direction) {
    const { timeline } = this;
    if (direction === "older" ? !timeline.hasMore : !timeline.hasLater) return;
    await attempt(() => timeline[direction]());
    if (direction === "later") this.list.isAtEnd = false;
    this.list.setRows(rowsOf(this));
    this.#begin();
  }

  #begin() {
    this.beginning.hidden = this.timeline.hasMore || Boolean(this.thread);
    if (this.beginning.hidden || this.beginning.firstChild) return;
    const name = world.channelName(world.here);
    this.beginning.append(
      el("h2", { dir: "auto" }, world.here.other ? name : `# ${name}`),
      el("p", { class: "quiet" }, world.here.other ? "Only the two of you see what is written here." : "This is the very beginning of the channel."),
    );
    if (this.scroller.scrollTop > 0) this.scroller.scrollTop += this.beginning.offsetHeight; // what is read stays where it is
  }

  #moved() {
    const isAtEnd = this.list.isAtEnd && !this.timeline.hasLater;
    if (isAtEnd) this.fresh = 0;
    this.newest.hidden = isAtEnd;
    const count = this.fresh === 1 ? "1 new message" : `${this.fresh} new messages`;
    this.newest.replaceChildren(icon("M10 4v12M5 11l5 5 5-5"), this.fresh ? count : "Jump to the newest");
    this.markRead();
  }

  #keys(event) {
    const row = event.target.closest?.(".row");
    if (!row || event.target !== row) return;
    const at = this.timeline.indexOf(row.dataset.rowKey);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: this.timeline.messages.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const message = this.timeline.messages[to];
    if (message) this.list.show(message.ts)?.focus({ preventScroll: true });
    else if (to > at) this.composer.focus();
  }
}

function spoken(messages) {
  const last = messages.slice(-MOST_SPOKEN).map((message) => `${nameOf(message)}: ${plainWords(message)}`);
  const more = messages.length - last.length;
  return [more ? `${more} more messages` : null, ...last].filter(Boolean).join("\n");
}

// The stretch of a channel or thread that is known so far, oldest first.

import { get } from "./server.js";
import { later, world } from "./world.js";

const PAGE = 200;

export class Timeline {
  messages = [];
  hasMore = false; // older ones are not known yet
  hasLater = false; // neither are newer ones
  version = -1;
  newest = ""; // the last message there is, known or not

  constructor(channel, thread = null) {
    this.channel = channel;
    this.thread = thread;
  }

  // Start anew, at the end or around a message.
  async load(around = null) {
    const answer = await this.#ask({ around, limit: PAGE });
    this.messages = answer.messages;
    this.hasMore = answer.has_more;
    this.hasLater = answer.has_later;
    this.version = answer.version;
    this.newest = (this.hasLater && world.channel(this.channel)?.latest) || this.messages.at(-1)?.ts || "";
  }

  async older() {
    const answer = await this.#ask({ before: this.messages[0]?.ts, limit: PAGE });
    this.messages = [...answer.messages, ...this.messages];
    this.hasMore = answer.has_more;
  }

  async later() {
    const answer = await this.#ask({ after: this.messages.at(-1)?.ts, limit: PAGE });
    this.messages.push(...answer.messages);
    this.hasLater = answer.has_later;
  }

  // Take in what changed, and return what is new at the end, even if what is before it is not known.
  async refresh() {
    const answer = await this.#ask({ since: this.version });
    if (answer.version < this.version) {
      await this.load();
      return [];
    }
    this.version = answer.version;
    const gone = new Set(answer.gone);
    if (gone.size) this.messages = this.messages.filter((message) => !gone.has(message.ts));
    return answer.messages.filter((message) => this.#take(message));
  }

  find(ts) {
    const at = this.indexOf(ts);
    return at < 0 ? null : this.messages[at];
  }

  indexOf(ts) {
    const at = this.#place(ts);
    return this.messages[at]?.ts === ts ? at : -1;
  }

  // Put a message where it belongs, if its neighbours are known; true if it is the newest.
  #take(message) {
    const at = this.#place(message.ts);
    if (this.messages[at]?.ts === message.ts) {
      this.messages[at] = message;
    } else if (at === this.messages.length) {
      const isNew = later(message.ts, this.newest);
      if (isNew) this.newest = message.ts;
      if (!this.hasLater) this.messages.push(message);
      return isNew;
    } else if (at > 0 || !this.hasMore) {
      this.messages.splice(at, 0, message);
    }
    return false;
  }

  #place(ts) {
    let low = 0;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (later(ts, this.messages[middle].ts)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #ask(query) {
    const { channel, thread } = this;
    return get("timeline", { user: world.me, channel, thread, ...query });
  }
}

// How messages follow each other: who goes on speaking, where a day begins, what is new.

import { later, world } from "./world.js";

const GOES_ON = 300; // seconds within which the same person goes on speaking
const days = new Map(); // quarter of an hour since the epoch -> the local day's name
let namedAt = 0; // the quarter of an hour in which they were named

export function rowsOf(conversation) {
  const { timeline, thread, readBefore } = conversation;
  const pinned = new Set((world.here?.pins ?? []).map((pin) => pin.message.ts));
  const rows = [];
  let before = null;
  let isNewSaid = false;
  for (const message of timeline.messages) {
    const day = dayOf(message.ts);
    const begins = !thread && (!before || dayOf(before.ts) !== day) ? day : null;
    const isNews = readBefore && !isNewSaid && later(message.ts, readBefore) && message.user !== world.me && !message.is_ephemeral;
    if (isNews) isNewSaid = true;
    const goesOn = !begins && !isNews && before !== null && sameVoice(before, message, thread);
    rows.push(new Row(message, {
      begins, goesOn, isNews: Boolean(isNews), isPinned: pinned.has(message.ts),
      isEdited: conversation.hands.editing === message.ts,
      isRoot: thread === message.ts,
    }));
    before = message;
  }
  return rows;
}

class Row {
  constructor(message, marks) {
    this.key = message.ts;
    this.message = message;
    this.marks = marks;
  }

  same(other) {
    const { marks } = this;
    return this.message === other.message && Object.keys(marks).every((name) => marks[name] === other.marks[name]);
  }
}

function sameVoice(before, message, thread) {
  return before.user === message.user && before.ts !== thread && !before.subtype && !message.subtype
    && !before.is_ephemeral && !message.is_ephemeral && Number(message.ts) - Number(before.ts) < GOES_ON;
}

// The day a message was written, as its reader names it.
export function dayOf(ts) {
  const quarter = Math.floor(Number(ts) / 900);
  const now = Math.floor(Date.now() / 900_000);
  if (now !== namedAt) days.clear();
  namedAt = now;
  if (!days.has(quarter)) days.set(quarter, nameOfDay(new Date(quarter * 900_000)));
  return days.get(quarter);
}

function nameOfDay(moment) {
  const ago = (days) => new Date(Date.now() - days * 86_400_000).toDateString();
  if (moment.toDateString() === ago(0)) return "Today";
  if (moment.toDateString() === ago(1)) return "Yesterday";
  return moment.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

const clock = { hour: "2-digit", minute: "2-digit" };

export function timeOf(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString(undefined, clock);
}

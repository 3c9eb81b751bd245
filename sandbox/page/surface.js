// What an app's blocks stand on: a message, a modal or the Home tab, and all that is entered there.

import { post } from "./server.js";

const kept = new Map(); // what was entered on each surface, for as long as the page is open
const MOST_KEPT = 500;

// Complete a surface {world, kind, channel, ts, view, me} with what is entered on it and how to act.
export function surfaceOf(given) {
  if (given.enter) return given;
  const { kind, world } = given;
  const me = given.me ?? world.me;
  const place = placeOf(given);
  const entries = entriesOf(JSON.stringify([me, kind, place]));
  const fields = new Map(); // key -> the element that stands for the field now

  const surface = {
    ...given,
    me,
    place,
    troubles: entries.troubles,
    // Remember that a field is drawn, so that what is entered in it is sent.
    holds(blockId, actionId, node) {
      fields.set(keyOf(blockId, actionId), node);
    },
    entered(blockId, actionId) {
      return entries.values.get(keyOf(blockId, actionId));
    },
    enter(blockId, actionId, entry) {
      entries.values.set(keyOf(blockId, actionId), entry);
    },
    values() {
      const values = {};
      for (const [key, { value }] of entries.values) {
        if (!fields.get(key)?.isConnected) continue;
        const [blockId, actionId] = JSON.parse(key);
        values[blockId] = { ...values[blockId], [actionId]: value };
      }
      return values;
    },
    forget() {
      entries.values.clear();
      entries.troubles.clear();
    },
  };
  surface.act = given.act ?? ((request) => post("click", { user: me, ...place, ...request, values: surface.values() }));
  surface.ask = (request) => post("options", { user: me, ...place, ...request });
  return surface;
}

export function keyOf(blockId, actionId) {
  return JSON.stringify([blockId, actionId]);
}

function placeOf({ kind, channel, ts, view }) {
  if (kind === "home") return { home: true };
  if (kind === "modal") return { view_id: view.id };
  return { channel: channel?.id ?? channel, ts };
}

function entriesOf(name) {
  const entries = kept.get(name) ?? { values: new Map(), troubles: new Map() };
  kept.delete(name);
  kept.set(name, entries);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return entries;
}

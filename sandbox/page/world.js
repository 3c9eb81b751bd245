// What the workspace showed to the person who is looking.

class World {
  me = null; // the id of who is looking
  seen = null; // what `look` answered
  here = null; // what `channel` answered for the channel in front

  #names = "";

  get version() { return this.seen?.version ?? -1; }
  get app() { return this.seen.app; }
  get commands() { return this.seen.commands; }
  get people() { return Object.values(this.seen.people); }
  get channels() { return this.seen.channels; }
  get groups() { return Object.values(this.seen.groups); }

  person(id) {
    return this.seen?.people[id] ?? { id, name: id ?? "somebody", isUnknown: true };
  }

  channel(id) {
    return this.seen?.channels.find((channel) => channel.id === id) ?? null;
  }

  group(id) {
    return this.seen?.groups[id] ?? null;
  }

  get self() { return this.person(this.me); }

  isGuest(id = this.me) { return Boolean(this.person(id).is_guest); }

  isStranger(id = this.me) {
    const person = this.person(id);
    return Boolean(person.team && person.team !== this.seen.team.id);
  }

  // Whether anybody or anything is called otherwise than when this was last asked.
  isRenamed() {
    const { people, groups, channels } = this.seen;
    const names = JSON.stringify([people, groups, channels.map(({ id, name }) => [id, name])]);
    const are = names === this.#names;
    this.#names = names;
    return !are;
  }

  // What a channel is called before this person.
  channelName(channel) {
    return channel.other ? this.person(channel.other).name : channel.name;
  }

  shortcuts(kind) {
    return this.seen.shortcuts.filter((shortcut) => shortcut.kind === kind);
  }
}

export const world = new World();

// Timestamps in order: the longer is the later, as far as seconds go.
export function later(a, b) {
  return a.length === b.length ? a > b : a.length > b.length;
}

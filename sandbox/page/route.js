// Where in the workspace the page is: #/PERSON/PLACE/MESSAGE/THREAD, "-" for what is left out.
// PLACE is a channel, or one of the pages "home" (the app's) and "browse" (all channels).

const REMEMBERED = "sandbox-person";

export function current() {
  const parts = location.hash.replace(/^#\/?/, "").split("/").map(decoded);
  const [person, place, ts, thread] = parts.map((part) => (part && part !== "-" ? part : null));
  return { person: person ?? remembered(), place: place ?? null, ts: ts ?? null, thread: thread ?? null };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // no code of anything: it stands for itself
  }
}

export function address({ person, place = null, ts = null, thread = null }) {
  const parts = [person, place, ts, thread].map((part) => encodeURIComponent(part ?? "-"));
  while (parts.length > 1 && parts.at(-1) === "-") parts.pop();
  return `#/${parts.join("/")}`;
}

// Go somewhere; what is not named stays as it is, except the message and the thread.
export function go(change) {
  const { person, place } = current();
  location.hash = address({ person, place, ...change });
}

export function remember(person) {
  sessionStorage.setItem(REMEMBERED, person);
}

function remembered() {
  return sessionStorage.getItem(REMEMBERED);
}

// The address that goes to a message from anywhere.
export function permalink(channel, message) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}` : "";
  return `${location.origin}/archives/${channel}/p${message.ts.replace(".", "")}${thread}`;
}

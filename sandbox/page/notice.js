// Words for the person who is looking, shown for a while and read out.

import { el } from "./dom.js";

const SECONDS_SHOWN = 8;

// Tell something, once even if it is told again; `kind` is "info", "done" or "trouble". Trouble stays until it is put away.
export function tell(words, kind = "info") {
  const place = document.getElementById("notices");
  for (const told of [...place.children]) if (told.firstElementChild.textContent === String(words)) told.remove();
  const note = el("div", { class: `notice notice-${kind}` }, el("span", { dir: "auto" }, String(words)));
  const away = () => note.remove();
  note.append(el("button", { type: "button", class: "link", "aria-label": "Put this notice away", on: { click: away } }, "×"));
  place.append(note);
  while (place.children.length > 4) place.firstElementChild.remove();
  if (kind !== "trouble") setTimeout(away, SECONDS_SHOWN * 1000);
}

// Put all notices away.
export function hush() {
  document.getElementById("notices").replaceChildren();
}

// Do something; what goes wrong is told and answered as null.
export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    tell(error.message, "trouble");
    return null;
  }
}

// Read something out without showing it.
export function whisper(words) {
  document.getElementById("whispers").textContent = words;
}

// Text objects in a place of their own.

import { el } from "../dom.js";
import { drawTextObject } from "../text.js";

export function words(object, surface) {
  return el("div", { class: object.type === "mrkdwn" ? "mrkdwn" : "plain" }, drawTextObject(object, surface.world));
}

// What a text object says, without its marks, for a name that is only heard.
export function saying(object, surface) {
  return object ? words(object, surface).textContent : "";
}

// Long text is folded until somebody wants to see more of it.

import { el } from "../dom.js";
import { newId } from "../drawing.js";

const LONG = 700;
const MANY_LINES = 10;

// Draw text as it is, or folded if it is long and nothing asks for it to be whole.
export function drawFold(drawn, text, expand) {
  if (expand || (text.length <= LONG && text.split("\n").length <= MANY_LINES)) return drawn;
  drawn.id = newId("fold");
  drawn.classList.add("folded");
  const attributes = { type: "button", class: "link see-more", "aria-expanded": "false", "aria-controls": drawn.id };
  const button = el("button", attributes, "See more");
  button.addEventListener("click", () => {
    const folded = drawn.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? "See more" : "See less";
  });
  return el("div", {}, drawn, button);
}

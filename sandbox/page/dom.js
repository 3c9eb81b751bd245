// Building what is seen from nodes only: a text is never read as HTML.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

// A drawing of lines on a 20 by 20 field; `paths` is what a path's `d` says.
export function icon(paths) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths);
  drawing.append(path);
  return drawing;
}

export function iconButton(name, paths, press, attributes = {}) {
  const button = { type: "button", class: "icon-button", "aria-label": name, title: name };
  return el("button", { ...button, ...attributes, on: { click: press } }, icon(paths));
}

// Draw a container's content anew; whatever had the focus in it keeps it, known by its data-key.
export function redraw(container, ...content) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.closest("[data-key]")?.dataset.key;
  const top = container.scrollTop;
  container.replaceChildren(...content.flat().filter(Boolean));
  container.scrollTop = top;
  if (key) container.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

// Up and down (or left and right), Home and End go among the items that `find` returns.
export function arrows(container, find, { horizontal = false } = {}) {
  const [back, on] = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  container.addEventListener("keydown", (event) => {
    const items = find();
    const at = items.indexOf(document.activeElement);
    if (at < 0 && event.key !== on) return;
    const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[Math.max(0, Math.min(items.length - 1, to))]?.focus();
  });
}

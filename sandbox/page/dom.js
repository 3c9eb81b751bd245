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

// Draw a container's content anew.
export function redraw(container, ...content) {
  keepFocus(container, () => {
    const top = container.scrollTop;
    container.replaceChildren(...content.flat().filter(Boolean));
    container.scrollTop = top;
  });
}

// Draw a container's content, but leave in place what looks as it should already, so that a press, an
// opened list or a cursor there is not disturbed. What is kept keeps its first listeners.
export function renew(container, ...content) {
  keepFocus(container, () => settle(container, content.flat().filter(Boolean)));
}

function settle(parent, wanted) {
  const there = [...parent.childNodes];
  wanted.forEach((node, at) => {
    const old = there[at];
    if (!old) return parent.append(node);
    if (old.ariaExpanded) node.ariaExpanded = old.ariaExpanded; // what it opened is still open
    if (old.isEqualNode(node)) return undefined;
    return isFrame(old, node) ? settle(old, [...node.childNodes]) : old.replaceWith(node);
  });
  for (const old of there.slice(wanted.length)) old.remove();
}

// Whether both are the same but for what they hold, and hold more than words.
function isFrame(old, node) {
  const isPart = old.matches?.("div, section, nav, ul, li");
  return Boolean(isPart && old.cloneNode(false).isEqualNode(node.cloneNode(false)));
}

// Do what may replace the element with the focus: what then has its data-key gets it, and the cursor stands where it did.
export function keepFocus(container, act) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const at = typeof focused?.selectionStart === "number" ? [focused.selectionStart, focused.selectionEnd] : null;
  act();
  if (!focused || focused === document.activeElement) return;
  const now = standIn(focused.closest("[data-key]"), container);
  now?.focus({ preventScroll: true });
  if (at && now?.dataset.key === focused.dataset.key) now.setSelectionRange?.(...at);
}

// The element, or if it is gone, what stands for it now.
export function standIn(node, container = document) {
  const key = node?.dataset.key;
  if (!key || node.isConnected) return node ?? null;
  return container.querySelector(`[data-key="${CSS.escape(key)}"]`);
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

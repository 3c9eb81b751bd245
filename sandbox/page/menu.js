// What opens beside a button: menus and small panels; Escape closes them and returns the focus.

import { arrows, el, standIn } from "./dom.js";

let opened = null;

// Open a menu of [{name, hint?, kind?, act}] beside a button.
export function openMenu(anchor, label, items) {
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label });
  for (const { name, hint, kind, act } of items) {
    const press = () => { closePanel(); act(); };
    menu.append(el("button", { type: "button", role: "menuitem", tabindex: -1, class: `menu-item ${kind ?? ""}`, on: { click: press } },
      el("span", { dir: "auto" }, name), hint ? el("span", { class: "quiet" }, hint) : null));
  }
  arrows(menu, () => [...menu.children]);
  openPanel(anchor, menu);
  menu.firstElementChild?.focus();
}

// Open any panel beside a button.
export function openPanel(anchor, panel, { closed } = {}) {
  const again = opened?.anchor === anchor;
  closePanel();
  if (again) return;
  document.body.append(panel);
  panel.classList.add("panel");
  place(anchor, panel);
  anchor.setAttribute("aria-expanded", "true");
  opened = { anchor, panel, closed };
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    if (event.key === "Tab" && panel.getAttribute("role") !== "menu") return;
    event.preventDefault();
    closePanel();
  });
}

export function closePanel() {
  if (!opened) return;
  const { anchor, panel, closed } = opened;
  opened = null;
  const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body;
  panel.remove();
  anchor.removeAttribute("aria-expanded");
  if (hadFocus) standIn(anchor)?.focus({ preventScroll: true });
  closed?.();
}

export function panelFor(node) {
  return Boolean(opened && node.contains(opened.anchor));
}

function place(anchor, panel) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const left = Math.min(Math.max(8, at.right - width > 8 ? at.right - width : at.left), innerWidth - width - 8);
  const below = at.bottom + 4 + height < innerHeight;
  panel.style.left = `${Math.max(8, left)}px`;
  panel.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
}

document.addEventListener("pointerdown", (event) => {
  if (opened && !opened.panel.contains(event.target) && !opened.anchor.contains(event.target)) closePanel();
});

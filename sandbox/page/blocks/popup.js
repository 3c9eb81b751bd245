// What opens beside something: it is laid above all else, and goes when the person looks elsewhere.

const GAP = 4;

// Show a popup under its anchor, or above where there is no room; answers what closes it.
export function openPopup(popup, anchor, closed = () => {}) {
  popup.showPopover();
  place(popup, anchor);
  const away = (event) => {
    if (event.type === "scroll" && popup.contains(event.target)) return;
    if (event.type === "pointerdown" && (popup.contains(event.target) || anchor.contains(event.target))) return;
    close();
  };
  const watched = [["scroll", true], ["pointerdown", true], ["resize", false]];
  for (const [name, capture] of watched) window.addEventListener(name, away, capture);
  function close() {
    for (const [name, capture] of watched) window.removeEventListener(name, away, capture);
    if (popup.isConnected && popup.matches(":popover-open")) popup.hidePopover();
    closed();
  }
  return close;
}

export function place(popup, anchor) {
  const at = anchor.getBoundingClientRect();
  const [wide, high] = [document.documentElement.clientWidth, window.innerHeight];
  popup.style.minWidth = `${Math.min(at.width, wide - 16)}px`;
  const size = popup.getBoundingClientRect();
  const below = high - at.bottom - GAP;
  const above = at.top - GAP;
  const under = below >= Math.min(size.height, 240) || below >= above;
  popup.style.maxHeight = `${Math.max(120, Math.min(320, under ? below - 8 : above - 8))}px`;
  const height = popup.getBoundingClientRect().height;
  popup.style.left = `${Math.max(8, Math.min(at.left, wide - size.width - 8))}px`;
  popup.style.top = `${under ? at.bottom + GAP : at.top - GAP - height}px`;
}

// What opens beside something: it is laid above all else, follows it, and goes when the person looks elsewhere.

const GAP = 4;
const LOWEST = 120;
const HIGHEST = 320;

// Show a popup under its anchor, or above where there is no room; answers what closes it.
export function openPopup(popup, anchor, closed = () => {}) {
  popup.showPopover();
  place(popup, anchor);
  const moved = (event) => {
    if (!popup.contains(event.target)) place(popup, anchor);
  };
  const pressed = ({ target }) => {
    if (!popup.contains(target) && !anchor.contains(target)) close();
  };
  const watched = [["scroll", moved], ["resize", moved], ["pointerdown", pressed]];
  for (const [name, listen] of watched) window.addEventListener(name, listen, true);
  function close() {
    for (const [name, listen] of watched) window.removeEventListener(name, listen, true);
    if (popup.isConnected && popup.matches(":popover-open")) popup.hidePopover();
    closed();
  }
  return close;
}

// Put a popup where its anchor is now.
export function place(popup, anchor) {
  const at = anchor.getBoundingClientRect();
  const [wide, high] = [document.documentElement.clientWidth, window.innerHeight];
  const [above, below] = [at.top - GAP - 8, high - at.bottom - GAP - 8];
  popup.style.minWidth = `${Math.min(at.width, wide - 16)}px`;
  popup.style.maxHeight = `${HIGHEST}px`;
  const under = below >= popup.offsetHeight || below >= above;
  popup.style.maxHeight = `${Math.max(LOWEST, Math.min(HIGHEST, under ? below : above))}px`;
  popup.style.left = `${Math.max(8, Math.min(at.left, wide - popup.offsetWidth - 8))}px`;
  popup.style.top = `${under ? at.bottom + GAP : at.top - GAP - popup.offsetHeight}px`;
}

// F6 goes round the parts of the page, as it does in Slack, so that nobody must pass by all that is in them.

const PANES = [
  ["#sidebar", firstOf("[aria-current]", "select")],
  ["#front .header", firstOf("button:not(.drawer-button), a")],
  ["#front .lines", lastRow],
  ["#front .foot", firstOf("textarea, button")],
  ["#front .home, #front .browse", firstOf("input, button")],
  ["#thread .lines", lastRow],
  ["#thread .foot", firstOf("textarea")],
];

// Focus what comes after the part with the focus, or before it.
export function nextPane(step) {
  const there = PANES.map(([selector, find]) => [document.querySelector(selector), find])
    .filter(([pane]) => pane?.checkVisibility({ visibilityProperty: true }))
    .map(([pane, find]) => [pane, find(pane)])
    .filter(([, target]) => target);
  const at = there.findIndex(([pane]) => pane.contains(document.activeElement));
  const to = at < 0 && step < 0 ? there.length - 1 : (at + step + there.length) % there.length;
  there[to]?.[1].focus();
}

function firstOf(...selectors) {
  return (pane) => selectors.map((selector) => pane.querySelector(selector)).find(Boolean);
}

// The last message that is in sight.
function lastRow(pane) {
  const { bottom } = pane.getBoundingClientRect();
  return [...pane.querySelectorAll(".row")].findLast((row) => row.getBoundingClientRect().top < bottom);
}

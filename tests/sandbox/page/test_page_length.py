"""A channel with 5,000 messages: never blank, never large. How quick it is, `make bench` tells."""

from typing import Any

from playwright.async_api import Browser, expect

from sandbox.records import Message
from sandbox.server import Sandbox
from tests.browser import MARKS, looking
from tests.sandbox.hands import Hands
from tests.sandbox.pages import address, row, rows, settled

pytestmark = MARKS

MANY = 5000
MOST_DRAWN = 150  # rows in the page at any time
SCROLL = """
async () => {
  const scroller = document.querySelector("#front .scroller");
  const gaps = [];
  const beginning = document.querySelector("#front .beginning");
  const begun = () => scroller.scrollTop === 0 && !beginning.hidden;
  const middle = () => {
    const {left, top, width, height} = scroller.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2);
  };
  let most = 0, blank = 0, last = performance.now();
  for (let left = 6000; left > 0 && !begun(); left -= 1) {
    scroller.scrollTop -= 400;
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
    blank += middle().closest(".row, .beginning") === null;
    most = Math.max(most, document.querySelectorAll("#front article.row").length);
  }
  gaps.sort((a, b) => a - b);
  const usual = gaps[Math.floor(gaps.length / 2)];
  return {frames: gaps.length, blank, usual, slow: gaps[Math.floor(gaps.length * 0.95)], most};
}
"""


def fill(sandbox: Sandbox, count: int) -> None:
    """Have two people talk for long."""
    workspace = sandbox._workspace
    channel = workspace.channels["CINCIDENTS"]
    for number in range(count):
        words = f"message {number} " + "and some words more " * (number % 7)
        author = ("UBO", "UCY")[number // 3 % 2]
        workspace.add(channel, Message(workspace.stamp(), author, words))
    channel.read["UANA"] = channel.messages[-1].ts


async def test_five_thousand_messages_scroll_and_are_never_blank(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    fill(sandbox, MANY)
    async with looking(browser, address(sandbox)) as page:
        await expect(row(page, f"message {MANY - 1} ")).to_be_visible()
        measured: dict[str, Any] = await page.evaluate(SCROLL)
        await expect(row(page, "message 0 ")).to_be_visible()
        assert measured["most"] < MOST_DRAWN, measured
        assert measured["blank"] == 0, measured

        await page.get_by_role("button", name="Jump to the newest").click()
        await expect(row(page, f"message {MANY - 1} ")).to_be_visible()
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="the very newest")
        await expect(row(page, "the very newest")).to_be_visible()


async def test_a_place_is_kept_while_older_ones_load_and_new_ones_come(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    fill(sandbox, 1000)
    middle = sandbox._workspace.channels["CINCIDENTS"].messages[500]
    async with looking(browser, f"{address(sandbox)}/{middle.ts}") as page:
        found = row(page, "message 500 ")
        await expect(found).to_be_focused()
        await settled(page)
        before = await found.bounding_box()
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="later")
        await expect(page.get_by_role("button", name="1 new message")).to_be_visible()
        after = await found.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(after["y"] - before["y"]) < 2
        await page.get_by_role("button", name="1 new message").click()
        await expect(row(page, "later")).to_be_visible()
        assert await rows(page).count() < MOST_DRAWN

"""How quick the page is: 5,000 messages in a real Chromium, scrolled from end to start."""

import asyncio
import time

from aiohttp import ClientSession
from playwright.async_api import Page, expect

from sandbox.server import Sandbox
from tests.browser import browsing, looking
from tests.sandbox.hands import Hands
from tests.sandbox.page.test_page_length import MANY, SCROLL, fill
from tests.sandbox.pages import address, row

SMOOTH = 50.0  # milliseconds, 95 times of 100
SOON = 1000.0  # milliseconds until a new message shows
AGAIN = 20


async def until_shown(page: Page, hands: Hands, number: int) -> float:
    """Return the milliseconds from a message to its row in the page."""
    began = time.monotonic()
    text = f"the newest, {number}:"
    await hands.do("message", user="UBO", channel="CINCIDENTS", text=text)
    await expect(row(page, text)).to_be_visible()
    return (time.monotonic() - began) * 1000


def verdict(value: float, aim: float) -> str:
    """Return how a figure stands to its aim."""
    return f"{aim:.0f} ms {'reached' if value <= aim else 'missed'}"


async def main() -> None:
    """Measure and print."""
    async with Sandbox() as sandbox, ClientSession() as session, browsing() as browser:
        fill(sandbox, MANY)
        async with looking(browser, address(sandbox)) as page:
            await expect(row(page, f"message {MANY - 1} ")).to_be_visible()
            seen = await page.evaluate(SCROLL)
            frames = f"p50 {seen['usual']:8.1f}  p95 {seen['slow']:8.1f} ms"
            aim = verdict(seen["slow"], SMOOTH)
            print(f"{'page, frames while scrolling 5,000':<38} {frames}, {aim}")
            await page.get_by_role("button", name="Jump to the newest").click()
            hands = Hands(session, sandbox)
            took = sorted([await until_shown(page, hands, number) for number in range(AGAIN)])
            shown = f"p50 {took[AGAIN // 2]:8.1f}  p95 {took[-2]:8.1f} ms"
            print(f"{'page, until a new message shows':<38} {shown}, {verdict(took[-2], SOON)}")


if __name__ == "__main__":
    asyncio.run(main())

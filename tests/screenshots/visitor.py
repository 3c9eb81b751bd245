"""Somebody on the page who looks, types and clicks, and takes pictures of what they see."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Error, Locator, Page, TimeoutError, expect

from tests.browser import looking
from tests.conversations.stage import ROOT, Stage
from tests.sandbox.pages import address, composer, menu, row, rows, tool

IMAGES = ROOT / "docs" / "images"
PATIENCE = 40
SLOW = 20_000  # ms: the bot opens channels and edits cards in its own time
ROOMY = (1000, 1400)
CARD = "Pinned to this channel"
PRIVATELY = "Only visible to you"


@dataclass
class Visitor:
    """One person before the page."""

    stage: Stage
    page: Page
    id: str

    async def go(self, place: str) -> None:
        """Open a channel, Home, or the talk with the bot."""
        await self.page.goto(address(self.stage.sandbox, self.id, place))
        await expect(self.page.locator("#front .header h2")).to_be_visible()

    async def to(self, name: str) -> None:
        """Choose a place in the sidebar."""
        await self.page.locator("#sidebar a.place").filter(has_text=name).last.click()
        await expect(self.page.locator("#front .header h2")).to_contain_text(name)

    async def scrolls(self, to: str) -> None:
        """Look at another part of the conversation."""
        await self.page.locator("#front .scroller").evaluate(f"it => it.scrollTo(0, {to})")

    async def says(self, text: str) -> None:
        """Write in the place that is open."""
        await expect(composer(self.page)).to_be_visible(timeout=SLOW)
        await composer(self.page).fill(text)
        await composer(self.page).press("Enter")

    async def asks(self, text: str, words: str) -> Locator:
        """Type a command; return the answer with these words."""
        await self.says(f"/incident {text}")
        return await self.sees(words, PRIVATELY)

    def said(self, words: str, besides: str = "") -> Locator:
        """Return the newest message with these words."""
        return row(self.page, words).filter(has_text=besides).last

    async def sees(self, words: str, besides: str = "") -> Locator:
        """Return the newest message with these words, once it is there."""
        return await self._finds(self.said(words, besides), "it.scrollHeight")

    async def card(self, words: str = "") -> Locator:
        """Return the incident's card, once it says that; it stands where the channel begins."""
        card = await self._finds(rows(self.page).filter(has_text=CARD), "0")
        await expect(card).to_contain_text(words, timeout=SLOW)
        return card

    async def _finds(self, message: Locator, where: str) -> Locator:
        for _ in range(PATIENCE):
            await self.scrolls(where)
            with suppress(TimeoutError):
                await message.wait_for(timeout=500)
                break
        await expect(message).to_be_visible()
        return message

    @property
    def form(self) -> Locator:
        """Return the form that is open."""
        return self.page.locator("dialog .modal-panel").last

    async def clicks(self, where: Locator, name: str) -> None:
        """Press a button by what it says."""
        await where.locator("button").filter(has_text=name).first.click(timeout=SLOW)

    def field(self, label: str) -> Locator:
        """Return what is filled in below these words in the form."""
        block = self.form.locator(".block-input").filter(has_text=label)
        return block.locator("input, textarea").first

    def offered(self, name: str) -> Locator:
        """Return what can be chosen from the list that is open."""
        return self.page.get_by_role("option", name=name).locator("visible=true").first

    async def chooses(self, label: str, *options: str) -> None:
        """Choose from a list in the form."""
        for option in options:
            await self.field(label).click()
            await self.offered(option).click()

    async def sends(self) -> None:
        """Send the form that is open."""
        await self.form.locator(".modal-submit").click()
        await expect(self.form).to_have_count(0, timeout=SLOW)

    async def leaves(self) -> None:
        """Close the form that is open."""
        await self.page.keyboard.press("Escape")
        await expect(self.form).to_have_count(0, timeout=SLOW)

    async def at_message(self, words: str, name: str) -> None:
        """Choose from the menu of a message."""
        await again(lambda: menu(self.page, words, name))

    async def replies(self, words: str, text: str) -> None:
        """Answer a message in its thread."""
        await again(lambda: tool(self.page, words, "Reply in thread"))
        await composer(self.page, "#thread").fill(text)
        await composer(self.page, "#thread").press("Enter")

    async def shoot(self, name: str, what: Locator | None = None) -> None:
        """Take a picture of all, or of one thing in it, once nothing moves any more."""
        await self.page.evaluate("document.fonts.ready")
        await self.page.mouse.move(2, 2)
        taken: Any = what or self.page
        path = IMAGES / f"{name}.png"
        await again(lambda: taken.screenshot(path=path, animations="disabled", caret="hide"))


async def again(what: Callable[[], Awaitable[object]]) -> None:
    """Do it, and again if the page was drawn anew meanwhile."""
    for _ in range(4):
        try:
            await what()
        except Error:
            continue
        return
    await what()


@asynccontextmanager
async def visiting(
    stage: Stage, browser: Browser, person: str, size: tuple[int, int] = ROOMY, **context: Any
) -> AsyncIterator[Visitor]:
    """Come to the page as this person."""
    async with looking(browser, address(stage.sandbox, person), size, **context) as page:
        page.set_default_timeout(5_000)
        yield Visitor(stage, page, person)

"""A real Chromium, looking at the workspace's page as a person would."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from tests.postgres import NEEDED

WIDE = (1280, 800)
NARROW = (400, 800)
ONE_LOOP: Final = "session"  # the browser is started once, so all that use it share its event loop
MARKS = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=ONE_LOOP)]
SERIOUS = {"serious", "critical"}
CANNOT_DRAW = ".cannot-draw"  # the red box in place of what the page cannot draw


def chromium() -> str:
    """Return the browser's path; without one, skip or fail."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if NEEDED:
            pytest.fail("no Chromium is installed")
        pytest.skip("no Chromium is installed")
    return path


@dataclass
class Looked:
    """What went wrong in a page while it was looked at."""

    complaints: list[str] = field(default_factory=list)  # errors in its console, or thrown
    suffered: Sequence[str] = ()  # complaints that are none
    strangers: list[str] = field(default_factory=list)  # addresses elsewhere that it asked for

    def watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        is_suffered = any(words in message.text for words in self.suffered)
        if message.type in {"error", "warning"} and not is_suffered:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            self.strangers.append(request.url)

    async def judge(self, page: Page, excused: Sequence[str]) -> None:
        """Fail if anything went wrong but what is excused, which must have come."""
        for words in excused:
            found = next((each for each in self.complaints if words in each), None)
            assert found is not None, f"nobody complained of {words}"
            self.complaints.remove(found)
        assert self.complaints == [], self.complaints
        assert self.strangers == []
        undrawn = page.locator(CANNOT_DRAW)
        assert await undrawn.count() == 0, await undrawn.all_inner_texts()


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Start a browser and end it."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def looking(
    browser: Browser,
    url: str,
    size: tuple[int, int] = WIDE,
    prepare: Callable[[Page], Awaitable[None]] | None = None,
    *,
    excused: Sequence[str] = (),
    suffered: Sequence[str] = (),
    **context: Any,
) -> AsyncIterator[Page]:
    """Open the page; at the end nothing may have gone wrong in it and all must be drawn.

    The browser complains of answers such as 400: those that a test brings about are excused,
    each word once for each complaint, and all of them must have come. What is suffered may come.
    """
    width, height = size
    settings = {"timezone_id": "Europe/Berlin", "locale": "en-GB", **context}
    window = await browser.new_context(viewport={"width": width, "height": height}, **settings)
    try:
        page, looked = await window.new_page(), Looked()
        page.set_default_timeout(10_000)
        looked.suffered = suffered
        looked.watch(page)
        if prepare is not None:
            await prepare(page)
        await page.goto(url)
        yield page
        await looked.judge(page, excused)
    finally:
        await window.close()


async def barriers(page: Page) -> list[str]:
    """Return what would seriously keep people out, as axe finds it."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{each['id']}: {each['help']} {[node['html'] for node in each['nodes']]}"
        for each in found
        if each["impact"] in SERIOUS
    ]

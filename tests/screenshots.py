"""Makes the pictures in docs/images: an incident on the page, as people see it.

`make screenshots` runs it: the workspace, the real bot, Chromium. An emoji font makes them nicer.
"""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser import NARROW, WIDE, browsing, looking
from tests.conversations.stage import ROOT, Stage
from tests.sandbox.pages import address, composer, row, tool

IMAGES = ROOT / "docs" / "images"
SLOW = 20_000  # ms
CARD = "Pinned to this channel"


async def shot(page: Page, name: str) -> None:
    """Take one picture, once nothing moves any more."""
    await page.evaluate("document.fonts.ready")
    await page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


async def declaring(page: Page) -> None:
    """Declare by the form, and show what it says to an empty field."""
    await composer(page).fill("/inc")
    await expect(page.get_by_role("listbox")).to_be_visible()
    await shot(page, "completion")
    await composer(page).fill("/incident declare")
    await composer(page).press("Enter")
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name="Declare").click()
    await expect(form).to_contain_text("Please complete this required field")
    await shot(page, "declare")
    await form.get_by_label("What is wrong?").fill("Checkout fails for every second customer")
    await form.get_by_label("How bad is it?").click()
    await page.get_by_role("option", name="P1 high").click()
    await form.get_by_role("button", name="Declare").click()
    await expect(row(page, "Checkout fails").last).to_be_visible(timeout=SLOW)
    await shot(page, "declared")


async def talking(stage: Stage, page: Page) -> str:
    """Acknowledge, talk in the channel and in a thread; return the channel."""
    await page.locator("#sidebar a.place").filter(has_text="inc-").click()
    await row(page, CARD).get_by_role("button", name="Acknowledge").click(timeout=SLOW)
    await expect(row(page, CARD)).to_contain_text("by @ana", timeout=SLOW)
    made = await stage.channel()
    assert made is not None
    channel = str(made["id"])
    await stage.post("join", user="UBO", channel=channel)
    await stage.bo.says("Payments answer 500 since 10:02 :eyes:", channel)
    said = row(page, "since 10:02")
    await expect(said).to_be_visible(timeout=SLOW)
    ts = str(await said.get_attribute("data-row-key"))
    await stage.post("react", user="UANA", channel=channel, ts=ts, name="eyes")
    await tool(page, "since 10:02", "Reply in thread")
    await composer(page, "#thread").fill("Rolling back the 10:00 release, <@UBO> please watch")
    await composer(page, "#thread").press("Enter")
    await expect(row(page, "since 10:02")).to_contain_text("1 reply")
    await shot(page, "channel")
    return channel


async def pictures(stage: Stage, browser: Browser) -> None:
    """Play the story and take the pictures."""
    async with looking(browser, address(stage.sandbox), WIDE) as page:
        await declaring(page)
        channel = await talking(stage, page)
    async with looking(browser, address(stage.sandbox, place="home"), WIDE) as page:
        await expect(page.get_by_role("tabpanel")).to_contain_text("Checkout", timeout=SLOW)
        await shot(page, "home")
    here = address(stage.sandbox, "UBO", channel)
    async with looking(browser, here, NARROW, color_scheme="dark") as page:
        await expect(row(page, CARD)).to_be_visible(timeout=SLOW)
        await shot(page, "narrow")


async def main() -> None:
    """Start everything, take the pictures, stop everything."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage, browsing() as browser:
            await stage.start()
            await pictures(stage, browser)


if __name__ == "__main__":
    asyncio.run(main())

"""An incident run on the page alone, in real Chromium: people only look, type and click."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import MARKS, NARROW, ONE_LOOP, WIDE, barriers, looking
from tests.conversations.stage import Stage
from tests.sandbox.pages import act_as, address, composer, row, tool

pytestmark = [*MARKS, pytest.mark.parametrize("size", [WIDE, NARROW])]

Size = tuple[int, int]
SLOW = 20_000  # ms: the bot starts, opens channels and edits cards in its own time
CARD = "Pinned to this channel"  # what stands above the only message that is


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path) as stage:
        await stage.start()
        yield stage


def modal(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def go(page: Page, name: str, size: Size) -> None:
    """Choose a place in the sidebar, which is a drawer where there is little room."""
    if size == NARROW:
        await page.get_by_role("button", name="Channels").click()
    await page.locator("#sidebar a.place").filter(has_text=name).last.click()


async def declared(page: Page) -> None:
    """Declare by the form: first with nothing, then with blanks, then well."""
    await composer(page).fill("/incident declare")
    await composer(page).press("Enter")
    await expect(modal(page)).to_contain_text("Declare an incident")
    await modal(page).get_by_role("button", name="Declare").click()
    await expect(modal(page)).to_contain_text("Please complete this required field")
    await modal(page).get_by_label("What is wrong?").fill("   ")
    await modal(page).get_by_role("button", name="Declare").click()
    await expect(modal(page).locator("[aria-invalid=true]")).to_have_count(1)
    await modal(page).get_by_label("What is wrong?").fill("Checkout <fails> & <!channel>")
    assert await barriers(page) == []
    await modal(page).get_by_role("button", name="Declare").click()
    await expect(modal(page)).to_have_count(0)
    await expect(row(page, "Checkout <fails> & <!channel>").last).to_be_visible(timeout=SLOW)


async def test_an_incident_is_run_on_the_page(stage: Stage, browser: Browser, size: Size) -> None:
    async with looking(browser, address(stage.sandbox), size) as page:
        await declared(page)
        await go(page, "inc-", size)
        card = row(page, CARD)
        await expect(card).to_contain_text("Checkout <fails> & <!channel>", timeout=SLOW)
        await expect(card.get_by_role("button", name="Acknowledge")).to_be_visible()

        await act_as(page, "UBO", size)
        await go(page, "incidents", size)
        announced = row(page, "Checkout <fails>").last
        await announced.get_by_role("link", name=re.compile("inc-")).click()
        await row(page, CARD).get_by_role("button", name="Acknowledge").click()
        await expect(row(page, CARD)).to_contain_text("by @bo", timeout=SLOW)
        await expect(row(page, CARD).get_by_role("button", name="Acknowledge INC")).to_have_count(
            0
        )

        await expect(composer(page)).to_be_visible(timeout=SLOW)  # he was invited
        await composer(page).fill("/incident status")
        await composer(page).press("Enter")
        await expect(row(page, "Only visible to you")).to_contain_text("INC-", timeout=SLOW)

        await tool(page, CARD, "Reply in thread")
        await composer(page, "#thread").fill("Payments answer 500 since 10:02")
        await composer(page, "#thread").press("Enter")
        await expect(page.locator("#thread")).to_contain_text("since 10:02")
        await expect(row(page, CARD)).to_contain_text("1 reply")

        assert await barriers(page) == []


async def test_the_home_tab_lists_and_declares(stage: Stage, browser: Browser, size: Size) -> None:
    async with looking(browser, address(stage.sandbox), size) as page:
        await go(page, "incident-responder", size)
        home = page.get_by_role("tabpanel", name="Home")
        await expect(home).to_contain_text("No incident is open.", timeout=SLOW)
        await home.get_by_role("button", name="Declare an incident").click()
        await modal(page).get_by_label("What is wrong?").fill("Nobody can log in")
        await modal(page).get_by_label("How bad is it?").click()
        await page.get_by_role("option", name="P1 high").click()
        await modal(page).get_by_role("button", name="Declare").click()
        await expect(modal(page)).to_have_count(0)
        await go(page, "inc-", size)
        await go(page, "incident-responder", size)
        await expect(home).to_contain_text("Nobody can log in", timeout=SLOW)
        await home.get_by_role("button", name="Acknowledge").click()
        await expect(home.get_by_role("button", name="Acknowledge")).to_have_count(0, timeout=SLOW)
        assert await barriers(page) == []


async def test_what_is_not_understood_is_asked_back(
    stage: Stage, browser: Browser, size: Size
) -> None:
    async with looking(browser, address(stage.sandbox, "UEVE"), size) as page:
        await composer(page).fill("/incident the coffee machine burns")
        await composer(page).press("Enter")
        field = modal(page).get_by_label("What is wrong?")
        await expect(field).to_have_value("the coffee machine burns", timeout=SLOW)
        await page.keyboard.press("Escape")
        await expect(modal(page)).to_have_count(0)
        await composer(page).fill("/incident statsu")
        await composer(page).press("Enter")
        asked = row(page, "Only visible to you")
        await expect(asked).to_contain_text("status", timeout=SLOW)
        await expect(asked.get_by_role("button", name=re.compile("Declare"))).to_be_visible()
        await asked.get_by_role("button", name="Dismiss message").click()
        await expect(asked).to_have_count(0)

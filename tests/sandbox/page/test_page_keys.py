"""The page without a pointer."""

import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.server import Sandbox
from tests.browser import MARKS, looking
from tests.sandbox.hands import Hands
from tests.sandbox.pages import address, composer, row, rows, settled

pytestmark = MARKS


async def tab_to(page: Page, selector: str) -> None:
    """Go on by Tab until something has the focus."""
    for _ in range(40):
        if await page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {selector}")


async def test_one_goes_writes_and_edits_by_keyboard(sandbox: Sandbox, browser: Browser) -> None:
    async with looking(browser, address(sandbox, place="CGENERAL")) as page:
        press = page.keyboard.press
        await tab_to(page, "#sidebar a.place")
        await press("ArrowDown")
        await press("Enter")
        await expect(page.locator("#front .header h2")).to_contain_text("incidents")
        await tab_to(page, "textarea.write")
        await page.keyboard.type("by keyboard")
        await press("Enter")
        await expect(row(page, "by keyboard")).to_be_visible()
        await page.keyboard.type("second")
        await press("Enter")
        await expect(rows(page)).to_have_count(2)

        await press("ArrowUp")
        await expect(page.get_by_label("Edit message")).to_be_focused()
        await page.keyboard.type(" thought")
        await press("Enter")
        await expect(row(page, "second thought")).to_be_focused()
        await press("ArrowUp")
        await expect(row(page, "by keyboard")).to_be_focused()
        await press("r")
        await page.keyboard.type("tada")
        await press("Enter")
        await expect(row(page, "by keyboard").locator(".reaction").first).to_be_visible()


async def test_a_message_is_answered_and_deleted_by_keyboard(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    for words in ("by keyboard", "second thought"):
        await hands.do("message", user="UANA", channel="CINCIDENTS", text=words)
    async with looking(browser, address(sandbox)) as page:
        press = page.keyboard.press
        await row(page, "by keyboard").focus()
        await press("Enter")
        await expect(page.get_by_role("menu")).to_be_visible()
        await press("End")
        await press("Escape")
        await expect(page.get_by_role("menu")).to_have_count(0)
        await row(page, "by keyboard").focus()
        await press("t")
        await expect(composer(page, "#thread")).to_be_focused()
        await page.keyboard.type("in the thread")
        await press("Enter")
        await expect(page.locator("#thread article.row")).to_have_count(2)
        await press("Escape")
        await expect(page.locator("#thread")).to_be_hidden()
        await expect(composer(page)).to_be_focused()

        await row(page, "second thought").focus()
        await press("Delete")
        await page.get_by_role("button", name="Delete").focus()
        await press("Enter")
        await expect(rows(page)).to_have_count(1)


async def test_one_jumps_by_keyboard(sandbox: Sandbox, browser: Browser) -> None:
    async with looking(browser, address(sandbox)) as page:
        press = page.keyboard.press
        await settled(page)
        await press("Control+k")
        await page.keyboard.type("oper")
        await press("Enter")
        await expect(page.locator("#front .header h2")).to_contain_text("operators")
        await press("Control+k")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_one_key_goes_round_the_page(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    said = [
        await hands.do("message", user="UBO", channel="CINCIDENTS", text=f"say {number}")
        for number in range(40)
    ]
    async with looking(browser, f"{address(sandbox)}/-/{said[-1]['ts']}") as page:
        await expect(composer(page, "#thread")).to_be_focused()
        stations = [
            page.locator("#sidebar a.place[aria-current]"),
            page.get_by_role("button", name="Add a topic"),
            row(page, "say 39"),
            composer(page),
            page.locator("#thread article.row"),
            composer(page, "#thread"),
        ]
        for station in stations:
            await page.keyboard.press("F6")
            await expect(station).to_be_focused()
        for station in reversed(stations[:-1]):
            await page.keyboard.press("Shift+F6")
            await expect(station).to_be_focused()

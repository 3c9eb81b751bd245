"""Channels on the page: finding, making, describing and leaving them, who is in them."""

import pytest
from playwright.async_api import Browser, expect

from sandbox.server import Sandbox
from tests.browser import MARKS, NARROW, WIDE, looking
from tests.sandbox.hands import Hands
from tests.sandbox.pages import address, composer, place, row, settled

pytestmark = MARKS

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW])


@SIZES
async def test_a_channel_is_found_joined_and_left(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int]
) -> None:
    await hands.do("message", user="UANA", channel="COPS", text="ops only")
    async with looking(browser, address(sandbox, "UBO", "browse"), size) as page:
        await page.get_by_label("Search channels").fill("zzz")
        await expect(page.get_by_text("No channel has this name")).to_be_visible()
        await page.get_by_label("Search channels").fill("oper")
        await page.locator(".browse").get_by_role("link", name="#operators").click()
        await expect(row(page, "ops only")).to_be_visible()
        await expect(composer(page)).to_have_count(0)
        await page.get_by_role("button", name="Join the channel").click()
        await expect(composer(page)).to_be_visible()
        await expect(place(page, "operators")).to_have_count(1)
        await page.get_by_role("button", name="Channel actions").click()
        await page.get_by_role("menuitem", name="Leave the channel").click()
        await expect(page.get_by_role("button", name="Join the channel")).to_be_visible()


@SIZES
async def test_a_channel_is_made_and_a_wrong_name_refused_in_place(
    sandbox: Sandbox, browser: Browser, size: tuple[int, int]
) -> None:
    async with looking(browser, address(sandbox, place="browse"), size, excused=["400"]) as page:
        await page.locator(".browse").get_by_role("button", name="Create a channel").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Create").click()
        await expect(dialog.get_by_role("alert")).to_have_text("Name: this must be filled in.")
        await dialog.get_by_label("Name").fill("general")
        await dialog.get_by_role("button", name="Create").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("name_taken")
        await dialog.get_by_label("Name").fill("war-room")
        await dialog.get_by_label("Private").check()
        await dialog.get_by_role("button", name="Create").click()
        await expect(page.locator("#front .header h2")).to_contain_text("war-room")
        await expect(place(page, "war-room")).to_contain_text("private channel")


@SIZES
async def test_a_channel_is_described_marked_and_closed(
    sandbox: Sandbox, browser: Browser, size: tuple[int, int]
) -> None:
    async def choose(name: str) -> None:
        await page.get_by_role("button", name="Channel actions").click()
        await page.get_by_role("menuitem", name=name).click()

    async with looking(browser, address(sandbox, place="COPS"), size) as page:
        dialog = page.get_by_role("dialog")
        await page.get_by_role("button", name="Add a topic").click()
        await dialog.get_by_label("Topic").fill("What we run")
        await dialog.get_by_role("button", name="Save").click()
        await expect(page.locator("#front .topic")).to_have_text("What we run")
        await choose("Add a bookmark")
        await dialog.get_by_label("Name").fill("Runbook")
        await dialog.get_by_label("Link").fill("https://example.com/run")
        await dialog.get_by_role("button", name="Add").click()
        link = page.get_by_role("link", name="Runbook")
        await expect(link).to_have_attribute("href", "https://example.com/run")
        await link.hover()
        await page.get_by_role("button", name="Remove the bookmark Runbook").click()
        await dialog.get_by_role("button", name="Remove").click()
        await expect(link).to_have_count(0)
        await choose("Add people")
        await dialog.get_by_label("Person").select_option("UBO")
        await dialog.get_by_role("button", name="Add").click()
        await page.get_by_role("button", name="3 members").click()
        await dialog.get_by_role("button", name="Remove bo").click()
        await expect(dialog.get_by_text("bo", exact=True)).to_have_count(0)
        await dialog.get_by_role("button", name="Close").last.click()
        await choose("Rename the channel")
        await dialog.get_by_label("Name").fill("op-room")
        await dialog.get_by_role("button", name="Rename").click()
        await expect(page.locator("#front .header h2")).to_contain_text("op-room")
        await choose("Archive the channel")
        await dialog.get_by_role("button", name="Archive").click()
        await expect(page.get_by_text("This channel is archived")).to_be_visible()
        await expect(place(page, "op-room")).to_have_count(0)
        await page.get_by_role("button", name="Reopen the channel").click()
        await expect(composer(page)).to_be_visible()


async def test_a_removed_person_is_led_away(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    made = await hands.do("create_channel", user="UANA", name="secret", is_private=True)
    await hands.do("invite", user="UANA", channel=made["channel"], invited="UBO")
    where = address(sandbox, "UBO", made["channel"])
    # It may be taken away while the page is asking for it.
    async with looking(browser, where, suffered=["status of 40"]) as page:
        await expect(page.locator("#front .header h2")).to_contain_text("secret")
        await hands.do("remove_member", user="UANA", channel=made["channel"], removed="UBO")
        await expect(page.locator("#front .header h2")).not_to_contain_text("secret")
        await expect(place(page, "secret")).to_have_count(0)
        await expect(page.locator("#notices")).to_contain_text("You do not see #secret")


async def test_another_companys_share_is_marked(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    await hands.do("message", user="UXAV", channel="CPARTNERS", text="from outside")
    async with looking(browser, address(sandbox, place="CPARTNERS")) as page:
        await expect(page.locator("#front .header")).to_contain_text("Shared with another company")
        await expect(row(page, "from outside").locator(".badge")).to_have_text("External")
        await page.get_by_role("button", name="4 members").click()
        xav = page.get_by_role("dialog").get_by_role("listitem").filter(has_text="xav")
        await expect(xav).to_contain_text("External")


async def test_a_narrow_page_has_its_channels_in_a_drawer(
    sandbox: Sandbox, browser: Browser
) -> None:
    async with looking(browser, address(sandbox), NARROW) as page:
        await settled(page)
        sidebar, opener = page.locator("#sidebar"), page.get_by_role("button", name="Channels")
        await expect(sidebar).to_be_hidden()
        await opener.click()
        await expect(sidebar).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(sidebar).to_be_hidden()
        await expect(opener).to_be_focused()
        await opener.click()
        reached = await page.evaluate(
            "() => { document.querySelector('#front textarea').focus();"
            " return document.activeElement.matches('#front *'); }"
        )
        assert not reached
        await page.mouse.click(NARROW[0] - 20, NARROW[1] - 60)
        await expect(sidebar).to_be_hidden()
        await opener.click()
        await place(page, "operators").click()
        await expect(page.locator("#front .header h2")).to_contain_text("operators")
        await expect(sidebar).to_be_hidden()
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW[0]

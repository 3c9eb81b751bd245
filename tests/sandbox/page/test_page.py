"""The page as a person meets it: what is shown, to whom, and how soon."""

import base64
import re

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from tests.browser import MARKS, NARROW, WIDE, barriers, looking
from tests.sandbox.hands import Hands
from tests.sandbox.pages import act_as, address, place, row, rows, settled

pytestmark = MARKS

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW])
EVERYTHING = ("general", "incidents", "operators", "partners", "Create a channel")
SCRIPT = '<img src=x onerror="document.title=1">'
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_view_keeps_anybody_out(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int], scheme: str
) -> None:
    said = await hands.do("message", user="UBO", channel="CINCIDENTS", text="It is slow @ana")
    place_of = {"user": "UANA", "channel": "CINCIDENTS", "ts": said["ts"]}
    await hands.do("react", **place_of, name="eyes")
    await hands.do("pin", **place_of)
    await hands.do("message", user="UBO", channel="CGENERAL", text="@ana hello")
    places = ("CINCIDENTS", f"CINCIDENTS/-/{said['ts']}", "home", "browse", "DUANA", "COPS")
    await hands.do("message", user="UANA", channel="DM", text="hi")
    async with looking(browser, address(sandbox), size, color_scheme=scheme) as page:
        for where in places:
            await page.goto(address(sandbox, place=where))
            await settled(page) if "-" not in where else await expect(
                page.locator("#thread article").first
            ).to_be_visible()
            assert await barriers(page) == [], where
        await page.keyboard.press("Control+k")
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await barriers(page) == []


@SIZES
async def test_a_new_message_appears_without_reload(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int]
) -> None:
    async with looking(browser, address(sandbox), size) as page:
        await settled(page)
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="Something is slow")
        await expect(row(page, "Something is slow")).to_be_visible(timeout=1000)


async def test_what_is_new_is_marked_until_it_is_read(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    async with looking(browser, address(sandbox, place="COPS")) as page:
        await settled(page)
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="first")
        await expect(place(page, "incidents")).to_have_class("place unread")
        await expect(place(page, "incidents").locator(".count")).to_have_count(0)
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="@ana second")
        await expect(place(page, "incidents").locator(".count")).to_contain_text("1")
        await place(page, "incidents").click()
        await expect(row(page, "second")).to_be_visible()
        await expect(place(page, "incidents")).to_have_class("place")
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="third")
        await expect(row(page, "third")).to_be_visible()
        await expect(place(page, "incidents")).to_have_class("place")
    seen = await hands.see("look", user="UANA")
    assert [c["unread"] for c in seen["channels"] if c["id"] == "CINCIDENTS"] == [0]


async def test_new_messages_stand_below_a_line(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    said = await hands.do("message", user="UBO", channel="CINCIDENTS", text="known")
    await hands.do("read", user="UANA", channel="CINCIDENTS", ts=said["ts"])
    await hands.do("message", user="UBO", channel="CINCIDENTS", text="unknown")
    async with looking(browser, address(sandbox)) as page:
        await expect(rows(page).filter(has=page.locator(".news"))).to_contain_text("unknown")
        await expect(page.locator(".news")).to_have_count(1)


@SIZES
@pytest.mark.parametrize(
    ("person", "visible"),
    [
        ("UANA", {"general", "incidents", "operators", "partners", "Create a channel"}),
        ("UPAM", {"general", "incidents", "partners", "Create a channel"}),
        ("UEVE", {"general", "incidents"}),
        ("UXAV", {"partners"}),
    ],
)
async def test_each_person_sees_their_own_channels(
    sandbox: Sandbox,
    browser: Browser,
    size: tuple[int, int],
    person: str,
    visible: set[str],
) -> None:
    async with looking(browser, address(sandbox, "UBO"), size) as page:
        await settled(page)
        await act_as(page, person, size)
        for name in EVERYTHING:
            there = page.locator("#sidebar .places").get_by_text(name, exact=True)
            await expect(there).to_have_count(int(name in visible))
        await page.reload()
        await expect(page.get_by_label("Act as")).to_have_value(person)


async def test_what_only_one_person_sees_is_put_away_by_them(
    sandbox: Sandbox, client: AsyncWebClient, browser: Browser
) -> None:
    await client.chat_postEphemeral(channel="CINCIDENTS", user="UANA", text="psst")
    async with looking(browser, address(sandbox, "UBO")) as page:
        await settled(page)
        await expect(row(page, "psst")).to_have_count(0)
    async with looking(browser, address(sandbox)) as page:
        await expect(row(page, "psst")).to_contain_text("Only visible to you")
        await row(page, "psst").get_by_role("button", name="Dismiss message").click()
        await expect(row(page, "psst")).to_have_count(0)


@SIZES
async def test_files_and_images_are_in_place(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int]
) -> None:
    sent = {"user": "UBO", "channel": "CINCIDENTS"}
    await hands.do("upload", **sent, filename="graph.png", content=PIXEL, alt_text="A red dot")
    text = base64.b64encode(b"hello").decode()
    await hands.do("upload", **sent, filename="server.log", content=text, title="The log")
    async with looking(browser, address(sandbox), size) as page:
        image = page.get_by_role("img", name="A red dot")
        await expect(image).to_be_visible()
        assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
        async with page.expect_download() as waited:
            await page.get_by_role("link", name="The log").click()
        assert (await waited.value).suggested_filename == "server.log"


@SIZES
async def test_nothing_that_people_write_becomes_code(
    sandbox: Sandbox, hands: Hands, client: AsyncWebClient, browser: Browser, size: tuple[int, int]
) -> None:
    where = {"user": "UANA", "channel": "CINCIDENTS"}
    await hands.do("message", **where, text=SCRIPT)
    await hands.do("topic", **where, text=SCRIPT)
    await hands.do("bookmark", **where, title=SCRIPT, link="https://example.com/")
    await hands.do("upload", **where, filename=f"{SCRIPT}.txt", content="aGk=", title=SCRIPT)
    await client.chat_postMessage(channel="CINCIDENTS", text=SCRIPT.replace("<", "&lt;"))
    await client.chat_postMessage(channel="CINCIDENTS", text=SCRIPT)
    async with looking(browser, address(sandbox), size) as page:
        await expect(rows(page).first).to_be_visible()
        await expect(page.locator("#front .topic")).to_have_text(SCRIPT)
        assert await page.locator("#front [onerror]").count() == 0
        await expect(page).to_have_title(re.compile("incidents"))


async def test_a_permanent_address_leads_to_the_message(
    sandbox: Sandbox, hands: Hands, client: AsyncWebClient, browser: Browser
) -> None:
    said = await hands.do("message", user="UBO", channel="CINCIDENTS", text="the one")
    await hands.do("message", user="UBO", channel="CINCIDENTS", text="reply", thread_ts=said["ts"])
    link = await client.chat_getPermalink(channel="CINCIDENTS", message_ts=said["ts"])
    async with looking(browser, str(link["permalink"])) as page:
        await expect(row(page, "the one")).to_be_focused()
        await page.goto(f"{link['permalink']}?thread_ts={said['ts']}")
        await expect(page.locator("#thread").get_by_text("reply", exact=True)).to_be_visible()


async def test_the_page_says_when_the_workspace_is_away(browser: Browser) -> None:
    page = await browser.new_page()
    async with Sandbox() as sandbox:
        port = int(sandbox.url.rpartition(":")[2])
        await page.goto(address(sandbox))
        await settled(page)
    await expect(page.locator("#away")).to_be_visible()
    async with Sandbox(port=port) as sandbox, ClientSession() as session:
        await expect(page.locator("#away")).to_have_count(0)
        hands = Hands(session, sandbox)
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="here again")
        await expect(row(page, "here again")).to_be_visible()

"""The page while things go on or go wrong: nobody is disturbed, nothing is lost or silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Route, expect

from sandbox.clock import SteppedClock
from sandbox.records import Message
from sandbox.server import Sandbox
from tests.browser import MARKS, looking
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.gallery import SEED, asked, button, gallery, modal
from tests.sandbox.hands import Hands
from tests.sandbox.pages import address, composer, offered, place, row, settled

pytestmark = MARKS


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("UNOBODY", "there is no such person: UNOBODY"),
        ("%E0%A4%A", "there is no such person: %E0%A4%A"),
        ("UDAN", "this person is deactivated: UDAN"),
    ],
)
async def test_who_is_not_there_is_told_once(
    sandbox: Sandbox, hands: Hands, browser: Browser, person: str, words: str
) -> None:
    asked: list[str] = []

    async def listen(page: Page) -> None:
        page.on("request", lambda request: asked.append(request.url))

    where = address(sandbox, person)
    async with looking(browser, where, prepare=listen, excused=["status of 40"]) as page:
        await expect(page.locator("#notices")).to_contain_text(words)
        await expect(page.get_by_label("Act as")).to_have_value("UANA")
        await expect(page.locator("#front .header h2")).to_contain_text("incidents")
        await hands.do("message", user="UBO", channel="CINCIDENTS", text="go on")
        await expect(row(page, "go on")).to_be_visible()
    strange = [url for url in asked if "user=" in url and "user=UANA" not in url]
    assert len(strange) == 1


async def test_somebody_who_is_deactivated_looks_on_as_another(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    where = address(sandbox, "UBO")
    async with looking(browser, where, suffered=["status of 40"]) as page:
        await settled(page)
        await hands.do("person", user="UBO", is_deleted=True)
        await expect(page.locator("#notices")).to_contain_text("this person is deactivated: UBO")
        await expect(page.get_by_label("Act as")).to_have_value("UANA")
        await composer(page).fill("who is this")
        await composer(page).press("Enter")
        await expect(row(page, "who is this")).to_contain_text("ana")


async def test_news_disturb_nobody(sandbox: Sandbox, hands: Hands, browser: Browser) -> None:
    async with looking(browser, address(sandbox, place="COPS")) as page:
        await settled(page)
        held = [
            await page.get_by_label("Act as").element_handle(),
            await place(page, "operators").element_handle(),
            await page.get_by_role("button", name="2 members").element_handle(),
        ]
        actions = page.get_by_role("button", name="Channel actions")
        await actions.click()
        await hands.do("message", user="UBO", channel="CGENERAL", text="@ana news")
        await hands.do("topic", user="UANA", channel="COPS", text="What we run")
        await expect(place(page, "general").locator(".count")).to_contain_text("1")
        await expect(page.locator("#front .topic")).to_have_text("What we run")
        for handle in held:
            assert handle is not None
            assert await handle.evaluate("node => node.isConnected")
        await page.keyboard.press("Escape")
        await expect(actions).to_be_focused()


async def test_a_cursor_stays_where_it_is(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    said = await hands.do("message", user="UANA", channel="CINCIDENTS", text="slow again")
    async with looking(browser, address(sandbox, place="browse")) as page:
        search = page.get_by_label("Search channels")
        await search.press_sequentially("ops")
        await search.press("Home")
        await search.press_sequentially("xyz")
        await expect(search).to_have_value("xyzops")
        await page.goto(address(sandbox))
        await composer(page).press("ArrowUp")
        editor = page.get_by_label("Edit message")
        await editor.press("Home")
        where = {"channel": "CINCIDENTS", "ts": said["ts"]}
        await hands.do("react", user="UBO", name="eyes", **where)
        await expect(row(page, "bo reacted").or_(page.locator(".reaction").first)).to_be_visible()
        await page.keyboard.type("very ")
        await expect(editor).to_have_value("very slow again")


async def test_going_elsewhere_puts_questions_and_menus_away(
    sandbox: Sandbox, browser: Browser
) -> None:
    async with looking(browser, address(sandbox, place="CGENERAL")) as page:
        await settled(page)
        for opened, role in (("Archive the channel", "dialog"), (None, "menu")):
            await place(page, "operators").click()
            await expect(page.locator("#front .header h2")).to_contain_text("operators")
            await page.get_by_role("button", name="Channel actions").click()
            if opened:
                await page.get_by_role("menuitem", name=opened).click()
            await expect(page.get_by_role(role)).to_be_visible()  # type: ignore[arg-type]
            await page.go_back()
            await expect(page.locator("#front .header h2")).to_contain_text("general")
            await expect(page.get_by_role(role)).to_have_count(0)  # type: ignore[arg-type]


@asynccontextmanager
async def deaf(browser: Browser) -> AsyncIterator[tuple[Page, SteppedClock]]:
    """Look at a workspace whose app has heard a command and does not acknowledge it."""
    clock, heard = SteppedClock(), asyncio.Event()
    async with Sandbox(clock=clock) as sandbox:
        app = bolt(sandbox)

        @app.command("/incident")
        async def silent() -> None:
            heard.set()

        async with by_socket(app), looking(browser, address(sandbox)) as page:
            await composer(page).fill("/incident status")
            await composer(page).press("Enter")
            async with asyncio.timeout(10):
                await heard.wait()
            yield page, clock


async def test_a_failed_command_comes_back_before_what_was_typed_since(browser: Browser) -> None:
    async with deaf(browser) as (page, clock):
        await composer(page).fill("more")
        clock.step(3.1)
        alert = page.locator("#front").get_by_role("alert")
        await expect(alert).to_contain_text("operation_timeout")
        await expect(composer(page)).to_have_value("/incident status\nmore")


async def test_a_failed_command_is_told_to_who_went_elsewhere(browser: Browser) -> None:
    async with deaf(browser) as (page, clock):
        await place(page, "operators").click()
        await expect(page.locator("#front .header h2")).to_contain_text("operators")
        clock.step(3.1)
        await expect(page.locator("#notices")).to_contain_text("operation_timeout")
        await place(page, "incidents").click()
        await expect(composer(page)).to_have_value("/incident status")


async def test_a_command_chosen_from_the_menu_takes_what_is_written(
    sandbox: Sandbox, browser: Browser
) -> None:
    async with looking(browser, address(sandbox)) as page:
        await composer(page).fill("payments are slow")
        await page.get_by_role("button", name="Shortcuts").click()
        await page.get_by_role("menuitem", name="/incident").click()
        await expect(composer(page)).to_have_value("/incident payments are slow")


async def test_trouble_of_the_workspace_is_told_in_words(
    sandbox: Sandbox, browser: Browser
) -> None:
    async def broken(route: Route) -> None:
        await route.fulfill(status=500, body="<h1>500</h1>", content_type="text/html")

    async with looking(browser, address(sandbox), excused=["500"]) as page:
        await page.route("**/control/message", broken)
        await composer(page).fill("not lost")
        await composer(page).press("Enter")
        await expect(page.locator("#notices")).to_contain_text("The workspace had trouble (500).")
        await expect(composer(page)).to_have_value("not lost")
        await page.get_by_label("Act as").select_option("UBO")
        await expect(composer(page)).to_have_value("")
        await expect(page.locator("#notices")).to_have_text("")


async def test_who_or_what_is_renamed_is_called_so_everywhere(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    await hands.do("message", user="UBO", channel="CINCIDENTS", text="see #operators @cy")
    async with looking(browser, address(sandbox)) as page:
        await expect(row(page, "#operators @cy")).to_contain_text("bo")
        await hands.do("rename", user="UANA", channel="COPS", name="op-room")
        await hands.do("person", user="UBO", name="robert")
        await expect(row(page, "#op-room @cy")).to_contain_text("robert")


async def test_many_messages_at_once_are_not_all_read_out(
    sandbox: Sandbox, browser: Browser
) -> None:
    async with looking(browser, address(sandbox)) as page:
        await settled(page)
        workspace = sandbox._workspace
        for number in range(20):
            said = Message(workspace.stamp(), "UBO", f"say {number}")
            workspace.add(workspace.channels["CINCIDENTS"], said)
        spoken = page.locator("#whispers")
        await expect(spoken).to_have_text(
            "17 more messages\nbo: say 17\nbo: say 18\nbo: say 19", use_inner_text=True
        )


async def test_another_persons_modal_is_out_of_sight_and_loses_nothing(
    browser: Browser,
) -> None:
    async with Sandbox(seed=SEED) as sandbox:
        app = gallery(sandbox)
        app.view = modal(asked({"type": "plain_text_input", "action_id": "title"}))
        async with by_socket(app.app), looking(browser, address(sandbox)) as page:
            await app.post([{"type": "actions", "elements": [button("Open", "opening")]}])
            await page.get_by_role("button", name="Open").click()
            title = page.get_by_label("The title")
            await title.fill("not lost")
            await page.goto(address(sandbox, "UBO"))
            await expect(page.get_by_role("dialog")).to_have_count(0)
            await page.go_back()
            await expect(title).to_have_value("not lost")


async def test_what_is_chosen_is_seen_in_colours_of_ones_own(
    sandbox: Sandbox, browser: Browser
) -> None:
    async with looking(browser, address(sandbox), forced_colors="active") as page:
        await composer(page).press_sequentially("@b")
        for chosen in (place(page, "incidents"), offered(page).first):
            line = await chosen.evaluate("node => getComputedStyle(node).outlineStyle")
            assert line == "solid"

"""Every block and element as the page draws it, and what the app is told when one is used."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.render import Wording
from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests import drawings
from tests.browser import CANNOT_DRAW, MARKS, NARROW, ONE_LOOP, WIDE, barriers
from tests.sandbox.apps import by_socket
from tests.sandbox.gallery import (
    ACTING,
    DATA,
    LINES,
    SEED,
    TEXTS,
    Gallery,
    button,
    gallery,
    told,
)
from tests.sandbox.kit import plain, section
from tests.sandbox.stage import staged

pytestmark = MARKS

KINDS = {"messages": "message", "modals": "modal", "pages": "home"}
TROUBLE = "We had some trouble connecting. Try again?"


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=SEED) as running:
        yield running


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def shown(sandbox: Sandbox) -> AsyncIterator[Gallery]:
    app = gallery(sandbox)
    async with by_socket(app.app):
        yield app


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "acts", "elements": list(elements)}


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (NARROW, "dark"), (NARROW, "light")]
)
async def test_everything_is_drawn_and_keeps_nobody_out(
    sandbox: Sandbox, browser: Browser, shown: Gallery, size: tuple[int, int], scheme: str
) -> None:
    for blocks in (TEXTS, DATA, LINES, ACTING):
        await shown.post(blocks)
    async with staged(browser, sandbox, size=size, color_scheme=scheme) as page:
        await page.wait_for_selector("article:nth-of-type(4)")
        assert await barriers(page) == []
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0]
    async with staged(browser, sandbox, "home", size, color_scheme=scheme) as page:
        await page.wait_for_selector(".block-header")
        assert await barriers(page) == []


async def test_every_template_is_drawn(sandbox: Sandbox, browser: Browser) -> None:
    async with staged(browser, sandbox) as page:
        for text in drawings.HOSTILE.values():
            made = [
                (name, shown.get("blocks") or [section(shown["text"])], kind)
                for folder, kind in KINDS.items()
                for name, shown in drawings.drawn(text, Wording(), folder)
            ]
            words: list[tuple[str, str, int]] = await page.evaluate(DRAW_EACH, made)
            assert [name for name, said, wrong in words if wrong or not said.strip()] == []


DRAW_EACH = """(all) => all.map(([name, blocks, kind]) => {
  const said = stage.draw(blocks, kind);
  const wrong = document.querySelectorAll(".cannot-draw").length;
  document.getElementById("front").replaceChildren();
  return [name, said, wrong];
})"""


async def drawn(page: Page, blocks: list[Json], kind: str) -> str:
    words: str = await page.evaluate(
        "([blocks, kind]) => stage.draw(blocks, kind)", [blocks, kind]
    )
    return words


UNKNOWN: list[Json] = [
    {"type": "hologram"},
    {"type": "actions", "elements": [{"type": "lever", "action_id": "a"}]},
    {"type": "rich_text", "elements": [{"type": "rich_text_song", "elements": []}]},
    {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "smell"}]}]},
    {"type": "table", "rows": [[{"type": "raw_sound"}]]},
    {"type": "data_visualization", "title": "x", "chart": {"type": "radar"}},
]  # fmt: skip


async def test_what_cannot_be_drawn_is_a_red_box(sandbox: Sandbox, browser: Browser) -> None:
    async with staged(browser, sandbox) as page:
        for block in UNKNOWN:
            assert "cannot draw: " in await drawn(page, [block], "message")
        assert await page.locator(CANNOT_DRAW).count() == len(UNKNOWN)
        await page.evaluate("document.getElementById('front').replaceChildren()")


async def test_nothing_is_fetched_from_elsewhere(sandbox: Sandbox, browser: Browser) -> None:
    async with staged(browser, sandbox) as page:
        far: Json = {
            "type": "image",
            "image_url": "https://far.example/a.png",
            "alt_text": "A graph",
        }
        assert "A graph (not fetched: https://far.example/a.png)" in await drawn(
            page, [far], "message"
        )
        near = {**far, "image_url": f"{sandbox.url}/page/icon.svg"}
        await drawn(page, [near], "message")
        assert await page.get_by_role("img", name="A graph", exact=True).is_visible()


async def pick(page: Page, field: str, *options: str) -> None:
    for option in options:
        await page.get_by_role("combobox", name=field).click()
        await page.get_by_role("option", name=option).click()


def picking(field: str, *options: str) -> Callable[[Page], Awaitable[None]]:
    return lambda page: pick(page, field, *options)


async def search(page: Page, field: str, words: str, option: str) -> None:
    await page.get_by_role("combobox", name=field).click()
    await page.get_by_role("combobox", name=field).press_sequentially(words)
    await page.get_by_role("option", name=option).click()


async def overflow(page: Page) -> None:
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Copy").click()


def filling(selector: str, value: str) -> Callable[[Page], Awaitable[None]]:
    return lambda page: page.locator(selector).fill(value)


def pressing(role: Any, name: str) -> Callable[[Page], Awaitable[None]]:
    return lambda page: page.get_by_role(role, name=name, exact=True).first.click()


def chosen(*values: str) -> Callable[[Json], bool]:
    def fits(action: Json) -> bool:
        options = action.get("selected_options", [action.get("selected_option")])
        return [option["value"] for option in options] == list(values)

    return fits


def holding(**fields: Any) -> Callable[[Json], bool]:
    return lambda action: {name: action.get(name) for name in fields} == fields


USED: list[tuple[str, Callable[[Page], Awaitable[None]], Callable[[Json], bool]]] = [
    ("press", pressing("button", "Press this"), holding(type="button", value="v1")),
    ("more", overflow, chosen("copy")),
    ("colour", picking("Pick a colour", "Green"), chosen("green")),
    ("colours", picking("Pick colours", "Orange"), chosen("orange")),
    ("colours", picking("Pick colours", "Blue"), chosen("orange", "blue")),
    ("searched", lambda p: search(p, "Search a service", "db", "db-service"),
     chosen("db-service")),
    ("searched_many", lambda p: search(p, "Search services", "x", "x-service"),
     chosen("x-service")),
    ("searched_many", lambda p: search(p, "Search services", "y", "y-service"),
     chosen("x-service", "y-service")),
    ("person", picking("Pick a person", "bo Responder"), holding(selected_user="UBO")),
    ("people", picking("Pick people", "cy On call"), holding(selected_users=["UCY"])),
    ("channel", picking("Pick a channel", "#general"), holding(selected_channel="CGENERAL")),
    ("channels", picking("Pick channels", "#incidents"),
     holding(selected_channels=["CINCIDENTS"])),
    ("talk", picking("Pick a talk", "#operators"), holding(selected_conversation="COPS")),
    ("talks", picking("Pick talks", "#general"), holding(selected_conversations=["CGENERAL"])),
    ("radio", pressing("radio", "Green"), chosen("green")),
    ("boxes", pressing("checkbox", "Blue"), chosen("blue")),
    ("boxes", pressing("checkbox", "Red"), chosen("red", "blue")),
    ("date", filling("input[type=date]", "2026-02-03"), holding(selected_date="2026-02-03")),
    ("time", filling("input[type=time]", "14:30"), holding(selected_time="14:30")),
    ("moment", filling("input[type=datetime-local]", "2026-02-03T14:30"),
     holding(selected_date_time=1770125400)),
    ("link", pressing("link", "Read"), holding(type="button")),
]  # fmt: skip


async def test_the_app_is_told_what_slack_would_tell_it(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    ts = await shown.post(ACTING)
    async with staged(browser, sandbox) as page:
        await page.context.route("https://example.com/**", lambda route: route.fulfill(body=""))
        body: Json = {}
        for action_id, use, fits in USED:
            await use(page)
            body = await told(shown.actions)
            [action] = body["actions"]
            assert (action["action_id"], action["block_id"]) == (action_id, f"acts-{action_id}")
            assert fits(action), action
            assert body["container"]["message_ts"] == ts
        state = body["state"]["values"]
        assert state["acts-colour"]["colour"]["selected_option"]["value"] == "green"


async def test_buttons_of_the_newer_blocks_act(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    await shown.post(DATA)
    async with staged(browser, sandbox) as page:
        for press, value in (("Bad", "bad"), ("Delete", None)):
            await page.get_by_role("button", name=press).click()
            [action] = (await told(shown.actions))["actions"]
            assert action.get("value") == value
        await page.locator(".block-carousel li").nth(1).get_by_role("button").click()
        [action] = (await told(shown.actions))["actions"]
        assert (action["action_id"], action["value"]) == ("restart_api", "api")
        await page.get_by_role("button", name="Next page").click()
        assert await page.get_by_text("3 to 4 of 5").is_visible()
        await page.get_by_role("button", name="Restarts").click()
        assert await page.get_by_role("rowheader").first.inner_text() == "pod-4"


async def test_a_select_and_a_menu_are_used_by_keyboard(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    await shown.post(ACTING)
    async with staged(browser, sandbox) as page:
        field = page.get_by_role("combobox", name="Pick a colour")
        await field.focus()
        await page.keyboard.type("bl")
        await page.get_by_role("option", name="Blue").wait_for()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        [action] = (await told(shown.actions))["actions"]
        assert chosen("blue")(action)
        await page.keyboard.press("ArrowDown")
        await page.get_by_role("option", name="Red").wait_for()
        await page.keyboard.press("Escape")
        await page.get_by_role("option").first.wait_for(state="hidden")
        assert await field.input_value() == "Blue"
        await page.get_by_role("button", name="More actions").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        [action] = (await told(shown.actions))["actions"]
        assert chosen("copy")(action)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_denied_confirmation_sends_nothing(
    sandbox: Sandbox, browser: Browser, shown: Gallery, size: tuple[int, int]
) -> None:
    await shown.post(ACTING)
    async with staged(browser, sandbox, size=size) as page:
        closing = page.get_by_role("button", name="Close", exact=True)
        asks = page.get_by_role("dialog", name="Close it for good?")
        await closing.click()
        await asks.get_by_role("button", name="Keep It").click()
        await closing.click()
        await page.keyboard.press("Escape")
        await asks.wait_for(state="detached")
        assert await closing.evaluate("node => node === document.activeElement")
        await page.get_by_role("button", name="Press this").click()
        await closing.click()
        assert await barriers(page) == []
        await asks.get_by_role("button", name="Close It").click()
        pressed = [(await told(shown.actions))["actions"][0]["action_id"] for _ in range(2)]
        assert pressed == ["press", "confirmed"]


async def test_a_double_click_sends_once(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    await shown.post([actions(button("Once", "once"), button("Other", "other"))])
    async with staged(browser, sandbox) as page:
        once = page.get_by_role("button", name="Once")
        await once.dblclick()
        await page.locator("[aria-busy]").wait_for(state="detached")
        # The second half of a double click may come after the acknowledgement.
        await once.dispatch_event("click", {"detail": 2})
        await page.get_by_role("button", name="Other").click()
        pressed = [(await told(shown.actions))["actions"][0]["action_id"] for _ in range(2)]
        assert pressed == ["once", "other"]
        assert shown.actions.empty()


async def test_a_click_that_nobody_acknowledges_shows_words(browser: Browser) -> None:
    clock = SteppedClock()
    async with Sandbox(clock=clock) as sandbox:
        shown = gallery(sandbox)
        shown.deaf = True
        async with by_socket(shown.app), staged(browser, sandbox) as page:
            await shown.post([actions(button("Press", "press"))])
            press = page.get_by_role("button", name="Press")
            await press.click()
            await told(shown.actions)
            assert await press.get_attribute("aria-busy") == "true"
            await press.dispatch_event("click")
            clock.step(3.1)
            await page.get_by_role("alert").filter(has_text=TROUBLE).wait_for()
            assert shown.actions.empty()
            shown.deaf = False
            await press.click()
            await told(shown.actions)
            await page.get_by_role("alert").wait_for(state="detached")


async def test_a_long_text_is_folded_until_somebody_wants_more(
    sandbox: Sandbox, browser: Browser
) -> None:
    async with staged(browser, sandbox) as page:
        long = section("word " * 300)
        await drawn(page, [long, {**long, "expand": True}], "message")
        more = page.get_by_role("button", name="See more")
        assert await more.count() == 1
        folded = await page.locator(".folded").evaluate("node => node.clientHeight")
        await more.click()
        whole = page.get_by_role("button", name="See less")
        assert await whole.get_attribute("aria-expanded") == "true"
        assert await page.locator(".folded").count() == 0
        assert folded < 300


async def test_attachments_are_drawn_behind_a_bar(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    fields = [{"title": "Level", "value": "*P1*", "short": True}]
    told_of = {"color": "#c01343", "title": "Alert", "text": "_down_", "fields": fields}
    blocks = {"blocks": [actions(button("Press", "press"))], "color": "good"}
    await shown.app.client.chat_postMessage(
        channel="CINCIDENTS", text="x", attachments=[told_of, blocks]
    )
    async with staged(browser, sandbox) as page:
        assert await page.locator(".attachment strong").nth(1).inner_text() == "P1"
        assert await page.locator(".attachment em").inner_text() == "down"
        await page.get_by_role("button", name="Press").click()
        assert (await told(shown.actions))["actions"][0]["action_id"] == "press"


async def test_a_message_drawn_anew_keeps_what_was_entered(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    entry = {"type": "plain_text_input", "action_id": "why"}
    field = {"type": "input", "block_id": "why", "label": plain("Why?"), "element": entry}
    ts = await shown.post([field, actions(button("Go", "go"))])
    async with staged(browser, sandbox) as page:
        await page.get_by_label("Why?").fill("disk full")
        changed = [field, actions(button("Go on", "go"))]
        await shown.app.client.chat_update(channel="CINCIDENTS", ts=ts, text="x", blocks=changed)
        await page.get_by_role("button", name="Go on").click()
        state = (await told(shown.actions))["state"]["values"]
        assert state["why"]["why"]["value"] == "disk full"
        assert await page.get_by_label("Why?").input_value() == "disk full"

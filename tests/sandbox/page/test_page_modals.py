"""Modals, their errors and stacks, and the Home tab, used in a browser."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.browser import MARKS, NARROW, ONE_LOOP, WIDE, barriers, looking
from tests.sandbox.apps import by_socket
from tests.sandbox.gallery import (
    EVERY_FIELD,
    SEED,
    Gallery,
    asked,
    button,
    gallery,
    modal,
    told,
)
from tests.sandbox.hands import Hands
from tests.sandbox.kit import mrkdwn, plain
from tests.sandbox.page.test_page_blocks import TROUBLE, actions, pick, search
from tests.sandbox.pages import address, row, settled
from tests.sandbox.stage import staged

pytestmark = MARKS

TEXT: Json = {"type": "plain_text_input", "action_id": "title"}
FORM = modal(
    asked(TEXT, optional=False, hint=plain("In a few words")),
    actions(button("Deeper", "pushing"), button("Change", "changing")),
    notify_on_close=True,
)


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=SEED) as running:
        yield running


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def shown(sandbox: Sandbox) -> AsyncIterator[Gallery]:
    app = gallery(sandbox)
    app.view = FORM
    async with by_socket(app.app):
        await app.post([actions(button("Open", "opening"))])
        yield app


async def opened(page: Page, shown: Gallery) -> str:
    """Open the modal by its button, and return its id."""
    await page.get_by_role("button", name="Open").click()
    await told(shown.actions)
    panel = page.locator(".modal-panel")
    await panel.wait_for()
    return str(await panel.get_attribute("data-view"))


async def gone(page: Page) -> None:
    await page.locator(".modal-panel").first.wait_for(state="detached")


async def fill_every_field(page: Page) -> None:
    label = page.get_by_label
    await label("The text").fill("disk full")
    await label("The long").fill("two\nlines")
    await label("The email").fill("ana@example.com")
    await label("The url").fill("https://example.com/")
    await label("The number").fill("2.5")
    await label("The rich").fill("formatted")
    await label("The file").set_input_files(
        {"name": "log.txt", "mimeType": "text/plain", "buffer": b"all is lost"}
    )
    await page.get_by_text("log.txt").wait_for()
    await pick(page, "The colour (", "Green")
    await pick(page, "The colours", "Orange", "Blue")
    await search(page, "The searched (", "db", "db-service")
    await pick(page, "The person", "bo Responder")
    await pick(page, "The talks", "#general")
    await page.get_by_role("radio", name="Blue").check()
    await page.get_by_role("checkbox", name="Red").check()
    await page.locator("input[type=date]").fill("2026-02-03")
    await page.locator("input[type=time]").fill("14:30")
    await page.locator("input[type=datetime-local]").fill("2026-02-03T14:30")


ENTERED: dict[str, Any] = {
    "text": ("value", "disk full"),
    "long": ("value", "two\nlines"),
    "email": ("value", "ana@example.com"),
    "url": ("value", "https://example.com/"),
    "number": ("value", "2.5"),
    "person": ("selected_user", "UBO"),
    "channel": ("selected_channel", None),
    "talks": ("selected_conversations", ["CGENERAL"]),
    "date": ("selected_date", "2026-02-03"),
    "time": ("selected_time", "14:30"),
    "moment": ("selected_date_time", 1770125400),
}
CHOSEN = {"colour": "green", "searched": "db-service", "radio": "blue"}
CHOSEN_MANY = {"colours": ["orange", "blue"], "boxes": ["red"], "searched_many": []}


async def test_a_submission_carries_what_was_entered(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    shown.view = EVERY_FIELD
    async with staged(browser, sandbox) as page:
        await opened(page, shown)
        await fill_every_field(page)
        await page.get_by_role("button", name="Send").click()
        body = await told(shown.submissions)
        await gone(page)
        assert await page.get_by_role("button", name="Open").evaluate(
            "node => node === document.activeElement"
        )
    values = {name: field[name] for name, field in body["view"]["state"]["values"].items()}
    for name, (key, value) in ENTERED.items():
        assert values[name][key] == value, name
    for name, chosen in CHOSEN.items():
        assert values[name]["selected_option"]["value"] == chosen
    for name, many in CHOSEN_MANY.items():
        assert [option["value"] for option in values[name]["selected_options"]] == many
    assert [file["name"] for file in values["file"]["files"]] == ["log.txt"]
    [section] = values["rich"]["rich_text_value"]["elements"]
    assert section["elements"] == [{"type": "text", "text": "formatted"}]


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
async def test_a_modal_keeps_nobody_out(
    sandbox: Sandbox, browser: Browser, shown: Gallery, size: tuple[int, int], scheme: str
) -> None:
    shown.view = EVERY_FIELD
    shown.answer = {"response_action": "errors", "errors": {"text": "Too short"}}
    async with staged(browser, sandbox, size=size, color_scheme=scheme) as page:
        await opened(page, shown)
        dialog = page.get_by_role("dialog", name="Every field")
        assert await dialog.get_attribute("aria-modal") == "true"
        await page.get_by_role("button", name="Send").click()
        await page.get_by_text("Too short").wait_for()
        assert await barriers(page) == []
        box = await page.locator(".modal-panel").bounding_box()
        assert box is not None
        assert (box["width"] == size[0]) == (size == NARROW)


async def test_errors_stand_under_their_fields(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    shown.answer = {"response_action": "errors", "errors": {"title": "Name the service"}}
    async with staged(browser, sandbox) as page:
        await opened(page, shown)
        title = page.get_by_label("The title")
        await page.get_by_role("button", name="Send").click()
        await page.get_by_text("Please complete this required field.").wait_for()
        assert shown.submissions.empty()
        await title.fill("it broke")
        await page.keyboard.press("Enter")
        await told(shown.submissions)
        await page.get_by_text("Name the service").wait_for()
        assert await title.input_value() == "it broke"
        assert await title.get_attribute("aria-invalid") == "true"
        about = str(await title.get_attribute("aria-describedby")).split()
        said = [await page.locator(f"id={name}").inner_text() for name in about]
        assert said == ["In a few words", "Name the service"]
        assert await title.evaluate("node => node === document.activeElement")
        shown.answer = {}
        await page.get_by_role("button", name="Send").click()
        await gone(page)


async def test_modals_are_stacked_and_closed_one_by_one_or_together(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    async with staged(browser, sandbox) as page:
        await opened(page, shown)
        await page.get_by_label("The title").fill("kept below")
        panels, front = page.locator(".modal-panel"), page.locator(".modal-panel[data-behind='0']")
        shown.view = modal(*FORM["blocks"], title=plain("Second"), notify_on_close=True)
        await front.get_by_role("button", name="Deeper").click()
        await page.get_by_role("heading", name="Second").wait_for()
        assert await panels.count() == 2
        assert await panels.first.get_attribute("inert") is not None
        depths = await panels.evaluate_all(
            "all => all.map(each => +getComputedStyle(each).zIndex)"
        )
        assert depths[0] < depths[1]
        await page.get_by_role("button", name="Back").click()
        assert (await told(shown.closed))["is_cleared"] is False
        await page.get_by_role("heading", name="Second").wait_for(state="detached")
        assert await page.get_by_label("The title").input_value() == "kept below"
        await front.get_by_role("button", name="Deeper").click()
        await page.get_by_role("heading", name="Second").wait_for()
        await front.get_by_role("button", name="Close").click()
        await gone(page)
        assert (await told(shown.closed))["is_cleared"] is True


async def test_escape_closes_a_modal_and_gives_the_focus_back(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    async with staged(browser, sandbox) as page:
        await opened(page, shown)
        focused = "() => document.activeElement.matches('.modal-panel input')"
        assert await page.evaluate(focused)
        await page.keyboard.press("Escape")
        await gone(page)
        assert (await told(shown.closed))["view"]["callback_id"] == "form"
        opening = page.get_by_role("button", name="Open")
        assert await opening.evaluate("node => node === document.activeElement")


async def test_what_is_being_typed_survives_an_update(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    async with staged(browser, sandbox) as page:
        view_id = await opened(page, shown)
        title = page.get_by_label("The title")
        await title.fill("half a sen")
        more = modal({"type": "section", "text": mrkdwn("Somebody else came")}, *FORM["blocks"])
        await shown.app.client.views_update(view_id=view_id, view=more)
        await page.get_by_text("Somebody else came").wait_for()
        await page.keyboard.type("tence")
        assert await title.input_value() == "half a sentence"
        await page.get_by_role("button", name="Change").click()
        values = (await told(shown.actions))["view"]["state"]["values"]
        assert values["title"]["title"]["value"] == "half a sentence"


async def test_a_field_of_another_name_starts_anew(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    async with staged(browser, sandbox) as page:
        view_id = await opened(page, shown)
        await page.get_by_label("The title").fill("gone")
        other = modal(asked({**TEXT, "action_id": "other"}))
        await shown.app.client.views_update(view_id=view_id, view=other)
        assert await page.get_by_label("The other").input_value() == ""
        await page.get_by_role("button", name="Send").click()
        values = (await told(shown.submissions))["view"]["state"]["values"]
        assert values == {"other": {"other": {"type": "plain_text_input", "value": None}}}


async def test_a_submission_that_does_not_arrive_is_told_in_words(
    sandbox: Sandbox, browser: Browser
) -> None:
    shown = gallery(sandbox)
    shown.view = FORM
    async with staged(browser, sandbox) as page:
        async with by_socket(shown.app):
            await shown.post([actions(button("Open", "opening"))])
            await opened(page, shown)
        await page.get_by_label("The title").fill("lost")
        send = page.get_by_role("button", name="Send")
        await send.dblclick()
        await page.get_by_role("alert").filter(has_text=TROUBLE).wait_for()
        assert await page.get_by_label("The title").input_value() == "lost"
        async with by_socket(shown.app):
            await send.dblclick()
            await gone(page)
            await told(shown.submissions)
            assert shown.submissions.empty()


async def test_the_field_that_asks_for_the_focus_gets_it(
    sandbox: Sandbox, browser: Browser, shown: Gallery
) -> None:
    second = {**TEXT, "action_id": "second", "focus_on_load": True}
    shown.view = modal(asked(TEXT), asked(second))
    async with staged(browser, sandbox) as page:
        await opened(page, shown)
        second_field = page.get_by_label("The second")
        assert await second_field.evaluate("node => node === document.activeElement")


DISPATCHED: list[tuple[Json, str, list[str]]] = [
    ({}, "Enter", ["ab"]),
    ({"trigger_actions_on": ["on_character_entered"]}, "c", ["a", "ab", "abc"]),
]


@pytest.mark.parametrize("row", DISPATCHED)
async def test_a_field_tells_the_app_while_it_is_filled(
    sandbox: Sandbox, browser: Browser, shown: Gallery, row: tuple[Json, str, list[str]]
) -> None:
    config, key, values = row
    element = {**TEXT, **({"dispatch_action_config": config} if config else {})}
    shown.view = modal(asked(element, dispatch_action=True))
    async with staged(browser, sandbox) as page:
        await opened(page, shown)
        await page.keyboard.type("ab")
        await page.keyboard.press(key)
        heard = [(await told(shown.actions))["actions"][0]["value"]]
        while heard[-1] != values[-1]:
            heard.append((await told(shown.actions))["actions"][0]["value"])
        assert set(heard) <= set(values)
        assert await page.get_by_label("The title").input_value() == values[-1]


async def test_the_home_tab_is_opened_used_and_drawn_anew(
    sandbox: Sandbox, browser: Browser, hands: Hands, shown: Gallery
) -> None:
    async with staged(browser, sandbox, "home") as page:
        await page.get_by_role("button", name="Press this").click()
        body = await told(shown.actions)
        assert (body["view"]["type"], body["container"]["type"]) == ("home", "view")
        home = {"type": "home", "blocks": [{"type": "header", "text": plain("All is quiet")}]}
        await shown.app.client.views_publish(user_id="UANA", view=home)
        await page.get_by_role("heading", name="All is quiet").wait_for()
        tab = page.get_by_role("tab", name="Home")
        assert await tab.get_attribute("aria-selected") == "true"
        await tab.focus()
        await page.keyboard.press("End")
        await page.keyboard.press("Enter")
        await page.get_by_text("/incident").first.wait_for()
        assert await barriers(page) == []
        await page.get_by_role("tab", name="Messages").click()
        direct = (await hands.see("look", user="UANA"))["channels"]
        assert page.url.endswith("/UANA/" + next(c["id"] for c in direct if c["kind"] == "im"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_whole_page_shows_messages_modals_and_home(
    sandbox: Sandbox, browser: Browser, shown: Gallery, size: tuple[int, int]
) -> None:
    async with looking(browser, address(sandbox), size) as page:
        await settled(page)
        opening = row(page, "Open").get_by_role("button", name="Open")
        await opening.click()
        await page.get_by_label("The title").fill("disk full")
        assert await barriers(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Send").click()
        values = (await told(shown.submissions))["view"]["state"]["values"]
        assert values["title"]["title"]["value"] == "disk full"
        await gone(page)
        await page.goto(address(sandbox, place="home"))
        await page.get_by_role("heading", name="Every block").wait_for()
        assert await barriers(page) == []

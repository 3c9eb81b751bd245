"""Writing on the page: messages and what is done with them, threads, commands, files."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from slack_bolt.context.ack.async_ack import AsyncAck

from sandbox.clock import SteppedClock
from sandbox.seed import Seed, Shortcut, SlashCommand
from sandbox.server import Sandbox
from tests.browser import MARKS, NARROW, WIDE, looking
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.pages import address, composer, menu, offered, row, rows, settled, tool

pytestmark = MARKS

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW])
HINT = "declare TEXT | list | status | help"


@SIZES
async def test_what_is_sent_is_said(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int]
) -> None:
    async with looking(browser, address(sandbox), size) as page:
        await composer(page).fill("It is <slow> & sad")
        await composer(page).press("Shift+Enter")
        await composer(page).press_sequentially("second line")
        await composer(page).press("Enter")
        await expect(row(page, "It is <slow> & sad")).to_contain_text("second line")
        await expect(composer(page)).to_have_value("")
        await composer(page).fill("by the button")
        await page.get_by_role("button", name="Send").click()
        await expect(row(page, "by the button")).to_be_visible()
        await composer(page).fill("  ")
        await expect(page.get_by_role("button", name="Send")).to_be_disabled()
        await composer(page).press("Enter")
    said = await hands.see("messages", channel="CINCIDENTS")
    assert [m["text"] for m in said] == [
        "It is &lt;slow&gt; &amp; sad\nsecond line",
        "by the button",
    ]


async def test_what_is_typed_is_completed(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    async with looking(browser, address(sandbox)) as page:
        await composer(page).press_sequentially("hi @b")
        await expect(offered(page).first).to_have_attribute("aria-selected", "true")
        await composer(page).press("Tab")
        await composer(page).press_sequentially("and @on-c")
        await composer(page).press("Enter")
        await composer(page).press_sequentially("see #gen")
        await offered(page).filter(has_text="#general").click()
        await composer(page).press_sequentially("@nobody :tad")
        await composer(page).press("Enter")
        await expect(composer(page)).to_have_value(
            "hi @bo and @on-call see #general @nobody :tada: "
        )
        await composer(page).press("Enter")
        await expect(row(page, "@on-call")).to_contain_text("#general")
    said = await hands.see("messages", channel="CINCIDENTS")
    assert said[0]["text"] == (
        "hi <@UBO> and <!subteam^SONCALL> see <#CGENERAL|general> @nobody :tada:"
    )


@SIZES
async def test_one_edits_and_deletes_ones_own(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int]
) -> None:
    await hands.do("message", user="UBO", channel="CINCIDENTS", text="It is @ana & slw")
    await hands.do("message", user="UCY", channel="CINCIDENTS", text="not mine")
    async with looking(browser, address(sandbox, "UBO"), size) as page:
        await menu(page, "slw", "Edit message")
        field = page.get_by_label("Edit message")
        await expect(field).to_have_value("It is @ana & slw")
        await field.fill("")
        await page.get_by_role("button", name="Save changes").click()
        await expect(page.locator("#notices")).to_contain_text("A message says something")
        await field.fill("It is @ana & slow")
        await field.press("Enter")
        await expect(row(page, "slow")).to_contain_text("(edited)")
        await menu(page, "slow", "Edit message")
        await page.get_by_label("Edit message").press("Escape")
        await expect(page.get_by_label("Edit message")).to_have_count(0)
        await tool(page, "not mine", "More actions")
        await expect(page.get_by_role("menuitem", name="Copy link")).to_be_visible()
        await expect(page.get_by_role("menuitem", name="Edit message")).to_have_count(0)
        await expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)
        await page.keyboard.press("Escape")
        await menu(page, "slow", "Delete message")
        await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        await menu(page, "slow", "Delete message")
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(rows(page)).to_have_count(1)
    assert [m["text"] for m in await hands.see("messages", channel="CINCIDENTS")] == ["not mine"]


@SIZES
async def test_one_reacts_and_takes_it_back(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int]
) -> None:
    said = await hands.do("message", user="UBO", channel="CINCIDENTS", text="done")
    await hands.do("react", user="UBO", channel="CINCIDENTS", ts=said["ts"], name="eyes")
    async with looking(browser, address(sandbox), size) as page:
        await tool(page, "done", "Add a reaction")
        await page.get_by_label("Search emoji").fill("no such emoji")
        await expect(page.get_by_text("No emoji has this name")).to_be_visible()
        await page.get_by_label("Search emoji").fill("tada")
        await page.get_by_label("Search emoji").press("Enter")
        mine = row(page, "done").get_by_role("button", name="you reacted with :tada:")
        await expect(mine).to_have_attribute("aria-pressed", "true")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        both = row(page, "done").locator(".reaction").first
        await expect(both).to_have_attribute("aria-label", "bo reacted with :eyes:")
        await both.click()
        await expect(both).to_have_attribute("aria-label", "bo, you reacted with :eyes:")
        await expect(both).to_contain_text("2")
        await mine.click()
        await expect(mine).to_have_count(0)


@SIZES
async def test_a_thread_is_answered_beside_the_channel(
    sandbox: Sandbox, hands: Hands, browser: Browser, size: tuple[int, int]
) -> None:
    await hands.do("message", user="UBO", channel="CINCIDENTS", text="why so slow")
    async with looking(browser, address(sandbox), size) as page:
        await tool(page, "why so slow", "Reply in thread")
        thread = page.locator("#thread")
        await expect(composer(page, "#thread")).to_be_focused()
        await composer(page, "#thread").fill("the cache")
        await composer(page, "#thread").press("Enter")
        await expect(thread.locator("article.row")).to_have_count(2)
        await composer(page, "#thread").fill("it is back")
        await page.get_by_label("Also send to #incidents").check()
        await composer(page, "#thread").press("Enter")
        await expect(thread.locator("article.row")).to_have_count(3)
        await composer(page, "#thread").fill("/incident status")
        await composer(page, "#thread").press("Enter")
        await expect(thread.get_by_role("alert").filter(has_text="in threads")).to_be_visible()
        await page.get_by_role("button", name="Close the thread").click()
        await expect(thread).to_be_hidden()
        await expect(rows(page)).to_have_count(2)
        await expect(row(page, "it is back")).to_contain_text("replied to a thread")
        await row(page, "why so slow").get_by_role("button", name="2 replies").click()
        await expect(thread.locator("article.row")).to_have_count(3)


@SIZES
async def test_a_command_is_completed_and_its_failure_is_told(
    browser: Browser, size: tuple[int, int]
) -> None:
    seed = Seed(commands=(SlashCommand("/incident", "Run an incident", HINT),))
    async with (
        Sandbox(seed=seed) as sandbox,
        looking(browser, address(sandbox), size) as page,
    ):
        await composer(page).press_sequentially("/inc")
        await expect(offered(page)).to_contain_text(HINT)
        await composer(page).press("Tab")
        words = [await o.inner_text() for o in await offered(page).all()]
        assert [w.split()[0] for w in words] == ["declare", "list", "status", "help"]
        await composer(page).press_sequentially("st")
        await composer(page).press("Enter")
        await expect(composer(page)).to_have_value("/incident status ")
        await composer(page).press("Enter")
        alert = page.locator("#front").get_by_role("alert")
        await expect(alert).to_contain_text("/incident failed with the error “dispatch_failed”")
        await expect(composer(page)).to_have_value("/incident status")
        await composer(page).fill("/nothing at all")
        await composer(page).press("Enter")
        await expect(alert).to_contain_text("/nothing is not a valid command")
        await page.get_by_role("button", name="Put this warning away").click()
        await expect(alert).to_be_hidden()


async def test_a_command_that_is_not_answered_in_time_is_told(browser: Browser) -> None:
    clock = SteppedClock()
    async with Sandbox(clock=clock) as sandbox:
        app = bolt(sandbox)
        heard: list[str] = []

        @app.command("/incident")
        async def silent(body: dict[str, str]) -> None:
            heard.append(body["text"])
            clock.step(3)

        async with by_socket(app), looking(browser, address(sandbox)) as page:
            await composer(page).fill("/incident status")
            await composer(page).press("Enter")
            alert = page.locator("#front").get_by_role("alert")
            await expect(alert).to_contain_text("operation_timeout")
        assert heard == ["status"]


@SIZES
async def test_shortcuts_open_from_the_composer_and_from_a_message(
    browser: Browser, size: tuple[int, int]
) -> None:
    shortcuts = (
        Shortcut("Declare incident", "global", "declare"),
        Shortcut("Add to timeline", "message", "add"),
    )
    async with Sandbox(seed=Seed(shortcuts=shortcuts)) as sandbox:
        app, taken = bolt(sandbox), []

        @app.shortcut("declare")
        async def declare(ack: AsyncAck, shortcut: dict[str, str]) -> None:
            taken.append(shortcut["type"])
            await ack()

        async with by_socket(app), looking(browser, address(sandbox), size) as page:
            await page.get_by_role("button", name="Shortcuts").click()
            await page.get_by_role("menuitem", name="Declare incident").click()
            await composer(page).fill("of note")
            await composer(page).press("Enter")
            await menu(page, "of note", "Add to timeline")
            await expect(page.locator("#notices")).to_contain_text("Add to timeline did not work")
        assert taken == ["shortcut"]


@SIZES
async def test_a_file_is_uploaded(
    sandbox: Sandbox, browser: Browser, size: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "trace.log").write_text("a line")
    (tmp_path / "nothing.log").write_text("")
    async with looking(browser, address(sandbox), size, excused=["400"]) as page:
        upload = page.get_by_role("button", name="Upload a file")
        async with page.expect_file_chooser() as chooser:
            await upload.click()
        await (await chooser.value).set_files(tmp_path / "trace.log")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Title").fill("The trace")
        await dialog.get_by_label("Message").fill("look at this")
        await dialog.get_by_role("button", name="Upload").click()
        await expect(row(page, "look at this")).to_contain_text("The trace")
        async with page.expect_file_chooser() as chooser:
            await upload.click()
        await (await chooser.value).set_files(tmp_path / "nothing.log")
        await dialog.get_by_role("button", name="Upload").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("empty file")
        await dialog.get_by_role("button", name="Cancel").click()
        await expect(dialog).to_have_count(0)
        await expect(rows(page)).to_have_count(1)


async def test_pins_and_unread_marks_are_set_from_the_menu(
    sandbox: Sandbox, hands: Hands, browser: Browser
) -> None:
    for words in ("one", "two", "three"):
        await hands.do("message", user="UBO", channel="CINCIDENTS", text=words)
    async with looking(browser, address(sandbox)) as page:
        await settled(page)
        await menu(page, "two", "Pin to this channel")
        await page.get_by_role("button", name="1 pinned").click()
        await page.get_by_role("dialog").get_by_role("link", name="Go to the message").click()
        await expect(row(page, "two")).to_be_focused()
        await menu(page, "two", "Remove from the channel's pins")
        await expect(page.get_by_role("button", name="1 pinned")).to_have_count(0)
        await menu(page, "two", "Mark unread from here")
        await expect(row(page, "two").locator(".news")).to_be_visible()
    seen = await hands.see("look", user="UANA")
    assert [c["unread"] for c in seen["channels"] if c["id"] == "CINCIDENTS"] == [2]

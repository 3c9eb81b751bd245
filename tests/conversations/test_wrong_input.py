"""Wrong input by clicking, in Chromium: each form says what is wrong, or takes it as it is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import MARKS, ONE_LOOP, looking
from tests.conversations.stage import Stage
from tests.sandbox.pages import address, composer, row

pytestmark = MARKS

SLOW = 20_000  # ms: the bot starts, opens channels and edits cards in its own time
LONG = "x" * 10_000
SHOWN = "<!channel> &<b>amp;"
HOSTILE = f"{SHOWN} 🔥 سلام"
TALL = (1280, 3000)  # what is far from what is seen is not in the page
REQUIRED = "Please complete this required field"
OVERLONG = "Please enter at most 3000 characters"
CARD = "Pinned to this channel"
PRIVATELY = "Only visible to you"

# For each verb the field, and what is said of nothing and of blanks there.
FORMS = {
    "declare": ("What is wrong?", REQUIRED, "What is wrong? Say it"),
    "triage": ("What do users notice?", None, None),
    "update": ("What should everybody know?", REQUIRED, "What should it say?"),
    "action add": ("What has to be done?", REQUIRED, "What has to be done?"),
    "timeline edit 1": ("What happened?", REQUIRED, "What should it say instead?"),
    "resolve": ("What was the cause?", None, None),
}

LINES = {
    "declare": "declare TEXT",
    "triage": "triage [SEVERITY]",
    "handover": "role commander @PERSON",
    "private": "private @PERSON",
    "resolve": "resolve now",
}


@pytest_asyncio.fixture(loop_scope=ONE_LOOP)
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path) as stage:
        await stage.start()
        yield stage


async def typed(page: Page, text: str) -> None:
    await composer(page).fill(text)
    await composer(page).press("Enter")


def form(page: Page) -> Locator:
    return page.locator("dialog .modal-panel").last


async def sent(page: Page, label: str, words: str) -> None:
    """Fill in a field of the form that is open, and send it."""
    await form(page).get_by_label(label).first.fill(words)
    await form(page).locator(".modal-submit").click()


async def room(stage: Stage, page: Page) -> None:
    """Go to the channel of an incident with an entry in its timeline."""
    await stage.room_ready("Checkout is down")
    made = await stage.until(stage.channel)
    await stage.ana.types("timeline something happened", made["id"])
    await page.goto(address(stage.sandbox, place=made["id"]))
    await expect(row(page, CARD)).to_be_visible(timeout=SLOW)


async def test_each_form_says_what_is_wrong_or_takes_words_as_they_are(
    stage: Stage, browser: Browser
) -> None:
    async with looking(browser, address(stage.sandbox), TALL) as page:
        await room(stage, page)
        for verb, (label, of_nothing, of_blanks) in FORMS.items():
            await typed(page, f"/incident {verb}")
            await expect(form(page)).to_be_visible(timeout=SLOW)
            await sent(page, label, LONG)
            await expect(form(page)).to_contain_text(OVERLONG)
            if of_nothing and of_blanks:
                await sent(page, label, "")
                await expect(form(page)).to_contain_text(of_nothing)
                await sent(page, label, "   ")
                await expect(form(page)).to_contain_text(of_blanks)
            await sent(page, label, HOSTILE)
            await expect(form(page)).to_have_count(0, timeout=SLOW)
            await expect(row(page, SHOWN).last).to_be_visible(timeout=SLOW)


async def test_where_no_form_opens_the_line_to_type_is_told(
    stage: Stage, browser: Browser
) -> None:
    async with looking(browser, address(stage.sandbox), TALL) as page:
        await room(stage, page)
        expired = {"kind": "error", "error": "expired_trigger_id", "times": None}
        await stage.post("faults", method="views.open", **expired)
        await row(page, CARD).locator("button").filter(has_text="Post update").click()
        told = row(page, "could not be opened").last
        await expect(told).to_contain_text("/incident update TEXT", timeout=SLOW)
        for verb, line in LINES.items():
            await typed(page, f"/incident {verb}")
            told = row(page, "could not be opened").filter(has_text=f"/incident {line}")
            await expect(told.last).to_be_visible(timeout=SLOW)


async def test_an_old_button_says_that_it_is_over(stage: Stage, browser: Browser) -> None:
    async with looking(browser, address(stage.sandbox), TALL) as page:
        await room(stage, page)
        busy = {"kind": "ratelimited", "retry_after": 60, "times": None}
        await stage.post("faults", method="chat.update", **busy)  # the card stays as it is
        await stage.ana.types("close", (await stage.until(stage.channel))["id"])
        for name in ("Acknowledge", "Triage", "Post update", "Resolve"):
            await row(page, CARD).locator("button").filter(has_text=name).click()
            refused = row(page, PRIVATELY).filter(has_text="is closed. To go on")
            await expect(refused.last).to_be_visible(timeout=SLOW)
            await expect(form(page)).to_have_count(0)
            await refused.last.get_by_role("button", name="Dismiss message").click()
            await expect(refused).to_have_count(0)

"""The page before somebody: where to find things in it."""

from playwright.async_api import Locator, Page, expect

from sandbox.server import Sandbox
from tests.browser import NARROW


def address(sandbox: Sandbox, person: str = "UANA", place: str = "CINCIDENTS") -> str:
    """Return the page's address for this person in this place."""
    return f"{sandbox.url}/#/{person}/{place}"


def rows(page: Page) -> Locator:
    """Return the messages that are drawn in the channel."""
    return page.locator("#front article.row")


def row(page: Page, words: str) -> Locator:
    """Return the channel's message with these words."""
    return rows(page).filter(has_text=words)


def composer(page: Page, place: str = "#front") -> Locator:
    """Return where one writes."""
    return page.locator(f"{place} textarea.write")


def offered(page: Page) -> Locator:
    """Return what is offered to complete what is being typed."""
    return page.locator("#front .completion [role=option]")


def place(page: Page, name: str) -> Locator:
    """Return the link to a place in the sidebar."""
    return page.locator("#sidebar a.place").filter(has_text=name)


async def settled(page: Page) -> None:
    """Wait until the page shows a place."""
    await expect(page.locator("#front .header h2")).to_be_visible()


async def act_as(page: Page, person: str, size: tuple[int, int]) -> None:
    """Look on as another person."""
    if size == NARROW:
        await page.get_by_role("button", name="Channels").click()
    await page.get_by_label("Act as").select_option(person)
    await page.wait_for_url(f"**/#/{person}/**")
    others = page.locator(f"#sidebar a.place:not([href^='#/{person}/'])")
    await expect(others).to_have_count(0)  # its links led to where somebody else was


async def tool(page: Page, words: str, name: str) -> None:
    """Press one of the tools at a message."""
    await row(page, words).hover()
    tools = row(page, words).get_by_role("toolbar", name="Message actions")
    await tools.get_by_role("button", name=name).click()


async def menu(page: Page, words: str, name: str) -> None:
    """Choose from the menu of a message."""
    await tool(page, words, "More actions")
    await page.get_by_role("menuitem", name=name).click()

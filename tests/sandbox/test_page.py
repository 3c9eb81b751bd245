"""The page as a person meets it."""

import pytest
from playwright.async_api import Browser

from sandbox.server import Sandbox
from tests.browser import NARROW, WIDE, barriers, looking

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_page_opens_and_keeps_nobody_out(
    sandbox: Sandbox, browser: Browser, size: tuple[int, int]
) -> None:
    async with looking(browser, sandbox.url, size) as page:
        assert await page.title() == "Sandbox workspace"
        assert await barriers(page) == []

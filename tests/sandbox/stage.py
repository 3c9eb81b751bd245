"""A bare page in front of the workspace, on which what the page's modules draw is looked at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, Route

from sandbox.page_server import HEADERS
from sandbox.server import Sandbox
from tests.browser import WIDE, looking

STYLES = ("base", "blocks", "modal")
STAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stage</title>
<link rel="icon" href="/page/icon.svg" type="image/svg+xml">
<meta name="viewport" content="width=device-width, initial-scale=1">
{"".join(f'<link rel="stylesheet" href="/page/{name}.css">' for name in STYLES)}
<script type="module" src="/stage.js"></script></head>
<body><main id="front" tabindex="0" aria-label="Stage"><h1 class="unseen">Stage</h1></main>
<div id="notices" role="status"></div></body></html>"""
# What the whole page does too: it draws what the workspace shows, again whenever that changes.
SCRIPT = """
import { drawAttachments, drawBlocks } from "/page/blocks.js";
import { drawHome } from "/page/home.js";
import { syncModals } from "/page/modal.js";
import { get } from "/page/server.js";
import * as text from "/page/text.js";
import { world } from "/page/world.js";

const front = document.getElementById("front");
front.style.cssText = "height: 100%; overflow-y: auto; padding: 16px;";
const drawn = new Map();

async function look() {
  world.seen = await get("look", { user: world.me });
  if (place === "home") await drawHome(world, front);
  else await messages();
  await syncModals(world);
  document.body.dataset.version = world.seen.version;
}

async function messages() {
  for (const message of await get("messages", { channel: place, user: world.me })) {
    const looks = JSON.stringify(message);
    const before = drawn.get(message.ts);
    if (before?.looks === looks) continue;
    const surface = { world, kind: "message", channel: place, ts: message.ts };
    const node = document.createElement("article");
    node.dataset.ts = message.ts;
    node.append(drawBlocks(message.blocks ?? [], surface));
    node.append(drawAttachments(message.attachments, surface));
    if (before) before.node.replaceWith(node);
    else front.append(node);
    drawn.set(message.ts, { looks, node });
  }
}

const place = location.hash.slice(1);
world.me = "UANA";
window.stage = { text, world, draw };
function draw(blocks, kind = "message") {
  const place = { channel: "CINCIDENTS", ts: "1.1", view: { id: "V1" } };
  const drawn = drawBlocks(blocks, { world, kind, ...place });
  front.append(drawn);
  return drawn.innerText;
}

await look();
document.body.dataset.ready = "yes";
while (true) {
  const { version } = await get("wait", { version: world.version, timeout: 5 });
  if (version > world.version) await look();
}
"""


@asynccontextmanager
async def staged(
    browser: Browser,
    sandbox: Sandbox,
    place: str = "CINCIDENTS",
    size: tuple[int, int] = WIDE,
    **context: Any,
) -> AsyncIterator[Page]:
    """Open the bare page as ana, at a channel or at "home"; at the end nothing may be amiss."""
    async with looking(browser, f"{sandbox.url}/stage#{place}", size, _built, **context) as page:
        await page.wait_for_selector("body[data-ready]")
        yield page


async def _built(page: Page) -> None:
    await page.route("**/stage", _document)
    await page.route("**/stage.js", _script)


async def _document(route: Route) -> None:
    await route.fulfill(body=STAGE, content_type="text/html", headers=HEADERS)


async def _script(route: Route) -> None:
    await route.fulfill(body=SCRIPT, content_type="text/javascript")

"""An app that opens a form in front of Ana, and what becomes of the form."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox import kit
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.kit import form, option

CITIES = [option(name.lower(), name) for name in ("Bern", "Berlin", "Bergen")]


@dataclass
class Desk:
    """An app that opens a form, and what it was sent."""

    app: AsyncApp
    view: Json = field(default_factory=form)
    offer: Json = field(default_factory=lambda: {"options": CITIES})
    submitted: list[Json] = field(default_factory=list)
    clicked: list[Json] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)
    closed: list[Json] = field(default_factory=list)

    def listen(self) -> None:
        @self.app.command("/incident")
        async def show(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=self.view)
            await ack()

        @self.app.view("form")
        async def submit(ack: AsyncAck, body: Json) -> None:
            self.submitted.append(body)
            await ack()

        @self.app.view_closed("form")
        async def close(ack: AsyncAck, body: Json) -> None:
            self.closed.append(body)
            await ack()

        @self.app.action(re.compile("it|bin"))
        async def click(ack: AsyncAck, body: Json) -> None:
            self.clicked.append(body)
            await ack()

        @self.app.options("it")
        async def suggest(ack: AsyncAck, payload: Json) -> None:
            self.asked.append(payload)
            await ack(**self.offer)


@asynccontextmanager
async def desk_for(sandbox: Sandbox) -> AsyncIterator[Desk]:
    desk = Desk(bolt(sandbox))
    desk.listen()
    async with by_socket(desk.app):
        yield desk


def asking(element: Json, **more: Any) -> Json:
    return kit.field({"action_id": "it", **element}, block_id="b", **more)


async def ask(hands: Hands, desk: Desk, element: Json, **more: Any) -> None:
    """Have a form with this one element opened in front of Ana."""
    desk.view = form(asking(element, **more))
    assert (await hands.do("command", user="UANA", channel="COPS"))["acked"]


async def fill(hands: Hands, given: Any) -> Json:
    return await hands.do("submit", user="UANA", values={"b": {"it": given}})


def value_of(desk: Desk) -> Json:
    entry: Json = desk.submitted[-1]["view"]["state"]["values"]["b"]["it"]
    return entry

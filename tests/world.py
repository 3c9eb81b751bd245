"""The whole bot on twins: what it is told, what it says, and time in between."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.__main__ import Outside, assemble
from bot.domain.policy import Policy
from bot.ports import Store
from bot.render import Wording
from bot.sources import Silencer
from bot.usecases.watch import Sources
from tests.fakes.chat import FakeChat, Room
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FakeNotifier, FakeTelemetry, FixedRules
from tests.fakes.practice import FakePractice
from tests.fakes.store import MemoryStore

Payload = dict[str, Any]
SECRET = "s3cret"
WORDING = Wording()  # one for all: compiling the templates is what takes long
NOWHERE = "http://127.0.0.1:1/api/"  # refuses; like the bot's own, this client does not insist


async def authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_token="xoxb-x", bot_user_id="UBOT", bot_id="BBOT"
    )


class World:
    def __init__(
        self,
        store: Store | None = None,
        client: AsyncWebClient | None = None,
        clock: SteppedClock | None = None,
        chat: FakeChat | None = None,
        sources: Sources | None = None,
        *,
        silencers: Mapping[str, Silencer] | None = None,
    ) -> None:
        self.clock = clock or SteppedClock()
        self.store = store or MemoryStore(self.clock)
        self.chat = chat or FakeChat()
        self.notifier, self.telemetry = FakeNotifier(), FakeTelemetry()
        self.chat.rooms["CINCIDENTS"] = Room("incidents", ours=False)
        self.chat.rooms["CGENERAL"] = Room("general", ours=False, people={"UANA", "UBO", "UEVE"})
        self.practice = FakePractice(self.clock)
        self.rules = FixedRules(Policy(announcements="CINCIDENTS"))
        self.wording = WORDING
        outside = Outside(
            *(self.store, self.chat, self.notifier, self.rules, self.clock, self.telemetry),
            silencers=silencers or {},
            sources=sources,
            practice=self.practice,
        )
        inside = assemble(outside, self.wording)
        self.desk, self.worker, self.health = inside.desk, inside.worker, inside.health
        self.intake, self.watch, self.stages = inside.intake, inside.watch, inside.stages
        self.app = handlers.application(
            self.desk,
            "/incident",
            client=client or AsyncWebClient("xoxb-x", NOWHERE, retry_handlers=[]),
            authorize=authorize,
            signing_secret=SECRET,
        )
        self.app.telemetry = self.telemetry

    async def slack(self, body: Payload, mode: str = "socket_mode") -> BoltResponse:
        """Send a payload the way Slack does; the response is the acknowledgement."""
        if mode == "socket_mode":
            return await self.app.async_dispatch(AsyncBoltRequest(mode=mode, body=body))
        return await self.app.async_dispatch(signed(body))

    async def work(self, seconds: float = 0) -> list[str]:
        """Let time pass, pay what is due, and return what was said meanwhile."""
        self.clock.advance(seconds)
        before = len(self.chat.said)
        while await self.worker.step():
            pass
        return self.chat.said[before:]


def signed(body: Payload) -> AsyncBoltRequest:
    """Return the payload as Slack posts it."""
    form = body if "command" in body else {"payload": json.dumps(body)}
    raw = json.dumps(body) if "event" in body else urlencode(form)
    kind = "json" if "event" in body else "x-www-form-urlencoded"
    given = SignatureVerifier(SECRET).generate_signature
    now = str(int(time.time()))
    headers: dict[str, str | Sequence[str]] = {
        "content-type": f"application/{kind}",
        "x-slack-request-timestamp": now,
        "x-slack-signature": given(timestamp=now, body=raw) or "",
    }
    return AsyncBoltRequest(body=raw, headers=headers)

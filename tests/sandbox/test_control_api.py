"""Whatever a request to the control API says, it is answered, and refused in words."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.gallery import EVERY_FIELD, SEED
from tests.sandbox.hands import Hands

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2.0, 1e308, 5e-324, 2**63, "", "x", "UBOT", "USLACKBOT", "DM", "\0",
    "\u202e\u0645", "😀", "x" * 10_000, "../x", "Europe", "http://[", [], [[]], [{}], ["UANA"],
    {}, {"a": 1}, {"a": {"b": []}}, {"event": 5}, {"event": {"type": []}}, {"type": []},
)  # fmt: skip
WHERE = {"user": "UANA", "channel": "CINCIDENTS"}
ABOUT = {**WHERE, "ts": "said"}
# What each act takes; "said" is a message, in which, as in the modal, every field stands.
ACTS: dict[str, Json] = {
    "archive": {**WHERE, "channel": "COPS"},
    "bookmark": {**WHERE, "title": "x", "link": "https://example.com", "emoji": ":x:"},
    "canvas": {**WHERE, "text": "x", "operation": "insert_at_end", "section": None,
               "canvas": None},
    "change_id": {"channel": "CGENERAL"},
    "click": {**ABOUT, "action_id": "x", "block_id": "x", "value": "x", "option": "x",
              "values": {}, "view_id": "x", "home": False},
    "close_view": {"user": "UANA", "view_id": None, "clear": False},
    "command": {**WHERE, "text": "x", "command": "/incident"},
    "create_channel": {"user": "UANA", "name": "new", "is_private": False},
    "cut": {},
    "delete": ABOUT,
    "delete_file": {"user": "UANA", "file": "x"},
    "deliver": {"type": "interactive", "payload": {}},
    "disconnect": {"reason": "warning"},
    "edit": {**ABOUT, "text": "x"},
    "faults": {"delivery": "*", "kind": "dropped", "when": "before", "times": 0, "probability": 1,
               "seed": 1, "where": {}, "retry_after": 1, "seconds": 1, "later": 1, "error": "x"},
    "group": {"group": None, "name": "x", "handle": "x", "users": [], "is_disabled": False},
    "home": {"user": "UANA"},
    "invite": {**WHERE, "channel": "COPS", "invited": "USUE"},
    "join": {"user": "UBO", "channel": "COPS"},
    "leave": {"user": "UBO", "channel": "CINCIDENTS"},
    "message": {**WHERE, "text": "x", "thread_ts": "said", "broadcast": False},
    "options": {**ABOUT, "action_id": "x", "block_id": "x", "value": "x", "view_id": "x"},
    "person": {"user": "UNEW", "name": "new", "title": "x", "real_name": "x", "is_guest": False,
               "only_channel": "x", "is_deleted": False, "is_admin": False, "is_owner": False,
               "is_away": False, "team": "T1", "tz": "UTC"},
    "pin": ABOUT,
    "purpose": {**WHERE, "text": "x"},
    "react": {**ABOUT, "name": "eyes", "remove": False},
    "read": ABOUT,
    "redeliver": {"delivery": "x"},
    "refresh": {},
    "remove_member": {**WHERE, "removed": "UCY"},
    "rename": {**WHERE, "name": "renamed"},
    "set_shared": {"channel": "COPS", "is_ext_shared": True},
    "settings": {"mode": "socket", "url": [], "command_url": [], "interactivity_url": [],
                 "options_url": [], "verify": False, "copies": 1, "retry_factor": 0.01,
                 "rate_factor": 1, "socket_mode": True, "record": True},
    "shortcut": {**ABOUT, "callback_id": "x"},
    "submit": {"user": "UANA", "view_id": "x", "values": {}},
    "topic": {**WHERE, "text": "x"},
    "unarchive": {**WHERE, "channel": "COPS"},
    "unbookmark": {**WHERE, "bookmark": "x"},
    "uninstall": {},
    "unpin": ABOUT,
    "upload": {**WHERE, "filename": "x", "content": "eA==", "thread_ts": "said", "text": "x",
               "title": "x", "alt_text": "x"},
}  # fmt: skip
WINDOWS: dict[str, dict[str, str]] = {
    "": {}, "calls": {}, "canvas": {"channel": "CINCIDENTS", "canvas": "x", "user": "x"},
    "canvases": {}, "channel": {**WHERE}, "deliveries": {}, "emoji": {}, "faults": {},
    "file": {"user": "UANA", "file": "x"}, "groups": {}, "home": {"user": "UANA"},
    "look": {"user": "UANA"}, "messages": {**WHERE}, "people": {}, "shapes": {}, "state": {},
    "timeline": {**WHERE, "before": "x", "after": "x", "around": "x", "since": "0",
                 "thread": "x", "limit": "1"},
    "views": {"user": "UANA"}, "wait": {"version": "-1", "timeout": "0"},
}  # fmt: skip


@pytest.fixture
async def sandbox(clock: SteppedClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=clock, seed=SEED) as running:
        yield running


@pytest.fixture
async def said(hands: Hands, client: AsyncWebClient) -> str:
    """A message, beside an open modal in which every kind of field stands."""
    await hands.do("command", **WHERE)
    sent = (await hands.see("deliveries"))[-1]
    await client.views_open(trigger_id=sent["payload"]["trigger_id"], view=EVERY_FIELD)
    return str((await hands.do("message", **WHERE, text="x"))["ts"])


async def attempted(hands: Hands, act: str, given: Json, said: str) -> None:
    ready = {name: said if value == "said" else value for name, value in given.items()}
    status, answer = await hands.attempt(act, **ready)
    assert status == 200 or (status in {400, 404} and answer["error"]), (act, ready, answer)


async def test_what_there_is_to_do_and_see_is_listed_and_documented(hands: Hands) -> None:
    listed = await hands.see("")
    assert listed == {"post": sorted(ACTS), "get": sorted(set(WINDOWS) - {""})}
    told = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
    assert [name for name in (*ACTS, *WINDOWS) if f"`{name}`" not in told and name] == []


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_odd_fields_are_answered_in_words(hands: Hands, said: str, act: str) -> None:
    for name in ACTS[act]:
        for odd in ODD:
            await attempted(hands, act, {**ACTS[act], name: odd}, said)
            await hands.forget_faults()
    for window, query in WINDOWS.items():
        if not query:
            assert await hands.see(window) is not None


@pytest.mark.parametrize("window", sorted(WINDOWS))
async def test_odd_queries_are_answered_in_words(hands: Hands, said: str, window: str) -> None:
    for name in WINDOWS[window]:
        for odd in ("", "x", "-1", "1e308", "nan", "\0", "\ud7ff😀", "x" * 2_000, said, "DM"):
            status, answer = await hands.look(window, **{**WINDOWS[window], name: odd})
            assert status == 200 or (status in {400, 404} and answer["error"]), (name, odd)


async def test_odd_things_are_entered_in_every_field(hands: Hands, said: str) -> None:
    fields = [block for block in EVERY_FIELD["blocks"] if block["type"] == "input"]
    for field in fields:
        for odd in (*ODD, ["x"] * 200, {"type": "rich_text", "elements": [{}]}, [{"a": []}]):
            values = {field["block_id"]: {field["element"]["action_id"]: odd}}
            await attempted(hands, "submit", {"user": "UANA", "values": values}, said)
            clicked = {"user": "UANA", "action_id": field["element"]["action_id"], "option": odd}
            await attempted(hands, "click", clicked, said)
            if not await hands.see("views", user="UANA"):
                pytest.fail("the modal is gone")


@pytest.mark.parametrize("kind", ["events_api", "slash_commands", "interactive"])
async def test_odd_payloads_meet_odd_orders(hands: Hands, said: str, kind: str) -> None:
    await hands.do("settings", record=True)
    await hands.do("faults", delivery="*", kind="dropped", times=None, where={"type": "x"})
    for odd in ODD:
        for payload in (odd, {"type": odd}, {"event": odd}, {"view": odd}, {"user_id": odd}):
            await attempted(hands, "deliver", {"type": kind, "payload": payload}, said)
    assert await hands.see("shapes")


@pytest.mark.parametrize("name", ["retry_factor", "rate_factor", "copies"])
async def test_odd_settings_that_are_taken_work(hands: Hands, said: str, name: str) -> None:
    for odd in (*ODD, 1e-9, 1e-6, 1_000_000, 0.5):
        await attempted(hands, "settings", {name: odd}, said)
        await hands.do("message", **WHERE, text="x")
        await hands.do("command", **WHERE)

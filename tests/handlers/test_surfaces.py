"""What people can press, send and call, against what the bot listens for: both ways."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt.async_app import AsyncApp

import bot
import handlers
from bot.adapters.slack import REQUIRED_SCOPES
from bot.settings import Configuration
from sandbox.deliveries.courier import EVENT_SCOPES
from sandbox.methods.registry import METHODS
from tests.drawings import HOSTILE, drawn
from tests.world import WORDING, World

Json = dict[str, Any]
ROOMS = [Path(package.__file__ or "").parent for package in (bot, handlers)]
MANIFEST: Json = yaml.safe_load((ROOMS[0].parent / "manifest.yml").read_text())
FEATURES, SETTINGS = MANIFEST["features"], MANIFEST["settings"]
EVENTS: list[str] = SETTINGS["event_subscriptions"]["bot_events"]
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]

# By what Bolt calls the ways to listen, what they are about here.
LISTENING = {
    "action": ("action", "block_action", "attachment_action"),
    "view": ("view", "view_submission"),
    "closed": ("view_closed",),
    "shortcut": ("shortcut", "global_shortcut", "message_shortcut"),
    "options": ("options", "block_suggestion"),
    "command": ("command",),
    "event": ("event", "message"),
}
EVERYTHING_ELSE = re.compile("")
PRESSED = {
    *("button", "checkboxes", "datepicker", "datetimepicker", "overflow", "radio_buttons"),
    *("timepicker", "workflow_button", "feedback_buttons", "icon_button"),
}
TYPED = {"plain_text_input", "email_text_input", "number_input", "url_text_input"}
TYPED |= {"rich_text_input", "file_input"}
BLOCKS = {"actions", "section", "input", "context_actions"}

UPLOADING = {"files.getUploadURLExternal", "files.completeUploadExternal"}

SOON = {f"severity_P{n}" for n in range(4)}  # drawn before whoever listens came

Heard = dict[str, list[str | re.Pattern[str]]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """For each thing there is to listen for, the names that the bot listens for."""
    found: Heard = {about: [] for about in LISTENING}
    for about, ways in LISTENING.items():
        for way in ways:
            _note(monkeypatch, way, found[about])
    listeners = World().app._async_listeners
    assert len(listeners) == sum(map(len, found.values())), "Bolt has yet another way to listen"
    return found


def _note(monkeypatch: pytest.MonkeyPatch, way: str, noted: list[str | re.Pattern[str]]) -> None:
    register = getattr(AsyncApp, way)

    def noting(app: AsyncApp, name: Any, *args: Any, **more: Any) -> Any:
        given = name if isinstance(name, dict) else {"callback_id": name}
        noted.append(given.get("callback_id") or given["type"])
        return register(app, name, *args, **more)

    monkeypatch.setattr(AsyncApp, way, noting)


def unheard(names: set[str], listened: list[str | re.Pattern[str]]) -> set[str]:
    """Return the names that nobody listens for but the last resort."""
    own = [name for name in listened if name != EVERYTHING_ELSE]
    return {name for name in names if not any(_meets(name, each) for each in own)}


def unused(names: set[str], listened: list[str | re.Pattern[str]]) -> set[str]:
    """Return what is listened for in vain."""
    own = [name for name in listened if name != EVERYTHING_ELSE]
    return {str(each) for each in own if not any(_meets(name, each) for name in names)}


def _meets(name: str, listened: str | re.Pattern[str]) -> bool:
    return name == listened if isinstance(listened, str) else bool(listened.search(name))


@cache
def shown() -> list[Json]:
    """Return every message and view that the templates make, in every branch."""
    texts = (HOSTILE["plain"], HOSTILE["empty"], HOSTILE["very long"])
    folders = ("messages", "modals", "pages")
    return [made for text in texts for _, made in drawn(text, WORDING, *folders)]


def elements(value: Any, block: Json | None = None) -> Iterator[tuple[Json, Json]]:
    """Yield everything that can be pressed or filled in, with the block it stands in."""
    if isinstance(value, list):
        for inner in value:
            yield from elements(inner, block)
    elif isinstance(value, dict):
        kind = str(value.get("type"))
        if block and (kind in PRESSED | TYPED or kind.endswith("_select")):
            yield value, block
        is_block = "block_id" in value or kind in {
            "actions",
            "section",
            "input",
            "context_actions",
        }
        for inner in value.values():
            yield from elements(inner, value if is_block else block)


def filled_in(block: Json) -> bool:
    """Say whether what is chosen there is sent with the form only."""
    return block["type"] == "input" and not block.get("dispatch_action")


def pressed() -> set[str]:
    found = [element for element, block in elements(shown()) if not filled_in(block)]
    assert all(element.get("action_id") for element in found), "each needs a name"
    return {element["action_id"] for element in found}


def test_every_button_and_menu_has_a_listener_and_the_other_way(heard: Heard) -> None:
    assert unheard(pressed(), heard["action"]) <= SOON
    assert unused(pressed(), heard["action"]) == set()
    assert heard["action"].count(EVERYTHING_ELSE) == 1


def test_every_menu_that_asks_for_options_has_a_listener_and_the_other_way(heard: Heard) -> None:
    asking = {
        str(element.get("action_id"))
        for element, _ in elements(shown())
        if element["type"].endswith("external_select")
    }
    assert unheard(asking, heard["options"]) == set()
    assert unused(asking, heard["options"]) == set()


def test_every_form_has_a_listener_and_the_other_way(heard: Heard) -> None:
    views = [made for made in shown() if made.get("type") == "modal"]
    sent = {str(view.get("callback_id")) for view in views if "submit" in view}
    closed = {str(view.get("callback_id")) for view in views if view.get("notify_on_close")}
    assert unheard(sent, heard["view"]) == set()
    assert unused(sent, heard["view"]) == set()
    assert heard["view"].count(EVERYTHING_ELSE) == 1
    assert unheard(closed, heard["closed"]) == set()
    assert unused(closed, heard["closed"]) == set()


def test_what_is_filled_in_is_read() -> None:
    asked = {
        str(name)
        for element, block in elements(shown())
        if filled_in(block)
        for name in (element.get("action_id"), block.get("block_id"))
    }
    read = set().union(*(strings(path) for path in ROOMS[1].rglob("*.py")))
    assert asked <= read


def test_every_shortcut_has_a_listener_and_the_other_way(heard: Heard) -> None:
    offered = {shortcut["callback_id"] for shortcut in FEATURES["shortcuts"]}
    assert unheard(offered, heard["shortcut"]) == set()
    assert unused(offered, heard["shortcut"]) == set()
    assert heard["shortcut"].count(EVERYTHING_ELSE) == 1


def test_the_command_is_the_one_in_the_manifest(heard: Heard) -> None:
    assert [command["command"] for command in FEATURES["slash_commands"]] == heard["command"]
    assert heard["command"] == [Configuration().command]
    assert all(command["should_escape"] for command in FEATURES["slash_commands"])


def test_every_event_has_a_listener_and_the_other_way(heard: Heard) -> None:
    told = {event.partition(".")[0] for event in EVENTS}
    assert unheard(told, heard["event"]) == set()
    assert unused(told, heard["event"]) == set()


def test_the_bot_hears_only_of_events_that_it_may_see() -> None:
    assert {EVENT_SCOPES.get(event) for event in EVENTS} - {None} <= set(SCOPES)
    assert len(set(EVENTS)) == len(EVENTS)


def strings(path: Path) -> set[str]:
    """Return the strings in a file of Python."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


@cache
def called() -> set[str]:
    """Return the methods of the Web API that the bot's source calls, by name or by attribute."""
    by_attribute = {name.replace(".", "_"): {name} for name in METHODS}
    by_attribute["files_upload_v2"] = {
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    }
    found = set[str]()
    for path in (path for room in ROOMS for path in room.rglob("*.py")):
        if path.name != "throttle.py":
            found |= strings(path) & set(METHODS)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found |= by_attribute.get(node.func.attr, set())
    return found


def kinds(scopes: tuple[str, ...]) -> set[str]:
    """Return the kinds of channels whose scopes are among these: where the bot does its work."""
    return {scope.partition(":")[0] for scope in scopes} & {"channels", "groups"}


@pytest.mark.parametrize("method", sorted(called()))
def test_every_method_that_is_called_has_its_scopes(method: str) -> None:
    scopes = METHODS[method].scopes
    assert not scopes or set(scopes) & set(SCOPES)
    assert kinds(scopes) <= kinds(tuple(set(scopes) & set(SCOPES)))


def test_no_scope_is_asked_for_that_nothing_needs() -> None:
    needed = {scope for method in called() for scope in METHODS[method].scopes}
    needed |= {EVENT_SCOPES[event] for event in EVENTS if event in EVENT_SCOPES}
    needed |= {"commands"} if FEATURES["slash_commands"] or FEATURES["shortcuts"] else set()
    assert set(SCOPES) - needed == set()


def test_the_scopes_that_the_bot_looks_for_are_those_of_the_manifest() -> None:
    assert sorted(SCOPES) == sorted(REQUIRED_SCOPES)

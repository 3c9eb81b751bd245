"""An app's manifest, read as what the app may do in the workspace."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.manifest import ManifestError, seeded
from sandbox.seed import Seed, Shortcut, SlashCommand
from tests.conversations.stage import ROOT

GIVEN: dict[str, Any] = {
    "display_information": {"name": "Bot"},
    "features": {
        "bot_user": {"display_name": "helper"},
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "slash_commands": [{"command": "/help", "description": "Help", "usage_hint": "me"}],
        "shortcuts": [
            {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Ask"}
        ],
        "unfurl_domains": ["example.com"],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def written(folder: Path, given: object) -> Path:
    path = folder / "manifest.yml"
    path.write_text(given if isinstance(given, str) else yaml.safe_dump(given))
    return path


def test_what_the_app_may_and_registers_is_read(tmp_path: Path) -> None:
    seed = seeded(written(tmp_path, GIVEN), Seed())
    assert (seed.bot_name, seed.scopes) == ("helper", ("commands", "chat:write"))
    assert (seed.events, seed.unfurl_domains) == (("app_mention",), ("example.com",))
    assert seed.commands == (SlashCommand("/help", "Help", "me", should_escape=False),)
    assert (seed.home_tab, seed.messages_tab, seed.messages_tab_read_only) == (True, True, False)
    assert seed.shortcuts == (Shortcut("Ask", "global", "ask", "Ask"),)
    assert seed.socket_mode
    assert seed.people == Seed().people


def test_an_app_without_socket_mode_is_reached_over_http(tmp_path: Path) -> None:
    seed = seeded(written(tmp_path, changed("settings.socket_mode_enabled", False)), Seed())  # noqa: FBT003
    assert not seed.socket_mode


def test_what_the_manifest_does_not_ask_for_is_off(tmp_path: Path) -> None:
    features = {name: part for name, part in GIVEN["features"].items() if name != "app_home"}
    seed = seeded(written(tmp_path, {**GIVEN, "features": features}), Seed())
    assert (seed.home_tab, seed.messages_tab, seed.messages_tab_read_only) == (False, False, True)


def test_the_projects_own_manifest_is_right() -> None:
    seed = seeded(ROOT / "manifest.yml", Seed())
    assert all(command.should_escape for command in seed.commands)
    assert seed.home_tab
    assert seed.messages_tab
    assert [command.command for command in seed.commands] == ["/incident"]
    assert "canvases:write" not in seed.scopes  # as the sandbox's own app has
    assert {shortcut.kind for shortcut in seed.shortcuts} == {"global", "message"}


def changed(place: str, value: object) -> dict[str, Any]:
    """Return the manifest with another value at a place."""
    manifest = yaml.safe_load(yaml.safe_dump(GIVEN))
    *way, last = place.split(".")
    here = manifest
    for step in way:
        here = here[int(step) if isinstance(here, list) else step]
    here[last] = value
    return manifest  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("a: [", "is not YAML"),
        ("just words", "the manifest"),
        ({}, "display_information"),
        (changed("display_information.name", "x" * 36), "display_information.name"),
        (changed("display_information.background_color", "red"), "background_color"),
        (changed("display_information.colour", "#ffffff"), "display_information.colour"),
        (changed("features.slash_commands.0.command", "help"), "slash_commands.0.command"),
        (changed("features.slash_commands.0.command", "/" + "x" * 32), "slash_commands.0.command"),
        (changed("features.shortcuts.0.type", "local"), "features.shortcuts.0.type"),
        (changed("features.shortcuts.0.name", "x" * 25), "features.shortcuts.0.name"),
        (changed("features.shortcuts", GIVEN["features"]["shortcuts"] * 6), "at most 5"),
        (changed("features.shortcuts", GIVEN["features"]["shortcuts"] * 2), "there twice: ask"),
        (changed("features.unfurl_domains", ["a.com"] * 6), "unfurl_domains"),
        (changed("features.bot_user", None), "need features.bot_user"),
        (changed("oauth_config.scopes.bot", ["chat:write"]), "need the scope commands"),
        (changed("settings.event_subscriptions.bot_events", ["x"] * 101), "bot_events"),
        (changed("settings.socket_mode_enabled", "yes"), "settings.socket_mode_enabled"),
    ],
)
def test_a_wrong_manifest_is_refused_in_words(tmp_path: Path, given: object, named: str) -> None:
    with pytest.raises(ManifestError) as refused:
        seeded(written(tmp_path, given), Seed())
    assert named in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_a_manifest_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        seeded(tmp_path / "none.yml", Seed())

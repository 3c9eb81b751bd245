"""Whatever people type is kept or refused in words; none of it breaks anything."""

import json

import pytest

from handlers.payloads import readable
from tests.payloads import Payload, command, direct, mention, view
from tests.world import World

TEXTS = {
    "half a character": "checkout \ud83d is down",
    "nothing but half a character": "\udc00",
    "an emoji in two halves": "checkout \ud83d\udd25 is down",
    "very long": "checkout is down " * 700,
    "very long with half a character": "x" * 10_000 + "\ud83d",
    "right to left": "התשלומים למטה",
    "nul": "checkout\0is down",
    "markup": "<!channel> &<>& `code` *bold*",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("kind", ["command", "view", "mention", "direct"])
async def test_it_is_answered_and_nothing_crashes(world: World, kind: str, text: str) -> None:
    payloads: dict[str, Payload] = {
        "command": command(f"declare {text}"),
        "view": view(text),
        "mention": mention(f"declare {text}"),
        "direct": direct(f"declare {text}"),
    }
    response = await world.slack(payloads[kind])
    said = [response.body or "", *await world.work()]
    assert response.status == 200
    assert any(said)
    assert not any("my mistake" in line for line in said), said


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\ud83d\udd25b", "a🔥b"),
        ("a\ud83db", "a\ufffdb"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("plain", "plain"),
    ],
)
def test_half_a_character_is_replaced_and_two_halves_are_one(text: str, kept: str) -> None:
    payload = {"text": text, "list": [{"deep": text}], "number": 1, "none": None}
    told = readable(payload)
    assert told == {"text": kept, "list": [{"deep": kept}], "number": 1, "none": None}
    assert json.dumps(told, ensure_ascii=False).encode()

"""What the card offers: few buttons, and one of them stands out as what comes next."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.incident import Incident, replay
from bot.domain.overview import overview
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.render import Wording
from tests.samples import CARD, DECLARED, ID, ROOM, T

STANDING = replay(ID, [DECLARED, ROOM, CARD])
LATER = ("handover", "action_add", "timeline_show")


def buttons(incident: Incident) -> list[dict[str, Any]]:
    card: Any = Wording().message("card", incident=incident, told=overview(incident, Policy(), T))
    return list(card["blocks"][-1]["elements"])


def offered(incident: Incident) -> list[str]:
    return [button["action_id"] for button in buttons(incident)]


@pytest.mark.parametrize(
    ("status", "by", "next_step"),
    [
        (Status.DETECTED, None, "acknowledge"),
        (Status.INVESTIGATING, None, "acknowledge"),
        (Status.DETECTED, "UBO", "triage"),
        (Status.TRIAGING, "UBO", "triage"),
        (Status.INVESTIGATING, "UBO", "update"),
        (Status.MITIGATING, "UBO", "update"),
        (Status.MONITORING, "UBO", "resolve"),
    ],
)
def test_one_button_stands_out(status: Status, by: str | None, next_step: str) -> None:
    shown = buttons(replace(STANDING, status=status, acknowledged_by=by))
    assert [b["action_id"] for b in shown if b.get("style") == "primary"] == [next_step]


def test_what_can_wait_is_offered_once_somebody_took_it() -> None:
    assert not set(LATER) & set(offered(STANDING))
    assert set(LATER) <= set(offered(replace(STANDING, acknowledged_by="UBO")))


def test_what_is_resolved_can_be_reopened_and_what_is_closed_cannot() -> None:
    assert "reopen" in offered(replace(STANDING, status=Status.RESOLVED))
    assert "reopen" not in offered(replace(STANDING, status=Status.CLOSED))


def test_how_bad_it_is_has_a_colour_and_a_word() -> None:
    incident = replace(STANDING, severity=Severity.P0)
    told = overview(incident, Policy(), T)
    card = str(Wording().message("card", incident=incident, told=told))
    assert ":red_circle: P0 critical" in card


def test_a_page_stays_true_when_the_channel_is_opened() -> None:
    """A page is sent once and never drawn again."""
    early = str(Wording().message("page", incident=replay(ID, [DECLARED]), services=()))
    assert "being opened" not in early
    assert f"`/incident status {ID}` leads there" in early
    assert "<#C1>" in str(Wording().message("page", incident=STANDING, services=()))


@pytest.mark.parametrize(("text", "typed"), [("ack", "ack ID`"), ("sev P1", "sev ID P1`")])
def test_what_to_type_for_an_incident_has_no_gap(text: str, typed: str) -> None:
    asked = Wording().message("picker", text=text, incidents=[STANDING])
    assert f"or type `/incident {typed}." in str(asked["text"])

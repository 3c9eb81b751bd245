"""Titles, names, severities: what people type, read kindly."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incident import replay
from bot.domain.names import channel_names, incident_id, incident_id_in
from bot.domain.severity import Severity, severity_in
from bot.domain.titles import LONGEST, cleaned, title_and_details
from tests.samples import DECLARED, ID, T


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        *(("P1", Severity.P1), ("p0", Severity.P0), ("sev2", Severity.P2), ("SEV-3", Severity.P3)),
        *((" 1 ", Severity.P1), ("P4", None), ("severe", None), ("", None), ("10", None)),
    ],
)
def test_a_severity_is_read(typed: str, read: Severity | None) -> None:
    assert severity_in(typed) is read


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n b\t\tc", "a b c"),
        ("\u202eevil\u202c", "evil"),
        ("\u0627\u0644\u062f\u0641\u0639 down", "\u0627\u0644\u062f\u0641\u0639 down"),
        ("👩\u200d🚒 fire", "👩\u200d🚒 fire"),
        ("\x00\x07", ""),
        (" \u200d\n", ""),
    ],
)
def test_what_nobody_sees_is_not_in_a_title(text: str, shown: str) -> None:
    assert cleaned(text) == shown


@given(st.text())
def test_a_title_fits_and_nothing_is_lost(text: str) -> None:
    title, details = title_and_details(text)
    assert len(title) <= LONGEST
    assert details == (text.strip() if len(cleaned(text)) > LONGEST else "")


@pytest.mark.parametrize(
    ("text", "more", "details"),
    [
        ("a", " since ten\n", "since ten"),
        ("a", "", ""),
        ("a " * 100, "", ("a " * 100).strip()),
        ("a " * 100, "since ten", ("a " * 100).strip() + "\n\nsince ten"),
    ],
)
def test_what_was_said_besides_comes_after_what_did_not_fit(
    text: str, more: str, details: str
) -> None:
    assert title_and_details(text, more)[1] == details


def test_an_incident_is_named_by_day_and_number() -> None:
    assert incident_id(T, 1) == ID
    assert incident_id_in("inc-20260115-001") == ID
    assert incident_id_in("INC-20260115-1000") == "INC-20260115-1000"
    assert incident_id_in("INC-1") is None


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("checkout is down", "inc-20260115-001-checkout-is-down"),
        (
            "Zahlung für <!channel> & Café kaputt",
            "inc-20260115-001-zahlung-fur-channel-cafe-kaputt",
        ),
        ("支払い", "inc-20260115-001"),
        ("/var is full", "inc-20260115-001-var-is-full"),
    ],
)
def test_a_channel_is_named_after_its_incident(title: str, first: str) -> None:

    names = list(channel_names(replay(ID, [replace(DECLARED, title=title)])))
    assert names[:2] == [first, f"{first}-2"]
    assert len(set(names)) == 9


@given(st.text(max_size=300))
def test_every_channel_name_is_one_that_slack_takes(title: str) -> None:

    for name in channel_names(replay(ID, [replace(DECLARED, title=title)])):
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", name)

"""What the event log says of each fact: a file format, so these rows only grow."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from bot.domain.event_types import TYPES
from bot.domain.events import Place, told
from bot.domain.facts import Declared, Fact, MadePrivate, Shelved
from bot.domain.incident import Incident, replay
from bot.domain.records import to_record
from bot.domain.status import Status
from tests.samples import (
    ABSORBED,
    ASSIGNED,
    CARD,
    CLEARED,
    CLOSED,
    DECLARED,
    DISMISSED,
    DISPUTED,
    DRILLED,
    ERRORS,
    EVERY_FACT,
    FILED,
    FIRED,
    GONE,
    ID,
    IMPACT,
    JOINED,
    LATE,
    LEARNED,
    LIFTED,
    LOST_CARD,
    MAYBE,
    MEASURED,
    MERGED,
    MISSED,
    MOVED,
    NOT_KNOWN,
    NOTE_EDITED,
    NOTE_GONE,
    NOTED,
    OFFERED,
    OVER,
    PAGED,
    PRIVATE,
    PROPOSED,
    PUT_AWAY,
    QUIET,
    REFUSED_IT,
    REOPENED,
    RESOLVED,
    RETIRED,
    ROOM,
    SERVICES,
    SILENCED,
    STOOD_DOWN,
    SUBSCRIBED,
    SUGGESTED,
    SUGGESTION,
    TAKEN,
    THREAD,
    TODO,
    TODO_AGAIN,
    TODO_CHANGED,
    TODO_DONE,
    TODO_GONE,
    TOLD,
    TOLD_THERE,
    UNSTAGED,
    UNSUBSCRIBED,
    UPDATED,
    WORSE,
    T,
    stamp,
)

NOW = "2026-01-15T12:00:00+00:00"
HALF_PAST = "2026-01-15T12:30:00+00:00"
SOON, LATER = "2026-01-15T12:05:00+00:00", "2026-01-15T12:15:00+00:00"
UNKNOWN = {"root_cause": None, "mitigation": None, "data_loss": None}
NOWHERE = {"from_channel": None, "from_ts": None}
SAID = {"title": "checkout is down", "audience": None}

HOUR_ON = "2026-01-15T13:00:00+00:00"
ROWS: list[tuple[Fact, str, str, dict[str, object]]] = [
    (
        DECLARED,
        "INCIDENT_DECLARED",
        "UANA",
        {
            **SAID,
            "details": "",
            "severity": None,
            "acknowledge_by": LATER,
            "services": [],
            "invited": [],
            "origin_channel": None,
            "origin_ts": None,
            "update_by": "2026-01-15T12:30:00+00:00",
            "page_by": "2026-01-15T12:01:00+00:00",
            "practice": None,
        },
    ),
    (TAKEN, "INCIDENT_ACKNOWLEDGED", "UBO", {}),
    (JOINED, "PERSON_JOINED", "UEVE", {}),
    (GONE, "PERSON_LEFT", "UEVE", {}),
    (
        WORSE,
        "INCIDENT_SEVERITY_CHANGED",
        "UBO",
        {"severity": "P0", "acknowledge_by": SOON, "update_by": LATER},
    ),
    (
        RESOLVED,
        "INCIDENT_RESOLVED",
        "UBO",
        {"status": "resolved", "reason": "", "severity": None, "duration_minutes": 0, **UNKNOWN},
    ),
    (CLOSED, "INCIDENT_STATUS_CHANGED", "UBO", {"status": "closed", "reason": ""}),
    (REOPENED, "INCIDENT_REOPENED", "UBO", {"acknowledge_by": LATER, "update_by": HALF_PAST}),
    (LATE, "INCIDENT_ESCALATED", "bot", {"level": 1, "cause": "unanswered"}),
    (
        ROOM,
        "CHANNEL_OPENED",
        "bot",
        {"channel": "C1", "name": "inc-20260115-001-checkout-is-down", "private": None},
    ),
    (CARD, "CARD_POSTED", "bot", {"ts": "1.1", "channel": None}),
    (TOLD, "INCIDENT_ANNOUNCED", "bot", {"channel": "C9", "ts": "2.2"}),
    (LOST_CARD, "JOB_GIVEN_UP", "bot", {"job": "card", "reason": "gone"}),
    (MAYBE, "JOB_OUTCOME_UNKNOWN", "bot", {"job": "purpose"}),
    (OVER, "JOB_WORKS_AGAIN", "bot", {"job": "card"}),
    (
        PUT_AWAY,
        "INCIDENT_SHELVED",
        "bot",
        {
            **SAID,
            "facts": 2,
            "severity": "P0",
            "status": "closed",
            "declared_at": NOW,
            "commander": "UANA",
            "acknowledged_by": "UBO",
            "channel": "C1",
            "people": ["UANA", "UBO"],
            "services": [],
            "acknowledged_at": None,
            "mitigated_at": None,
            "resolved_at": None,
            "into": None,
            "practice": None,
        },
    ),
    (SERVICES, "SERVICES_NAMED", "UBO", {"services": ["checkout", "payments"]}),
    (IMPACT, "IMPACT_DESCRIBED", "UBO", {"impact": "one order in three fails"}),
    (NOT_KNOWN, "MILESTONE_SET", "UBO", {"milestone": "impact_started", "at": None}),
    (
        LEARNED,
        "INCIDENT_CONCLUDED",
        "UBO",
        {
            "data_loss": "no",
            "root_cause": "a bad rollout",
            "immediate_fix": "rolled back",
            "permanent_fix": "a canary",
        },
    ),
    (MERGED, "INCIDENT_MERGED", "UBO", {"into": "INC-20260115-002"}),
    (ABSORBED, "INCIDENT_ABSORBED", "UBO", {"incident": "INC-20260115-003", "people": ["UEVE"]}),
    (PAGED, "PEOPLE_PAGED", "bot", {"people": ["UCY"]}),
    (STOOD_DOWN, "PEOPLE_STOOD_DOWN", "bot", {"people": ["UCY"]}),
    (
        OFFERED,
        "HANDOVER_OFFERED",
        "UANA",
        {"role": "commander", "person": "UBO", "brief": "all quiet"},
    ),
    (REFUSED_IT, "HANDOVER_DECLINED", "UBO", {"role": "commander"}),
    (ASSIGNED, "ROLE_ASSIGNED", "UBO", {"role": "commander", "person": "UBO"}),
    (SUBSCRIBED, "PERSON_SUBSCRIBED", "USUE", {}),
    (UNSUBSCRIBED, "PERSON_UNSUBSCRIBED", "USUE", {}),
    (
        TOLD_THERE,
        "SUBSCRIPTION_OPENED",
        "bot",
        {"person": "USUE", "channel": "D1", "ts": "3.3"},
    ),
    (
        UPDATED,
        "UPDATE_SENT",
        "UANA",
        {"text": "still looking", "update_by": HALF_PAST, **NOWHERE},
    ),
    (MISSED, "UPDATE_MISSED", "bot", {"update_by": HALF_PAST}),
    (NOTED, "TIMELINE_ENTRY_ADDED", "UBO", {"note": 1, "text": "the cache was full", **NOWHERE}),
    (
        NOTE_EDITED,
        "TIMELINE_ENTRY_EDITED",
        "UANA",
        {"note": 1, "text": "the cache was too small", "at": NOW},
    ),
    (NOTE_GONE, "TIMELINE_ENTRY_RETRACTED", "UANA", {"note": 1}),
    (
        TODO,
        "ACTION_ADDED",
        "UBO",
        {
            "action": 1,
            "text": "alert on it",
            "owner": "UANA",
            "due": "2026-01-22",
            "urgency": "high",
            **NOWHERE,
        },
    ),
    (
        TODO_CHANGED,
        "ACTION_CHANGED",
        "UBO",
        {"action": 1, "text": "alert on it early", "owner": None, "due": None, "urgency": "low"},
    ),
    (TODO_DONE, "ACTION_DONE", "UANA", {"action": 1}),
    (TODO_AGAIN, "ACTION_REOPENED", "UANA", {"action": 1}),
    (TODO_GONE, "ACTION_RETRACTED", "UANA", {"action": 1}),
    (THREAD, "THREAD_OPENED", "bot", {"channel": "C9", "ts": "5.5"}),
    (RETIRED, "CHANNEL_RETIRED", "bot", {"channel": "C1"}),
    (
        FILED,
        "POSTMORTEM_FILED",
        "bot",
        {"file": "F1", "link": "https://example.com/F1", "tells": 12},
    ),
    (
        SUGGESTED,
        "INCIDENT_SUGGESTED",
        "bot",
        {
            "title": "one order in ten fails",
            "severity": "P2",
            "services": ["checkout"],
            "acknowledge_by": "2026-01-15T13:00:00+00:00",
            "storm": False,
        },
    ),
    (SUGGESTION, "SUGGESTION_POSTED", "bot", {"channel": "C8", "ts": "6.6"}),
    (DISMISSED, "SUGGESTION_DISMISSED", "UBO", {"reason": "a test", "into": None}),
    (
        FIRED,
        "ALERT_FIRED",
        "bot",
        {
            "source": "alertmanager",
            "group": "errors",
            "fingerprint": "f1",
            "name": "ErrorsHigh",
            "summary": "one order in ten fails",
            "description": "",
            "severity": "P1",
            "services": ["checkout"],
            "labels": ERRORS,
            "link": "https://example.com/f1",
            "untold": 0,
        },
    ),
    (
        CLEARED,
        "ALERT_CLEARED",
        "bot",
        {
            "source": "alertmanager",
            "fingerprint": "f1",
            "quiet_by": "2026-01-15T12:05:00+00:00",
        },
    ),
    (
        MOVED,
        "ALERTS_MOVED",
        "UBO",
        {
            "source": "alertmanager",
            "group": "errors",
            "into": "INC-20260115-002",
            "quiet_by": None,
        },
    ),
    (
        QUIET,
        "SILENCE_ASKED",
        "UBO",
        {"source": "alertmanager", "group": "errors", "labels": ERRORS, "until": HOUR_ON},
    ),
    (
        SILENCED,
        "ALERTS_SILENCED",
        "bot",
        {"source": "alertmanager", "group": "errors", "silence": "s1", "until": HOUR_ON},
    ),
    (LIFTED, "SILENCE_LIFTED", "bot", {"silence": "s1"}),
    (PROPOSED, "RESOLVE_PROPOSED", "bot", {}),
    (DISPUTED, "RULE_DISPUTED", "UBO", {"rule": "memory.oom", "disputed": True}),
    (
        MEASURED,
        "IMPACT_MEASURED",
        "bot",
        {
            "begin": "2026-01-15T11:50:00+00:00",
            "end": NOW,
            "failed": 1200.0,
            "users": None,
            "lost": 340.5,
            "currency": "EUR",
            "queries": {"failed": "sum(rate(errors[1m]))", "lost": "sum(rate(lost[1m]))"},
            "unknown": {"users": "no query"},
        },
    ),
    (
        UNSTAGED,
        "PRACTICE_STAGED",
        "bot",
        {"ways": [], "trouble": "it ended by itself, with status 1"},
    ),
]


@pytest.mark.parametrize(("fact", "kind", "by", "fields"), ROWS, ids=[row[1] for row in ROWS])
def test_a_fact_is_told(fact: Fact, kind: str, by: str, fields: dict[str, object]) -> None:
    before = Incident(ID) if isinstance(fact, Declared) else replay(ID, [DECLARED])
    after, event = told(before, to_record(fact), Place(41, 7))
    assert after == replay(ID, [fact] if isinstance(fact, Declared) else [DECLARED, fact])
    assert json.loads(json.dumps(event)) == {
        "event_id": f"{ID}/7",
        "position": 41,
        "type": kind,
        "agent": "incident-response-agent",
        "timestamp": NOW,
        "payload": {"incident_id": ID, "by": by, "recorded_at": NOW, **fields},
    }


def test_every_event_of_a_drill_says_that_it_is_one() -> None:
    before = replay(ID, [DRILLED])
    for fact in (TAKEN, WORSE, RESOLVED, UNSTAGED):
        _, event = told(before, to_record(fact), Place(41, 7))
        payload = event["payload"]
        assert isinstance(payload, dict)
        assert payload["practice"] == "bad-deploy"
    _, event = told(replace(before, audience=("security",)), to_record(TAKEN), Place(41, 7))
    assert event["payload"] == {"incident_id": ID, "private": True}


def test_every_fact_has_a_type_of_its_own_and_a_row() -> None:
    assert set(TYPES) == set(get_args(Fact))
    assert {type(row[0]) for row in ROWS} == set(TYPES) - {MadePrivate}  # told as private
    assert len(set(TYPES.values())) == len(TYPES)


@pytest.mark.parametrize(("seconds", "minutes"), [(59, 0), (60, 1), (3 * 3600 + 119, 181)])
def test_a_resolution_says_how_bad_it_was_and_how_many_full_minutes_it_took(
    seconds: int, minutes: int
) -> None:
    before = replay(ID, [DECLARED, WORSE])
    end = replace(stamp(), occurred_at=T + timedelta(seconds=seconds))
    _, event = told(before, to_record(replace(RESOLVED, stamp=end)), Place(3, 3))
    payload = event["payload"]
    assert isinstance(payload, dict)
    assert (payload["severity"], payload["duration_minutes"]) == ("P0", minutes)


def test_of_an_incident_that_nobody_declared_the_duration_is_not_known() -> None:
    _, event = told(Incident(ID), to_record(RESOLVED), Place(1, 1))
    assert '"duration_minutes": null' in json.dumps(event)


@pytest.mark.parametrize("fact", EVERY_FACT, ids=lambda fact: type(fact).__name__)
def test_of_a_private_incident_only_the_number_is_told(fact: Fact) -> None:
    audience = ("security",)
    shown = replace(fact, audience=audience) if isinstance(fact, Declared | Shelved) else fact
    before = Incident(ID) if isinstance(fact, Declared) else replay(ID, [PRIVATE])
    _, event = told(before, to_record(shown), Place(1, 1))
    assert event["payload"] == {"incident_id": ID, "private": True}
    assert set(event) == {"event_id", "position", "type", "agent", "timestamp", "payload"}


@pytest.mark.parametrize("status", [each for each in Status if each != Status.RESOLVED])
def test_only_resolving_is_told_as_a_resolution(status: Status) -> None:
    changed = replace(RESOLVED, status=status)
    assert told(Incident(ID), to_record(changed), Place(1, 1))[1]["type"] == (
        "INCIDENT_STATUS_CHANGED"
    )

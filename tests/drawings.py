"""What every template is drawn with in tests: one entry each, with a sample for every branch.

A template without an entry, and a branch that no sample draws, fail a test by name. Each entry
gives the values for one text that somebody may have typed; HOSTILE is what they are tried with.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import bot
from bot.domain.facts import Fact
from bot.domain.incident import Incident, Post, replay
from bot.domain.jobs import Kind
from bot.domain.listing import Selection, listing
from bot.domain.severity import Severity
from bot.domain.statistics import Period, statistics
from bot.domain.status import Status
from bot.domain.titles import title_and_details
from bot.ports import Head
from bot.render import TEMPLATES, Wording, mrkdwn
from bot.usecases.health import Part
from handlers.verbs import PLANNED, VERBS
from tests import alarm_drawings, drill_drawings, face_drawings
from tests.samples import (
    CARD,
    CLOSED,
    DECLARED,
    EVERY_FACT,
    IMPACT,
    LATE,
    LEARNED,
    LOST_CARD,
    MAYBE,
    MERGED,
    MISSED,
    NOTED,
    OFFERED,
    PRIVATE,
    PUT_AWAY,
    RESOLVED,
    ROOM,
    TAKEN,
    THREAD,
    TODO,
    UPDATED,
    WORSE,
    T,
    stamp,
)
from tests.stories import stories
from tests.verb_drawings import VERB_SAMPLES

ALL = frozenset(Status)
P1 = Severity.P1
Made = dict[str, Any]
Values = Mapping[str, object]

HOSTILE = {
    "plain": "checkout is down",
    "empty": "",
    "one letter": "x",
    "very long": "checkout & <payments> are down " * 330,
    "escapes only": "&" * 10_000,
    "mass ping": "<!channel> <!here> <@UEVIL> <!subteam^SEVIL> <#CEVIL> <https://evil.example|click>",
    "escaped already": "&lt;!channel&gt;",
    "everyone": "<!everyone>" * 300,
    "quotes": "\"quoted\" 'too' \\ {{ 7 * 7 }} {% raw %} `code` ```block``` *bold*",
    "emoji": "👩‍🚒🔥" * 60,
    "right to left": "الدفع معطل " * 40,
    "lines": "a\nb\r\nc\td",
}


TYPED = {"reason", "details", "impact", "text", "brief"}
TYPED |= {"root_cause", "immediate_fix", "permanent_fix"}
CROWD = 40  # of whatever an incident may have many of


def about(text: str, *facts: Fact) -> list[Fact]:
    """Return the facts with this text wherever people typed one."""
    title, details = title_and_details(text)
    return [_about(text, fact, title or "-", details) for fact in facts]


def _about(text: str, fact: Fact, title: str, details: str) -> Fact:
    named = {field.name for field in fields(fact)}
    typed: dict[str, Any] = dict.fromkeys(named & TYPED, text or "-")
    if "title" in named:
        typed["title"] = title
    if "details" in named:
        typed["details"] = details
    return replace(fact, **typed)


def histories(text: str) -> Iterator[list[Fact]]:
    """Yield the lives of incidents about which people typed this text."""
    notes = [replace(NOTED, note=n + 1) for n in range(CROWD)]
    actions = [replace(TODO, action=n + 1) for n in range(CROWD)]
    by_itself = replace(DECLARED, stamp=stamp("bot"))
    failed = replace(LOST_CARD, reason=text)
    yield about(text, DECLARED)
    yield about(text, DECLARED, ROOM, CARD)
    yield about(text, DECLARED, ROOM, CARD, TAKEN, WORSE, RESOLVED)
    yield [*about(text, DECLARED, LATE), failed, MAYBE]
    yield about(text, DECLARED, RESOLVED)
    yield about(text, by_itself, ROOM, CARD)
    yield about(text, *(fact for fact in EVERY_FACT if fact not in {PUT_AWAY, PRIVATE, CLOSED}))
    yield about(text, DECLARED, ROOM, CARD, UPDATED, MISSED, *notes, *actions, LEARNED, RESOLVED)
    yield about(text, DECLARED, THREAD, CARD, OFFERED)
    yield about(text, DECLARED, ROOM, MERGED)
    yield about(text, PRIVATE, ROOM, CARD, IMPACT)
    yield about(text, PUT_AWAY)


@cache
def incidents(text: str) -> list[Incident]:
    return [replay(f"INC-20260115-{n:03}", facts) for n, facts in enumerate(histories(text), 1)]


@cache
def many(text: str) -> list[Incident]:
    """Return more incidents than any list shows, each with its own number."""
    found = [incident for _ in range(40) for incident in incidents(text)]
    return [replace(incident, id=f"INC-20260115-{n:03}") for n, incident in enumerate(found, 1)]


def one(text: str) -> Iterator[Values]:
    return ({"incident": incident} for incident in incidents(text))


def roomless(text: str) -> Iterator[Values]:
    """Yield an incident whose channel somebody archived by hand."""
    return iter([{"incident": replace(incidents(text)[0], channel=None, roomless=True)}])


def taken(text: str) -> Iterator[Mapping[str, Incident]]:
    """Yield what somebody has taken, wherever it stands."""
    incident = replace(incidents(text)[1], acknowledged_by="UBO")
    return ({"incident": replace(incident, status=status)} for status in Status)


def shown(text: str) -> Iterator[Values]:
    """Yield incidents with their alerts."""
    had = (values["incident"] for values in taken(text))
    for incident in (*incidents(text), *had, *alarm_drawings.accepted(text)):
        for told in alarm_drawings.overviews(incident, text):
            yield {"incident": incident, "told": told}


def private(text: str) -> Iterator[Values]:
    for incident in incidents(text):
        yield {"incident": incident}
        yield {"incident": replace(incident, audience=("security",))}


def told(text: str) -> Iterator[Values]:
    for values in stories(text):
        questions = values["story"].questions
        for asked in (questions, questions[:1], questions[:0]):
            yield {"story": replace(values["story"], questions=asked)}


def some(text: str) -> Iterator[Values]:
    return ({"incidents": chosen} for chosen in ([], many(text)[:1], many(text)))


def alone(_: str) -> Iterator[Values]:
    yield {}


def troubles(text: str) -> Iterator[Values]:
    of_no_incident = {Kind.ANSWER, Kind.OPERATORS, Kind.HOME, Kind.TROUBLE}
    private = [incident for incident in incidents(text) if incident.audience]
    for incident in [*incidents(text)[:2], *private[:1]]:
        for job in set(Kind) - of_no_incident:
            yield from ({"incident": incident, "job": job, "reason": r} for r in (text, None))


def _parts() -> frozenset[str]:
    """Return what the bot says that it depends on, wherever its code names it."""
    named = re.compile(r"""(?:Probe|health\.report)\(\s*"(\w+)""")
    files = Path(bot.__file__).parent.rglob("*.py")
    return frozenset(name for file in files for name in named.findall(file.read_text()))


PARTS = _parts()


def parts(text: str) -> Iterator[Values]:
    for part in sorted(PARTS):
        yield from ({"part": part, "trouble": trouble} for trouble in (text or "-", None))


def listings(text: str) -> Iterator[Values]:
    every, wanted = many(text), Selection(words="")
    for said in ("", "closed", (text or "-").lower()):
        for some in ([], every[:1], every):
            found = listing(some, replace(wanted, statuses=ALL, words=said), "UANA")
            yield from ({"listing": found, "waiting": w} for w in alarm_drawings.waiting(text))
    over = listing(every, replace(wanted, statuses=ALL, page=99), "UANA")
    yield {"listing": over, "waiting": []}


def counts(text: str) -> Iterator[Values]:
    names = tuple(f"{text[:200]}{n}" for n in range(12))
    every = [replace(incident, services=names) for incident in incidents(text)]
    without = [replace(incident, services=()) for incident in incidents(text)]
    for some in ([], every[:1], without, every):
        for wanted in (Period(1), Period(service=names[0] if some == every else None)):
            yield {"told": statistics(some, wanted, T)}


def doctors(text: str) -> Iterator[Values]:
    every = [
        Part(str(v["part"]), worked=True, trouble=str(t) if (t := v["trouble"]) else None)
        for v in parts(text)
    ]
    unseen = [replace(every[0], worked=False, trouble=None)]
    for some in ([], unseen, every[:1], every, every[1::2]):
        for details in (True, False):
            since = [replace(part, since=T if part.trouble else None) for part in some]
            yield from ({"parts": found, "details": details} for found in (some, since))


REACTED = ("timeline", "action", "update", "undone", "told", "ours")


def declared(text: str) -> Iterator[Values]:
    hidden, late = replace(PRIVATE, severity=P1), replace(DECLARED, page_by=None)
    others = [replay("INC-20260115-009", [fact]) for fact in (hidden, late)]
    for incident in (*incidents(text), *others):
        for again, alike in ((False, []), (True, many(text)[:3])):
            made = {"incident": incident, "again": again, "alike": alike, "undecided_is": P1}
            yield from ({**made, "severity": severity} for severity in (None, P1))


def declaring(text: str) -> Iterator[Values]:
    origins = (None, Post("CGENERAL", "1768478400.000100"))
    catalogues: tuple[list[str], ...] = (
        [],
        ["checkout", "payments"],
        [f"service-{n}" for n in range(250)],
    )
    for origin, services, alike in product(origins, catalogues, ([], many(text)[:3])):
        more = {"origin": origin, "services": services, "alike": alike}
        yield {"text": text, "channel": "CGENERAL", **more}


def from_message(text: str) -> Iterator[Values]:
    for kind, known in product(("note", "action"), (many(text)[:1], many(text))):
        for here in (None, known[0]):
            said = {"kind": kind, "metadata": "CGENERAL 1768478400.000100", "text": text}
            yield {**said, "incidents": known, "here": here}


SAMPLES: Mapping[str, Callable[[str], Iterable[Values]]] = {
    **face_drawings.SAMPLES,
    **alarm_drawings.SAMPLES,
    **drill_drawings.SAMPLES,
    "messages/announcement": shown,
    "messages/card": lambda text: [*shown(text), *face_drawings.pictured(text)],
    "messages/changed": one,
    "messages/gather": lambda _: (
        [{"people": [f"U{n}" for n in range(90)], "groups": groups} for groups in ([], ["S1"])]
        + [{"people": [], "groups": ["S1"]}]
    ),
    "messages/goodbye": one,
    "messages/handed": lambda text: [
        {"what": what, **values}
        for what in ("draft", "postmortem", "export")
        for values in private(text)
    ],
    "messages/not_handed": lambda text: [{"reason": text, **values} for values in one(text)],
    "messages/pointer": lambda text: [
        {"incident": replace(incident, into="INC-20260115-002"), "into": into}
        for incident in incidents(text)
        for into in (None, incident)
    ],
    "messages/postmortem": told,
    "messages/continued": lambda text: [
        {"incident": replace(incident, former_channels=("C1", "C2"))}
        for incident in incidents(text)
    ],
    "messages/crash": lambda _: [{"reference": "ab12"}],
    "messages/added": lambda text: [
        {"number": 3, "action": action, **v} for v in one(text) for action in (True, False)
    ],
    "messages/declared": declared,
    "messages/from_here": lambda text: [*one(text), *roomless(text)],
    "messages/from_there": lambda text: [{"channel": "CGENERAL", **v} for v in one(text)],
    "messages/joining": one,
    "messages/no_form": lambda text: [{"kind": k, "text": text} for k in ("note", "action")],
    "messages/not_joined": lambda text: [
        {"reason": reason, **v} for v in one(text) for reason in (text or "-", None)
    ],
    "messages/not_now": alone,
    "messages/reacted": lambda text: [
        {"state": state, **v} for state in REACTED for v in one(text)
    ],
    "messages/sounds_like_trouble": lambda text: [
        {"text": text or "-", "said": "CGENERAL/1768478400.000100", "alike": alike}
        for alike in ([], many(text)[:3])
    ],
    "messages/health": parts,
    "messages/hidden": alone,
    "messages/doctor": doctors,
    "messages/files": lambda text: [
        {"state": state, "incident": replace(incident, postmortem="https://chat.example/F1")}
        for state in ("link", "anew", "draft", "sent", "export")
        for incident in incidents(text)
    ],
    "messages/list": listings,
    "messages/stats": counts,
    "messages/near_miss": lambda text: [
        {"word": text or "-", "meant": f"list {text}", "text": text or "-"}
    ],
    "messages/unclear": lambda text: [
        {"verb": verb, "text": text or "-", "add": f"{verb} add {text}"}
        for verb in ("timeline", "action")
    ],
    "messages/nothing_to": lambda _: [{"verb": verb} for verb in VERBS],
    "messages/offer": lambda text: [{"text": text, "no_form": b} for b in (True, False)],
    "messages/outdated": alone,
    "messages/picker": lambda text: [{"incidents": many(text), "text": f"severity {text}"}],
    "messages/planned": lambda _: [{"verb": verb} for verb in PLANNED],
    "messages/private": one,
    "messages/restarting": alone,
    "messages/roomless": lambda text: [*one(text), *roomless(text)],
    "messages/sealed": lambda text: [{"head": Head(7, "0" * 64), **v} for v in one(text)],
    "messages/secret": lambda _: [{"kinds": ["AWS key", "password"], "channel": "C1"}],
    "messages/thread": one,
    "messages/tombstone": alone,
    "messages/trouble": troubles,
    "messages/unanswered": lambda text: [*one(text), *alarm_drawings.bare(text)],
    "messages/unconfirmed": alone,
    "messages/unsaved": lambda text: [{"reason": text}],
    "modals/declare": declaring,
    "modals/from_message": from_message,
    "modals/notice": lambda text: [{"text": mrkdwn(text) or "-"}],
    "notifications/alarm": lambda text: [
        {"part": part, "trouble": title_and_details(text)[0]}
        for part in ("store", "board", "slack", "socket")
    ],
    "notifications/paper": lambda text: [
        {"what": what, **v} for what in ("draft", "postmortem", "export") for v in one(text)
    ],
    "notifications/purpose": one,
    "notifications/topic": one,
    **VERB_SAMPLES,
    "reports/postmortem": stories,
}

# In a terminal: tests/cli has them.
PRINTED = {"assessment", "doctor", "erase", "local", "migrate_store", "repair", "verify_log"}


def templates() -> set[str]:
    """Return the name of every template that is shown in Slack or sent out."""
    files = {
        f"{path.parent.name}/{path.name.split('.')[0]}"
        for path in TEMPLATES.rglob("*.j2")
        if not path.name.startswith("_")
    }
    return files - {f"reports/{name}" for name in PRINTED}


def drawn(text: str, wording: Wording, *folders: str) -> Iterator[tuple[str, Any]]:
    """Yield every template of these folders with every sample about that text, and its name."""
    draw = {
        "messages": wording.message,
        "modals": wording.modal,
        "pages": wording.page,
        "notifications": wording.line,
        "reports": wording.document,
    }
    for name, samples in SAMPLES.items():
        folder, _, template = name.partition("/")
        if folder in (folders or draw):
            yield from ((name, draw[folder](template, **values)) for values in samples(text))

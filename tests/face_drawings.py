"""What the templates are drawn with that show an incident to those who did not ask."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from bot.domain.facts import Fact, Role, RoleAssigned, StatusChanged
from bot.domain.incident import Incident, evolve, replay
from bot.domain.overview import overview
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.domain.telling import makes_a_line
from bot.domain.titles import title_and_details
from tests import alarm_drawings
from tests.samples import (
    ASSIGNED,
    CARD,
    CLOSED,
    DECLARED,
    FILED,
    HIDDEN,
    IMPACT,
    LATE,
    MERGED,
    MISSED,
    NOTED,
    OFFERED,
    PAGED,
    PINNED,
    PUT_AWAY,
    REOPENED,
    RESOLVED,
    ROOM,
    SERVICES,
    TAKEN,
    THREAD,
    TODO,
    TOLD,
    UPDATED,
    WORSE,
    T,
    stamp,
)

Values = Mapping[str, Any]
BY_NOBODY = replace(DECLARED, stamp=stamp("bot"))
LATELY = StatusChanged(stamp(), Status.MITIGATING)
GONE_MESSAGE = replace(UPDATED, text="", from_channel="C1", from_ts="4.4")
BRIDGES = ("https://meet.example/a?x=1&y=2|3", "https://meet.example/b")


def histories(text: str) -> Iterator[list[Fact]]:
    title, details = title_and_details(text)
    said = replace(DECLARED, title=title or "-", details=details)
    declined = StatusChanged(stamp(), Status.DECLINED, text or "-")
    yield [said, ROOM, CARD]
    yield [replace(said, stamp=stamp("bot")), PAGED]
    yield [said, ROOM, CARD, *at_work(text)]
    yield [said, ROOM, CARD, *at_work(text), RESOLVED, FILED]
    yield [said, THREAD, GONE_MESSAGE, MISSED, PINNED, LATE]
    yield [said, TOLD, HIDDEN, MERGED]
    yield [said, TODO, declined, LATE]
    yield [said, RESOLVED, CLOSED, PUT_AWAY]


def at_work(text: str) -> Iterator[Fact]:
    """Yield what people do in an incident."""
    yield from (TAKEN, replace(IMPACT, impact=text or "-"), SERVICES, PAGED, LATELY)
    yield RoleAssigned(stamp(), Role.SCRIBE, "UEVE")
    yield from (RoleAssigned(stamp(), Role.RESPONDER, f"U{n}") for n in range(30))
    yield from (OFFERED, replace(OFFERED, brief=text, role=Role.COMMUNICATIONS))
    yield replace(UPDATED, text=text or "-")
    for number in range(1, 8):
        yield replace(NOTED, note=number, text=text or "-")
        yield replace(TODO, action=number, text=text or "-", due=TODO.due if number % 2 else None)


@cache
def incidents(text: str) -> list[Incident]:
    return [replay(f"INC-20260115-{n:03}", facts) for n, facts in enumerate(histories(text), 1)]


def one(text: str) -> Iterator[Values]:
    return ({"incident": incident} for incident in incidents(text))


def pictured(text: str) -> Iterator[Values]:
    for incident in incidents(text):
        told = overview(incident, Policy(), T)
        yield from ({"incident": incident, "bridges": b, "told": told} for b in ((), BRIDGES))


def lines(text: str) -> Iterator[Values]:
    """Yield each fact that is told in a thread, after those that came before."""
    declined = StatusChanged(stamp(), Status.DECLINED, text)
    better = replace(WORSE, severity=Severity.P3)
    unpromised = replace(UPDATED, text="", update_by=None)
    commander = RoleAssigned(stamp(), Role.COMMANDER, "UEVE")
    story: list[Fact] = [BY_NOBODY, *at_work(text), ASSIGNED, WORSE, better, LATELY, MERGED]
    story += [declined, replace(declined, reason=""), RESOLVED, REOPENED, CLOSED, unpromised]
    before = replay("INC-20260115-001", [])
    for fact in [*story, commander]:
        after = evolve(before, fact)
        if makes_a_line(before, fact, after):
            told = {"kind": type(fact).__name__, "at": T, "before": before, "incident": after}
            yield from (told | {"by": by} for by in ("Bo Ek", None))
        before = after


def assigned(text: str) -> Iterator[Values]:
    for incident in incidents(text):
        yield from ({"incident": incident, "action": a, "by": "UBO"} for a in incident.actions)


def updates(text: str) -> Iterator[Values]:
    for incident in incidents(text):
        if incident.update:
            yield {"incident": replace(incident, update_by=T), "by": "Bo Ek"}
            yield {"incident": replace(incident, update_by=None), "by": None}


def homes(text: str) -> Iterator[Values]:
    many = [replace(i, id=f"INC-20260116-{n:03}") for n in range(10) for i in incidents(text)]
    to_do = [(i, action) for i in many for action in i.open_actions]
    for incidents_shown in ([], many[:1], many):
        for viewer, actions in (("UANA", to_do), ("UEVE", to_do[:2]), ("UBO", [])):
            shown = {"incidents": incidents_shown, "viewer": viewer, "actions": actions}
            for waiting in alarm_drawings.waiting(text):
                yield {"at": T, "suggestions": waiting, **shown}


SAMPLES: Mapping[str, Callable[[str], Iterable[Values]]] = {
    "messages/assigned": assigned,
    "messages/catch_up": pictured,
    "messages/line": lines,
    "messages/not_paged": lambda text: [{"person": "UCY", "reason": text or "-"}],
    "messages/page": lambda text: [
        {"services": services, **v}
        for v in (*one(text), *alarm_drawings.open_ones(text))
        for services in ((), ("checkout", "carts"))
    ],
    "messages/nobody_paged": lambda text: [
        {"names": names, **v} for v in one(text) for names in ([], [text], [text] * 40)
    ],
    "messages/paged": lambda text: [{"people": ("UCY", "UDI"), **v} for v in one(text)],
    "messages/remind": lambda text: [v for v in one(text) if v["incident"].update_by],
    "messages/stand_down": lambda text: [*one(text), *alarm_drawings.bare(text)],
    "messages/subscription": one,
    "messages/unsubscribed": one,
    "messages/update": updates,
    "pages/home": homes,
}

"""What the templates of the verbs are drawn with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from types import SimpleNamespace

from bot.domain.course import PAGE, page
from bot.domain.facts import Fact, Milestone, Noted, Role, Urgency
from bot.domain.incident import Incident, replay
from bot.domain.milestones import Milestones
from bot.domain.postmortem import Line
from bot.domain.questions import Question
from bot.domain.status import Status
from bot.domain.titles import title_and_details
from bot.usecases.handovers import Ending
from handlers.verbs import PLANNED, VERBS, verbs
from tests.samples import (
    ASSIGNED,
    DECLARED,
    IMPACT,
    LEARNED,
    LOST_CARD,
    MITIGATED,
    NOTED,
    OFFERED,
    PINNED,
    REFUSED_IT,
    RESOLVED,
    ROOM,
    SERVICES,
    TAKEN,
    TODO,
    TODO_DONE,
    UPDATED,
    T,
    stamp,
)
from tests.stories import stories

Values = Mapping[str, object]
Samples = Callable[[str], Iterable[Values]]


@cache
def bare(text: str) -> Incident:
    title = title_and_details(text)[0]
    facts: list[Fact] = [replace(DECLARED, title=title or "-", stamp=stamp("bot"))]
    return replay("INC-20260115-001", facts)


@cache
def rich(text: str) -> Incident:
    """Return an incident of which everything was said, in this text, and more than is shown."""
    said = text.strip() or "-"
    facts: list[Fact] = [
        replace(DECLARED, title=title_and_details(text)[0] or "-"),
        *(ROOM, TAKEN, SERVICES, MITIGATED, replace(IMPACT, impact=said), ASSIGNED),
        replace(ASSIGNED, role=Role.SCRIBE),
        *(replace(ASSIGNED, role=Role.RESPONDER, person=f"U{n}") for n in range(3)),
        replace(OFFERED, person="UEVE", brief=said),
        replace(UPDATED, text=said),
        *(Noted(stamp(), n, said) for n in range(3, 40)),
        *(PINNED, replace(NOTED, text=said)),
        replace(TODO, text="", from_channel="C1", from_ts="1.1"),
        *(replace(TODO, action=n, text=said, urgency=Urgency.MEDIUM) for n in range(2, 30)),
        *(replace(TODO, action=n, text=said, owner=None, due=None) for n in range(30, 40)),
        *(replace(TODO_DONE, action=n) for n in range(2, 9)),
        replace(LEARNED, root_cause=said, immediate_fix=said, permanent_fix=said),
    ]
    return replay("INC-20260115-001", facts)


def statuses(text: str) -> Iterator[Values]:
    for status in Status:
        incident = replace(rich(text), status=status, reason=text.strip())
        yield {"incident": incident, "questions": list(Question)}
        yield {"incident": replace(bare(text), status=status), "questions": []}


def both(text: str) -> Iterator[Values]:
    yield from ({"incident": incident} for incident in (bare(text), rich(text)))


def courses(text: str) -> Iterator[Values]:
    for values in stories(text):
        story = values["story"]
        every = [line for line in story.lines for _ in range(3)]  # each on a page that is full
        every += [Line(replace(story.lines[0].entry, fact=LOST_CARD), None)]  # has no words
        entries = [line.entry for line in every]
        for number in range(1, len(every) // PAGE + 3):
            shown = page(entries, number)
            lines = every[shown.earlier :][: len(shown.shown)]
            yield {"incident": story.incident, "page": shown, "lines": lines}


def roles(text: str) -> Iterator[Values]:
    for state in ("offered", "has", "accepted", "declined"):
        for incident in (bare(text), rich(text)):
            yield {"incident": incident, "role": Role.SCRIBE, "person": "UBO", "state": state}


def notes(text: str) -> Iterator[Values]:
    of = {"incident": rich(text)}
    for note in rich(text).notes[-2:]:
        for done, at in (("added", None), ("edited", T)):
            yield {**of, "note": note, "number": note.number, "done": done, "at": at}
    yield {**of, "note": None, "number": 3, "done": "removed", "at": None}


def items(text: str) -> Iterator[Values]:
    of = {"incident": rich(text)}
    for item in (rich(text).actions[0], rich(text).actions[-1]):
        for done in ("added", "edited", "done", "reopened"):
            yield {**of, "item": item, "number": item.number, "done": done}
    yield {**of, "item": None, "number": 3, "done": "dropped"}


def helps(_: str) -> Iterator[Values]:
    yield from ({"verbs": verbs(), "planned": sorted(PLANNED), "verb": v} for v in ("", *VERBS))
    yield {"verbs": verbs(), "planned": [], "verb": ""}


def lines(_: str) -> Iterator[Values]:
    for verb in (verb for verb, known in VERBS.items() if known.form):
        yield {"verb": verb, "no_form": True}
        yield {"verb": verb, "no_form": False, "number": 3}


def moments(text: str) -> Iterator[Values]:
    for milestone in Milestone:
        yield from ({"incident": bare(text), "milestone": milestone, "at": a} for a in (T, None))


def others(text: str) -> list[Incident]:
    return [replace(rich(text), id=f"INC-20260115-{n:03}") for n in range(2, 120)]


def triages(text: str) -> Iterator[Values]:
    names = ("checkout", "payments", *(f"service-{n}" for n in range(98)))
    decided = replay("INC-20260115-001", [DECLARED, RESOLVED])
    for services in ((), names, (*names, "one-more")):
        for some in ([], others(text)):
            for incident in (bare(text), rich(text), decided):
                yield framed({"incident": incident, "services": services, "others": some})


def framed(values: Values) -> Values:
    return {"metadata": "C1 INC-20260115-001", **values}


def forms(text: str) -> Iterator[Values]:
    yield from (framed(values) for values in both(text))


def role_news(text: str) -> Iterator[Values]:
    for incident in (bare(text), rich(text)):
        for fact in (ASSIGNED, replace(ASSIGNED, person="UEVE"), REFUSED_IT):
            for state, p in product(("has", "declined", "withdrawn"), ("UBO", "UEVE")):
                of = {"incident": incident, "fact": fact, "state": state, "person": p}
                yield from ({**of, "to": to} for to in ("", "UBO", "UANA"))


ENDINGS = [
    Ending(state, "UEVE")
    for state in (
        "accepted",
        "given",
        "declined",
        "taken back",
        "asked again",
        "asked another",
        "over",
    )
]
NOTHING = SimpleNamespace(text="", owner=None, due=None, urgency=None)

VERB_SAMPLES: Mapping[str, Samples] = {
    "messages/acted": items,
    "messages/actions": both,
    "messages/handover": lambda text: [
        {"incident": incident, "offer": replace(rich(text).offers[0], brief=brief), "over": over}
        for incident in (bare(text), rich(text), replace(bare(text), status=Status.CLOSED))
        for brief in ("", text.strip())
        for over in (None, *ENDINGS)
    ],
    "messages/help": helps,
    "messages/inline": lines,
    "messages/merge_into": lambda text: [
        {"incident": rich(text), "others": some} for some in ([], others(text))
    ],
    "messages/merged": lambda text: [{"merged": "INC-20260115-002", **v} for v in both(text)],
    "messages/milestone": moments,
    "messages/moved": statuses,
    "messages/noted": notes,
    "messages/role": roles,
    "messages/role_told": role_news,
    "messages/roles": both,
    "messages/subscribed": lambda text: [
        {"subscribed": b, "incident": bare(text)} for b in (True, False)
    ],
    "messages/timeline": courses,
    "messages/triaged": both,
    "messages/updated": lambda text: [
        {"incident": rich(text)},
        {"incident": replace(rich(text), update_by=None)},
    ],
    "messages/which": lambda text: [
        {"incidents": others(text), "text": f"update {text}", "verb": "update"}
    ],
    "modals/action": lambda text: [
        framed({"incident": rich(text), "item": item})
        for item in (NOTHING, *rich(text).actions[:2], rich(text).actions[-1])
    ],
    "modals/decline": forms,
    "modals/handover": lambda text: [{**v, "role": role} for v in forms(text) for role in Role],
    "modals/note": lambda text: [
        framed({"incident": rich(text), "note": note}) for note in rich(text).notes[-2:]
    ],
    "modals/private": forms,
    "modals/resolve": lambda text: [
        framed({"incident": bare(text)}),
        framed({"incident": replace(rich(text), milestones=ended(rich(text)))}),
    ],
    "modals/triage": triages,
    "modals/update": lambda text: [{**v, "minutes": 30} for v in forms(text)],
}


def ended(incident: Incident) -> Milestones:
    return {Milestone.IMPACT_ENDED: incident.milestones[Milestone.MITIGATED]}

"""What the templates of drills are drawn with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache

from bot.domain.incident import Incident, replay
from bot.domain.practice import Step
from bot.domain.titles import title_and_details
from bot.sources import Scenario
from bot.usecases.drills import Past
from tests.samples import CLOSED, DRILLED, ROOM, STAGED, UNSTAGED

Values = Mapping[str, object]
STEPS = ("acknowledged", "assigned", "updated", "mitigated", "resolved")


@cache
def drill(text: str, number: int = 1) -> Incident:
    begun = replace(DRILLED, title=title_and_details(text)[0] or "-")
    return replay(f"INC-20260115-{number:03}", [begun, ROOM, CLOSED])


def past(text: str, number: int = 1, *, took: bool = True) -> Past:
    after = timedelta(minutes=number) if took else None
    return Past(drill(text, number), [Step(name, after) for name in STEPS])


def scenes(text: str) -> Iterator[Values]:
    known = [Scenario("bad-deploy", title_and_details(text)[0]), Scenario("overload", "")]
    for earlier in ([], [past(text, 2), past(text, 3, took=False)]):
        yield from ({"scenarios": some, "earlier": earlier} for some in (known, known[:1] * 30))


def stages(text: str) -> Iterator[Values]:
    lost = replace(UNSTAGED, trouble=text or "-")
    ways = replace(STAGED, ways=(text or "-",) * 9)
    for stage in (STAGED, lost, ways, replace(STAGED, ways=())):
        yield from (
            {"incident": drill(text), "stage": stage, "again": again} for again in (True, False)
        )


SAMPLES: Mapping[str, Callable[[str], Iterable[Values]]] = {
    "messages/debrief": lambda text: [
        {"incident": drill(text), "past": past(text, took=took), "earlier": earlier}
        for took in (True, False)
        for earlier in ([], [past(text, n) for n in range(2, 7)])
    ],
    "messages/drill": lambda text: [
        {"incident": incident, "again": again}
        for incident in (drill(text), replace(drill(text), channel=None))
        for again in (True, False)
    ],
    "messages/drills": scenes,
    "messages/staged": stages,
    "notifications/drill": lambda _: [{}],
}

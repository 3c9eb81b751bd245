"""Measures what an incident costs, by the queries that the catalogue has for its services."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.catalogue import Service
from bot.domain.errors import Refused
from bot.domain.impact import (
    NO_DATA,
    NO_QUERY,
    NO_SOURCE,
    NO_TIME,
    Figure,
    Impact,
    Points,
    Unknown,
    Window,
    average,
    more_than_usual,
    most_at_once,
    rounded,
    window_of,
    worst,
)
from bot.domain.incident import Incident
from bot.domain.policy import Policy
from bot.ports import Clock, Unavailable
from bot.sources import Metrics

from .waiting import in_time

PATIENCE = timedelta(seconds=20)  # for all that one service is asked


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask of one service; an amount is the sum of a rate, else it is a number."""

    service: str
    query: str
    amount: bool
    currency: str = ""


class Measuring:
    """Asks all services at once; without a source of metrics all is unknown."""

    def __init__(self, metrics: Metrics | None, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock

    async def measure(self, incident: Incident, policy: Policy, now: datetime) -> Impact:
        """Return what it costs until then; every trouble is a reason why something is unknown."""
        services = policy.catalogued(incident.services)
        window = window_of(incident.milestones, now)
        async with asyncio.TaskGroup() as asking:
            tasks = [
                [asking.create_task(self._figure(question, window)) for question in kinds]
                for kinds in map(_questions, services)
            ]
        answers = [[task.result() for task in kinds] for kinds in tasks]
        failed, users, lost = (worst(kinds[i] for kinds in answers) for i in range(3))
        return Impact(failed, users, lost)

    async def _figure(self, question: Question, window: Window | None) -> Figure | Unknown:
        if not question.query:
            return NO_QUERY
        if self._metrics is None:
            return NO_SOURCE
        if window is None:
            return NO_TIME
        try:
            until = self._clock.now() + PATIENCE
            asked = self._asked(self._metrics, question.query, window)
            points, before = await in_time(asked, until, self._clock)
        except TimeoutError:
            return Unknown("the metrics took too long to answer", passing=True)
        except (Unavailable, Refused) as error:
            return Unknown(str(error), passing=isinstance(error, Unavailable))
        return _reckoned(question, window, points, before)

    async def _asked(self, metrics: Metrics, query: str, window: Window) -> Sequence[Points]:
        found = [
            await metrics.during(query, w.begin, w.end, w.step) for w in (window, window.usual)
        ]
        return [[(sample.at, sample.value) for sample in samples] for samples in found]


def _questions(service: Service) -> Sequence[Question]:
    """Return what to ask of failed requests, of users, and of what is lost."""
    has = service.measures
    return (
        Question(service.name, has.failed, amount=True),
        Question(service.name, has.users, amount=False),
        Question(service.name, has.lost, amount=True, currency=has.currency),
    )


def _reckoned(
    question: Question, window: Window, points: Points, before: Points
) -> Figure | Unknown:
    if question.amount:
        value = more_than_usual(points, before, window)
    else:
        value = most_at_once(points, before)
    if value is None:
        return NO_DATA
    return Figure(
        rounded(value, whole=not question.currency),
        question.service,
        question.query,
        window.begin,
        window.end,
        average(before),
        question.currency,
    )

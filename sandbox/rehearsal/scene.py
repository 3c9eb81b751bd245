"""What a rehearsal is played in: a workspace, its time, and what else can be reached."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import ClientError, ClientSession

from sandbox.clock import Clock
from sandbox.surroundings import Act

from .fields import Json, Part
from .hands import Hands, RefusedError
from .script import VARIABLE

Given = TypeVar("Given")
OK = 200


@dataclass(frozen=True, slots=True)
class AlertDoor:
    """Where the bot takes what Alertmanager tells."""

    http: ClientSession
    url: str
    token: str

    async def tell(self, body: Json) -> None:
        """Tell it, or raise Refused with the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with self.http.post(self.url, json=body, headers=headers) as answer:
                text = await answer.text()
        except ClientError as error:
            msg = f"the bot does not answer at {self.url}: {error}"
            raise RefusedError(msg) from error
        if answer.status != OK:
            msg = f"the bot answers {answer.status}: {text}"
            raise RefusedError(msg)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a rehearsal is played.

    `acts` are what a person can do to the production with tools of their own, by name; each takes
    what stands behind the name in the step, and raises Refused in words.
    """

    hands: Hands
    clock: Clock
    alerts: AlertDoor | None = None
    acts: Mapping[str, Act] = field(default_factory=dict)


@dataclass(slots=True)
class Scene:
    """One rehearsal under way: who is there, and what was kept so far."""

    around: Around
    ids: Mapping[str, str]
    names: Mapping[str, str]
    within: float
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def hands(self) -> Hands:
        """Return what people act and look with."""
        return self.around.hands

    def person(self, name: str) -> str:
        """Return somebody's id, or raise Refused with everybody's name."""
        if name not in self.ids:
            msg = f"there is no {name}; there are: {', '.join(sorted(self.ids))}"
            raise RefusedError(msg)
        return self.ids[name]

    def filled(self, given: Given) -> Given:
        """Return a step, or a part of one, with what was kept in place of its variables."""
        return _filled(given, self.kept)  # type: ignore[no-any-return]

    def keep(self, wanted: Mapping[str, str], text: str) -> str:
        """Keep what patterns find in a text; return which finds nothing."""
        for name, pattern in wanted.items():
            found = re.search(pattern, text)
            if found is None:
                return f"nothing in “{text}” is like {pattern}"
            self.kept[name] = found[1] if found.re.groups else found[0]
        return ""

    async def until(self, look: Callable[[], Awaitable[str]], within: float | None = None) -> str:
        """Look at every change until nothing is amiss; return what still is in the end."""
        clock = self.around.clock
        deadline = clock.now() + (self.within if within is None else within)
        while True:
            version = await self.hands.version()
            try:
                amiss = await look()
            except RefusedError as error:  # what it looks for is not there yet
                amiss = str(error)
            left = deadline - clock.now()
            if not amiss or left <= 0:
                return amiss
            with suppress(TimeoutError):
                await clock.limit(self.hands.changed(version), left)


def _filled(given: Any, kept: Mapping[str, str]) -> Any:
    match given:
        case str():
            return VARIABLE.sub(lambda found: kept[found[1]], given)
        case Part():
            told = {name: _filled(getattr(given, name), kept) for name in type(given).model_fields}
            return given.model_copy(update=told)
        case tuple() | list():
            return type(given)(_filled(one, kept) for one in given)
        case dict():
            return {key: _filled(value, kept) for key, value in given.items()}
        case _:
            return given


async def begun(around: Around, within: float) -> Scene:
    """Return a scene in which nothing has been done yet."""
    ids, names = await around.hands.people(), await around.hands.names()
    return Scene(around, ids, names, within)

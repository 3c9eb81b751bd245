"""What stands around the workspace: a production in which a story happens, if one is asked for."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from sandbox.clock import Clock

Act: TypeAlias = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Story:
    """Which scenario happens, how many times as fast as in life, and by which chances."""

    scenario: str = ""
    speed: float = 1.0
    seed: int = 1


NO_STORY = Story()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a production gives to the bot, and to people.

    `configuration` is laid over the bot's YAML file, `environment` is added to its own. `acts` are
    what people can do to the production with tools of their own, by name; each takes what stands
    behind the name in a rehearsal, and raises RefusedError in words. `told` is said at the start.
    """

    configuration: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    acts: Mapping[str, Act] = field(default_factory=dict)
    told: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a production may stand: a folder of its own, its time, where the bot takes alerts."""

    folder: Path
    clock: Clock
    alerts: str
    token: str


class NoScenarioError(Exception):
    """Tell that there is no scenario of this name, and which there are."""


@asynccontextmanager
async def surroundings(story: Story, ground: Ground) -> AsyncIterator[Surroundings]:
    """Let the production of a story run for as long as this is entered; no scenario, none."""
    if story.scenario:
        msg = f"there is no scenario {story.scenario}; there is no production to break yet"
        raise NoScenarioError(msg)
    ground.folder.mkdir(exist_ok=True)
    yield Surroundings()

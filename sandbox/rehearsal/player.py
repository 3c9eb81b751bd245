"""Plays a rehearsal step by step, and stops at the first that does not go as it should."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import assert_never

from . import acting, seeing
from .hands import RefusedError
from .scene import Around, Scene, begun
from .script import Rehearsal
from .steps import (
    Acts,
    Alerts,
    Clicks,
    Closes,
    Fills,
    Joins,
    Leaves,
    Opens,
    Reacts,
    Says,
    Sees,
    SeesChannel,
    SeesForm,
    SeesHome,
    SeesNoForm,
    SeesNot,
    Step,
    Types,
    Uploads,
    Uses,
    Waits,
)


@dataclass(frozen=True, slots=True)
class Played:
    """How a step went: when, in seconds from the beginning, and what was amiss, if anything."""

    number: int
    step: Step
    at: float
    until: float
    amiss: str = ""
    instead: list[str] = field(default_factory=list)


async def play(rehearsal: Rehearsal, around: Around) -> AsyncIterator[Played]:
    """Play the steps and yield how each went; the first that is amiss is the last."""
    scene = await begun(around, rehearsal.within)
    began = around.clock.now()
    for number, written in enumerate(rehearsal.steps, start=1):
        at, step = around.clock.now() - began, scene.filled(written)
        try:
            amiss = await _done(scene, step) or ""
        except RefusedError as error:
            amiss = str(error)
        instead = await _instead(scene, step) if amiss else []
        until = around.clock.now() - began
        yield Played(number, step, at, until, amiss, instead)
        if amiss:
            return


async def _done(scene: Scene, step: Step) -> str | None:
    match step:
        case Types():
            return await acting.types(scene, step)
        case Says():
            await acting.says(scene, step)
        case Clicks():
            return await acting.clicks(scene, step)
        case Fills():
            return await acting.fills(scene, step)
        case Closes():
            await acting.closes(scene, step)
        case Uses():
            return await acting.uses(scene, step)
        case Reacts():
            await acting.reacts(scene, step)
        case Uploads():
            await acting.uploads(scene, step)
        case Opens():
            await acting.opens(scene, step)
        case Joins() | Leaves():
            await acting.goes(scene, step)
        case Sees():
            return await seeing.sees(scene, step)
        case SeesNot():
            return await seeing.sees_not(scene, step)
        case SeesForm():
            return await seeing.sees_form(scene, step)
        case SeesNoForm():
            return await seeing.sees_no_form(scene, step)
        case SeesHome():
            return await seeing.sees_home(scene, step)
        case SeesChannel():
            return await seeing.sees_channel(scene, step)
        case Waits():
            await scene.around.clock.sleep(step.wait)
        case Alerts():
            await acting.alerts(scene, step)
        case Acts():
            await acting.acts(scene, step)
        case _:
            assert_never(step)
    return None


async def _instead(scene: Scene, step: Step) -> list[str]:
    """Return the last messages where the step was to be."""
    place = getattr(step, "place", None) or getattr(step, "sees_channel", None)
    who = getattr(step, "who", None)
    if place is None or who is None or place in {acting.FORM, acting.HOME}:
        return []
    try:
        return await seeing.last_messages(scene, who, place)
    except RefusedError:  # that is what was amiss
        return []

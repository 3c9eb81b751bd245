"""What people see in a rehearsal; each returns what is amiss in the end, or nothing."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from . import reading
from .fields import Json
from .hands import DIRECT
from .scene import Scene
from .steps import Sees, SeesChannel, SeesForm, SeesHome, SeesNoForm, SeesNot

NOTHING = "nothing"


async def sees(scene: Scene, step: Sees) -> str:
    """See one message with all the words."""
    user = scene.person(step.who)

    async def look() -> str:
        channel = await scene.hands.channel(user, step.place)
        shown = await scene.hands.messages(user, channel)
        there = [one for one in shown if step.kind in {None, _kind(one)}]
        lacking = step.sees
        for one in reversed(there):
            read = reading.message(one, scene.names)
            missing = reading.lacks(read, step.sees)
            if not missing:
                return scene.keep(step.keep, read)
            lacking = min(tuple(missing), lacking, key=len)
        return f"no message {_as(step.kind)}says {_quoted(lacking)}"

    return await scene.until(look, step.within)


async def sees_not(scene: Scene, step: SeesNot) -> str:
    """See no such message, for a while."""
    user = scene.person(step.who)

    async def look() -> str:
        places = [one["id"] for one in await scene.hands.channels(user)]
        if step.place is not None:
            places = [await scene.hands.channel(user, step.place)]
        for place in places:
            for one in await scene.hands.messages(user, place):
                read = reading.message(one, scene.names)
                if not reading.lacks(read, step.sees_not):
                    return f"they see “{read}”"
        return ""

    async def shown() -> str:
        return "" if await look() else NOTHING

    seen = await scene.until(shown, step.during) != NOTHING
    return await look() if seen else ""


async def sees_form(scene: Scene, step: SeesForm) -> str:
    """See a form in front."""
    user = scene.person(step.who)

    async def look() -> str:
        front = await scene.hands.form(user)
        if front is None:
            return "no form is open"
        if reading.title(front) != step.sees_form:
            return f"the form in front is “{reading.title(front)}”"
        lacking = reading.lacks(reading.view(front, scene.names), step.holds)
        return f"the form does not say {_quoted(lacking)}" if lacking else ""

    return await scene.until(look, step.within)


async def sees_no_form(scene: Scene, step: SeesNoForm) -> str:
    """See no form open."""
    user = scene.person(step.who)

    async def look() -> str:
        front = await scene.hands.form(user)
        return f"the form in front is “{reading.title(front)}”" if front else ""

    return await scene.until(look, step.within)


async def sees_home(scene: Scene, step: SeesHome) -> str:
    """See words on the Home tab."""
    user = scene.person(step.who)

    async def look() -> str:
        shown: Json | None = await scene.hands.get("home", user=user)
        read = reading.view(shown, scene.names) if shown else ""
        lacking = reading.lacks(read, step.sees_home)
        return f"Home does not say {_quoted(lacking)} but “{read}”" if lacking else ""

    return await scene.until(look, step.within)


async def sees_channel(scene: Scene, step: SeesChannel) -> str:
    """See a channel, and what it is like."""
    user = scene.person(step.who)

    async def look() -> str:
        channels = await scene.hands.channels(user)
        there = [one for one in channels if fnmatchcase(one["name"], step.sees_channel)]
        if not there:
            known = ", ".join(one["name"] for one in channels)
            return f"there is no channel {step.sees_channel}; they see: {known}"
        found = await scene.hands.get("channel", user=user, channel=there[-1]["id"])
        return _amiss(scene, step, found) or scene.keep(step.keep, found["name"])

    return await scene.until(look, step.within)


def _amiss(scene: Scene, step: SeesChannel, found: Json) -> str:
    topic = str(found["topic"])  # in which nothing is a mark
    if lacking := reading.lacks(topic, step.topic):
        return f"the topic does not say {_quoted(lacking)} but “{topic}”"
    members = {scene.names.get(member, member) for member in found["members"]}
    if absent := [name for name in step.members if name not in members]:
        return f"{', '.join(absent)} not in it, but {', '.join(sorted(members))}"
    if step.archived is not None and found["is_archived"] is not step.archived:
        return "it is archived" if found["is_archived"] else "it is not archived"
    return ""


def _kind(message: Json) -> str:
    if message["ephemeral"]:
        return "only_me"
    return "reply" if message["thread_ts"] not in {None, message["ts"]} else "message"


def _as(kind: str | None) -> str:
    told = {"only_me": "that only they see ", "reply": "in a thread ", "message": "for everybody "}
    return told.get(kind or "", "")


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


async def last_messages(scene: Scene, who: str, place: str, count: int = 5) -> list[str]:
    """Return the last messages of a channel, for who wonders what was there instead."""
    user = scene.person(who)
    channel = await scene.hands.channel(user, place)
    shown = await scene.hands.messages(user, DIRECT if place == DIRECT else channel)
    told = [(one, reading.message(one, scene.names)) for one in shown[-count:]]
    marks = {"only_me": " (only to them)", "reply": " (in a thread)", "message": ""}
    return [
        f"{scene.names.get(one['user'], one['user'])}{marks[_kind(one)]}: {read}"
        for one, read in told
    ]

"""The verb that lets only a few people know of an incident."""

from bot.domain.authority import Authority
from bot.domain.commands import MakePrivate
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.ports import View, Words
from handlers.reading.names import person_in

from .call import Call

BETWEEN = frozenset({"to", "for", "with", "and", "only"})


async def private(call: Call) -> Words:
    """Make it private to whom the words name; nobody is chosen by saying nothing."""
    people = read_private(call)
    if not people:
        return call.say("inline", verb="private", no_form=False)
    return await hide(call, people)


async def hide(call: Call, people: tuple[str, ...]) -> Words:
    """Let only these people, and who asks, know of it."""
    hidden = await call.do(MakePrivate(call.by, people))
    return call.say("private", incident=hidden)


def read_private(call: Call) -> tuple[str, ...]:
    """Read the people who are named."""
    named = dict[str, None]()
    for word in call.rest.replace(",", " ").split():
        if word.lower() in BETWEEN:
            continue
        person = person_in(word, call.by.person)
        if person is None:
            raise Refused(
                "`{quote}` is nobody I know: name people with an @, as in "
                "`/incident private @bo @cy`. Nothing was done.",
                about="people",
                quote=word,
            )
        named[person] = None
    return tuple(named)


async def private_form(call: Call) -> View | None:
    """Ask who may know of it, unless that was said."""
    if read_private(call):
        return None
    return call.form("private", incident=await call.meant(MakePrivate(call.by, ())))


def can_be_hidden_by(incident: Incident, by: Authority) -> bool:
    """Say whether this person can make it private."""
    return incident.audience is None and by.person in incident.people

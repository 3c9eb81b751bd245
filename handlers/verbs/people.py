"""Verbs about who does what, and who is kept told."""

from typing import NamedTuple

from bot.domain.authority import Authority
from bot.domain.commands import AcceptRole, DeclineRole, OfferRole, Subscribe, Unsubscribe
from bot.domain.errors import Refused
from bot.domain.facts import Role
from bot.domain.incident import Incident
from bot.ports import View, Words
from handlers.reading.names import person_in

from .call import Call

ROLES = {
    **{role.value: role for role in Role},
    "lead": Role.COMMANDER,
    "ic": Role.COMMANDER,
    "comms": Role.COMMUNICATIONS,
    "communication": Role.COMMUNICATIONS,
    "responders": Role.RESPONDER,
}
BETWEEN = frozenset({"to", "as", "is", "for"})
ANSWERS = ("accept", "decline")

EXAMPLE = "`/incident role commander @bo the cache is full, logs are in the thread`"


class Given(NamedTuple):
    """A role, whom it is given to, and what they should know."""

    role: Role | None
    person: str | None
    brief: str


async def role(call: Call) -> Words:
    """Show who has which role, give one, or answer to one that was offered."""
    first, _, named = call.rest.partition(" ")
    if first.lower() in ANSWERS:
        return await _answered(call, first.lower(), ROLES.get(named.lower(), Role.COMMANDER))
    given = read_role(call)
    if given.person is None or given.role is None:
        return call.say("roles", incident=await call.shown())
    return await give(call, given.role, given.person, given.brief)


async def give(call: Call, role: Role, person: str, brief: str) -> Words:
    """Give somebody a role, or offer it where they have to accept it."""
    standing = call.desk.people.standing(person)
    changed = await call.do(OfferRole(call.by, role, person, brief, standing))
    offered = any(o.role is role and o.person == person for o in changed.offers)
    state = "offered" if offered else "has"
    return call.say("role", incident=changed, role=role, person=person, state=state)


async def _answered(call: Call, said: str, role: Role) -> Words:
    by = call.by
    accepted = said == "accept"
    changed = await call.do(AcceptRole(by, role) if accepted else DeclineRole(by, role))
    state = "accepted" if accepted else "declined"
    return call.say("role", incident=changed, role=role, person=by.person, state=state)


def read_role(call: Call) -> Given:
    """Read a role and a person, in either order, and the brief that follows."""
    words = call.rest.split()
    if words and words[0].lower() in ANSWERS:
        return Given(None, None, "")
    role, words = _leading_role(words)
    if not words:
        return Given(role, None, "")
    person = person_in(words[0], call.by.person)
    if person is None:
        msg = f"`{{quote}}` is nobody I know: name them with an @, as in {EXAMPLE}."
        raise Refused(msg, about="person", quote=words[0])
    rest = words[1:]
    if role is None:
        role, rest = _leading_role(rest)
    if role is None:
        names = ", ".join(Role)
        msg = f"Which role? It is one of: {names}, as in {EXAMPLE}. Nothing was done."
        raise Refused(msg, about="role")
    return Given(role, person, _after(call.rest, len(call.rest.split()) - len(rest)))


def _leading_role(words: list[str]) -> tuple[Role | None, list[str]]:
    role = None
    while words and (words[0].lower() in ROLES or words[0].lower() in BETWEEN):
        role, words = ROLES.get(words[0].lower(), role), words[1:]
    return role, words


def _after(text: str, words: int) -> str:
    """Return what follows so many words, its lines as they were."""
    parts = text.split(maxsplit=words)
    return parts[words] if len(parts) > words else ""


async def handover_form(call: Call) -> View | None:
    """Ask whom to give the role that was named; `role` alone only shows."""
    given = read_role(call)
    if given.role is None or given.person is not None:
        return None
    incident = await call.meant(OfferRole(call.by, given.role, call.by.person))
    return call.form("handover", incident=incident, role=given.role)


async def subscribe(call: Call) -> Words:
    """Keep somebody told by direct messages."""
    changed = await call.do(Subscribe(call.by))
    return call.say("subscribed", incident=changed, subscribed=True)


async def unsubscribe(call: Call) -> Words:
    """Tell somebody no more."""
    changed = await call.do(Unsubscribe(call.by))
    return call.say("subscribed", incident=changed, subscribed=False)


def is_subscribed(incident: Incident, by: Authority) -> bool:
    """Say whether the person is kept told of it."""
    return by.person in incident.subscribers

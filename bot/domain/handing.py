"""Who is told that a role is offered, given or answered for."""

from collections.abc import Iterator

from .facts import Fact, HandoverDeclined, HandoverOffered, Role, RoleAssigned
from .jobs import Kind, Owed
from .state import Incident, Offer


def hands(before: Incident, fact: Fact, after: Incident) -> Iterator[Kind | Owed]:
    """Name what people are owed: who is offered a role, who waits for an answer, the room."""
    match fact:
        case HandoverOffered(_, role, person):
            withdrawn = _offer(before, role)
            if withdrawn and withdrawn.person != person:
                yield Owed(Kind.HANDOVER_ANSWERED, withdrawn.person)
            yield Owed(Kind.HANDOVER, person)
        case HandoverDeclined(stamp, role):
            yield from _answered(_offer(before, role), stamp.by)
            if after.room and stamp.by in {offer.person for offer in before.offers}:
                yield Kind.ROLE_TAKEN
        case RoleAssigned(stamp, role, person):
            yield from _answered(_offer(before, role), stamp.by)
            if stamp.by != person:
                yield Owed(Kind.ROLE_GIVEN, person)
            if after.room:
                yield Kind.ROLE_TAKEN
        case _:
            pass
    for person in sorted({offer.person for offer in ended(before, after)}):
        yield Owed(Kind.HANDOVER_OVER, person)


def ended(before: Incident, after: Incident) -> list[Offer]:
    """Return the offers that nobody can answer any more."""
    return [offer for offer in before.offers if offer not in after.offers]


def _offer(incident: Incident, role: Role) -> Offer | None:
    return next((offer for offer in incident.offers if offer.role is role), None)


def _answered(offer: Offer | None, by: str) -> Iterator[Owed]:
    """Tell whoever of the two waits, and did not do it themselves."""
    for person in sorted({offer.by, offer.person} - {by}) if offer else ():
        yield Owed(Kind.HANDOVER_ANSWERED, person)

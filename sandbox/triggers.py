"""Trigger ids: the three seconds in which an app may open a modal."""

import secrets
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.errors import SlackError

LIFETIME = 3.0


@dataclass(slots=True)
class Trigger:
    """Somebody's recent interaction, good for one modal."""

    user: str
    made: float
    in_modal: bool
    channel: str | None = None
    spent: bool = False


class Triggers:
    """Issue and redeem trigger ids."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, *, in_modal: bool = False, channel: str | None = None) -> str:
        """Return a new trigger id for this person's interaction, in a channel or nowhere."""
        trigger_id = f"{len(self._issued) + 1}.{secrets.token_hex(8)}"
        self._issued[trigger_id] = Trigger(user, self._clock.now(), in_modal, channel)
        return trigger_id

    def spend(self, trigger_id: str, *, in_modal: bool = False) -> Trigger:
        """Redeem a trigger id, once and in time."""
        trigger = self._issued.get(trigger_id)
        if trigger is None or (in_modal and not trigger.in_modal):
            raise SlackError("invalid_trigger_id")
        if trigger.spent:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.made >= LIFETIME:
            raise SlackError("expired_trigger_id")
        trigger.spent = True
        return trigger

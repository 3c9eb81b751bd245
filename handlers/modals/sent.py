"""What a form says that was sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_bolt import BoltResponse

from bot.domain.errors import Refused
from bot.ports import Words
from handlers.answer import done, later
from handlers.desk import Desk
from handlers.payloads import Payload, metadata, request_key
from handlers.reading.moments import past
from handlers.verbs.call import Call


@dataclass(frozen=True, slots=True)
class Sent:
    """A form about an incident: who sent it, about which of its parts, and what is in it."""

    call: Call
    number: int
    values: Payload

    def text(self, name: str) -> str:
        """Return what was typed."""
        return str(self._in(name).get("value") or "").strip()

    def choice(self, name: str) -> str | None:
        """Return what was chosen, be it a person, a day or one of several."""
        found = self._in(name)
        option = found.get("selected_option") or {}
        return (
            option.get("value") or found.get("selected_user") or found.get("selected_date") or None
        )

    def choices(self, name: str) -> tuple[str, ...]:
        """Return what was chosen where several may be, or typed with commas between."""
        found = self._in(name)
        if "selected_users" in found:
            return tuple(found["selected_users"] or ())
        if "selected_options" in found:
            return tuple(option["value"] for option in found["selected_options"] or ())
        named = (word.strip() for word in self.text(name).split(","))
        return tuple(dict.fromkeys(word for word in named if word))

    def moment(self, name: str) -> datetime | None:
        """Return the moment that was chosen, which must have come."""
        chosen = self._in(name).get("selected_date_time")
        if not chosen:
            return None
        at = datetime.fromtimestamp(int(chosen), UTC)
        try:
            return past(at, self.call.now, f"{at:%Y-%m-%d %H:%M}")
        except Refused:
            raise Refused("That has not come yet.", about=name) from None

    def _in(self, name: str) -> Payload:
        return self.values.get(name, {}).get(name) or {}


def read(desk: Desk, body: Payload) -> Sent:
    """Return what was sent."""
    about = metadata(body)
    call = Call(desk, body, desk.authority(body), request_key(body), about.incident, "")
    return Sent(call, about.number, body["view"]["state"]["values"])


Take = Callable[[Sent], Awaitable[Words]]


async def taken(take: Take, desk: Desk, body: Payload) -> BoltResponse:
    """Take a form; it closes once that is kept, and who sent it is told by a job."""
    await later(desk, body, await take(read(desk, body)))
    return done()

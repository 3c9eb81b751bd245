"""Getting payloads to the app: copies, retries, and a record of every attempt."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace

from sandbox.deliveries.transport import UNREACHABLE, Answer, Parcel, Transport
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.faults import Faults
from sandbox.orders import Fault
from sandbox.rates import EventLimit, Rates
from sandbox.shapes import Shapes
from sandbox.wire import Json
from sandbox.workspace import Workspace

RETRY_DELAYS = (0.0, 60.0, 300.0)
KEPT = 20_000
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_shared": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_unshared": "channels:read",
    "file_created": "files:read",
    "file_deleted": "files:read",
    "file_shared": "files:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "link_shared": "links:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


@dataclass(slots=True)
class Delivery:
    """A payload the workspace owes the app."""

    id: str
    kind: str
    payload: Json
    handmade: bool = False
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One copy of a delivery that was sent, or should have been, and what came of it."""

    delivery: Delivery
    parcel: Parcel
    answer: Answer
    fault: str | None = None


@dataclass(slots=True)
class Settings:
    """How payloads are delivered at the moment."""

    mode: str = "socket"
    copies: int = 1
    retry_factor: float = 0.01


@dataclass(slots=True, eq=False)
class Held:
    """A copy that waits until so many later ones have passed it."""

    left: int
    passed: asyncio.Event = field(default_factory=asyncio.Event)


class Courier:
    """Deliver payloads over the chosen transport."""

    def __init__(
        self,
        workspace: Workspace,
        transports: Mapping[str, Transport],
        faults: Faults,
        rates: Rates,
        shapes: Shapes,
    ) -> None:
        self.settings = Settings("socket" if workspace.seed.socket_mode else "http")
        self.deliveries: dict[str, Delivery] = {}
        self.attempts: deque[Attempt] = deque(maxlen=KEPT)
        self._workspace = workspace
        self._transports = transports
        self._faults = faults
        self._shapes = shapes
        self._limit = EventLimit(workspace.clock, workspace.seed.events_an_hour, rates)
        self._made = 0
        self._held: list[Held] = []
        self._running: set[asyncio.Task[None]] = set()

    def event(self, subscription: str, event: Json) -> None:
        """Start delivering an event, if the app subscribed to it and may see it."""
        seed = self._workspace.seed
        scope = EVENT_SCOPES.get(subscription)
        if subscription not in seed.events or not (scope is None or scope in seed.scopes):
            return
        if self._limit.admits():
            self._start(self._with_retries(self.delivery("events_api", self._outer(event))))
        elif self._limit.untold():
            self._start(self._with_retries(self.delivery("events_api", self._too_many())))

    def delivery(self, kind: str, payload: Json, *, handmade: bool = False) -> Delivery:
        """Note that a payload is owed to the app."""
        made = Delivery(self._workspace.name_new("L"), kind, payload, handmade)
        self.deliveries[made.id] = made
        self._made += 1
        if len(self.deliveries) > KEPT:
            del self.deliveries[next(iter(self.deliveries))]
        if self._shapes.recording:
            self._shapes.delivery(kind, payload)
        return made

    def sent(self) -> int:
        """Return how many deliveries there have been, to ask later for those since."""
        return self._made

    def since(self, before: int) -> list[str]:
        """Return the ids of the deliveries there have been since then, of those still kept."""
        new = min(self._made - before, len(self.deliveries))
        kept = reversed(self.deliveries)
        return [next(kept) for _ in range(new)][::-1]

    def known(self, delivery_id: object) -> Delivery:
        """Return a delivery by its id."""
        if not isinstance(delivery_id, str) or delivery_id not in self.deliveries:
            raise ControlError("there is no such delivery", delivery_id, status=NOT_FOUND)
        return self.deliveries[delivery_id]

    async def send(
        self, delivery: Delivery, *, retry: int = 0, reason: str = "", copies: int | None = None
    ) -> list[Answer]:
        """Send a delivery as often as the settings say, and await every answer."""
        parcel = Parcel(delivery.kind, delivery.payload, retry, reason)
        count = self.settings.copies if copies is None else copies
        if count == 1:
            return [await self._attempt(delivery, parcel)]
        async with asyncio.TaskGroup() as group:
            sent = [group.create_task(self._attempt(delivery, parcel)) for _ in range(count)]
        return [task.result() for task in sent]

    async def close(self) -> None:
        """Give up what is still being delivered."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _attempt(self, delivery: Delivery, parcel: Parcel) -> Answer:
        fault = self._faults.due_delivery(delivery.kind, delivery.payload, delivery.id)
        if fault is None:
            return await self._sent(delivery, parcel)
        if fault.kind == "dropped":
            lost = Answer(acked=False, ms=0, failure=UNREACHABLE)
            return self._noted(delivery, parcel, lost, fault)
        if fault.kind == "duplicated":
            both = [self._sent(delivery, parcel, fault) for _ in range(2)]
            first, second = await asyncio.gather(*both)
            return second if second.acked and not first.acked else first
        if fault.kind == "delayed":
            await self._faults.pause(fault.seconds)
        if fault.kind == "reordered":
            await self._overtaken(fault.later)
        cut = fault.when if fault.kind == "cut" else ""
        troubled = replace(parcel, cut=cut, loses_ack=fault.kind == "ack_lost")
        return await self._sent(delivery, troubled, fault)

    async def _overtaken(self, later: int) -> None:
        held = Held(later)
        self._held.append(held)
        try:
            await self._faults.unless_forgotten(held.passed.wait())
        finally:
            self._held.remove(held)

    async def _sent(
        self, delivery: Delivery, parcel: Parcel, fault: Fault | None = None
    ) -> Answer:
        answer = await self._transports[self.settings.mode].send(parcel)
        return self._noted(delivery, parcel, answer, fault)

    def _noted(
        self, delivery: Delivery, parcel: Parcel, answer: Answer, fault: Fault | None
    ) -> Answer:
        kind = None if fault is None else fault.kind
        self.attempts.append(Attempt(delivery, parcel, answer, kind))
        for held in self._held:
            held.left -= 1
            if held.left <= 0:
                held.passed.set()
        self._workspace.changes.bump()
        return answer

    async def _with_retries(self, delivery: Delivery) -> None:
        answers = await self.send(delivery)
        for retry, delay in enumerate(RETRY_DELAYS, start=1):
            if any(answer.acked or answer.wants_no_retry for answer in answers):
                return
            await self._workspace.clock.sleep(delay * self.settings.retry_factor)
            answers = await self.send(delivery, retry=retry, reason=answers[0].failure)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _too_many(self) -> Json:
        seed, now = self._workspace.seed, int(self._workspace.clock.now())
        return {
            "token": "sandbox-verification-token",
            "type": "app_rate_limited",
            "team_id": seed.team,
            "minute_rate_limited": now - now % 60,
            "api_app_id": seed.app,
        }

    def _outer(self, event: Json) -> Json:
        seed = self._workspace.seed
        authorization = {
            "enterprise_id": seed.enterprise or None,
            "team_id": seed.team,
            "user_id": seed.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "sandbox-verification-token",
            "team_id": seed.team,
            "api_app_id": seed.app,
            "event": event,
            "type": "event_callback",
            "event_id": self._workspace.name_new("Ev"),
            "event_time": int(self._workspace.clock.now()),
            "authorizations": [authorization],
            "is_ext_shared_channel": self._is_shared(event),
            "event_context": f"4-{event['type']}",
        }

    def _is_shared(self, event: Json) -> bool:
        place = event.get("channel") or event.get("channel_id") or event.get("item", {})
        channel_id = place.get("id", place.get("channel")) if isinstance(place, dict) else place
        channel = self._workspace.channels.get(channel_id or "")
        return channel is not None and channel.is_ext_shared

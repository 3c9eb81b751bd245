"""What only a tester can do: deliver again, and break things."""

from collections.abc import Mapping

from sandbox.control.fields import Act, Fields
from sandbox.deliveries.courier import Courier
from sandbox.deliveries.outcomes import Outcomes
from sandbox.deliveries.socket_mode import REASONS, SocketMode
from sandbox.errors import ControlError
from sandbox.faults import Faults
from sandbox.wire import Json

KINDS = ("slash_commands", "interactive", "events_api")


class Tester:
    """Interfere with the traffic between the workspace and the app."""

    def __init__(
        self, courier: Courier, outcomes: Outcomes, faults: Faults, socket_mode: SocketMode
    ) -> None:
        self._courier = courier
        self._outcomes = outcomes
        self._faults = faults
        self._socket_mode = socket_mode

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {
            "redeliver": self.redeliver,
            "deliver": self.deliver,
            "faults": self.order_fault,
            "cut": self.cut,
            "refresh": self.refresh,
            "disconnect": self.disconnect,
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {"faults": self.faults}

    async def redeliver(self, fields: Fields) -> Json:
        """Send a past delivery once more."""
        delivery = self._courier.known(fields.given.get("delivery"))
        return await self._outcomes.send(delivery, copies=1)

    async def deliver(self, fields: Fields) -> Json:
        """Send a payload made by hand."""
        kind = fields.text("type")
        if kind not in KINDS:
            raise ControlError("type is one of", ", ".join(KINDS))
        payload = fields.mapping("payload")
        if not isinstance(payload.get("type", ""), str):
            raise ControlError("this field must be text", "payload.type")
        if not isinstance(payload.get("event", {}), dict):
            raise ControlError("this field must be an object", "payload.event")
        delivery = self._courier.delivery(kind, payload, handmade=True)
        return await self._outcomes.send(delivery)

    async def order_fault(self, fields: Fields) -> Json:
        """Order trouble for calls or deliveries."""
        return {"ok": True, "order": self._faults.order(fields.given)}

    async def faults(self, _fields: Fields) -> list[Json]:
        """Show the orders and what is left of them."""
        return self._faults.shown()

    async def forget_faults(self, _fields: Fields) -> Json:
        """Cancel all ordered trouble."""
        self._faults.forget()
        return {"ok": True}

    async def cut(self, _fields: Fields) -> Json:
        """Break every socket without a word."""
        self._socket_mode.cut()
        return {"ok": True}

    async def refresh(self, _fields: Fields) -> Json:
        """Ask the app to reconnect its sockets."""
        await self._socket_mode.disconnect("refresh_requested")
        return {"ok": True}

    async def disconnect(self, fields: Fields) -> Json:
        """Tell the app that its sockets end, and why."""
        reason = fields.text("reason")
        if reason not in REASONS:
            raise ControlError("reason is one of", ", ".join(REASONS))
        await self._socket_mode.disconnect(reason)
        return {"ok": True}

"""What only a tester can do: deliver again, break things, and change how deliveries go."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.control.fields import Act, Fields
from sandbox.courier import Courier
from sandbox.errors import ControlError
from sandbox.faults import Faults
from sandbox.http_delivery import HttpDelivery
from sandbox.outcomes import Outcomes
from sandbox.socket_mode import SocketMode
from sandbox.wire import Json

KINDS = ("slash_commands", "interactive", "events_api")
MODES = ("socket", "http")
COPIES = (1, 2)
THIS_MACHINE = {"127.0.0.1", "localhost"}


class Tester:
    """Interfere with the traffic between the workspace and the app."""

    def __init__(
        self,
        courier: Courier,
        outcomes: Outcomes,
        faults: Faults,
        socket_mode: SocketMode,
        http: HttpDelivery,
    ) -> None:
        self._courier = courier
        self._outcomes = outcomes
        self._faults = faults
        self._socket_mode = socket_mode
        self._http = http

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {
            "redeliver": self.redeliver,
            "deliver": self.deliver,
            "settings": self.settings,
            "faults": self.order_fault,
            "cut": self.cut,
            "refresh": self.refresh,
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

    async def redeliver(self, fields: Fields) -> Json:
        """Send a past delivery once more."""
        delivery = self._courier.known(fields.given.get("delivery"))
        return await self._outcomes.send(delivery, copies=1)

    async def deliver(self, fields: Fields) -> Json:
        """Send a payload made by hand."""
        kind = fields.text("type")
        if kind not in KINDS:
            raise ControlError("type is one of", ", ".join(KINDS))
        delivery = self._courier.delivery(kind, fields.mapping("payload"), handmade=True)
        return await self._outcomes.send(delivery)

    async def settings(self, fields: Fields) -> Json:
        """Change how deliveries go from now on."""
        settings, given = self._courier.settings, fields.given
        mode = given.get("mode", settings.mode)
        copies = given.get("copies", settings.copies)
        factor = given.get("retry_factor", settings.retry_factor)
        if mode not in MODES:
            raise ControlError("mode is one of", ", ".join(MODES))
        if copies not in COPIES:
            raise ControlError("copies is 1 or 2")
        if not isinstance(factor, int | float) or factor < 0:
            raise ControlError("retry_factor is a number, not negative")
        urls = _local(given["url"]) if "url" in given else self._http.urls
        settings.mode, settings.copies, settings.retry_factor = mode, copies, factor
        self._http.urls = urls
        return self.current()

    def connections(self) -> int:
        """Return how many sockets the app has open."""
        return len(self._socket_mode.connections)

    def current(self) -> Json:
        """Return how deliveries go at the moment."""
        settings = self._courier.settings
        return {
            "mode": settings.mode,
            "url": self._http.urls,
            "copies": settings.copies,
            "retry_factor": settings.retry_factor,
        }

    async def order_fault(self, fields: Fields) -> Json:
        """Order trouble for a Web API method."""
        self._faults.order(fields.given)
        return {"ok": True}

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
        await self._socket_mode.refresh()
        return {"ok": True}


def _local(given: Any) -> list[str]:
    if given is None:
        return []
    return [_on_this_machine(url) for url in (given if isinstance(given, list) else [given])]


def _on_this_machine(url: Any) -> str:
    try:
        address = urlsplit(url if isinstance(url, str) else "")
    except ValueError as error:
        raise ControlError("url is not an address", url) from error
    if address.scheme != "http" or address.hostname not in THIS_MACHINE:
        raise ControlError("url must be http on this machine", url)
    return str(url)

"""How the workspace behaves: how deliveries go, how fast calls may be, what is recorded."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.control.fields import Act, Fields
from sandbox.deliveries.courier import Courier
from sandbox.deliveries.over_http import THIS_MACHINE, Addresses, HttpDelivery
from sandbox.errors import ControlError
from sandbox.rates import FASTEST, SLOWEST, Rates
from sandbox.shapes import Shapes
from sandbox.wire import Json
from sandbox.workspace import Workspace

MODES = ("socket", "http")
COPIES = (1, 2)
ADDRESSES = {
    "url": "events",
    "command_url": "commands",
    "interactivity_url": "interactivity",
    "options_url": "options",
}
KNOWN = {
    *ADDRESSES, "mode", "copies", "retry_factor", "rate_factor", "record", "socket_mode", "verify",
}  # fmt: skip


class Settings:
    """Change, and tell, how the workspace behaves from now on."""

    def __init__(
        self,
        workspace: Workspace,
        courier: Courier,
        http: HttpDelivery,
        rates: Rates,
        shapes: Shapes,
    ) -> None:
        self._workspace = workspace
        self._courier = courier
        self._http = http
        self._rates = rates
        self._shapes = shapes

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {"settings": self.change}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {"shapes": self.shapes}

    async def change(self, fields: Fields) -> Json:
        """Take what is given; what is not given stays."""
        given, settings = fields.given, self._courier.settings
        if strange := sorted(set(given) - KNOWN):
            raise ControlError("there is no such setting", ", ".join(strange))
        mode = _one_of(given, "mode", MODES, settings.mode)
        copies = _one_of(given, "copies", COPIES, settings.copies)
        retry_factor = _factor(given, "retry_factor", settings.retry_factor)
        rate_factor = _factor(given, "rate_factor", self._rates.factor)
        record = _flag(given, "record", default=self._shapes.recording)
        sockets = _flag(given, "socket_mode", default=self._workspace.takes_sockets)
        addresses = _addresses(given, self._http.addresses)
        if _flag(given, "verify", default=False):
            await self._verify(given)
        settings.mode, settings.copies, settings.retry_factor = mode, copies, retry_factor
        self._http.addresses, self._shapes.recording = addresses, record
        self._workspace.takes_sockets = sockets
        if "rate_factor" in given:
            self._rates.factor = rate_factor
        return self.current()

    async def shapes(self, _fields: Fields) -> Json:
        """Show the shapes of the calls and deliveries that were recorded."""
        return self._shapes.shown()

    def current(self) -> Json:
        """Return how the workspace behaves at the moment."""
        settings, addresses = self._courier.settings, self._http.addresses
        return {
            "mode": settings.mode,
            "copies": settings.copies,
            "retry_factor": settings.retry_factor,
            "rate_factor": self._rates.factor,
            "record": self._shapes.recording,
            "socket_mode": self._workspace.takes_sockets,
            **{name: getattr(addresses, field) for name, field in ADDRESSES.items()},
        }

    async def _verify(self, given: Json) -> None:
        for url in _local(given.get("url")):
            if trouble := await self._http.verify(url):
                words = f"url was not verified, {trouble}"
                raise ControlError(words, url)


def _one_of(given: Json, name: str, known: tuple[Any, ...], now: Any) -> Any:
    value = given.get(name, now)
    if value not in known or type(value) is not type(known[0]):
        words = f"{name} is one of"
        raise ControlError(words, ", ".join(map(str, known)))
    return value


def _factor(given: Json, name: str, now: float) -> float:
    value = given.get(name, now)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ControlError("this is a number", name)
    if value and not SLOWEST <= value <= FASTEST:
        words = f"this is 0, or a number from {SLOWEST} to {FASTEST}"
        raise ControlError(words, name)
    return value


def _flag(given: Json, name: str, *, default: bool) -> bool:
    value = given.get(name, default)
    if not isinstance(value, bool):
        raise ControlError("this is true or false", name)
    return value


def _addresses(given: Json, now: Addresses) -> Addresses:
    fields = {
        field: _local(given[name]) if name in given else getattr(now, field)
        for name, field in ADDRESSES.items()
    }
    return Addresses(**fields)


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

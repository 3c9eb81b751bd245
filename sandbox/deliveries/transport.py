"""What any way of reaching the app takes and gives back."""

from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.wire import Json

ACK_SECONDS = 3.0
TIMED_OUT = "http_timeout"
UNREACHABLE = "connection_failed"
REDIRECTED = "too_many_redirects"
BAD_STATUS = "http_error"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One copy of a payload on its way to the app."""

    kind: str
    payload: Json
    retry: int = 0
    retry_reason: str = ""
    cut: str = ""  # the way to the app breaks "before" or "after" the payload is on it
    loses_ack: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one copy of a payload."""

    acked: bool
    ms: float
    status: int | None = None
    body: Any = None
    failure: str = ""
    wants_no_retry: bool = False


class Transport(Protocol):
    """A way of reaching the app."""

    async def send(self, parcel: Parcel) -> Answer:
        """Deliver a parcel and wait for the app's acknowledgement."""
        ...

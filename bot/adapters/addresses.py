"""The Addresses port: whatever answers HTTP."""

import time
from datetime import timedelta

import aiohttp

from bot.ports import Unavailable
from bot.sources import Reached


class Http:
    """Asks each time over a new connection, as a newcomer would; by the proxies of the machine."""

    def __init__(self, *, proxies: bool = True) -> None:
        self._proxies = proxies

    async def reach(self, address: str, patience: timedelta) -> Reached:
        """Ask an address once, following nothing."""
        began = time.monotonic()
        limit = aiohttp.ClientTimeout(total=patience.total_seconds())
        try:
            async with (
                aiohttp.ClientSession(timeout=limit, trust_env=self._proxies) as session,
                session.get(address, allow_redirects=False) as response,
            ):
                return Reached(response.status, time.monotonic() - began)
        except TimeoutError as error:
            msg = f"no answer within {patience.total_seconds():g} s"
            raise Unavailable(msg) from error
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise Unavailable(_trouble(error)) from error


def _trouble(error: Exception) -> str:
    """Say what is wrong without the address, which may hold a secret."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            inner = error.certificate_error
            return f"its certificate is not accepted: {getattr(inner, 'verify_message', inner)}"
        case aiohttp.ClientConnectorSSLError():
            why = getattr(error.os_error, "reason", None) or "the handshake failed"
            return f"no TLS there: {why}"
        case aiohttp.ClientConnectorDNSError():
            return "its name is not known"
        case aiohttp.ClientConnectorError():
            return (error.os_error.strerror or "no connection").lower()
        case aiohttp.ServerDisconnectedError() | OSError():
            return "it hung up without an answer"
        case aiohttp.InvalidURL():
            return "this is no address of HTTP"
        case _:
            return f"it does not speak HTTP ({type(error).__name__})"

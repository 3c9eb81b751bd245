"""The Notifier port: a URL of the operators' own, posted to as JSON."""

import aiohttp

from bot.ports import Unavailable

PATIENCE = aiohttp.ClientTimeout(total=10)


class Webhook:
    """Posts {"text": …} to one URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def alarm(self, text: str) -> None:
        """Tell the operators."""
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE, trust_env=True) as session,
                session.post(self._url, json={"text": text}) as response,
            ):
                response.raise_for_status()
        except (TimeoutError, aiohttp.ClientError) as error:
            msg = f"the operators' webhook did not take it ({type(error).__name__})"
            raise Unavailable(msg) from error

"""A person's hands and eyes: the workspace's control API over HTTP."""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientSession

from .fields import Json

DIRECT = "DM"
LONG = 60.0  # real seconds that the workspace waits at most


class RefusedError(Exception):
    """Tell, in words, why a step did not go as it should."""


class Hands:
    """Act and look in the workspace at this address."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self.url = url

    async def post(self, act: str, **fields: Any) -> Json:
        """Do something, or raise Refused with the workspace's words."""
        given = {name: value for name, value in fields.items() if value is not None}
        return await self._asked("POST", act, json=given)  # type: ignore[no-any-return]

    async def get(self, window: str, **fields: Any) -> Any:
        """Look at something, likewise."""
        given = {name: str(value) for name, value in fields.items() if value is not None}
        return await self._asked("GET", window, params=given)

    async def people(self) -> Mapping[str, str]:
        """Return the ids of everybody in the workspace, by name."""
        everybody = (await self.get("look"))["people"]
        return {person["name"]: id for id, person in everybody.items()}

    async def names(self) -> Mapping[str, str]:
        """Return what people read where a message names a person or group by id."""
        seen = await self.get("look")
        groups = {id: group["handle"] for id, group in seen["groups"].items()}
        return {id: person["name"] for id, person in seen["people"].items()} | groups

    async def channels(self, user: str) -> list[Json]:
        """Return the channels that somebody sees, the newest last."""
        found: list[Json] = (await self.get("look", user=user))["channels"]
        return found

    async def channel(self, user: str, place: str) -> str:
        """Return the id of a channel that somebody sees by its name or id."""
        if place == DIRECT:
            return f"D{user}"
        wanted = place.removeprefix("#")
        for one in reversed(await self.channels(user)):
            if wanted in {one["id"], one["name"]}:
                return str(one["id"])
        msg = f"there is no channel {place} that they see"
        raise RefusedError(msg)

    async def messages(self, user: str, channel: str) -> list[Json]:
        """Return the messages of a channel as somebody sees them, oldest first."""
        where = DIRECT if channel == f"D{user}" else channel
        found: list[Json] = await self.get("messages", user=user, channel=where)
        return found

    async def form(self, user: str) -> Json | None:
        """Return the form in front of somebody, if one is open."""
        open_: list[Json] = await self.get("views", user=user)
        return open_[-1] if open_ else None

    async def version(self) -> int:
        """Return the number of what has changed so far."""
        return int((await self.get("state"))["version"])

    async def changed(self, version: int) -> None:
        """Return once something has changed since then, if need be after a while."""
        await self.get("wait", version=version, timeout=LONG)

    async def _asked(self, verb: str, path: str, **body: Any) -> Any:
        try:
            async with self._http.request(verb, f"{self.url}/control/{path}", **body) as answer:
                told = await answer.json()
        except (ClientError, ValueError) as error:
            msg = f"the workspace at {self.url} does not answer: {error}"
            raise RefusedError(msg) from error
        if answer.status != 200:  # noqa: PLR2004
            raise RefusedError(str(told.get("error", told)))
        return told

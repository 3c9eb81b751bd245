"""The shapes of what travels: names, where they stood and the kinds of value, but no values."""

from typing import Any

from aiohttp import web

from sandbox.wire import Json, parsed

KINDS = {
    bool: "boolean", int: "number", float: "number", str: "string", list: "array",
    dict: "object", type(None): "null",
}  # fmt: skip
MOST = 2_000  # different names of one kind of request, beyond which it is told no better


class Shapes:
    """Note the shapes of calls and deliveries while told to."""

    def __init__(self) -> None:
        self.recording = False
        self._calls: dict[str, Json] = {}
        self._deliveries: dict[str, Json] = {}

    async def call(self, method: str, request: web.Request) -> None:
        """Note the arguments of a Web API call."""
        noted = self._calls.setdefault(method, {"count": 0, "verbs": [], "arguments": {}})
        noted["count"] += 1
        _once(noted["verbs"], request.method)
        for place, given in (await _places(request)).items():
            for name, value in given.items():
                _note(noted["arguments"], name, value, place)

    def delivery(self, kind: str, payload: Json) -> None:
        """Note what a delivery carries, one level deep in what it nests."""
        told = payload.get("event", payload)
        name = " ".join(filter(None, (kind, str(told.get("type", "")))))
        noted = self._deliveries.setdefault(name, {"count": 0, "fields": {}})
        noted["count"] += 1
        for outer, value in payload.items():
            _note(noted["fields"], outer, value)
            if isinstance(value, dict):
                for inner, nested in value.items():
                    _note(noted["fields"], f"{outer}.{inner}", nested)

    def shown(self) -> Json:
        """Return the shapes noted so far."""
        return {"methods": self._calls, "deliveries": self._deliveries}


async def _places(request: web.Request) -> dict[str, Json]:
    places = {"query": dict(request.query)}
    if request.content_type == "application/json":
        return {**places, "json": parsed(await request.read() or b"{}")}
    return {**places, "form": dict(await request.post())}


def _note(fields: Json, name: str, value: Any, place: str = "") -> None:
    if name not in fields and len(fields) >= MOST:
        return
    noted = fields.setdefault(name, {"types": [], **({"from": []} if place else {})})
    _once(noted["types"], KINDS.get(type(value), "file"))
    if place:
        _once(noted["from"], place)


def _once(found: list[str], name: str) -> None:
    if name not in found:
        found.append(name)

"""Prometheus' HTTP API, as far as it is supported."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import orjson
from aiohttp import web

from sandbox.clock import Clock

from . import asking, written
from .listening import from_here
from .matching import NAME, Labels, Matcher
from .parameters import Parameters
from .refusals import Refusal
from .rules import Rules
from .series import Series, Store, milliseconds
from .tokens import is_label
from .values import Ranges, Value

Answer: TypeAlias = Callable[[Parameters], Any]
API = "/api/v1/"
VERSION = "2.42.0"
ANYTHING = (Matcher(NAME, "!=", ""),)


class Api:
    """Answers from a store and the rules that are evaluated over it; changes nothing."""

    def __init__(self, store: Store, rules: Rules, clock: Clock) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock

    def application(self) -> web.Application:
        """Return the whole as something that a server runs."""
        application = web.Application(middlewares=[from_here])
        both: dict[str, Answer] = {
            "query": self._query,
            "query_range": self._query_range,
            "labels": self._labels,
            "series": self._found,
        }
        plain: dict[str, Answer] = {
            "alerts": lambda _: {"alerts": self._rules.alerts()},
            "rules": lambda _: {"groups": self._rules.groups()},
            "status/buildinfo": lambda _: {"version": VERSION, "revision": "sandbox"},
        }
        for name, answer in {**both, **plain}.items():
            application.router.add_get(API + name, _answering(answer))
            if name in both:
                application.router.add_post(API + name, _answering(answer))
        application.router.add_get(API + "label/{name}/values", self._values)
        for path in ("healthy", "ready"):
            application.router.add_get(f"/-/{path}", _well)
        application.router.add_get("/graph", _graph)
        application.router.add_route("*", "/{path:.*}", _unknown)
        return application

    def _query(self, given: Parameters) -> Any:
        given.patience()
        at = given.moment("time", self._clock.now())
        return _told(asking.at_once(self._store, given.query(), at), milliseconds(at))

    def _query_range(self, given: Parameters) -> Any:
        given.patience()
        stretch = given.stretch()
        found = asking.over_time(self._store, given.query(), *stretch)
        result = [
            {"metric": dict(labels), "values": [_point(at, value) for at, value in points]}
            for labels, points in found.items()
        ]
        return {"resultType": "matrix", "result": result}

    def _selected(self, given: Parameters) -> Sequence[Series]:
        begin = milliseconds(given.moment("start", 0.0))
        end = milliseconds(given.moment("end", self._clock.now()))
        wanted = given.selectors() or [ANYTHING]
        found = {s.labels: s for matchers in wanted for s in self._store.select(matchers)}
        return [found[labels] for labels in sorted(found) if found[labels].during(begin, end)[0]]

    def _labels(self, given: Parameters) -> Any:
        return sorted({name for series in self._selected(given) for name, _ in series.labels})

    def _found(self, given: Parameters) -> Any:
        if not given.selectors():
            raise Refusal("no match[] parameter provided")
        return [dict(series.labels) for series in self._selected(given)]

    async def _values(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]

        def answer(given: Parameters) -> Any:
            if not is_label(name):
                words = f'invalid label name: "{name}"'
                raise Refusal(words)
            found = self._selected(given)
            return sorted({v for series in found for label, v in series.labels if label == name})

        return await _answering(answer)(request)


def _answering(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return _json({"status": "success", "data": answer(await Parameters.of(request))})
        except Refusal as refusal:
            told = {"status": "error", "errorType": refusal.kind, "error": refusal.words}
            return _json(told, refusal.status)

    return handle


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def _point(at: int, value: float) -> Sequence[Any]:
    return [written.at(at), written.number(value)]


def _vector(found: dict[Labels, float], at: int) -> Sequence[Any]:
    return [{"metric": dict(labels), "value": _point(at, v)} for labels, v in found.items()]


def _told(value: Value, at: int) -> Any:
    match value:
        case str():
            return {"resultType": "string", "result": [written.at(at), value]}
        case float():
            return {"resultType": "scalar", "result": _point(at, value)}
        case Ranges(of=stretches):
            result = [
                {"metric": dict(labels), "values": list(map(_point, s.times, s.values))}
                for labels, s in stretches.items()
            ]
            return {"resultType": "matrix", "result": result}
        case dict():
            return {"resultType": "vector", "result": _vector(value, at)}


async def _well(_: web.Request) -> web.Response:
    return web.Response(text="Prometheus Server is Healthy.\n")


async def _graph(request: web.Request) -> web.Response:
    """Lead a link of an alert to what its query gives now; there is no page that draws it."""
    query = request.query.get("g0.expr", "")
    raise web.HTTPFound(request.url.with_path(API + "query").with_query(query=query))


async def _unknown(request: web.Request) -> web.Response:
    words = (
        f"404 page not found: {request.method} {request.path}. Supported are {API} query,"
        " query_range, labels, label/NAME/values, series, alerts, rules and status/buildinfo,"
        " and /-/healthy and /-/ready\n"
    )
    return web.Response(status=404, text=words)

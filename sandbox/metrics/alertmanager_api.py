"""Alertmanager's API v2: silences, alerts, status."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from aiohttp import web
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from sandbox.clock import Clock

from . import written
from .alertmanager import Alertmanager
from .listening import from_here
from .matching import Labels, Matcher
from .notices import Told
from .silences import Silence, SilenceRefused, Wish, all_fit
from .tokens import is_label

API = "/api/v2/"
OPERATORS = {(False, True): "=", (False, False): "!=", (True, True): "=~", (True, False): "!~"}
INCOMPLETE = {"missing", "too_short"}  # what is no mistake of JSON
FLAGS = {operator: flags for flags, operator in OPERATORS.items()}


class _Matcher(BaseModel):
    name: str
    value: str
    is_regex: bool = Field(alias="isRegex")
    is_equal: bool = Field(default=True, alias="isEqual")

    def matcher(self) -> Matcher:
        if not is_label(self.name):
            msg = f"invalid label name {self.name!r}"
            raise ValueError(msg)
        return Matcher(self.name, OPERATORS[self.is_regex, self.is_equal], self.value)


class _Posted(BaseModel):
    matchers: Annotated[Sequence[_Matcher], Field(min_length=1)]
    begins: AwareDatetime = Field(alias="startsAt")
    ends: AwareDatetime = Field(alias="endsAt")
    by: str = Field(alias="createdBy")
    comment: str
    id: str = ""


class AlertmanagerApi:
    """Answers for an Alertmanager; nothing but silences is changed by it."""

    def __init__(self, alertmanager: Alertmanager, clock: Clock) -> None:
        self._alertmanager = alertmanager
        self._clock = clock
        self._began = clock.now()

    def application(self) -> web.Application:
        """Return the whole as something that a server runs."""
        application = web.Application(middlewares=[from_here])
        application.add_routes(
            [
                web.get(API + "silences", self._silences),
                web.post(API + "silences", self._take),
                web.get(API + "silence/{id}", self._silence),
                web.delete(API + "silence/{id}", self._end),
                web.get(API + "alerts", self._alerts),
                web.get(API + "alerts/groups", self._groups),
                web.get(API + "receivers", self._receivers),
                web.get(API + "status", self._status),
                web.get("/-/healthy", _well),
                web.get("/-/ready", _well),
                web.route("*", "/{path:.*}", _unknown),
            ]
        )
        return application

    async def _silences(self, request: web.Request) -> web.Response:
        now, wanted = self._clock.now(), _filters(request)
        found = [
            _told(silence, now)
            for silence in self._alertmanager.silences.all(now)
            if all(_asks_for(silence, matcher) for matcher in wanted)
        ]
        return _json(found)

    async def _take(self, request: web.Request) -> web.Response:
        now = self._clock.now()
        try:
            posted = _Posted.model_validate_json(await request.read())
        except ValidationError as error:
            return _json(*_wrong(error))
        try:
            matchers = tuple(matcher.matcher() for matcher in posted.matchers)
        except ValueError as error:
            return _json(f"silence invalid: invalid label matcher: {error}", 400)
        begins, ends = posted.begins.timestamp(), posted.ends.timestamp()
        wish = Wish(matchers, begins, ends, posted.by, posted.comment)
        try:
            return _json({"silenceID": self._alertmanager.silences.take(wish, now, posted.id)})
        except SilenceRefused as refused:
            return _json(str(refused), 400)
        except KeyError:
            return _json("silence not found", 404)

    async def _silence(self, request: web.Request) -> web.Response:
        id_ = _id(request)
        silence = self._alertmanager.silences.find(id_)
        if silence is None:
            return web.Response(status=404)
        return _json(_told(silence, self._clock.now()))

    async def _end(self, request: web.Request) -> web.Response:
        id_ = _id(request)
        try:
            self._alertmanager.silences.end(id_, self._clock.now())
        except KeyError:
            return _json("silence not found", 500)
        except SilenceRefused as refused:
            return _json(str(refused), 500)
        return web.Response()

    async def _alerts(self, request: web.Request) -> web.Response:
        wanted, now = _filters(request), self._clock.now()
        silenced, active = _flag(request, "silenced"), _flag(request, "active")
        found = list[Mapping[str, Any]]()
        for _, _, alert in self._alertmanager.groups.alerts():
            quiet = self._alertmanager.silences.of(alert.labels, now)
            shown = silenced if quiet else active
            if shown and _fires(alert, now) and all_fit(wanted, alert.labels):
                found.append(self._alert(alert, quiet))
        return _json(sorted(found, key=lambda alert: str(alert["fingerprint"])))

    async def _groups(self, request: web.Request) -> web.Response:
        wanted, now = _filters(request), self._clock.now()
        groups = dict[str, tuple[Labels, list[Mapping[str, Any]]]]()
        for key, labels, alert in self._alertmanager.groups.alerts():
            if _fires(alert, now) and all_fit(wanted, alert.labels):
                quiet = self._alertmanager.silences.of(alert.labels, now)
                groups.setdefault(key, (labels, []))[1].append(self._alert(alert, quiet))
        receiver = {"name": self._alertmanager.receiver.name}
        return _json(
            [
                {"labels": dict(labels), "receiver": receiver, "alerts": alerts}
                for labels, alerts in groups.values()
            ]
        )

    def _alert(self, alert: Told, quiet: Sequence[str]) -> Mapping[str, Any]:
        state = "suppressed" if quiet else "active"
        return {
            "annotations": dict(alert.annotations),
            "endsAt": written.moment(alert.ends),
            "fingerprint": alert.id,
            "receivers": [{"name": self._alertmanager.receiver.name}],
            "startsAt": written.moment(alert.begins),
            "status": {"inhibitedBy": [], "silencedBy": quiet, "state": state},
            "updatedAt": written.moment(alert.updated),
            "generatorURL": alert.source,
            "labels": dict(alert.labels),
        }

    async def _receivers(self, _: web.Request) -> web.Response:
        return _json([{"name": self._alertmanager.receiver.name}])

    async def _status(self, _: web.Request) -> web.Response:
        return _json(
            {
                "cluster": {"peers": [], "status": "disabled"},
                "config": {"original": "# set by the sandbox\n"},
                "uptime": written.moment(self._began),
                "versionInfo": {"version": "0.25.0", "revision": "sandbox"},
            }
        )


def _filters(request: web.Request) -> Sequence[Matcher]:
    """Return what filter= asks for, each as `name="value"`."""
    found = list[Matcher]()
    for text in request.query.getall("filter", ()):
        for operator in ("=~", "!~", "!=", "="):
            name, sign, value = text.partition(operator)
            if sign and is_label(name.strip()):
                try:
                    found.append(Matcher(name.strip(), operator, value.strip().strip('"')))
                except ValueError as error:
                    raise _bad("bad matcher format:", str(error)) from error
                break
        else:
            raise _bad("bad matcher format:", text)
    return found


def _flag(request: web.Request, name: str) -> bool:
    text = request.query.get(name, "true").lower()
    if text not in {"true", "false"}:
        raise _bad("true or false it must be in query:", name)
    return text == "true"


def _bad(words: str, detail: str) -> web.HTTPBadRequest:
    told = orjson.dumps(f"{words} {detail}").decode()
    return web.HTTPBadRequest(text=told, content_type="application/json")


def _fires(alert: Told, now: float) -> bool:
    return not alert.resolved and now < alert.ends


def _asks_for(silence: Silence, wanted: Matcher) -> bool:
    return any(m.name == wanted.name and wanted.fits(m.value) for m in silence.wish.matchers)


def _id(request: web.Request) -> str:
    text = request.match_info["id"]
    try:
        return str(UUID(text))
    except ValueError as error:
        told = {"code": 601, "message": f'silenceID in path must be of type uuid: "{text}"'}
        raise web.HTTPUnprocessableEntity(
            text=orjson.dumps(told).decode(), content_type="application/json"
        ) from error


def _wrong(error: ValidationError) -> tuple[Any, int]:
    first = min(error.errors(), key=lambda one: one["type"] in INCOMPLETE)
    if first["type"] not in INCOMPLETE:
        place = ".".join(map(str, first["loc"]))
        return {
            "code": 400,
            "message": f"parsing silence body failed: {place} {first['msg']}",
        }, 400
    place = ".".join(["silence", *map(str, first["loc"])])
    words = "is required" if first["type"] == "missing" else first["msg"]
    return {"code": 602, "message": f"{place} in body {words}"}, 422


def _told(silence: Silence, now: float) -> Mapping[str, Any]:
    wish = silence.wish
    return {
        "id": silence.id,
        "status": {"state": silence.state(now)},
        "updatedAt": written.moment(silence.updated),
        "comment": wish.comment,
        "createdBy": wish.by,
        "endsAt": written.moment(wish.ends),
        "startsAt": written.moment(wish.begins),
        "matchers": [
            {
                "isEqual": FLAGS[m.operator][1],
                "isRegex": FLAGS[m.operator][0],
                "name": m.name,
                "value": m.value,
            }
            for m in wish.matchers
        ],
    }


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


async def _well(_: web.Request) -> web.Response:
    return web.Response(text="OK")


async def _unknown(request: web.Request) -> web.Response:
    told = {
        "code": 404,
        "message": f"path {request.path} was not found for {request.method}; supported are {API}"
        " silences (GET, POST), silence/ID (GET, DELETE), alerts, alerts/groups, receivers and"
        " status (GET), and /-/healthy and /-/ready",
    }
    return _json(told, 404)

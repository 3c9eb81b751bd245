"""The doors for alerts, over HTTP: who is let in, what is answered, and nothing half-made."""

import asyncio
import copy
import gzip
import hmac
import io
import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.alerts import AlertRules, Fields, Group, Outcome, Result, Watchdog
from bot.domain.policy import Policy
from bot.ports import Unavailable
from bot.usecases.watchdogs import Watchdogs
from handlers.web import listening
from handlers.web.alerts import Inside, Limits, register, sources
from tests import alerts
from tests.fakes.clock import SteppedClock
from tests.fakes.outside import FakeTelemetry, FixedRules

SECRETS = {
    "ALERTMANAGER_TOKEN": "a-token-of-alertmanager",
    "GRAFANA_TOKEN": "a-token-of-grafana",
    "PAGERDUTY_TOKEN": "a-token-of-pagerduty",
    "ALERTS_TOKEN": "a-token-of-anything",
}
NAMES = dict(zip(("alertmanager", "grafana", "pagerduty", "generic"), SECRETS, strict=True))
BODIES = {
    "alertmanager": alerts.alertmanager(),
    "grafana": alerts.grafana(),
    "pagerduty": alerts.pagerduty(),
    "generic": alerts.generic(),
}


class Waited(FakeTelemetry):
    """Says when a request was answered, heard or not."""

    def __init__(self) -> None:
        super().__init__()
        self.counted = asyncio.Event()

    def handled(self, payload: str, outcome: str, seconds: float) -> None:
        super().handled(payload, outcome, seconds)
        self.counted.set()


class Street:
    """Somebody who posts, and what is behind the doors."""

    def __init__(self, secrets: dict[str, str] | None = None, patience: float = 4) -> None:
        self.clock, self.telemetry = SteppedClock(), Waited()
        self.rules = FixedRules(Policy())
        self.taken: list[Group] = []
        self.troubles: dict[str, Exception] = {}
        self.hangs = False
        self.limits, self.reading = Limits(), asyncio.Event()
        watchdogs = Watchdogs(self.rules, self.clock)
        self.inside = Inside(
            *(self.take, watchdogs, self.limited, self.telemetry, self.clock),
            patience,
            patience,
        )
        app = web.Application()
        known = SECRETS if secrets is None else secrets
        register(app, sources(known.get, Fields), self.inside)
        self.client = TestClient(TestServer(app))

    def limited(self) -> Limits:
        self.reading.set()
        return self.limits

    async def take(self, group: Group) -> Outcome:
        if self.hangs:
            await asyncio.Event().wait()
        if trouble := self.troubles.get(group.key):
            raise trouble
        self.taken.append(group)
        return Outcome(Result.SUGGESTED, "INC-20260115-001")

    async def post(
        self, source: str, body: Any, token: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Post a body, JSON unless it is bytes; return the status and what was answered."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        token = SECRETS[NAMES[source]] if token is None else token
        all_of_them = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        sent = all_of_them | {n.replace("_", "-"): v for n, v in headers.items()}
        async with self.client.post(f"/alerts/{source}", data=raw, headers=sent) as answer:
            self.headers = answer.headers
            return answer.status, json.loads(await answer.text())


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    street = Street()
    async with street.client:
        yield street


@pytest.mark.parametrize("source", NAMES)
async def test_what_is_told_is_taken_before_it_is_answered(street: Street, source: str) -> None:
    status, said = await street.post(source, BODIES[source])
    [group] = street.taken
    told = {"key": group.key, "result": "suggested", "incident": "INC-20260115-001"}
    assert (status, said) == (200, {"groups": [told]})
    assert group.source == source
    assert street.telemetry.seen == [(f"alerts/{source}", "taken")]


@pytest.mark.parametrize("source", NAMES)
async def test_without_its_token_a_door_is_closed_and_says_what_opens_it(source: str) -> None:
    street = Street({})
    async with street.client:
        status, said = await street.post(source, BODIES[source])
    assert (status, street.taken) == (404, [])
    assert NAMES[source] in said["error"]


@pytest.mark.parametrize("source", NAMES)
async def test_every_source_has_its_own_token(street: Street, source: str) -> None:
    own = SECRETS[NAMES[source]]
    for token in ["", "x", own[:-1], f"{own}x", "ü", *(set(SECRETS.values()) - {own})]:
        status, said = await street.post(source, BODIES[source], token)
        assert (status, street.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert own not in str(said)
    status, _ = await street.post(source, BODIES[source], Authorization=f"Basic {own}")
    assert (status, street.taken) == (401, [])
    status, _ = await street.post(source, BODIES[source], Authorization=f"bearer {own}")
    assert status == 200


def signature(raw: bytes, secret: str = "the secret of a subscription") -> str:
    return f"v1={hmac.new(secret.encode(), raw, 'sha256').hexdigest()}"


@pytest.mark.parametrize("token", [True, False])
async def test_pagerduty_may_sign_instead_of_a_token_or_besides_it(*, token: bool) -> None:
    secrets = {"PAGERDUTY_SECRET": "the secret of a subscription"}
    street = Street(secrets | (SECRETS if token else {}))
    raw = json.dumps(alerts.pagerduty()).encode()
    async with street.client:
        status, said = await street.post("pagerduty", raw)
        assert (status, said["error"][:22]) == (401, "X-PagerDuty-Signature ")
        status, _ = await street.post("pagerduty", raw, X_PagerDuty_Signature=signature(b"{}"))
        assert (status, street.taken) == (401, [])
        status, _ = await street.post("pagerduty", raw, X_PagerDuty_Signature=signature(raw))
        assert status == 200
        status, _ = await street.post(
            "pagerduty", raw, "wrong", X_PagerDuty_Signature=signature(raw)
        )
        assert status == (401 if token else 200)


async def test_alerts_are_posted(street: Street) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        async with street.client.request(method, "/alerts/alertmanager") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "POST")
            assert "POST" in (await answer.json())["error"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=utf-8", 200),
        ("application/vnd.acme+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("", 415),
    ],
)
async def test_alerts_are_json(street: Street, kind: str, status: int) -> None:
    found, said = await street.post("generic", BODIES["generic"], Content_Type=kind)
    assert found == status
    assert status == 200 or "application/json" in said["error"]


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"nonsense", b"\xff\xfe\xfa", b'{"a": NaN}', b"[" * 100_000, b"{}{}"),
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
async def test_what_is_not_json_is_refused(street: Street, raw: bytes) -> None:
    status, said = await street.post("alertmanager", raw)
    assert (status, street.taken) == (400, [])
    assert said == {"error": "The body is not JSON. Nothing was taken."}


async def test_half_a_character_loses_no_alert(street: Street) -> None:
    raw = json.dumps(alerts.generic()).replace("3 % left", r"\ud83d left \u0000").encode()
    status, _ = await street.post("generic", raw)
    assert (status, street.taken[0].alerts[0].summary) == (200, "\ufffd left  on /var")


async def test_a_body_has_its_limit_however_it_comes(street: Street) -> None:
    street.limits = Limits(body_bytes=2000)
    long = json.dumps(alerts.generic(description="x" * 2000)).encode()
    assert (await street.post("generic", long))[0] == 413
    packed = gzip.compress(long)
    assert len(packed) < 2000
    assert (await street.post("generic", packed, Content_Encoding="gzip"))[0] == 413

    async def dripping() -> AsyncIterator[bytes]:
        yield long[:1500]
        yield long[1500:]

    headers = {
        "Authorization": f"Bearer {SECRETS['ALERTS_TOKEN']}",
        "Content-Type": "application/json",
    }
    sent = street.client.post("/alerts/generic", data=dripping(), headers=headers)
    async with sent as answer:
        assert answer.status == 413
    assert street.taken == []
    small = gzip.compress(json.dumps(alerts.generic()).encode())
    assert (await street.post("generic", small, Content_Encoding="gzip"))[0] == 200


async def test_what_is_packed_wrongly_is_refused(street: Street) -> None:
    status, said = await street.post("generic", b"not gzip", Content_Encoding="gzip")
    assert (status, said["error"]) == (400, "The body cannot be read. Nothing was taken.")


def begun() -> bytes:
    """Return a request of which less comes than it says."""
    lines = [
        "POST /alerts/generic HTTP/1.1",
        "Host: bot.example.com",
        f"Authorization: Bearer {SECRETS['ALERTS_TOKEN']}",
        "Content-Type: application/json",
        "Content-Length: 99",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n{").encode()


async def test_a_body_that_does_not_come_keeps_nobody_waiting() -> None:
    street = Street(patience=0.01)
    async with street.client:
        reader, writer = await asyncio.open_connection("127.0.0.1", street.client.port)
        writer.write(begun())
        assert (await reader.readline()).split()[1] == b"408"
        writer.close()
        await writer.wait_closed()


async def test_who_hangs_up_halfway_has_told_nothing_and_broken_nothing(
    logged: io.StringIO,
) -> None:
    street = Street()
    app = web.Application()
    register(app, sources(SECRETS.get, Fields), street.inside)
    here = listening(app, "127.0.0.1", 0)
    async with street.client, here as port, asyncio.timeout(5):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun())
        await street.reading.wait()
        writer.close()
        await writer.wait_closed()
        await street.telemetry.counted.wait()
    assert street.telemetry.seen == [("alerts/generic", "400")]
    assert (street.taken, logged.getvalue()) == ([], "")


async def test_mistakes_are_told_with_their_place_and_without_what_stands_there(
    street: Street, logged: io.StringIO
) -> None:
    body = alerts.alertmanager()
    body["alerts"][1]["startsAt"] = body["alerts"][0]["annotations"] = "hunter2"
    status, said = await street.post("alertmanager", body)
    assert (status, street.taken) == (422, [])
    assert [mistake["at"] for mistake in said["mistakes"]] == [
        "/alerts/0/annotations",
        "/alerts/1/startsAt",
    ]
    assert "hunter2" not in str(said) + logged.getvalue()


async def test_very_many_mistakes_are_told_in_part(street: Street) -> None:
    status, said = await street.post("generic", [{"x" * 1000: 1}] * 500)
    assert (status, len(said["mistakes"])) == (422, 21)
    assert said["mistakes"][-1]["what"] == "and 980 more"


async def test_one_bad_alert_keeps_all_from_being_taken(street: Street) -> None:
    body = [alerts.generic(), alerts.generic(fingerprint=None)]
    assert (await street.post("generic", body))[0] == 422
    assert street.taken == []


async def test_too_many_requests_are_told_when_to_come_again(street: Street) -> None:
    street.limits = Limits(per_second=2, at_once=3)
    for _ in range(3):
        assert (await street.post("generic", alerts.generic()))[0] == 200
    status, said = await street.post("generic", alerts.generic())
    assert (status, street.headers["Retry-After"]) == (429, "1")
    assert "2 requests a second" in said["error"]
    assert (await street.post("grafana", alerts.grafana()))[0] == 200  # each has its own turns
    street.clock.advance(0.5)
    assert (await street.post("generic", alerts.generic()))[0] == 200
    assert (await street.post("generic", alerts.generic()))[0] == 429
    street.clock.advance(-3600)  # the machine's clock is set
    assert (await street.post("generic", alerts.generic()))[0] == 200


async def test_strangers_use_up_nobodys_turns(street: Street) -> None:
    street.limits = Limits(per_second=1, at_once=1)
    for _ in range(5):
        assert (await street.post("generic", alerts.generic(), "wrong"))[0] == 401
    assert (await street.post("generic", alerts.generic()))[0] == 200


def two_groups() -> Sequence[alerts.Body]:
    return [alerts.generic(fingerprint="one"), alerts.generic(fingerprint="two")]


@pytest.mark.parametrize(
    ("trouble", "wait"),
    [
        (Unavailable("the disk is full"), "5"),
        (Unavailable("busy", retry_after=timedelta(seconds=29.5)), "30"),
        (TimeoutError(), "5"),
    ],
)
async def test_what_could_not_be_saved_is_told_again(
    street: Street, trouble: Exception, wait: str
) -> None:
    street.troubles["two"] = trouble
    status, said = await street.post("generic", two_groups())
    assert (status, street.headers["Retry-After"]) == (503, wait)
    assert said["error"].endswith("Tell me again.")
    street.troubles.clear()
    status, said = await street.post("generic", two_groups())
    assert (status, len(said["groups"])) == (200, 2)
    assert [group.key for group in street.taken] == ["one", "one", "two"]


async def test_a_store_that_hangs_keeps_nobody_waiting() -> None:
    street = Street(patience=0.01)
    street.hangs = True
    async with street.client:
        status, said = await street.post("generic", alerts.generic())
    assert (status, street.headers["Retry-After"]) == (503, "5")
    assert said["error"].startswith("It is not known")


async def test_our_own_bug_is_owned_up_to_and_stops_no_other_group(
    street: Street, logged: io.StringIO
) -> None:
    street.troubles["one"] = ZeroDivisionError("hunter2")
    status, said = await street.post("generic", two_groups())
    assert (status, [group.key for group in street.taken]) == (500, ["two"])
    assert said["reference"] in said["error"]
    assert said["reference"] in logged.getvalue()
    assert "hunter2" not in str(said)
    assert street.telemetry.seen == [("alerts/generic", "500")]


async def test_a_watchdog_opens_nothing(street: Street) -> None:
    watchdog = Watchdog({"alertname": "DiskFull", "host": "db.*"}, timedelta(minutes=5))
    street.rules.fixed = Policy(alerts=AlertRules(watchdogs={"generic": watchdog}))
    status, said = await street.post("generic", alerts.generic())
    assert (status, street.taken) == (200, [])
    assert said["groups"] == [{"key": "disk-db1", "result": "watchdog", "incident": None}]
    both = [
        alerts.generic(group="g"),
        alerts.generic(fingerprint="2", group="g", labels={"host": "web"}),
    ]
    await street.post("generic", both)
    assert [[a.fingerprint for a in group.alerts] for group in street.taken] == [["2"]]


async def test_an_event_of_no_incident_is_taken_and_means_nothing(street: Street) -> None:
    for body in alerts.NO_INCIDENT:
        assert await street.post("pagerduty", body) == (200, {"groups": []})
    assert street.taken == []


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where something stands, from the outside in."""
    match value:
        case dict():
            inside = [place for key in value for place in places(value[key], (*above, key))]
        case list():
            inside = [p for n, one in enumerate(value) for p in places(one, (*above, n))]
        case _:
            inside = []
    return [above, *inside]


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, Any]:
    """A payload of which some things are gone, or something else."""
    source = draw(st.sampled_from(list(BODIES)))
    body = {"": copy.deepcopy(BODIES[source])}
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from([p for p in places(body) if p]))
        holder: Any = body
        for step in above:
            holder = holder[step]
        if draw(st.booleans()) and last != "":
            del holder[last]
        else:
            holder[last] = draw(ANYTHING)
    return source, body[""]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(posted=st.lists(broken(), min_size=1, max_size=5))
def test_whatever_is_broken_is_taken_whole_or_refused_in_words(
    posted: list[tuple[str, Any]], logged: io.StringIO
) -> None:
    async def post() -> None:
        street = Street()
        async with street.client:
            for source, body in posted:
                street.taken.clear()
                status, said = await street.post(source, body)
                assert status in {200, 422}, (status, said, body)
                if status == 200:
                    assert len(said["groups"]) == len(street.taken)
                else:
                    assert street.taken == []
                    assert all(m["what"] and m["at"][:1] in "/" for m in said["mistakes"])

    asyncio.run(post())

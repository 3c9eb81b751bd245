"""People play in a workspace without a bot: what goes as written, and what is told if not."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from sandbox.clock import SteppedClock
from sandbox.rehearsal import report
from sandbox.rehearsal.hands import Hands, RefusedError
from sandbox.rehearsal.player import Played, play
from sandbox.rehearsal.scene import AlertDoor, Around
from sandbox.rehearsal.script import parsed
from sandbox.server import Sandbox
from tests.rehearsals.stepped import stepping

MOST = 3  # things to be told of before the door closes
SAID = """
  - {who: ana, says: "*one* @bo 🔥", in: "#general"}
"""


async def shown(steps: str, clock: SteppedClock, told: list[Any]) -> list[Played]:
    async def rolls_back(given: object) -> None:
        if given != "checkout":
            msg = f"there is no deployment {given}"
            raise RefusedError(msg)
        told.append(given)

    async def alarmed(request: web.Request) -> web.Response:
        told.append((request.headers["Authorization"], await request.json()))
        status = 200 if len(told) < MOST else 503
        return web.Response(status=status, text="the store is read-only")

    door = web.Application()
    door.router.add_post("/alerts", alarmed)
    async with (
        TestServer(door) as server,
        Sandbox(clock=clock) as sandbox,
        ClientSession() as http,
    ):
        alerts = AlertDoor(http, str(server.make_url("/alerts")), "secret")
        acts = {"rollback": rolls_back}
        around = Around(Hands(http, sandbox.url), clock, alerts, acts)
        return [one async for one in play(parsed(f"title: t\nsteps:{steps}"), around)]


def played(steps: str, told: list[Any] | None = None) -> list[Played]:
    clock = SteppedClock()
    with asyncio.Runner(loop_factory=lambda: stepping(clock)) as runner:
        return runner.run(shown(steps, clock, [] if told is None else told))


def test_people_say_see_react_share_come_and_go() -> None:
    told: list[Any] = []
    steps = f"""{SAID}
  - {{who: bo, sees: [one, "@bo"], in: general, as: message, keep: {{it: "(o)ne"}}}}
  - {{who: bo, says: "tw${{it}}", to: one, in: general}}
  - {{who: ana, sees: two, in: general, as: reply}}
  - {{who: bo, reacts: ":fire:", message: two, in: general}}
  - {{who: bo, reacts: fire, message: two, in: general, taken_back: true}}
  - {{who: bo, uploads: a.log, holds: timeout, saying: look, in: general}}
  - {{who: ana, sees: [look, a.log], in: general}}
  - {{who: ana, leaves: incidents}}
  - {{who: ana, joins: incidents}}
  - {{who: ana, sees_channel: incid*, members: [ana, bo], archived: false, keep: {{c: .+}}}}
  - {{who: ana, sees: joined, in: "${{c}}"}}
  - {{who: ana, opens: home}}
  - {{who: ana, sees_no_form: true}}
  - {{wait: 2h}}
  - {{who: ana, sees_not: nonsense, for: 5m}}
  - {{production: {{rollback: checkout}}}}
  - alert: {{labels: {{alertname: Slow}}, annotations: {{summary: so slow}}}}
"""
    steps_played = played(steps, told)
    assert [one.amiss for one in steps_played] == [""] * 18
    assert (steps_played[-1].until, steps_played[13].until) == (7500.0, 0.0)
    assert told[0] == "checkout"
    assert told[1][0] == "Bearer secret"
    assert told[1][1]["alerts"][0]["labels"] == {"alertname": "Slow"}


@pytest.mark.parametrize(
    ("step", "amiss"),
    [
        ("{who: zoe, says: a}", "there is no zoe; there are: ana, bo, cy,"),
        ("{who: ana, says: a, in: nowhere}", "there is no channel nowhere that they see"),
        ("{who: bo, sees: joined, in: operators, within: 1s}", "no message says “joined”"),
        ("{who: ana, sees: [one, two], in: general}", "no message says “two”"),
        ("{who: ana, sees: one, in: general, as: only_me}", "no message that only they see says"),
        ("{who: ana, sees: one, in: general, keep: {a: two}}", "is like two"),
        ("{who: bo, sees_not: one}", "they see “one @bo 🔥”"),
        ("{who: ana, sees_form: Resolve}", "no form is open"),
        ("{who: ana, fills: {a: b}}", "no form is open"),
        ("{who: ana, closes: form}", "this person has no modal open"),
        ("{who: ana, clicks: 'Yes', in: general}", "no message has “Yes”; there is: nothing"),
        ("{who: ana, clicks: 'Yes', message: two, in: general}", "no message says “two”"),
        ("{who: ana, clicks: 'Yes', in: home}", "there is no “Yes”; there is: nothing to press"),
        ("{who: ana, sees_home: one}", "Home does not say “one” but “”"),
        ("{who: ana, sees_channel: inc-*}", "there is no channel inc-*; they see: general,"),
        ("{who: ana, sees_channel: general, topic: P1}", "the topic does not say “P1” but “”"),
        ("{who: ana, sees_channel: operators, members: [bo]}", "bo not in it, but ana"),
        ("{who: ana, sees_channel: operators, archived: true}", "it is not archived"),
        ("{who: ana, uses: Declare}", "there is no global shortcut Declare; there are: none"),
        ("{who: ana, types: /incident}", "Slack tells them: dispatch_failed"),
        (
            "{who: ana, reacts: nonsense, message: one, in: general}",
            "Slack refuses this: invalid_",
        ),
        ("{who: ana, joins: general}", "this person cannot join the channel"),
        ("{production: {reboot: all}}", "nobody can reboot here; there are: rollback"),
        ("{production: {rollback: shop}}", "there is no deployment shop"),
    ],
)
def test_what_is_amiss_is_told_and_the_rest_is_not_played(step: str, amiss: str) -> None:
    said, last = played(f"{SAID}  - {step}\n  - {{who: ana, says: never}}\n")
    assert said.amiss == ""
    assert amiss in last.amiss


def test_an_alert_that_is_not_taken_is_told() -> None:
    alert = "  - alert: {labels: {alertname: Slow}}\n"
    steps = played(f"\n{alert}{alert}{alert}")
    assert [one.amiss for one in steps] == ["", "", "the bot answers 503: the store is read-only"]


def test_a_report_shows_what_was_there_instead() -> None:
    steps = f"{SAID}  - {{who: ana, sees: two, in: general, within: 90s}}\n  - {{wait: 1s}}\n"
    rehearsal, (said, last) = parsed(f"title: t\nsteps:{steps}"), played(steps)
    assert report.beginning(rehearsal, "a.yml") == "t (a.yml)"
    assert report.line(said) == "    0.0 s  ✓   1. ana says: *one* @bo 🔥 (in #general)"
    assert report.line(last).splitlines() == [
        "1 min 30 s  ✗   2. ana sees: two (in general)",
        "                 no message says “two”",
        "                 the last messages there:",
        "                   ana: one @bo 🔥",
    ]
    assert report.ending(rehearsal, last) == "Step 2 of 3 is amiss. 1 more were not played."


def test_every_rehearsal_of_the_docs_has_been_told_of() -> None:
    docs = Path(__file__).parents[3] / "docs"
    told = (docs / "rehearsals.md").read_text()
    assert [p.name for p in (docs / "rehearsals").glob("*.yml") if p.name not in told] == []

"""A whole incident, as a dialog over real HTTP and WebSocket, in both transports."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.facts import Announced
from tests.conversations import kept, posts
from tests.conversations.stage import Json, Stage

pytestmark = pytest.mark.slow

Between = Callable[[Stage], Awaitable[None]]


async def nothing(_: Stage) -> None:
    """Let the dialog go on."""


async def killed(stage: Stage) -> None:
    """Kill the bot and start it again."""
    await stage.kill()
    await stage.start()


@pytest.fixture(params=["socket", "http"])
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, database: str | None
) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, mode=request.param, database=database) as stage:
        yield stage


async def card(stage: Stage, channel: str) -> Json | None:
    shown = await stage.ana.sees(channel)
    return next((m for m in shown if m.get("metadata")), None)


async def card_says(stage: Stage, channel: str, words: str) -> Json:
    async def drawn() -> Json | None:
        now = await card(stage, channel)
        return now if now and words in str(now["blocks"]) + now["text"] else None

    found: Json = await stage.until(drawn, f"no card says {words}")
    return found


async def play(stage: Stage, between: Between) -> None:
    """Declare inline, card, acknowledge by click, the same click again, severity, resolve."""
    answer = await stage.ana.types("declare checkout & <!channel> are down")
    assert answer["warning"] is None, answer
    assert answer["body"]["text"].startswith("*INC-")
    await between(stage)

    async def with_card() -> Json | None:
        found = await stage.channel()
        return found if found and await card(stage, found["id"]) else None

    made = await stage.until(with_card, "no channel")
    channel = made["id"]
    posted = await card_says(stage, channel, "Acknowledge")
    await between(stage)

    clicked = await stage.bo.clicks("acknowledge", channel=channel, ts=posted["ts"])
    assert (clicked["acked"], clicked["warning"]) == (True, None), clicked
    await between(stage)
    again = await stage.post("redeliver", delivery=clicked["delivery"])
    assert (again["acked"], again["warning"]) == (True, None)
    await card_says(stage, channel, "by <@UBO>")
    await between(stage)

    async def in_the_channel() -> bool:
        made = await stage.channel()
        return made is not None and "UBO" in made["members"]

    await stage.until(in_the_channel, "Bo was not invited")

    async def announced() -> bool:
        facts = [fact for told in (await kept.facts(stage)).values() for fact in told]
        return any(isinstance(fact, Announced) for fact in facts)

    await stage.until(announced, "not announced")
    worse = await stage.bo.types("sev P0", channel)
    assert "P0 critical" in worse["body"]["text"]
    await between(stage)

    async def cy_is_called() -> bool:
        here, directly = await posts.said(stage, channel), await stage.cy.sees("DM")
        paged = [m for m in directly if posts.kind(m) == "page/UCY"]
        there = "UCY" in (await stage.channel() or made)["members"]
        return here["paged"] == 1 and there and len(paged) == 1

    await stage.until(cy_is_called, "who is on call was not called")
    await between(stage)
    over = await stage.ana.types("resolve now", channel)
    assert "resolved" in over["body"]["text"]
    await between(stage)
    await card_says(stage, channel, "resolved")


async def everything_is_there_once(stage: Stage) -> None:
    """Every surface shows the end of the story, and nothing twice."""
    await kept.until_nothing_is_owed(stage)
    channels = {c["name"]: c for c in (await stage.get("state"))["channels"]}
    (name,) = (name for name in channels if name.startswith("inc-"))
    made = channels[name]
    assert set(made["members"]) == {"UANA", "UBO", "UCY", "UBOT"}
    assert made["topic"] == "P0 · resolved · checkout & <!channel> are down"
    said = {name: await posts.said(stage, c["id"]) for name, c in channels.items()}
    assert {name: dict(kinds) for name, kinds in said.items() if kinds} == {
        "incidents": {"announcement": 1, "line": 2},
        name: {"card": 1, "paged": 1, posts.FILE: 1},
        "directmessage": {"page/UCY": 1, "stand_down/UCY": 1},
    }
    shown = await card(stage, made["id"])
    assert shown
    assert made["pins"] == [shown["ts"]]
    assert "&lt;!channel&gt;" in shown["text"]
    assert "<!channel>" not in shown["text"]
    paged = posts.ours(await stage.get("messages", channel=made["id"]))[1]
    assert paged["text"] == ":rotating_light: Paged: <@UCY> (P0 critical, taken by <@UBO>)."
    announced, *lines = posts.ours(await stage.get("messages", channel="CINCIDENTS"))
    assert "P0 critical · resolved" in announced["text"]
    assert [(line["thread_ts"], line["text"]) for line in lines] == [
        (announced["ts"], "Severity is *P0 critical*"),
        (announced["ts"], ":white_check_mark: *Resolved* (was detected)"),
    ]
    assert not any(line["level"] == "error" for line in stage.logged())


async def test_checkout_is_down(stage: Stage) -> None:
    await stage.start()
    await play(stage, nothing)
    await everything_is_there_once(stage)
    assert await stage.stop() == 0


async def test_checkout_is_down_and_the_bot_is_killed_between_each_pair_of_steps(
    stage: Stage,
) -> None:
    await stage.start()
    await play(stage, killed)
    await everything_is_there_once(stage)


async def test_nobody_reads_in_the_log_what_was_said_or_what_opens_doors(stage: Stage) -> None:
    await stage.start()
    await play(stage, nothing)
    await stage.stop()
    text = stage.log.read_text()
    secrets = ("xoxb-sandbox", "xapp-sandbox", "sandbox-signing-secret", "ticket=", "checkout")
    assert not [secret for secret in secrets if secret in text]
    assert {"event", "level", "timestamp", "logger"} <= set(stage.logged()[0])


async def figures(stage: Stage) -> str:
    async with stage.http.get(f"http://127.0.0.1:{stage.port}/metrics") as answer:
        return await answer.text()


async def test_the_figures_tell_what_was_done(stage: Stage) -> None:
    await stage.start()
    await play(stage, nothing)
    shown = await figures(stage)
    assert "responder_ready 1.0" in shown
    assert 'responder_payload_seconds_count{outcome="acknowledged",payload="command"} 3.0' in shown
    assert 'responder_jobs_total{job="open_channel",outcome="paid"} 1.0' in shown
    async with stage.http.get(f"http://127.0.0.1:{stage.port}/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"alive": True})
    async with stage.http.get(f"http://127.0.0.1:{stage.port}/nothing") as answer:
        assert answer.status == 404


async def test_through_every_other_door(stage: Stage) -> None:
    """Modal, both shortcuts, mention, direct message, Home, picker, near miss."""
    await stage.start()
    ana, bo = stage.ana, stage.bo
    opened = await ana.types("the printers are on fire")
    assert opened["warning"] is None, opened
    (form,) = await ana.views()
    assert form["blocks"][0]["element"]["initial_value"] == "the printers are on fire"
    refused = await ana.submits(title={"title": "   "})
    assert (await ana.views())[0]["errors"], refused
    sent = await ana.submits(title={"title": "printers burn"}, severity={"severity": "P2"})
    assert sent["warning"] is None, sent
    assert await ana.views() == []

    async def told() -> Any:
        said = [m["text"] for m in await ana.sees() if m.get("ephemeral")]
        return next((text for text in said if "printers burn" in text), None)

    assert "P2 medium" in await stage.until(told, "the sender of the form was not told")

    said = await bo.says("search is slow")
    await bo.uses("declare_from_message", channel="CINCIDENTS", ts=said["ts"])
    (form,) = await bo.views()
    assert form["blocks"][0]["element"]["initial_value"] == "search is slow"
    await bo.submits()

    await stage.eve.uses("declare_incident")
    assert len(await stage.eve.views()) == 1

    await bo.says("declare by direct message", "DM")

    async def answered() -> Any:
        return [
            m for m in await bo.sees("DM") if "by direct message" in m["text"] and "bot_id" in m
        ]

    await stage.until(answered, "the direct message was not answered")

    await bo.says("<@UBOT> severty P1")

    async def mentioned() -> Any:
        return [m for m in await bo.sees() if "Did you mean `/incident severity P1`" in m["text"]]

    await stage.until(mentioned, "the mention was not answered")

    picked = await bo.types("ack")
    assert "Which incident?" in picked["body"]["text"]
    ephemeral = [m for m in await bo.sees() if m.get("ephemeral")][-1]
    options = ephemeral["blocks"][0]["accessory"]["options"]
    chosen = next(o["value"] for o in options if "printers" in o["text"]["text"])
    await bo.clicks("pick", channel="CINCIDENTS", ts=ephemeral["ts"], option=chosen)

    async def taken() -> Any:
        return [m for m in await bo.sees() if "taken by <@UBO>" in m["text"]]

    await stage.until(taken, "the choice was not answered")

    missed = await bo.types("lits")
    assert "Did you mean" in missed["body"]["text"]
    ephemeral = [m for m in await bo.sees() if m.get("ephemeral")][-1]
    await bo.clicks("run", channel="CINCIDENTS", ts=ephemeral["ts"])

    async def listed() -> Any:
        return [m for m in await bo.sees() if m["text"].startswith("Open incidents: 3")]

    await stage.until(listed, "the list was not shown")

    await stage.cy.opens_home()

    async def home() -> Any:
        return await stage.cy.home()

    shown = await stage.until(home, "no Home")
    assert "search is slow" in str(shown)
    await stage.cy.clicks(
        "acknowledge",
        home=True,
        value=next(b["accessory"]["value"] for b in shown["blocks"] if "accessory" in b),
    )

    async def drawn_again() -> Any:
        now = await stage.cy.home()
        return str(now).count("'acknowledge'") < str(shown).count("'acknowledge'")

    await stage.until(drawn_again, "Home was not drawn again")


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_private_incident_stays_private_in_the_workspace(
    mode: str, tmp_path: Path, database: str | None
) -> None:
    async with Stage(tmp_path, mode=mode, database=database) as stage:
        await stage.start()
        await stage.ana.types("declare")
        await stage.ana.submits(title={"title": "a leak"}, private={"private": ["private"]})
        made = await stage.until(stage.channel, "no channel")
        assert made["is_private"]
        await stage.settled()
        assert "a leak" not in str(await stage.eve.sees("CINCIDENTS"))
        assert "a leak" not in str((await stage.eve.types("ls"))["body"])
        assert "a leak" in str((await stage.sue.types("ls"))["body"])
        await stage.post("invite", user="UANA", channel=made["id"], invited="UEVE")
        await stage.settled()
        assert "taken by <@UEVE>" in str((await stage.eve.types("ack", made["id"]))["body"])

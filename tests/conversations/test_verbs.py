"""Every verb of an incident, as one dialog with the real bot: typed, clicked and filled in."""

from pathlib import Path
from typing import Any

import pytest

from tests.conversations.stage import Json, Person, Stage

pytestmark = pytest.mark.slow

CONFIG = """
channels: {announcements: CINCIDENTS, operators: COPS}
groups: {on-call: [UCY], security: [USUE]}
services: {checkout: {owners: [UEVE]}, payments: {}}
"""


async def answered(person: Person, text: str, channel: str, words: str) -> Json:
    """Type a command; its answer says that."""
    answer = await person.types(text, channel)
    assert answer["warning"] is None, answer
    assert words in str((answer["body"] or {}).get("text")), answer
    return answer


async def filled(person: Person, stage: Stage, where: str, words: str, **values: Json) -> None:
    """Send the form that is open; what comes of it is said to the person in the channel."""
    sent = await person.submits(**values)
    assert sent["warning"] is None, sent
    assert await person.views() == [], sent

    async def said() -> Any:
        return [m for m in await person.sees(where) if words in m["text"]]

    await stage.until(said, f"nobody said: {words}")


async def opens(person: Person, text: str, channel: str, form: str) -> None:
    """Type a command; a form opens."""
    answer = await person.types(text, channel)
    assert answer["warning"] is None, answer
    assert [view["callback_id"] for view in await person.views()] == [form]


async def direct(stage: Stage, person: Person, words: str) -> Json:
    """Return the direct message in which the bot said that."""

    async def said() -> Json | None:
        return next((m for m in await person.sees("DM") if words in m["text"]), None)

    found: Json = await stage.until(said, f"nobody wrote directly: {words}")
    return found


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_an_incident_from_triage_to_close(
    mode: str, tmp_path: Path, database: str | None
) -> None:
    async with Stage(tmp_path, mode=mode, config=CONFIG, database=database) as stage:
        await stage.start()
        ana, bo = stage.ana, stage.bo
        await ana.types("declare checkout is down")
        made = await stage.until(stage.channel, "no channel")
        here = made["id"]

        async def joined() -> Any:
            now = await stage.channel()
            return now and "UANA" in now["members"]

        await stage.until(joined, "Ana was not invited")
        await opens(ana, "triage", here, "triage")
        await filled(
            *(ana, stage, here, "Services: checkout"),
            severity={"severity": "P1"},
            services={"services": ["checkout"]},
            impact={"impact": "one order in three fails"},
            outcome={"outcome": "accept"},
        )
        await answered(ana, "status mitigating a rollback", here, "mitigating · checkout is down")
        await opens(ana, "update", here, "update")
        await filled(
            *(ana, stage, here, "is told. The next update is promised"),
            text={"text": "still looking"},
            minutes={"minutes": "10"},
        )
        await answered(ana, "timeline 10m ago the cache was full", here, "Entry 1 of INC-")
        await opens(ana, "timeline edit 1", here, "note")
        await filled(ana, stage, here, "too small", text={"text": "the cache was too small"})
        shown = await answered(ana, "timeline", here, "Timeline of INC-")
        assert "the cache was too small" in str(shown["body"]["blocks"])
        await answered(ana, "timeline set cause identified now", here, "cause identified")
        await answered(ana, "action alert on it <@UBO> due friday !high", here, "· <@UBO> · due")
        await opens(ana, "action add", here, "action")
        await filled(ana, stage, here, "*2* write it up", text={"text": "write it up"})
        await answered(ana, "action done 2", here, "Done: INC-")
        await answered(ana, "subscribe", here, "I keep you told")

        await answered(ana, "handover <@UBO> the cache is full", here, "was asked by direct")
        asked = await direct(stage, bo, "asks you to be")
        accepted = await bo.clicks("role_accept", channel="DM", ts=asked["ts"])
        assert accepted["warning"] is None
        await direct(stage, bo, "You are commander of")
        await direct(stage, ana, "<@UBO> is commander of")
        await answered(ana, "role", here, "commander <@UBO>")

        await opens(ana, "resolve", here, "resolve")
        await filled(
            *(ana, stage, here, "Open questions: when the impact started"),
            root_cause={"root_cause": "a cache too small"},
            data_loss={"data_loss": "no"},
        )
        await answered(ana, "reopen", here, "investigating · checkout is down")
        await answered(ana, "resolve now fix: a bigger cache", here, "the permanent fix.")
        await answered(ana, "close", here, "It is over for good")
        await stage.settled()
        assert not any(line["level"] == "error" for line in stage.logged())


async def test_two_reports_of_one_trouble_are_merged_and_a_false_one_declined(
    tmp_path: Path, database: str | None
) -> None:
    async with Stage(tmp_path, database=database) as stage:
        await stage.start()
        ana = stage.ana
        for title in ("checkout is down", "payments are slow", "a load test"):
            await ana.types(f"declare {title}")
        listed = (await ana.types("list"))["body"]
        ids = sorted({word.strip("*.;") for word in str(listed).split() if "INC-" in word})
        first, second, third = sorted({i[i.index("INC-") :][:16] for i in ids})
        await answered(ana, f"merge {second} into {first}", "CINCIDENTS", "which goes on")
        await answered(ana, f"decline {third} it was one", "CINCIDENTS", "Because: it was one")
        await answered(ana, f"ack {second}", "CINCIDENTS", f"merged into {first}")
        await answered(ana, "rollback checkout", "CINCIDENTS", "From 0.2 on it will plan")
        await answered(ana, "help action", "CINCIDENTS", "action reopen 2")
        await stage.settled()
        assert not any(line["level"] == "error" for line in stage.logged())

"""Incidents, one of them private, as what several people do one after the other.

A step does one thing and, where people would look before they go on, waits until they see it. It
must work in every trouble of `troubles.py`: what is sent by a job comes late there, and a form may
not open. To prove a new verb, add a step to SCRIPT and what it leaves behind to `left_behind`.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.incident import Incident
from bot.domain.severity import Severity
from bot.domain.status import Status
from tests.conversations.stage import Json, Person, Stage


@dataclass
class Scene:
    """The stage, and the incidents by what people here call them."""

    stage: Stage
    ids: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        found: Person = getattr(self.stage, name)
        return found

    async def types(self, who: str, text: str, about: str = "") -> str:
        """Type a command, in the channel of what it is about; return the answer."""
        where = await self.channel(about) if about else "CINCIDENTS"
        return str(taken(await self.person(who).types(text, where))["body"])

    async def fills_in(self, who: str, opening: str, about: str = "", **values: Json) -> None:
        """Open a form with a command, again until it opens, and send it."""
        while not await self.person(who).views():
            await self.types(who, opening, about)
        taken(await self.person(who).submits(**values))

    async def channel(self, about: str) -> str:
        """Return the incident's channel as soon as whoever declared it can be in it."""
        number = self.ids[about].removeprefix("INC-")

        async def opened() -> Any:
            found = await self.stage.channel(f"inc-{number}")
            return found and len(found["members"]) > 1 and found["id"]

        return str(await self.stage.until(opened, f"no channel for {about}"))

    async def card(self, about: str, words: str) -> Json:
        """Return the incident's card as soon as it says that."""
        channel, key = await self.channel(about), f"{self.ids[about]}/card"

        async def drawn() -> Any:
            said = await self.stage.get("messages", channel=channel)
            cards = [m for m in said if key in str(m["metadata"])]
            return next((m for m in cards if words in m["text"] + str(m["blocks"])), None)

        found: Json = await self.stage.until(drawn, f"no card of {about} says {words}")
        return found

    async def told(self, who: str, words: str, channel: str = "CINCIDENTS") -> None:
        """Return once only this person was told that, there or directly."""

        async def heard() -> Any:
            said = [m for m in await self.person(who).sees(channel) if m["ephemeral"]]
            said += [m for m in await self.person(who).sees("DM") if m["bot_id"]]
            return [m for m in said if words in m["text"]]

        await self.stage.until(heard, f"{who} was not told {words}")


def taken(report: Json) -> Json:
    """Return the report if every copy of what was sent was taken."""
    for copy in (report, *report.get("repeats", ())):
        assert (copy["acked"], copy["warning"]) == (True, None), report
    return report


def number(text: str) -> str:
    """Return the incident that an answer names."""
    found = re.search(r"INC-\d{8}-\d{3}", text)
    assert found, text
    return found[0]


async def ana_declares(scene: Scene) -> None:
    answer = await scene.types("ana", "declare checkout & <!channel> are down")
    scene.ids["checkout"] = number(answer)


async def the_channel_is_ready(scene: Scene) -> None:
    await scene.card("checkout", "acknowledge")


async def bo_takes_it_on_the_card(scene: Scene) -> None:
    card, channel = await scene.card("checkout", "acknowledge"), await scene.channel("checkout")
    clicked = taken(await scene.stage.bo.clicks("acknowledge", channel=channel, ts=card["ts"]))
    taken(await scene.stage.post("redeliver", delivery=clicked["delivery"]))
    await scene.card("checkout", "by <@UBO>")


async def people_talk(scene: Scene) -> None:
    stage, channel = scene.stage, await scene.channel("checkout")
    there = {c["id"]: c["members"] for c in (await stage.get("state"))["channels"]}
    if "UCY" not in there[channel]:  # who is on call is brought in where nobody answers
        await stage.post("join", user="UCY", channel=channel)
    said = await stage.cy.says("the printers, too", channel)
    await stage.cy.says("what was deployed?", channel)
    wrong = await stage.cy.says("wrong window", channel)
    await stage.post("edit", user="UCY", channel=channel, ts=said["ts"], text="not the printers")
    await stage.post("delete", user="UCY", channel=channel, ts=wrong["ts"])


async def bo_says_how_bad_it_is(scene: Scene) -> None:
    assert "P0 critical" in await scene.types("bo", "sev P0", "checkout")


async def ana_hands_over(scene: Scene) -> None:
    asked = await scene.types("ana", "role commander <@UBO> the cache was full", "checkout")
    assert "until they accept" in asked
    assert "commander of" in await scene.types("bo", "role accept", "checkout")
    await scene.card("checkout", r"*Commander*\n<@UBO>")


async def cy_writes_it_down(scene: Scene) -> None:
    assert "the cache was full" in await scene.types("cy", "note the cache was full", "checkout")
    edited = await scene.types("cy", "timeline edit 1 the cache was too small", "checkout")
    assert "too small" in edited
    assert "alert on it" in await scene.types("cy", "todo alert on it <@UBO> !high", "checkout")
    assert "test it" in await scene.types("cy", "todo test it @me due tomorrow", "checkout")
    assert "Done" in await scene.types("bo", "action done 1", "checkout")


async def bo_tells_everybody(scene: Scene) -> None:
    told = await scene.types("bo", "update we roll back, next in 20m", "checkout")
    assert "is told. The next update is promised" in told


async def sue_wants_to_know(scene: Scene) -> None:
    assert "I keep you told" in await scene.types("sue", f"subscribe {scene.ids['checkout']}")


async def cy_declares_it_again(scene: Scene) -> None:
    """Cy is on call, and has taken what they declare."""
    scene.ids["again"] = number(await scene.types("cy", "declare nobody can pay"))
    await scene.card("again", "nobody can pay")
    merged = await scene.types("cy", f"merge into {scene.ids['checkout']}", "again")
    assert "is merged into" in merged


async def ana_declares_what_is_none(scene: Scene) -> None:
    scene.ids["none"] = number(await scene.types("ana", "declare P3 the lights flicker"))
    reason = {"reason": "they are being changed"}
    await scene.fills_in("ana", "decline", "none", reason=reason)
    await scene.card("none", "declined")


async def cy_asks_by_mention(scene: Scene) -> None:
    await scene.stage.cy.says("<@UBOT> list")
    await scene.told("cy", "Open incidents: ")


async def sue_declares_in_private(scene: Scene) -> None:
    await scene.fills_in(
        *("sue", "declare"),
        title={"title": "a leak"},
        severity={"severity": "P2"},
        private={"private": ["private"]},
    )
    said = await scene.types("sue", "list")
    found = re.search(r"(INC-\d{8}-\d{3})(?=[^;]*a leak)", said.split("blocks")[0])
    assert found, said
    scene.ids["leak"] = found[1]
    await scene.card("leak", "P2 medium")


async def cy_looks_at_home(scene: Scene) -> None:
    await scene.stage.cy.opens_home()

    async def shown() -> bool:
        return "checkout" in str(await scene.stage.cy.home())

    await scene.stage.until(shown, "no Home")
    assert "a leak" not in str(await scene.stage.cy.home())


async def ana_resolves(scene: Scene) -> None:
    cause = {"root_cause": "a bad rollout"}
    await scene.fills_in("ana", "resolve", "checkout", root_cause=cause)
    await scene.card("checkout", "resolved")


async def bo_reopens(scene: Scene) -> None:
    assert "investigating" in await scene.types("bo", "reopen", "checkout")


async def ana_closes(scene: Scene) -> None:
    assert "closed" in await scene.types("ana", "close", "checkout")


async def sue_resolves_hers(scene: Scene) -> None:
    assert "resolved" in await scene.types("sue", "resolve now", "leak")
    await scene.card("leak", "resolved")


Step = Callable[[Scene], Awaitable[None]]
SCRIPT: Sequence[Step] = (
    ana_declares,
    the_channel_is_ready,
    bo_takes_it_on_the_card,
    people_talk,
    bo_says_how_bad_it_is,
    ana_hands_over,
    cy_writes_it_down,
    bo_tells_everybody,
    sue_wants_to_know,
    cy_declares_it_again,
    cy_asks_by_mention,
    sue_declares_in_private,
    cy_looks_at_home,
    ana_declares_what_is_none,
    ana_resolves,
    bo_reopens,
    ana_closes,
    sue_resolves_hers,
)


def left_behind(ids: Mapping[str, str], incidents: Mapping[str, Incident]) -> None:
    """See that the incidents are what people made them."""
    assert set(ids.values()) == set(incidents), (ids, list(incidents))
    checkout, leak = incidents[ids["checkout"]], incidents[ids["leak"]]
    assert (checkout.status, checkout.severity) == (Status.CLOSED, Severity.P0)
    assert (checkout.commander, checkout.acknowledged_by) == ("UBO", "UBO")
    assert {"UANA", "UBO"} <= checkout.people
    assert [note.text for note in checkout.notes] == ["the cache was too small"]
    assert [(a.text, a.owner) for a in checkout.actions] == [
        ("alert on it", "UBO"),
        ("test it", "UCY"),
    ]
    assert [action.text for action in checkout.open_actions] == ["test it"]
    assert checkout.update
    assert checkout.update.text == "we roll back"
    assert set(checkout.subscribers) == {"USUE"}
    assert checkout.absorbed == (ids["again"],)
    assert checkout.conclusion.root_cause == "a bad rollout"
    assert incidents[ids["again"]].into == ids["checkout"]
    assert incidents[ids["none"]].status is Status.DECLINED
    assert (leak.status, leak.severity) == (Status.RESOLVED, Severity.P2)
    assert (leak.commander, leak.audience) == ("USUE", ("security",))

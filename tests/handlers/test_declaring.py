"""Declaring through Bolt, by every door, and the buttons under what came of it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.catalogue import Service
from bot.domain.commands import Acknowledge, ChangeStatus, Declare, MakePrivate
from bot.domain.incident import Post
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.domain.transcript import Message
from bot.ports import Unavailable
from tests import payloads
from tests.fakes.chat import LostAnswer
from tests.payloads import Payload, click, command, direct, mention, view
from tests.samples import ANA, BO, ID
from tests.world import World

OTHER = "INC-20260115-002"
UNKNOWN = "I know no such incident."
CATALOGUE = {name: Service(name) for name in ("checkout", "search")}
Json = dict[str, Any]


@pytest.fixture(params=["socket_mode", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world() -> World:
    made = World()
    made.rules.fixed = Policy(announcements="CINCIDENTS", services=CATALOGUE)
    return made


async def answered(world: World, payload: Payload, mode: str = "socket_mode") -> Json:
    """Send a command; return what its acknowledgement shows."""
    response = await world.slack(payload, mode)
    told: Json = json.loads(response.body)
    return told


def buttons(told: Json) -> dict[str, str]:
    """Return what can be clicked there, and each one's value."""
    blocks = told.get("blocks", [])
    rows = [b["elements"] for b in blocks if b["type"] == "actions"]
    rows += [[b["accessory"]] for b in blocks if "accessory" in b]
    return {e["action_id"]: e["value"] for row in rows for e in row if "value" in e}


def words(told: Json) -> str:
    return json.dumps(told, ensure_ascii=False)


async def told_later(world: World, payload: Payload, mode: str = "socket_mode") -> str:
    """Send what is answered by a job; return what the person is told."""
    assert (await world.slack(payload, mode)).status == 200
    return "".join([line for line in await world.work() if line.startswith("to ")][-1:])


async def test_undecided_it_asks_how_bad_it_is_and_one_click_says(world: World, mode: str) -> None:
    told = await answered(world, command("declare everything is down"), mode)
    assert "*How bad is it?* Undecided, people are paged for it as P1 from" in told["text"]
    assert buttons(told) == {f"severity_P{n}": ID for n in range(4)}
    said = await told_later(world, click(ID, action="severity_P2"), mode)
    assert said.startswith(f"to UBO: *{ID}* · P2 medium")
    assert (await world.desk.incidents.current(ID)).page_by is None


async def test_decided_it_asks_nothing(world: World, mode: str) -> None:
    told = await answered(world, command("declare P2 everything is down"), mode)
    assert "blocks" not in told
    assert "How bad" not in told["text"]


async def test_in_its_own_channel_the_card_is_the_answer(world: World, mode: str) -> None:
    await answered(world, command("declare everything is down"))
    await world.work()
    (room,) = [c for c, r in world.chat.rooms.items() if r.name.startswith("inc-")]
    assert await told_later(world, click(ID, action="severity_P1", channel=room), mode) == ""
    assert (await world.desk.incidents.current(ID)).severity is Severity.P1


async def test_nobody_judges_what_they_may_not_know_of(world: World, mode: str) -> None:
    await answered(world, command("declare --private a leak"))
    for action in ("severity_P0", "join", "declare_another"):
        told = await told_later(world, click(ID, action=action, by="UEVE", action_ts=action), mode)
        assert UNKNOWN in told
        assert "leak" not in told


async def test_services_and_privacy_are_typed(world: World, mode: str) -> None:
    told = await answered(world, command("declare P1 [Checkout] private: keys leaked"), mode)
    made = await world.desk.incidents.current(ID)
    assert (made.title, made.severity, made.services) == ("keys leaked", "P1", ("checkout",))
    assert made.audience is not None
    assert "It is private: only who is in it knows of it." in told["text"]
    refused = await answered(world, command("declare x service:chekout", trigger="t2"), mode)
    assert refused["text"] == ("The catalogue has no service `chekout`. It has: checkout, search.")
    empty = await answered(world, command("declare P1 --private", trigger="t3"), mode)
    assert empty["text"].startswith("What is wrong?")


async def test_the_same_again_shows_what_is_open_and_declares_another_once(
    world: World, mode: str
) -> None:
    first = command("declare P2 [checkout] carts are empty")
    await answered(world, first, mode)
    told = await answered(world, command("declare p1 Carts  are EMPTY", trigger="t2"), mode)
    assert "You declared this a moment ago, and it is open; nothing new" in told["text"]
    assert buttons(told) == {"declare_another": f"{ID} P1"}
    again = await answered(world, first, mode)  # the same request, not the same words
    assert "nothing new" not in again["text"]
    for ts in ("1.1", "1.2"):
        clicked = click(f"{ID} P1", action="declare_another", by="UANA", action_ts=ts)
        assert f"*{OTHER}* · P1 high" in await told_later(world, clicked, mode)
    made = await world.desk.incidents.current(OTHER)
    assert (made.title, made.services) == ("carts are empty", ("checkout",))
    assert len(await world.desk.board.open_incidents(ANA)) == 2


async def test_another_private_one_has_the_same_people_and_is_private(world: World) -> None:
    await world.desk.declarations.declare(
        Declare(ANA, "a leak", private=True, invited=("UBO",)), "r1"
    )
    again = await answered(world, command("declare private: a leak"))
    clicked = click(buttons(again)["declare_another"], action="declare_another", by="UANA")
    await told_later(world, clicked)
    made = await world.desk.incidents.current(OTHER)
    assert made.audience is not None
    assert made.people == {"UANA", "UBO"}
    assert made.severity is None


async def test_what_might_be_the_same_can_be_joined_from_the_answer(
    world: World, mode: str
) -> None:
    await world.desk.declarations.declare(Declare(ANA, "carts are slow"), "r1")
    await world.desk.declarations.declare(Declare(ANA, "a leak", private=True), "r2")
    await world.work()
    told = await answered(world, command("declare P2 carts are empty", by="UBO"), mode)
    assert buttons(told) == {"join": ID}
    assert "carts are slow" in words(told)
    assert "a leak" not in words(told)
    await world.work()
    said = await told_later(world, click(ID, action="join"), mode)
    assert said.startswith(f"to UBO: *{ID}*")
    assert "I bring you into <#" in said
    assert "invite UBO" in world.chat.said


@pytest.mark.parametrize("said", [mention, direct])
async def test_a_mention_and_a_direct_message_are_answered_alike(world: World, said: Any) -> None:
    told = await told_later(world, said("declare P9 carts are empty"))
    assert "P9 carts are empty" in told
    assert "How bad is it?" in told


async def test_a_button_declares_what_was_typed_as_if_it_was_typed(world: World) -> None:
    told = await told_later(world, click("[checkout] P1: 500s", action="declare_text"))
    assert f"*{ID}* · severity undecided" not in told
    made = await world.desk.incidents.current(ID)
    assert (made.title, made.severity, made.services) == ("500s", "P1", ("checkout",))


# The form.


def filled(title: str = "carts are empty", **more: Any) -> Payload:
    sent = view(title, by=more.pop("by", "UANA"), severity=more.pop("severity", None))
    sent["view"]["private_metadata"] = more.pop("metadata", "CGENERAL")
    values = sent["view"]["state"]["values"]
    for name, value in more.items():
        values[name] = {name: value}
    return sent


async def test_the_form_takes_all_there_is_to_say(world: World, mode: str) -> None:
    sent = filled(
        services={"selected_options": [{"value": "checkout"}, {"value": "search"}]},
        details={"value": "since ten"},
        private={"selected_options": [{"value": "private"}]},
        people={"selected_users": ["UBO", "USLACKBOT", "UBOT"]},
    )
    assert (await world.slack(sent, mode)).body == ""
    made = await world.desk.incidents.current(ID)
    assert (made.services, made.details) == (("checkout", "search"), "since ten")
    assert made.people == {"UANA", "UBO"}


async def test_people_are_chosen_for_private_incidents_only(world: World) -> None:
    await world.slack(filled(people={"selected_users": ["UBO"]}))
    assert (await world.desk.incidents.current(ID)).people == {"UANA"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " \n"}, "title"),
        ({"services": {"selected_options": [{"value": "gone"}]}}, "services"),
    ],
)
async def test_what_is_wrong_in_the_form_is_said_beside_it(
    world: World, mode: str, more: Json, field: str
) -> None:
    response = await world.slack(filled(**more), mode)
    assert list(json.loads(response.body)["errors"]) == [field]
    assert (await world.store.head()).position == 0


class Slack:
    """Takes forms, as much of Slack as a listener talks to."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Json]] = []

    async def show(self, request: web.Request) -> web.Response:
        view = (await request.json())["view"]
        self.shown.append((request.path, view))
        return web.json_response({"ok": True, "view": {"id": "V9"}})


@pytest.fixture
async def slack() -> AsyncIterator[tuple[Slack, AsyncWebClient]]:
    taking, app = Slack(), web.Application()
    app.router.add_post("/api/views.open", taking.show)
    app.router.add_post("/api/views.push", taking.show)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield taking, AsyncWebClient("xoxb-x", f"http://127.0.0.1:{port}/api/", retry_handlers=[])
    await runner.cleanup()


async def opened(slack: tuple[Slack, AsyncWebClient], payload: Payload, **policy: Any) -> Json:
    """Return the form that the payload opens in a world with an open and a private incident."""
    taking, client = slack
    world = World(client=client)
    world.rules.fixed = Policy(**policy)
    await world.desk.declarations.declare(Declare(ANA, "carts are slow"), "r1")
    await world.desk.declarations.declare(Declare(ANA, "a leak", private=True), "r2")
    assert (await world.slack(payload)).status == 200
    ((path, form),) = taking.shown
    assert path == "/api/views.open"
    return form


async def test_the_form_shows_what_is_open_and_the_catalogue(
    slack: tuple[Slack, AsyncWebClient],
) -> None:
    form = await opened(slack, command("carts are empty", by="UBO"), services=CATALOGUE)
    named = {block.get("block_id"): block for block in form["blocks"]}
    offered = named["services"]["element"]["options"]
    assert [option["value"] for option in offered] == ["checkout", "search"]
    assert buttons(form) == {"join": ID}
    assert "a leak" not in words(form)
    assert named["title"]["element"]["initial_value"] == "carts are empty"
    asked = [b["block_id"] for b in form["blocks"] if b["type"] == "input" and "optional" not in b]
    assert asked == ["title"]


async def test_without_a_catalogue_no_services_are_asked_for(
    slack: tuple[Slack, AsyncWebClient],
) -> None:
    form = await opened(slack, payloads.shortcut())
    assert "services" not in {block.get("block_id") for block in form["blocks"]}


def in_form(value: str, action: str = "join", ts: str = "1.1") -> Payload:
    clicked = payloads.home_click(value, action_ts=ts)
    clicked["actions"][0]["action_id"] = action
    return clicked | {"view": {"type": "modal"}, "trigger_id": "t8"}


async def test_who_joins_in_the_form_is_told_on_top_of_it(
    slack: tuple[Slack, AsyncWebClient],
) -> None:
    taking, client = slack
    world = World(client=client)
    await world.desk.declarations.declare(Declare(ANA, "carts are slow"), "r1")
    await world.work()
    await world.slack(in_form(ID))
    ((path, notice),) = taking.shown
    assert path == "/api/views.push"
    assert "I bring you into" in words(notice)
    assert "invite UBO" in await world.work()


async def test_if_nothing_can_be_put_on_top_they_are_told_directly(world: World) -> None:
    await world.desk.declarations.declare(Declare(ANA, "carts are slow"), "r1")
    await world.work()
    assert "I bring you into" in await told_later(world, in_form(ID))


async def test_if_the_form_does_not_open_the_command_is_shown(world: World, mode: str) -> None:
    told = await answered(world, command("carts are &lt;empty&gt;"), mode)
    assert told["text"].startswith("The form could not be opened. Do you want to declare")
    assert "`/incident declare carts are &lt;empty&gt;` does it." in told["text"]


# From a message.


def from_message(text: str = "carts are empty", ts: str = "5.5", **more: Any) -> Payload:
    sent = payloads.message_shortcut(text, by=more.pop("by", "UANA"))
    sent["message"] |= {"ts": ts, **more}
    return sent


async def test_the_form_knows_which_message_it_came_from(
    slack: tuple[Slack, AsyncWebClient],
) -> None:
    form = await opened(slack, from_message("it &amp; all", ts="6.6", thread_ts="5.5"))
    assert form["private_metadata"] == "CGENERAL 5.5"
    assert form["blocks"][0]["element"]["initial_value"] == "it & all"
    assert "can read the message's thread in <#CGENERAL>" in words(form)


async def test_in_a_conversation_of_two_there_is_no_thread_to_read(
    slack: tuple[Slack, AsyncWebClient],
) -> None:
    sent = from_message()
    sent["channel"] = {"id": "D7", "name": "directmessage"}
    assert (await opened(slack, sent))["private_metadata"] == ""


async def test_what_another_app_said_in_blocks_is_what_is_wrong(
    slack: tuple[Slack, AsyncWebClient],
) -> None:
    sent = from_message("", bot_id="BALERTS", attachments=[{"title": "5xx", "text": "> 10 %"}])
    del sent["message"]["user"]
    form = await opened(slack, sent)
    assert form["blocks"][0]["element"]["initial_value"] == "5xx\n> 10 %"


async def test_the_message_is_answered_in_its_thread_once_there_is_a_channel(
    world: World, mode: str
) -> None:
    await world.slack(filled(metadata="CGENERAL 5.5"), mode)
    assert (await world.desk.incidents.current(ID)).origin == Post("CGENERAL", "5.5")
    said = await world.work()
    (told,) = [line for line in said if line.startswith("reply")]
    assert told.startswith(f"reply: Declared as {ID}; it is worked on in <#C")
    assert list(world.chat.rooms["CGENERAL"].threads.values()) == ["5.5"]


async def test_a_reply_that_was_posted_unheard_is_not_posted_again(world: World) -> None:
    await world.slack(filled(metadata="CGENERAL 5.5"))
    world.chat.rooms["CGENERAL"].spoken["5.5"] = Message("CGENERAL", "5.5", "UBO", "carts!")
    world.chat.fails_only, world.chat.failures = "reply: Declared as", [LostAnswer()]
    await world.work()
    await world.work(60)
    assert list(world.chat.rooms["CGENERAL"].threads.values()) == ["5.5"]
    assert world.chat.failures == []


async def test_what_became_private_before_the_reply_is_not_told_of(world: World) -> None:
    await world.slack(filled(metadata="CGENERAL 5.5"))
    world.chat.fails_only, world.chat.failures = "reply", [Unavailable("not now")]
    await world.work()
    await world.desk.incidents.handle(ID, MakePrivate(ANA, ()), "p1")
    await world.work(60)
    assert world.chat.rooms["CGENERAL"].posts == {}


async def test_who_declared_is_told_if_the_message_cannot_be_answered(world: World) -> None:
    await world.slack(filled(metadata="CELSEWHERE 5.5"))
    said = await world.work()
    told = [line for line in said if "I could not answer the message in <#CELSEWHERE>" in line]
    assert [line.partition(":")[0] for line in told] == ["to UANA"]


@pytest.mark.parametrize("stays", [True, False])
async def test_what_who_declared_was_told_is_hidden_once_it_is_not_theirs_to_know(
    world: World, *, stays: bool
) -> None:
    await world.slack(filled(metadata="CELSEWHERE 5.5"))
    await world.work()
    handle = world.desk.incidents.handle
    await handle(ID, Acknowledge(BO), "a1")
    await handle(ID, MakePrivate(BO, ("UANA", "UBO") if stays else ("UBO",)), "p1")
    await world.work(60)
    said = {mark.job: words for mark, words in world.chat.rooms["DUANA"].posts.values()}
    (told,) = [words for job, words in said.items() if job.endswith("/origin")]
    assert (told == world.wording.message("hidden")) is not stays


async def test_a_private_incident_is_not_told_of_where_it_came_from(world: World) -> None:
    hidden = {"selected_options": [{"value": "private"}]}
    await world.slack(filled(metadata="CGENERAL 5.5", private=hidden))
    await world.work()
    assert world.chat.rooms["CGENERAL"].posts == {}


async def test_from_one_message_comes_one_incident(world: World, mode: str) -> None:
    await world.slack(filled(metadata="CGENERAL 5.5"))
    refused = f"{ID} was declared from that message already: `/incident {ID}`."
    assert refused in await told_later(world, from_message(by="UBO"), mode)
    late = filled("other words", by="UBO", metadata="CGENERAL 5.5")
    late["view"]["id"] = "V2"
    response = await world.slack(late, mode)
    assert json.loads(response.body)["response_action"] == "push"
    assert refused in response.body


async def test_after_a_private_incident_the_message_seems_untouched(
    world: World, mode: str
) -> None:
    hidden = {"selected_options": [{"value": "private"}]}
    await world.slack(filled(metadata="CGENERAL 5.5", private=hidden))
    await world.work()
    told = await told_later(world, from_message(by="UBO", ts="5.5"), mode)
    assert "The form could not be opened" in told  # as there is no Slack here
    late = filled("other words", by="UBO", metadata="CGENERAL 5.5")
    late["view"]["id"] = "V2"
    assert (await world.slack(late, mode)).body == ""
    assert (await world.desk.incidents.current(OTHER)).origin is None


async def test_a_closed_incident_can_be_judged_no_more(world: World) -> None:
    await answered(world, command("declare everything is down"))
    await world.desk.incidents.handle(ID, ChangeStatus(BO, Status.CLOSED), "c1")
    await world.work()
    told = await told_later(world, click(ID, action="severity_P1"))
    assert f"{ID} is closed" in told

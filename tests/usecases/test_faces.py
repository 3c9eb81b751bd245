"""What people see of an incident without asking: said once, to those whom it concerns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chatter import Mark
from bot.domain.authority import Authority, Source
from bot.domain.commands import (
    AcceptRole,
    Acknowledge,
    AddAction,
    AddNote,
    ChangeAction,
    ChangeSeverity,
    ChangeStatus,
    Command,
    Declare,
    DeclineRole,
    FinishAction,
    Join,
    Leave,
    MakePrivate,
    OfferRole,
    Subscribe,
    Unsubscribe,
    Update,
)
from bot.domain.errors import Refused
from bot.domain.facts import CardPosted, Role, ThreadOpened, Urgency
from bot.domain.incident import Incident, Post, replay
from bot.domain.jobs import Job, Kind
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.domain.transcript import Message
from bot.ports import Commit, Unavailable, View, Words
from bot.usecases.homes import MOST
from bot.usecases.pictures import Pictures
from tests.fakes.chat import LostAnswer, Room
from tests.samples import ANA, BO, DECLARED, EVE, SECURITY, T, stamp
from tests.world import World

NAMES = {"UANA": "Ana", "UBO": "Bo"}
POLICY = Policy(announcements="CINCIDENTS", on_call_people=("UCY", "UDI"))
MINUTE = 60.0


class Story:
    """One incident, and what came of it."""

    def __init__(self, world: World, id: str) -> None:
        self.world, self.id, self._keys = world, id, 0

    async def does(self, *commands: Command, seconds: float = 9) -> list[str]:
        """Do these, and return what was said until all was quiet."""
        for command in commands:
            self._keys += 1
            await self.world.desk.incidents.handle(self.id, command, f"k{self._keys}")
        said = await self.world.work()
        return said + await self.world.work(seconds)

    async def incident(self) -> Incident:
        return await self.world.desk.incidents.current(self.id)

    @property
    def room(self) -> Room:
        return next(r for r in self.world.chat.rooms.values() if r.name.startswith("inc-"))

    @property
    def card(self) -> str:
        return str(next(w for mark, w in self.room.posts.values() if mark.job.endswith("/card")))


def replies(room: Room) -> list[str]:
    return [str(room.posts[ts][1]["text"]) for ts in room.posts if ts in room.threads]


def direct(world: World) -> dict[str, tuple[Mark, Words]]:
    return world.chat.rooms["DUBO"].posts


def beginnings(room: Room) -> list[str]:
    return [str(words) for ts, (_, words) in room.posts.items() if ts not in room.threads]


async def story(world: World, **declared: object) -> Story:
    world.rules.fixed = POLICY
    given = {"severity": Severity.P2} | declared
    command = Declare(ANA, "checkout is down", **given)  # type: ignore[arg-type]
    made = await world.desk.incidents.handle(None, command, "r1")
    await world.work()
    await world.work(9)
    return Story(world, made.id)


async def test_stakeholders_read_one_message_and_a_line_for_each_change(world: World) -> None:
    told = await story(world)
    await told.does(ChangeSeverity(BO, Severity.P1))
    await told.does(ChangeStatus(BO, Status.INVESTIGATING))
    await told.does(Update(ANA, "one order in three fails"))
    await told.does(OfferRole(BO, Role.COMMANDER, "UBO"))
    await told.does(AddNote(BO, "the cache was full"))
    await told.does(ChangeStatus(BO, Status.RESOLVED))
    announced = world.chat.rooms["CINCIDENTS"]
    (beginning,) = beginnings(announced)
    assert "P1 high · resolved" in beginning
    assert "one order in three fails" in beginning
    assert replies(announced) == [
        "Severity is *P1 high* (was P2 medium)",
        "Status is *investigating* (was detected)",
        "one order in three fails",
        "Commander is <@UBO> (was <@UANA>)",
        ":white_check_mark: *Resolved* (was investigating)",
    ]
    assert "Bo · <!date^" in str(announced.posts.values())


async def test_lines_tell_what_was_so_when_it_was_however_late(world: World) -> None:
    told = await story(world)
    world.chat.failures, world.chat.fails_only = [Unavailable("Slack is down")] * 2, "reply"
    await told.does(ChangeSeverity(BO, Severity.P1), ChangeSeverity(BO, Severity.P3), seconds=60)
    await world.work(60)
    assert replies(world.chat.rooms["CINCIDENTS"]) == [
        "Severity is *P1 high* (was P2 medium)",
        "Severity is *P3 low* (was P1 high)",
    ]


async def test_a_line_posted_unheard_is_not_posted_again(world: World) -> None:
    told = await story(world)
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "reply"
    await told.does(ChangeSeverity(BO, Severity.P1), seconds=60)
    assert len(replies(world.chat.rooms["CINCIDENTS"])) == 1


async def test_what_becomes_private_is_no_longer_announced(world: World) -> None:
    told = await story(world)
    await told.does(Subscribe(EVE))
    await told.does(MakePrivate(ANA, ()))
    await told.does(ChangeSeverity(ANA, Severity.P1), Update(ANA, "a secret"))
    announced, direct = world.chat.rooms["CINCIDENTS"], world.chat.rooms["DUEVE"]
    for room in (announced, direct):
        assert beginnings(room) == ["{'text': 'This incident is no longer shown here.'}"]
        assert replies(room) == []


async def test_an_announcement_under_way_when_it_became_private_is_not_made(world: World) -> None:
    world.rules.fixed = POLICY
    made = await world.desk.incidents.handle(None, Declare(ANA, "a leak", Severity.P2), "r1")
    await world.desk.incidents.handle(made.id, MakePrivate(ANA, ()), "r2")
    await world.work(9)
    assert world.chat.rooms["CINCIDENTS"].posts == {}


async def test_a_subscriber_has_a_message_of_their_own_with_a_thread(world: World) -> None:
    told = await story(world)
    await told.does(Subscribe(EVE))
    await told.does(ChangeSeverity(BO, Severity.P1), Update(ANA, "still looking"))
    direct = world.chat.rooms["DUEVE"]
    (beginning,) = beginnings(direct)
    assert "P1 high" in beginning
    assert "still looking" in beginning
    assert replies(direct) == ["Severity is *P1 high* (was P2 medium)", "still looking"]
    await told.does(Unsubscribe(EVE))
    await told.does(ChangeSeverity(BO, Severity.P2))
    (beginning,) = beginnings(direct)
    assert "You are no longer told" in beginning
    assert len(replies(direct)) == 2
    await told.does(Subscribe(EVE))
    assert len(beginnings(direct)) == 2  # a new one, where they will see it
    assert "P2 medium" in beginnings(direct)[1]


async def test_a_subscriber_who_left_a_private_incident_is_told_nothing(world: World) -> None:
    told = await story(world, private=True, invited=("UBO",))
    await told.does(Subscribe(BO))
    assert "checkout" in beginnings(world.chat.rooms["DUBO"])[0]
    await told.does(Leave(BO))
    await told.does(ChangeSeverity(ANA, Severity.P1))
    assert "checkout" not in str(beginnings(world.chat.rooms["DUBO"]))
    assert replies(world.chat.rooms["DUBO"]) == []


async def test_a_subscriber_who_is_no_longer_a_reader_is_told_nothing(world: World) -> None:
    told = await story(world, private=True)
    await told.does(Subscribe(SECURITY))
    world.rules.groups = {}
    await told.does(ChangeSeverity(ANA, Severity.P1))
    assert "checkout" not in str(beginnings(world.chat.rooms["DUSUE"]))
    assert replies(world.chat.rooms["DUSUE"]) == []


async def test_an_update_is_said_in_the_room_and_promised_again(world: World) -> None:
    told = await story(world)
    said = await told.does(Update(ANA, "ask <@UBO> & <!channel>", timedelta(minutes=45)))
    assert "post: Update: ask @UBO &amp; &lt;!channel&gt;" in said
    assert (await told.incident()).update_by == world.clock.now() + timedelta(seconds=45 * 60 - 9)
    assert "ask @UBO" in told.card


async def test_updates_of_an_incident_without_a_room_are_said_in_it_once_and_in_order(
    world: World,
) -> None:
    world.chat.away = True
    told = await story(world)
    for text in ("looking", "found it", "over"):
        assert await told.does(Update(ANA, text)) == []
    await told.does(ChangeStatus(ANA, Status.RESOLVED))
    world.chat.away = False
    said = [*await world.work(600), *await world.work(9)]
    updates = [line for line in said if line.startswith("post: Update: ")]
    assert updates == [f"post: Update: {text}" for text in ("looking", "found it", "over")]
    assert [w["text"] for _, w in told.room.posts.values() if "Update:" in str(w["text"])] == [
        "Update: looking", "Update: found it", "Update: over",
    ]  # fmt: skip
    assert await world.work(600) == []


async def test_an_update_that_is_a_message_is_told_in_its_words(world: World) -> None:
    told = await story(world)
    channel = (await told.incident()).channel or ""
    said = Message(channel, "4.4", "UBO", "a bad rollout")
    await world.store.commit(Commit(messages=(said,)))
    spoken = await told.does(Update(ANA, "", source=Post(channel, "4.4")))
    assert not [line for line in spoken if line.startswith("post")]  # it was said there already
    assert replies(world.chat.rooms["CINCIDENTS"]) == ["a bad rollout"]
    assert "a bad rollout" in told.card
    await told.does(Update(ANA, "", source=Post("C9", "9.9")))
    assert "words are gone" in told.card


async def test_of_a_promise_that_was_not_kept_the_commander_is_reminded_once(world: World) -> None:
    told = await story(world)
    world.clock.advance(3 * 60 * MINUTE)  # as if the bot had been away
    said = [*await world.work(), *await world.work(9), *await world.work(60 * MINUTE)]
    (reminded,) = [line for line in said if line.startswith("to UANA")]
    assert "promised for <!date^" in reminded
    assert ":warning: overdue since" in told.card
    assert await told.does(Update(ANA, "nothing new"))
    assert "overdue" not in told.card


async def test_where_the_commander_cannot_be_told_the_room_is(world: World) -> None:
    told = await story(world)
    world.chat.failures, world.chat.fails_only = [Refused("user_disabled")], "to UANA"
    said = await told.does(seconds=61 * MINUTE)
    assert [line for line in said if line.startswith("post: <@UANA>, the update on")]


async def test_nobody_is_reminded_of_what_came_meanwhile(world: World) -> None:
    told = await story(world)
    world.chat.failures, world.chat.fails_only = [Unavailable("down")], "to UANA"
    world.clock.advance(60 * MINUTE)
    await world.work()
    said = await told.does(Update(ANA, "here it is"), seconds=60)
    assert not [line for line in said if line.startswith("to UANA")]


def to(person: str, said: Sequence[str]) -> list[str]:
    return [line for line in said if line.startswith(f"to {person}")]


async def test_people_are_paged_with_what_and_why_and_the_room_is_told(world: World) -> None:
    told = await story(world)
    said = await told.does(ChangeSeverity(BO, Severity.P0))
    for person in ("UCY", "UDI"):
        (page,) = to(person, said)
        assert "You are paged: *INC-20260115-001* · P0 critical" in page
    (post,) = [line for line in said if line.startswith("post: :rotating_light:")]
    assert {"UCY", "UDI"} <= told.room.people
    assert "<@UCY>, <@UDI> (P0 critical, nobody has acknowledged it yet)" in post
    down = await told.does(ChangeStatus(ANA, Status.DECLINED, "a test"))
    for person in ("UCY", "UDI"):
        assert "not needed for INC-20260115-001 any more: it is declined (a test)" in str(
            to(person, down)
        )


async def test_undecided_people_are_paged_after_the_grace(world: World) -> None:
    told = await story(world, severity=None)
    assert "people are paged at" in told.card
    said = await told.does(seconds=MINUTE)
    assert len(to("UCY", said)) == 1
    assert "people are paged at" not in told.card


async def test_who_cannot_be_paged_is_told_in_the_room(world: World) -> None:
    told = await story(world)
    world.chat.failures, world.chat.fails_only = [Refused("user_disabled")], "to UCY"
    said = await told.does(ChangeSeverity(BO, Severity.P1))
    (post,) = [line for line in said if "was *not* paged" in line]
    assert "<@UCY> was *not* paged: user_disabled." in post
    assert (await told.incident()).troubles == ()


async def test_a_private_incident_pages_only_who_may_know_of_it(world: World) -> None:
    told = await story(world, private=True, invited=("UDI",))
    said = await told.does(ChangeSeverity(ANA, Severity.P0))
    assert to("UCY", said) == []
    assert len(to("UDI", said)) == 1
    assert [line for line in said if "Paged: <@UDI> (" in line]
    down = await told.does(ChangeStatus(ANA, Status.RESOLVED))
    assert to("UCY", down) == []
    assert len(to("UDI", down)) == 1


@pytest.mark.parametrize("severity", [Severity.P0, None])
async def test_where_nobody_of_a_private_incident_is_on_call_its_people_are_told(
    world: World, severity: Severity | None
) -> None:
    world.chat.names["UDI"] = "Di <& Co>"
    told = await story(world, private=True, severity=severity)
    await told.does(seconds=MINUTE)
    (said,) = [str(w["text"]) for _, w in told.room.posts.values() if "was paged" in str(w)]
    assert "nobody who is on call is in it. On call: cy" in said
    assert ("Di &lt;&amp; Co&gt;" in said) == (severity is Severity.P0)
    assert "<@" not in said
    assert to("UCY", world.chat.said) == to("UDI", world.chat.said) == []
    assert (await told.incident()).people == {"UANA"}


async def test_that_nobody_was_paged_is_not_said_where_somebody_took_it(world: World) -> None:
    told = await story(world, private=True)
    said = await told.does(Acknowledge(ANA), ChangeSeverity(ANA, Severity.P0))
    assert not [line for line in said if "Nobody was paged" in line]


async def test_who_left_a_private_incident_before_the_page_came_is_not_paged(
    world: World,
) -> None:
    told = await story(world, private=True, invited=("UDI",))
    world.chat.failures, world.chat.fails_only = [Unavailable("down")], "to UDI"
    di = Authority("UDI", Source.SLACK)
    said = await told.does(ChangeSeverity(ANA, Severity.P0), Leave(di), seconds=60)
    assert to("UDI", said) == []


async def test_a_page_that_is_needless_by_now_is_not_sent_nor_taken_back(world: World) -> None:
    told = await story(world)
    world.chat.failures, world.chat.fails_only = [Unavailable("down")], "to UCY"
    said = await told.does(
        ChangeSeverity(BO, Severity.P1), ChangeStatus(BO, Status.RESOLVED), seconds=60
    )
    assert to("UCY", said) == []


async def test_a_page_sent_unheard_is_not_sent_again(world: World) -> None:
    told = await story(world)
    world.chat.failures, world.chat.fails_only = [LostAnswer()], "to UCY"
    said = await told.does(ChangeSeverity(BO, Severity.P1), seconds=60)
    assert len(to("UCY", said)) == 1


async def test_who_is_paged_before_there_is_a_channel_is_mentioned_in_it(world: World) -> None:
    told = await story(world, severity=Severity.P1)
    assert "Paged: <@UCY>" in str(told.room.posts)


async def test_who_gets_an_action_item_from_others_is_told(world: World) -> None:
    told = await story(world)
    said = await told.does(AddAction(ANA, "alert on it", "UBO"), AddAction(BO, "own", "UBO"))
    assert len(to("UBO", said)) == 1
    assert "gave you action item 1 of INC-20260115-001: alert on it" in to("UBO", said)[0]
    reworded = ChangeAction(ANA, 1, "alert early", "UBO", None, Urgency.HIGH)
    assert to("UBO", await told.does(reworded)) == []
    world.chat.failures, world.chat.fails_only = [Unavailable("down")], "to UEVE"
    given = replace(reworded, owner="UEVE")
    assert to("UEVE", await told.does(given, FinishAction(BO, 1), seconds=60)) == []
    assert "open action items: 1" in told.card


async def test_a_late_comer_is_told_how_it_stands_so_that_only_they_see_it(world: World) -> None:
    told = await story(world)
    channel = (await told.incident()).channel or ""
    world.chat.rooms[channel].people |= {"UEVE", "UBO"}
    await told.does(
        Acknowledge(BO), AddNote(BO, "the cache was full"), AddAction(ANA, "alert on it", "UBO")
    )
    said = await told.does(Join(Authority("UFAY", Source.SLACK), channel))
    assert not [line for line in said if line.startswith("to ")]  # who is gone again, is gone
    await told.does(seconds=180)
    (caught_up,) = to("UEVE", await told.does(Join(EVE, channel)))
    assert "P2 medium" in caught_up
    assert to("UEVE", await told.does(Leave(EVE, channel), Join(EVE, channel))) == []


def shown(view: View) -> str:
    return str(view)


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (AcceptRole(BO, Role.COMMANDER), "You are commander now."),
        (DeclineRole(BO, Role.COMMANDER), "You declined."),
        (DeclineRole(ANA, Role.COMMANDER), "<@UANA> took it back."),
        (OfferRole(ANA, Role.COMMANDER, "UEVE", "now you"), "<@UEVE> is asked instead."),
        (OfferRole(EVE, Role.COMMANDER, "UEVE"), "<@UEVE> is commander now."),
        (OfferRole(ANA, Role.COMMANDER, "UBO", "please"), "You are asked again below."),
        (ChangeStatus(EVE, Status.CLOSED), "It is closed, so you are no longer asked."),
        (ChangeStatus(EVE, Status.DECLINED), "It is declined, so you are no longer asked."),
    ],
)
async def test_an_offer_that_was_answered_keeps_no_buttons(
    world: World, ends: Command, says: str
) -> None:
    told = await story(world)
    await told.does(OfferRole(ANA, Role.COMMANDER, "UBO", "all *quiet*"))
    (asked,) = [ts for ts, (m, _) in direct(world).items() if m.job.endswith("/handover/UBO")]
    assert "role_accept" in str(direct(world)[asked])
    await told.does(ends)
    left = direct(world)[asked][1]
    assert says in str(left["text"])
    assert says in shown(left)
    assert "all *quiet*" in shown(left)
    assert "button" not in str(left)


async def test_an_offer_of_what_was_hidden_since_says_nothing_more_of_it(world: World) -> None:
    told = await story(world)
    await told.does(OfferRole(ANA, Role.COMMANDER, "UBO", "all quiet"))
    await told.does(MakePrivate(ANA, ("UANA",)))
    (left,) = [words for m, words in direct(world).values() if m.job.endswith("/handover/UBO")]
    assert left == world.wording.message("hidden")


async def test_home_follows_what_changes_without_being_opened_again(world: World) -> None:
    told = await story(world)
    await world.desk.incidents.owe_home("UBO")
    await world.work()
    assert "Your roles" not in shown(world.chat.homes["UBO"])
    await told.does(OfferRole(BO, Role.COMMANDER, "UBO"), seconds=2)
    assert "*Commander* of\\n" in shown(world.chat.homes["UBO"])
    await told.does(AddAction(ANA, "alert on it", "UBO"), seconds=2)
    await told.does(ChangeStatus(BO, Status.CLOSED), seconds=2)
    home = shown(world.chat.homes["UBO"])
    assert "alert on it" in home  # also of what is closed
    assert "No incident is open." in home
    await told.does(FinishAction(BO, 1), seconds=2)
    assert "alert on it" not in shown(world.chat.homes["UBO"])
    assert set(world.chat.homes) == {"UBO"}


async def test_home_is_drawn_once_for_a_flurry_and_not_for_those_who_looked_long_ago(
    world: World,
) -> None:
    told = await story(world)
    await world.desk.incidents.owe_home("UBO")
    await world.work(60)
    flurry = [ChangeSeverity(BO, s) for s in (Severity.P1, Severity.P3, Severity.P0, Severity.P2)]
    said = await told.does(*flurry, seconds=60)
    assert said.count("home of UBO") == 1
    assert (await told.does(ChangeSeverity(BO, Severity.P3))).count("home of UBO") == 1
    world.clock.advance(8 * 24 * 3600)
    await world.work()
    assert "home of UBO" not in await told.does(ChangeSeverity(BO, Severity.P2))
    assert list((await world.store.owned("home")).values()) == ["UBO"]
    world.clock.advance(90 * 24 * 3600)
    await world.work()
    await told.does(ChangeSeverity(BO, Severity.P3))
    assert await world.store.owned("home") == {}


@pytest.mark.parametrize("lost", [False, True])
async def test_a_card_and_an_announcement_that_somebody_deleted_come_back(
    world: World, *, lost: bool
) -> None:
    told = await story(world)
    for room in (told.room, world.chat.rooms["CINCIDENTS"]):
        for ts in [ts for ts in room.posts if ts not in room.threads]:
            del room.posts[ts]
    if lost:
        world.chat.failures, world.chat.fails_only = [LostAnswer(), LostAnswer()], "post"
    await told.does(ChangeSeverity(BO, Severity.P1), seconds=60)
    assert "P1 high" in told.card
    await told.does(ChangeSeverity(BO, Severity.P3), seconds=60)
    assert "P3 low" in told.card
    (announced,) = beginnings(world.chat.rooms["CINCIDENTS"])
    assert "P3 low" in announced
    cards = [m for m, _ in told.room.posts.values() if m.job.endswith("/card")]
    assert len(cards) == 1
    assert told.room.pins[-1] == (await told.incident()).card
    assert (await told.incident()).troubles == ()


async def test_home_hides_what_became_private(world: World) -> None:
    told = await story(world)
    await world.desk.incidents.owe_home("UEVE")
    await world.desk.incidents.owe_home("USUE")
    await world.work(9)
    await told.does(AddAction(ANA, "alert on it", "UEVE"), MakePrivate(ANA, ()))
    assert "INC-" not in shown(world.chat.homes["UEVE"])
    assert "INC-" in shown(world.chat.homes["USUE"])


async def test_every_home_hides_what_became_private_however_many_and_old(world: World) -> None:
    told = await story(world)
    lookers = [f"U{n}" for n in range(MOST + 20)]
    for person in lookers:
        await world.desk.incidents.owe_home(person)
    await world.work(9)
    world.clock.advance(30 * 24 * 3600)
    await world.work()
    assert all("INC-" in shown(world.chat.homes[person]) for person in lookers)
    await told.does(MakePrivate(ANA, ()), seconds=60)
    assert not any("INC-" in shown(world.chat.homes[person]) for person in lookers)


async def test_many_open_incidents_stay_within_what_home_may_hold(world: World) -> None:
    world.rules.fixed = POLICY
    for n in range(210):
        await world.desk.incidents.handle(None, Declare(BO, f"trouble {n}", Severity.P3), f"m{n}")
    viewer = world.rules.authority("UBO")
    incidents = await world.desk.board.open_incidents(viewer)
    view = world.wording.page(
        "home", incidents=incidents, viewer="UBO", suggestions=[], actions=[], at=world.clock.now()
    )
    assert len(view["blocks"]) <= 100  # type: ignore[arg-type]
    assert "170 more are open" in str(view)
    assert "200 more roles are yours" in str(view)


async def test_a_card_stands_in_a_thread_where_there_is_no_channel(world: World) -> None:
    world.chat.rooms["C7"] = Room("team", posts={"7.7": (Mark("", ""), {"text": "help"})})
    incident = replay("I", [DECLARED, ThreadOpened(stamp("bot"), "C7", "7.7")])
    pictures = Pictures(world.chat, world.desk.board, world.rules, world.wording, world.clock)
    job = Job("I/card", Kind.CARD, "I", "I/card", T)
    _, learned = await pictures.card(job, incident, stamp("bot"))
    (posted,) = learned
    assert isinstance(posted, CardPosted)
    assert world.chat.rooms["C7"].threads == {posted.ts: "7.7"}


@pytest.fixture(autouse=True)
def known(world: World) -> None:
    world.chat.names |= NAMES

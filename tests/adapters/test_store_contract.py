"""What every Store promises; each test runs on every adapter."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.index import chained
from bot.domain.facts import Fact
from bot.domain.jobs import Job, Kind, Reply
from bot.domain.records import to_record
from bot.domain.transcript import Message, erased
from bot.ports import Commit, Conflict, Fenced, Head, Lease, Store
from tests.fakes.clock import SteppedClock
from tests.samples import CLOSED, DECLARED, EVERY_FACT, JOINED, PUT_AWAY, TAKEN, T

LEASE = Lease(T, T + timedelta(seconds=30))
LATER = Lease(LEASE.until, LEASE.until + timedelta(seconds=30))


def job(key: str, lane: str = "lane", kind: Kind = Kind.CARD, wanted: int = 1) -> Job:
    return Job(key, kind, "I", lane, due=T, wanted_seq=wanted)


async def claim(store: Store, lease: Lease = LEASE) -> Job:
    (taken,) = await store.claim_jobs(1, lease)
    return taken


async def test_facts_come_back_in_order_and_positions_have_no_gap(store: Store) -> None:
    assert await store.commit(Commit({"I": (0, [DECLARED])})) == 1
    assert await store.commit(Commit({"I": (1, [TAKEN])})) == 2
    assert list(await store.history("I")) == [DECLARED, TAKEN]
    assert list(await store.history("I", after=1)) == [TAKEN]
    assert list(await store.history("J")) == []
    assert list(await store.feed(after=1)) == [(2, "I", TAKEN)]


async def test_every_kind_of_fact_is_kept_as_it_was(store: Store) -> None:
    await store.commit(Commit({"I": (0, EVERY_FACT)}))
    assert list(await store.history("I")) == EVERY_FACT


async def test_several_incidents_change_together_or_not_at_all(store: Store) -> None:
    await store.commit(Commit({"I": (0, [DECLARED])}))
    with pytest.raises(Conflict):
        await store.commit(Commit({"J": (0, [DECLARED]), "I": (0, [TAKEN])}))
    assert list(await store.history("J")) == []
    assert await store.commit(Commit({"J": (0, [DECLARED]), "I": (1, [TAKEN])})) == 2


@pytest.mark.parametrize(
    ("late", "claim"),
    [
        (Commit({"I": (0, [TAKEN])}, jobs=[job("j")]), None),
        (
            Commit({"J": (0, [DECLARED])}, {("channel", "C1"): "J"}, jobs=[job("j")]),
            ("channel", "C1"),
        ),
        (Commit({"J": (0, [DECLARED])}, jobs=[job("j")], request_key="r1"), None),
    ],
    ids=["stream moved", "claim taken", "request repeated"],
)
async def test_a_conflict_writes_nothing(
    store: Store, late: Commit, claim: tuple[str, str] | None
) -> None:
    await store.commit(Commit({"I": (0, [DECLARED])}, {("channel", "C1"): "I"}, request_key="r1"))
    before = await store.head()
    with pytest.raises(Conflict) as conflict:
        await store.commit(late)
    assert conflict.value.claim == claim
    assert list(await store.feed()) == [(1, "I", DECLARED)]
    assert not await store.claim_jobs(9, LEASE)
    assert await store.head() == before


async def test_of_many_at_once_one_wins(store: Store) -> None:
    tries = [
        store.commit(Commit({f"I{n}": (0, [DECLARED])}, {("n", "1"): f"I{n}"})) for n in range(9)
    ]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert [d for d in done if not isinstance(d, Conflict)] == [1]


async def test_owners(store: Store) -> None:
    await store.commit(Commit({"I": (0, [DECLARED])}, {("channel", "C1"): "I"}, request_key="r"))
    assert await store.owner("channel", "C1") == await store.owner("request", "r") == "I"
    await store.commit(Commit(claims={("channel", "C1"): "I"}))  # its own already
    await store.commit(Commit(releases={("channel", "C1"): "I"}, request_key="s"))
    assert await store.owner("channel", "C1") is None
    assert await store.owner("request", "s") == ""
    await store.commit(Commit({"K": (0, [DECLARED]), "J": (0, [DECLARED])}, request_key="t"))
    assert await store.owner("request", "t") == "K"  # the first of several
    with pytest.raises(Conflict):
        await store.commit(Commit(request_key="s"))


async def test_a_release_takes_a_claim_only_from_whom_it_names(store: Store) -> None:
    claim = ("alert", "f1")
    await store.commit(Commit(releases={claim: "I"}))  # nobody's
    await store.commit(Commit(claims={claim: "J"}))
    await store.commit(Commit(releases={claim: "I"}, request_key="late"))
    assert await store.owner(*claim) == "J"
    assert await store.owned("alert") == {"f1": "J"}
    assert await store.owner("request", "late") == ""
    with pytest.raises(Conflict) as conflict:
        await store.commit(Commit(claims={claim: "K"}, releases={claim: "I"}))
    assert conflict.value.claim == claim
    await store.commit(Commit(claims={claim: "K"}, releases={claim: "J"}))
    assert await store.owned("alert") == {"f1": "K"}
    await store.commit(Commit(releases={claim: "K"}))
    assert await store.owner(*claim) is None


async def test_of_two_that_take_what_one_lets_go_the_first_has_it(store: Store) -> None:
    claim = ("alert", "f1")
    await store.commit(Commit(claims={claim: "I"}))
    wishes = [Commit(claims={claim: name}, releases={claim: "I"}) for name in "JK"]
    done = await asyncio.gather(*map(store.commit, wishes), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in done) == 1
    assert await store.owner(*claim) == "JK"[not isinstance(done[1], Conflict)]


async def test_everything_that_is_owned(store: Store) -> None:
    await store.commit(
        Commit(claims={("home", "b"): "UBO", ("home", "a"): "UANA", ("n", "1"): "I"})
    )
    assert list((await store.owned("home")).items()) == [("a", "UANA"), ("b", "UBO")]
    await store.commit(Commit(releases={("home", "a"): "UANA"}, request_key="r"))
    assert await store.owned("home") == {"b": "UBO"}
    assert await store.owned("request") == await store.owned("channel") == {}


async def test_a_request_key_is_kept_for_an_hour_at_least_and_not_for_ever(
    store: Store, clock: SteppedClock
) -> None:
    await store.commit(Commit(request_key="r"))
    clock.advance(3600)
    await store.commit(Commit(request_key="s"))
    assert await store.owner("request", "r") == ""
    clock.advance(48 * 3600)
    await store.commit(Commit())
    assert await store.owner("request", "r") is None


async def test_a_lane_is_in_order_and_lanes_are_apart(store: Store) -> None:
    jobs = [job("a1", "a"), job("a2", "a"), job("b", "b", Kind.ANSWER)]
    await store.commit(Commit(jobs=jobs))
    first = await store.claim_jobs(9, LEASE)
    assert [j.key for j in first] == ["b", "a1"]  # the most urgent first
    assert not await store.claim_jobs(9, LEASE)
    await store.commit(Commit(finishes=[first[1]]))
    assert [j.key for j in await store.claim_jobs(9, LEASE)] == ["a2"]


async def test_a_lane_waits_for_its_first_job_even_if_that_is_put_back(store: Store) -> None:
    await store.commit(Commit(jobs=[job("a1", "a"), job("a2", "a")]))
    taken = await claim(store)
    await store.commit(Commit(jobs=[replace(taken, due=LATER.at)]))
    assert not await store.claim_jobs(9, LEASE)
    again = await claim(store, LATER)
    assert (again.key, again.attempts) == ("a1", 2)


async def test_no_more_lanes_than_asked_for_and_none_before_its_time(store: Store) -> None:
    late = replace(job("late", "c"), due=LATER.at)
    await store.commit(Commit(jobs=[job("a", "a"), job("b", "b"), late]))
    assert len(await store.claim_jobs(1, LEASE)) == 1
    assert len(await store.claim_jobs(9, LEASE)) == 1


async def test_a_lease_that_ran_out_is_given_on_and_fenced(store: Store) -> None:
    await store.commit(Commit(jobs=[job("a")]))
    late = await claim(store)
    again = await claim(store, LATER)
    assert again.attempts == 2
    with pytest.raises(Fenced):
        await store.commit(Commit({"I": (0, [DECLARED])}, finishes=[late]))
    assert not await store.history("I")
    with pytest.raises(Fenced):
        await store.commit(Commit(jobs=[late]))
    await store.commit(Commit(finishes=[again]))
    with pytest.raises(Fenced):
        await store.commit(Commit(finishes=[again]))
    with pytest.raises(Fenced):
        await store.commit(Commit(jobs=[late]))


async def test_what_was_put_back_is_no_longer_held(store: Store) -> None:
    await store.commit(Commit(jobs=[job("a")]))
    taken = await claim(store)
    await store.commit(Commit(jobs=[taken]))
    with pytest.raises(Fenced):
        await store.commit(Commit(finishes=[taken]))
    assert (await claim(store)).attempts == 2


async def test_a_picture_put_back_is_still_wanted_as_it_was_meanwhile(store: Store) -> None:
    await store.commit(Commit(jobs=[job("card", wanted=1)]))
    taken = await claim(store)
    await store.commit(Commit(jobs=[job("card", wanted=2)]))
    await store.commit(Commit(jobs=[taken]))
    assert (await claim(store)).wanted_seq == 2


async def test_a_picture_wanted_meanwhile_is_owed_again_but_not_at_once(store: Store) -> None:
    await store.commit(Commit(jobs=[job("card", wanted=1)]))
    taken = await claim(store)
    await store.commit(Commit(jobs=[job("card", wanted=2)]))
    await store.commit(Commit(finishes=[replace(taken, due=LATER.at)]))
    assert not await store.claim_jobs(1, LEASE)
    again = await claim(store, LATER)
    assert (again.wanted_seq, again.attempts) == (2, 1)


async def test_a_picture_owed_again_goes_behind_the_others_of_its_lane(store: Store) -> None:
    await store.commit(Commit(jobs=[job("card"), job("pin", kind=Kind.PIN)]))
    taken = await claim(store)
    await store.commit(Commit(jobs=[job("card", wanted=2)], finishes=[taken]))
    for key in ("pin", "card"):
        taken = await claim(store)
        assert taken.key == key
        await store.commit(Commit(finishes=[taken]))


async def test_a_picture_just_drawn_rests_before_it_is_drawn_again(store: Store) -> None:
    await store.commit(Commit(jobs=[job("card", wanted=1)]))
    drawn = replace(await claim(store), due=LATER.at)
    await store.commit(Commit(finishes=[drawn]))
    await store.commit(Commit(jobs=[job("card", wanted=2)]))
    assert not await store.claim_jobs(1, LEASE)
    assert (await claim(store, LATER)).wanted_seq == 2


async def test_a_picture_that_shows_more_than_was_wanted_is_not_drawn_again(store: Store) -> None:
    await store.commit(Commit(jobs=[job("card", wanted=1)]))
    taken = await claim(store)
    await store.commit(Commit(jobs=[job("card", wanted=2)]))
    await store.commit(Commit(finishes=[replace(taken, wanted_seq=2)]))
    assert not await store.claim_jobs(1, LATER)


async def test_a_picture_wanted_twice_is_owed_once(store: Store) -> None:
    await store.commit(Commit(jobs=[job("card", wanted=1)]))
    await store.commit(Commit(jobs=[job("card", wanted=2)]))
    taken = await claim(store)
    assert taken.wanted_seq == 2
    await store.commit(Commit(finishes=[taken]))
    assert not await store.claim_jobs(1, LATER)


async def test_an_answer_comes_back_word_for_word(store: Store) -> None:
    reply = Reply("UANA", "C1", {"text": "<&>", "blocks": [{"type": "divider"}]})
    await store.commit(Commit(jobs=[replace(job("a"), reply=reply)]))
    assert (await claim(store)).reply == reply


async def test_what_was_handed_over_can_be_changed_without_harm(store: Store) -> None:
    words: dict[str, object] = {"text": "hello"}
    await store.commit(Commit(jobs=[replace(job("a"), reply=Reply("UANA", "C1", words))]))
    words["text"] = "changed after the commit"
    taken = await claim(store)
    assert taken.reply is not None
    assert taken.reply.message == {"text": "hello"}
    dict.update(taken.reply.message, text="changed after the claim")
    again = await claim(store, LATER)
    assert again.reply is not None
    assert again.reply.message == {"text": "hello"}


async def test_a_transcript_stands_as_it_was_last_edited(store: Store) -> None:
    said = [Message("C1", f"{n}.0", "UANA", f"line {n}") for n in (2, 1)]
    await store.commit(Commit(messages=said))
    await store.commit(Commit(messages=[replace(said[0], text="edited", edited="9.0")]))
    await store.commit(Commit(messages=[said[0], Message("C2", "1.0", "UBO", "elsewhere")]))
    assert [m.text for m in await store.transcript("C1")] == ["line 1", "edited"]


async def test_a_message_is_kept_with_all_that_is_known_of_it(store: Store) -> None:
    said = Message(
        *("C1", "1.0", "UBOT2", "disk full \0 \U0001f525"),
        thread="0.5",
        app="Alertmanager",
        files=("graph.png", 'a "b".txt'),
    )
    await store.commit(Commit(messages=[said]))
    assert await store.transcript("C1") == [said]


async def test_whoever_said_something_all_of_it_is_found(store: Store) -> None:
    await store.commit(Commit(claims={("channel", "C1"): "I"}))
    told = [
        Message("C1", "1.0", "UANA", "here"),
        Message("C2", "2.0", "UANA", 'and there, "author":"UBO"'),
        Message("C1", "3.0", "UBO", "not mine"),
        Message("C1", "4.0", "UAN", ""),
    ]
    await store.commit(Commit(messages=told))
    assert sorted(m.ts for m in await store.said_by("UANA")) == ["1.0", "2.0"]
    assert [m.text for m in await store.said_by("UBO")] == ["not mine"]
    assert await store.said_by("U") == await store.said_by("") == []
    await store.commit(Commit(messages=[erased(told[0], "9.0", "")]))
    assert {m.text for m in await store.said_by("UANA")} == {"", told[1].text}


async def test_the_head_names_every_fact_so_far(store: Store) -> None:
    heads = [await store.head()]
    for n, fact in enumerate(EVERY_FACT):
        await store.commit(Commit({"I": (n, [fact])}))
        heads.append(await store.head())
    assert [head.position for head in heads] == list(range(len(EVERY_FACT) + 1))
    assert len({head.hash for head in heads}) == len(heads)


async def test_the_hash_is_over_the_facts_as_written_and_nothing_else(store: Store) -> None:
    two: Mapping[str, tuple[int, list[Fact]]] = {
        "J": (0, [DECLARED]),
        "I": (0, [DECLARED, TAKEN]),
    }
    await store.commit(Commit(two, {("channel", "C1"): "I"}, jobs=[job("a")], request_key="r"))
    made, taken = to_record(DECLARED), to_record(TAKEN)
    written: list[object] = [1, [["I", 0, [made, taken]], ["J", 0, [made]]]]
    canonical = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert await store.head() == Head(1, hashlib.sha256(canonical.encode()).hexdigest())


async def test_what_is_committed_can_be_read_while_more_is_written(store: Store) -> None:
    many = [store.commit(Commit({f"I{n}": (0, [DECLARED])})) for n in range(20)]
    _, read = await asyncio.gather(asyncio.gather(*many), store.feed())
    assert {incident for _, incident, _ in read} <= {f"I{n}" for n in range(20)}
    assert [position for position, _, _ in await store.feed()] == list(range(1, 21))


async def test_what_was_put_away_is_left_out_of_the_feed_and_of_nothing_else(
    store: Store,
) -> None:
    await store.commit(Commit({"I": (0, [DECLARED]), "J": (0, [DECLARED])}))
    await store.commit(Commit({"I": (1, [CLOSED])}))
    await store.commit(Commit({"I": (2, [PUT_AWAY])}))
    await store.commit(Commit({"I": (3, [JOINED])}))
    assert list(await store.feed()) == [(1, "J", DECLARED), (3, "I", PUT_AWAY), (4, "I", JOINED)]
    assert list(await store.feed(3)) == [(4, "I", JOINED)]
    assert list(await store.history("I")) == [DECLARED, CLOSED, PUT_AWAY, JOINED]
    with pytest.raises(Conflict):
        await store.commit(Commit({"I": (1, [TAKEN])}))


async def test_the_chronicle_holds_everything_as_it_was_written(store: Store) -> None:
    await store.commit(Commit({"I": (0, [DECLARED, CLOSED]), "H": (0, [DECLARED])}))
    await store.commit(Commit(request_key="r"))
    await store.commit(Commit({"I": (2, [PUT_AWAY])}))
    told = [(p, [(i, n, list(rs)) for i, n, rs in w]) async for p, w in store.chronicle()]
    made, closed, away = (to_record(fact) for fact in (DECLARED, CLOSED, PUT_AWAY))
    assert told == [
        (1, [("H", 0, [made]), ("I", 0, [made, closed])]),
        (3, [("I", 2, [away])]),
    ]
    assert [position async for position, _ in store.chronicle(1)] == [3]


async def test_the_chronicle_gives_the_hash(store: Store) -> None:
    for n, fact in enumerate(EVERY_FACT):
        await store.commit(Commit({"I": (n, [fact])}))
        await store.commit(Commit())
    head = Head(0, "")
    async for position, written in store.chronicle():
        while head.position < position - 1:
            head = chained(head, [])
        head = chained(head, [list(stream) for stream in written])
    assert chained(head, []) == await store.head()


async def test_who_waits_for_a_commit_hears_of_the_newest(store: Store) -> None:
    waiting = asyncio.ensure_future(store.beyond(1))
    await store.commit(Commit())
    await asyncio.sleep(0)
    assert not waiting.done()
    await store.commit(Commit())
    assert await waiting == 2
    assert await store.beyond(0) == 2


async def test_a_parked_kind_is_passed_over_with_its_lane(store: Store) -> None:
    jobs = [job("a1", "a"), job("a2", "a", Kind.ANSWER), job("b", "b", Kind.TOPIC)]
    await store.commit(Commit(jobs=jobs))
    assert [j.key for j in await store.claim_jobs(9, LEASE, {Kind.CARD})] == ["b"]
    assert [j.key for j in await store.claim_jobs(9, LEASE)] == ["a1"]


async def test_renewed_leases_last(store: Store) -> None:
    await store.commit(Commit(jobs=[job("a", "a"), job("b", "b")]))
    held, lost = await store.claim_jobs(2, LEASE)
    await store.commit(Commit(finishes=[lost]))
    assert list(await store.renew([held, lost], LATER.until)) == [lost]
    assert not await store.claim_jobs(9, LATER)
    await store.commit(Commit(finishes=[held]))


async def test_a_lease_that_was_given_on_cannot_be_renewed(store: Store) -> None:
    await store.commit(Commit(jobs=[job("a")]))
    late = await claim(store)
    again = await claim(store, LATER)
    assert list(await store.renew([late], LATER.until)) == [late]
    assert not await store.renew([again], LATER.until)


async def test_when_the_next_job_can_be_claimed(store: Store) -> None:
    assert await store.next_due() is None
    late = replace(job("late", "c"), due=LATER.until)
    await store.commit(Commit(jobs=[job("a", "a"), job("a2", "a"), late]))
    assert await store.next_due() == T
    taken = await claim(store)
    assert await store.next_due() == LEASE.until
    await store.renew([taken], LATER.at + timedelta(seconds=1))
    assert await store.next_due() == LATER.at + timedelta(seconds=1)
    await store.commit(Commit(finishes=[taken]))
    assert await store.next_due() == T
    (second,) = await store.claim_jobs(9, LEASE)
    await store.commit(Commit(finishes=[second]))
    assert await store.next_due() == LATER.until


async def test_what_is_parked_is_not_next(store: Store) -> None:
    other = replace(job("b", "b", Kind.TOPIC), due=LATER.at)
    await store.commit(Commit(jobs=[job("a"), other]))
    assert not await store.claim_jobs(9, LEASE, {Kind.CARD})
    assert await store.next_due({Kind.CARD}) == LATER.at
    assert await store.next_due() == T


async def test_what_one_process_may_do_can_be_kept(store: Store) -> None:
    assert await store.hold("exports", LEASE)
    assert await store.hold("exports", LATER)


async def test_what_is_no_text_is_refused_and_changes_nothing(store: Store) -> None:
    broken = replace(DECLARED, title="half a \ud800 pair")
    with pytest.raises(TypeError, match="surrogates"):
        await store.commit(Commit({"I": (0, [broken])}, jobs=[job("a")]))
    assert await store.head() == Head(0, "")
    assert not await store.claim_jobs(9, LEASE)
    assert await store.commit(Commit({"I": (0, [DECLARED])})) == 1


async def test_facts_of_one_commit_are_fed_by_incident(store: Store) -> None:
    await store.commit(Commit({i: (0, [DECLARED]) for i in ("K", "J", "I")}))
    assert [i for _, i, _ in await store.feed()] == ["I", "J", "K"]


async def test_only_the_newest_shelved_is_fed(store: Store) -> None:
    await store.commit(Commit({"I": (0, [PUT_AWAY, JOINED, PUT_AWAY, TAKEN])}))
    assert [fact for _, _, fact in await store.feed()] == [PUT_AWAY, TAKEN]


async def test_what_is_parked_is_not_next_though_it_was_never_due(store: Store) -> None:
    await store.commit(Commit(jobs=[replace(job("a"), due=LATER.at)]))
    assert await store.next_due({Kind.CARD}) is None
    assert await store.next_due() == LATER.at

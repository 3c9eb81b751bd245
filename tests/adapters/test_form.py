"""What no store could keep is refused by all, before anything is judged."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.transcript import Message
from bot.ports import Commit, Store
from tests.adapters.test_store_contract import job
from tests.samples import DECLARED, T

ENDED = replace(job("a"), fence=7)
NO_COMMITS = {
    "a job finished twice": Commit(finishes=[ENDED, ENDED]),
    "a job finished and put back": Commit(finishes=[ENDED], jobs=[ENDED]),
    "a time of nowhere": Commit(jobs=[replace(job("a"), due=T.replace(tzinfo=None))]),
    "a number that is too big": Commit(jobs=[job("a", wanted=2**31)]),
    "nul in a key": Commit(claims={("channel", "C\0"): "I"}),
    "a key that no index holds": Commit(request_key="x" * 10_000),
    "a request key claimed": Commit(claims={("request", "r"): "I"}),
    "half a character in a key": Commit({"I\ud83d": (0, [DECLARED])}),
    "half a character in a text": Commit(messages=[Message("C1", "1.0", "UANA", "\ud83d")]),
    "an edit at no time": Commit(messages=[Message("C1", "1.0", "UANA", "x", edited="soon")]),
}


@pytest.mark.parametrize("commit", NO_COMMITS.values(), ids=NO_COMMITS)
async def test_what_is_no_commit_is_refused_and_harms_no_other(
    store: Store, commit: Commit
) -> None:
    good = store.commit(Commit({"J": (0, [DECLARED])}))
    refused, position = await asyncio.gather(store.commit(commit), good, return_exceptions=True)
    assert isinstance(refused, ValueError | TypeError)  # UnicodeEncodeError is one
    assert position == 1
    assert await store.commit(Commit()) == 2
    assert [i for _, i, _ in await store.feed()] == ["J"]
    assert await store.next_due() is None

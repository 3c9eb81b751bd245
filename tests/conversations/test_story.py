"""An incident's story as people find it: the file in the room, again, whatever Slack answers."""

import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.incident import replay
from tests.conversations import kept
from tests.conversations.stage import Json, Stage

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent / "golden" / "postmortem.md"


@pytest.fixture
async def stage(tmp_path: Path, database: str | None) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, database=database) as stage:
        await stage.start()
        yield stage


async def declared(stage: Stage, text: str = "checkout | is *down*") -> Json:
    """Declare and return the channel once its card is there."""
    answer = await stage.ana.types(f"declare {text}")
    assert answer["warning"] is None, answer

    async def with_card() -> Json | None:
        found = await stage.channel()
        return found if found and found["pins"] else None

    made: Json = await stage.until(with_card, "no card")
    return made


async def files(stage: Stage, channel: str) -> list[Json]:
    shown = await stage.get("messages", channel=channel)
    return [file for message in shown for file in message["files"]]


async def filed(stage: Stage, channel: str, count: int = 1) -> list[str]:
    """Return the texts of the files in a channel once there are so many."""

    async def there() -> list[Json] | None:
        found = await files(stage, channel)
        return found if len(found) >= count else None

    found = await stage.until(there, f"not {count} files")
    return [await text_of(stage, file) for file in found]


async def text_of(stage: Stage, file: Json, user: str = "UANA") -> str:
    place = f"{stage.sandbox.url}/control/file"
    async with stage.http.get(place, params={"user": user, "file": file["id"]}) as answer:
        return await answer.text()


def normalised(text: str) -> str:
    """Return the text without what is different each time: moments, addresses, the day."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text)
    text = re.sub(r"\| [\d hmins]+ \|", "| SPAN |", text)
    text = re.sub(r"INC-\d{8}", "INC-DAY", text)
    text = re.sub(r"inc-\d{8}", "inc-day", text)
    return re.sub(r"https?://[^)]*", "LINK", text)


async def exported(stage: Stage, count: str = "") -> Any:
    """Return the copy that is kept once it is there and says that."""

    async def there() -> Path | None:
        kept = list((stage.folder / "data" / "exports").glob("INC-*/postmortem.md"))
        return kept[0] if kept and count in kept[0].read_text() else None

    return await stage.until(there, "no copy is kept")


async def is_in_it(stage: Stage, person: str) -> bool:
    """Say whether the bot knows that somebody came into the only incident's channel."""
    told = [replay(id, facts) for id, facts in (await kept.facts(stage)).items()]
    return any(person in incident.people for incident in told)


async def test_a_whole_incident_is_told_as_a_file(stage: Stage) -> None:
    made = await declared(stage)
    id = made["name"][:16].upper()
    await stage.bo.types(f"ack {id}")
    await stage.bo.types(f"sev P0 {id}")
    await stage.until(partial(is_in_it, stage, "UCY"), "who is on call is not in it")
    await stage.ana.types("resolve now", made["id"])
    (text,) = await filed(stage, made["id"])
    assert normalised(text) == GOLDEN.read_text()
    (file,) = await files(stage, made["id"])
    assert file["title"].startswith("Post-mortem of INC-")
    copy = await exported(stage)
    assert copy.read_text().startswith(text)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not [line for line in stage.logged() if line["level"] == "error"]


async def test_resolved_twice_it_has_two_files_and_the_copy_is_the_newer(stage: Stage) -> None:
    made = await declared(stage)
    await stage.ana.types("resolve now", made["id"])
    await filed(stage, made["id"])
    await stage.ana.types("reopen", made["id"])
    await stage.ana.types("resolve now", made["id"])
    first, second = await filed(stage, made["id"], 2)
    assert "reopened it" in second
    assert "reopened it" not in first
    await exported(stage, "reopened it")
    await stage.settled()
    assert len(await files(stage, made["id"])) == 2


@pytest.mark.parametrize(
    ("method", "kind", "when"),
    [
        ("files.completeUploadExternal", "http_500", "after"),
        ("files.completeUploadExternal", "http_500", "before"),
        ("files.completeUploadExternal", "ratelimited", "before"),
        ("upload", "drop", "after"),
    ],
)
async def test_whatever_is_lost_while_uploading_there_is_one_file(
    stage: Stage, method: str, kind: str, when: str
) -> None:
    made = await declared(stage)
    await stage.post("faults", method=method, kind=kind, when=when, times=1, retry_after=1)
    await stage.ana.types("resolve now", made["id"])
    await filed(stage, made["id"])
    await stage.settled()
    assert len(await files(stage, made["id"])) == 1


async def test_killed_while_uploading_there_is_one_file(stage: Stage) -> None:
    made = await declared(stage)
    await stage.post(
        "faults", method="files.completeUploadExternal", kind="hold", when="after", times=1
    )
    await stage.ana.types("resolve now", made["id"])
    await filed(stage, made["id"])
    await stage.kill()
    await stage.let_go()
    await stage.start()
    await stage.settled()
    assert len(await files(stage, made["id"])) == 1


async def test_a_private_story_is_nowhere_else(stage: Stage) -> None:
    await stage.ana.types("declare")
    await stage.ana.submits(title={"title": "a leak"}, private={"private": ["private"]})

    async def opened() -> Json | None:
        found = await stage.channel()
        return found if found and found["pins"] else None

    made = await stage.until(opened, "no card")
    await stage.ana.types("resolve now", made["id"])
    (text,) = await filed(stage, made["id"])
    assert "**Private.**" in text
    await stage.settled()
    everywhere = [c["id"] for c in (await stage.get("state"))["channels"] if c["id"] != made["id"]]
    for channel in everywhere:
        assert await files(stage, channel) == []
        assert "a leak" not in str(await stage.eve.sees(channel))
    kept = await exported(stage)
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)

"""What the bot says to everybody, by what it is; what each channel should hold, and once."""

from collections import Counter
from collections.abc import Sequence

from tests.conversations.stage import Json, Stage

FILE = "file"  # no mark can be put on one


def job(message: Json) -> str:
    """Return which job posted it."""
    return str((message["metadata"] or {}).get("event_payload", {}).get("job", ""))


def kind(message: Json) -> str:
    """Return what it is: the job without its incident and number; of a thread's reply, too."""
    if message["subtype"] == "file_share":
        return FILE
    parts = [part for part in job(message).split("/")[1:] if not part.isdigit()]
    return "/".join(parts) or f"without a mark: {message['text']}"


def about(message: Json) -> tuple[str, str]:
    """Return which incident it is about, and what it is."""
    return job(message).split("/", 1)[0], kind(message)


def ours(messages: Sequence[Json]) -> list[Json]:
    """Return what the bot said to everybody there; what Slack notes of its doings is not said."""
    told = [m for m in messages if m["bot_id"] and not m["ephemeral"]]
    return [m for m in told if m["subtype"] in {None, "bot_message", "file_share"}]


def kinds(messages: Sequence[Json]) -> Counter[str]:
    """Count what the bot said to everybody there, by what it is."""
    return Counter(kind(message) for message in ours(messages))


async def said(stage: Stage, channel: str) -> Counter[str]:
    """Count what the bot said in a channel to everybody, by what it is."""
    return kinds(await stage.get("messages", channel=channel))

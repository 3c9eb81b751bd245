"""What people wrote, as it stands now: the last edit wins, a deletion wins over all."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Message:
    """A message, known by its channel and ts; redacted before it comes here.

    `ts`, `thread`, `edited` and `deleted` are Slack timestamps ("seconds.micros"); "" is never.
    """

    channel: str
    ts: str
    author: str
    text: str
    thread: str = ""
    edited: str = ""
    deleted: str = ""
    deleted_by: str = ""


def merged(held: Message | None, told: Message) -> Message:
    """Return the message after hearing of it, in whatever order the news came."""
    both = (told, held or told)
    newest = max(both, key=_age)
    gone = next((m for m in both if m.deleted), newest)
    return replace(
        newest,
        author=next((m.author for m in both if m.author), ""),
        thread=next((m.thread for m in both if m.thread), ""),
        text="" if gone.deleted else newest.text,
        deleted=gone.deleted,
        deleted_by=gone.deleted_by,
    )


def _age(message: Message) -> tuple[int, int]:
    seconds, _, micros = (message.edited or "0").partition(".")
    return int(seconds), int(micros or 0)

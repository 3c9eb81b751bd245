"""What people wrote, as it stands now: the last edit wins, a deletion wins over all."""

from dataclasses import dataclass, replace

from .redaction import redacted


@dataclass(frozen=True, slots=True)
class Message:
    """A message, known by its channel and ts; redacted before it comes here.

    `ts`, `thread`, `edited` and `deleted` are Slack timestamps ("seconds.micros"); "" is never.
    `app` is what an app that said it is called; `files` are the names of what came with it.
    """

    channel: str
    ts: str
    author: str
    text: str
    thread: str = ""
    edited: str = ""
    deleted: str = ""
    deleted_by: str = ""
    app: str = ""
    files: tuple[str, ...] = ()


def merged(held: Message | None, told: Message) -> Message:
    """Return the message after hearing of it, in whatever order the news came."""
    both = (told, held or told)
    newest = max(both, key=lambda message: moment(message.edited))
    gone = next((m for m in both if m.deleted), newest)
    return replace(
        newest,
        author=next((m.author for m in both if m.author), ""),
        app=next((m.app for m in both if m.app), ""),
        thread=next((m.thread for m in both if m.thread), ""),
        text="" if gone.deleted else newest.text,
        files=() if gone.deleted else newest.files,
        deleted=gone.deleted,
        deleted_by=gone.deleted_by,
    )


def fit_to_keep(message: Message) -> tuple[Message, frozenset[str]]:
    """Return the message without secrets, and the kinds of those there were."""
    text, *files = (redacted(said) for said in (message.text, *message.files))
    kinds = text.kinds.union(*(file.kinds for file in files))
    return replace(message, text=text.text, files=tuple(f.text for f in files)), kinds


def erased(message: Message, at: str, by: str) -> Message:
    """Return the news that a message is gone: who said it and when is all that stays."""
    return Message(message.channel, message.ts, "", "", deleted=at, deleted_by=by)


def moment(ts: str) -> tuple[int, int]:
    """Return a Slack timestamp as what can be compared; "" is before all others."""
    seconds, _, micros = (ts or "0").partition(".")
    return int(seconds), int(micros or 0)

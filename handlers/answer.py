"""The one place that knows how each kind of payload is answered."""

from slack_bolt import BoltResponse

from bot.domain.jobs import Reply
from bot.ports import Words

from .desk import Desk
from .payloads import Kind, Payload, channel, kind, person, request_key, thread


async def answer(
    desk: Desk, payload: Payload, words: Words, *, about: str | None = None, failed: bool = False
) -> BoltResponse:
    """Say it to the person: in the acknowledgement if that can carry it, else by a job.

    `about` names the field of a form that the words are about, to be said beside it. Words that
    it `failed` do not stand in the way of the answer when Slack sends the payload again.
    """
    match kind(payload):
        case Kind.COMMAND:
            return _json({"response_type": "ephemeral", **words})
        case Kind.VIEW if about in (payload["view"].get("state") or {}).get("values", {}):
            return _json({"response_action": "errors", "errors": {about: words["text"]}})
        case Kind.VIEW:  # on top of the form, so that what was typed is still there
            notice = desk.wording.modal("notice", text=words["text"])
            return _json({"response_action": "push", "view": notice})
        case Kind.CLICK | Kind.HOME | Kind.MESSAGE_SHORTCUT | Kind.GLOBAL_SHORTCUT | Kind.EVENT:
            return await later(desk, payload, words, failed=failed)


async def later(
    desk: Desk, payload: Payload, words: Words, *, failed: bool = False
) -> BoltResponse:
    """Acknowledge in silence, and owe the person the words."""
    reply = Reply(person(payload), channel(payload), words, thread(payload))
    key = request_key(payload)
    await desk.incidents.owe_answer(reply, f"{key}/failed" if failed else key)
    return done()


def done() -> BoltResponse:
    """Acknowledge: what was asked is kept. A form closes."""
    return BoltResponse(status=200, body="")


def _json(body: dict[str, object]) -> BoltResponse:
    return BoltResponse(status=200, body=body)

"""What a person reads when something did not work."""

import uuid
from functools import partial

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltContext, AsyncBoltRequest

from bot.domain.errors import Refused
from bot.ports import Unavailable, Words
from bot.render import Wording

from .answer import answer
from .desk import Desk
from .door import Closed, Door
from .payloads import Kind, Payload, kind, overheard

log = structlog.get_logger()


def said(wording: Wording, error: Exception) -> Words:
    """Return a refusal as it stands; name our own bug by a reference that is in the log."""
    match error:
        case Refused():
            return wording.refusal(error)
        case Unavailable():
            return wording.message("unsaved", reason=str(error))
        case TimeoutError():
            return wording.message("unconfirmed")
        case Closed():
            return wording.message("restarting")
        case _:
            reference = uuid.uuid4().hex[:8]
            log.error("listener failed", exc_info=error, reference=reference)
            return wording.message("crash", reference=reference)


async def explain(
    desk: Desk, error: Exception, body: Payload, context: AsyncBoltContext
) -> BoltResponse | None:
    """Answer the person; have Slack send an event again that we failed to keep."""
    if context.authorize_result is None:
        return None  # not known to be from Slack: Bolt's own 500 stands
    if overheard(body):  # nobody asked for anything
        said(desk.wording, error)
        return None
    refused = error if isinstance(error, Refused) else None
    words, about = said(desk.wording, error), refused.about if refused else None
    try:
        answered = await answer(desk, body, words, about=about, failed=not refused)
    except (Unavailable, TimeoutError):
        return None  # the answer cannot be kept either: Slack shows its own warning
    again = kind(body) is Kind.EVENT and not refused
    return None if again else answered


async def too_late(desk: Desk, request: AsyncBoltRequest) -> BoltResponse | None:
    """Answer before Slack gives up, if the acknowledgement can carry the words."""
    if request.context.authorize_result is None:
        return None
    if kind(request.body) not in {Kind.COMMAND, Kind.VIEW}:
        return None
    return await answer(desk, request.body, said(desk.wording, TimeoutError()))


def register(app: Door, desk: Desk) -> None:
    """Bind the last word."""
    app.error(partial(explain, desk))
    app.late = partial(too_late, desk)

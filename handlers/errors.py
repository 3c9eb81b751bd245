"""What a person reads when something did not work."""

import uuid
from functools import partial

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.domain.errors import Refused
from bot.ports import Unavailable, Words
from bot.render import Wording

from .answer import answer
from .desk import Desk
from .payloads import Kind, Payload, kind

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
    about = error.about if isinstance(error, Refused) else None
    try:
        answered = await answer(desk, body, said(desk.wording, error), about=about)
    except (Unavailable, TimeoutError):
        return None  # the answer cannot be kept either: Slack shows its own warning
    again = kind(body) is Kind.EVENT and not isinstance(error, Refused)
    return None if again else answered


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the last word."""
    app.error(partial(explain, desk))

"""The door on this machine, for when Slack cannot be reached: docs/local.md has its protocol."""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import structlog
from aiohttp import web
from pydantic import ValidationError

from bot.domain.errors import Refused
from bot.ports import Telemetry, Unavailable
from bot.render import Wording
from handlers.desk import Desk
from handlers.errors import said
from handlers.payloads import readable

from .asking import Answer, Outcome, Request, Vouched, answered
from .peer import named, number
from .text import terminal

log = structlog.get_logger()

PATH = "/v1/requests"
PROGRAM = "responder"
PATIENCE = 5.0  # seconds, for one request
STATUSES = {Outcome.DONE: 200, Outcome.REFUSED: 409, Outcome.UNSAVED: 503, Outcome.UNKNOWN: 500}

NAMES = ThreadPoolExecutor(1, "names-of-users")  # looking one up may take a while

STRANGER = (
    "I do not know who the user `{quote}` of this machine is in Slack. Nothing was done. Put the "
    "user with their Slack member ID under `local: people:` in my configuration file, and send "
    "me SIGHUP."
)

MALFORMED = "That is no request (`{quote}`): docs/local.md says what one is. Nothing was done."


def application(
    desk: Desk, people: Callable[[], Mapping[str, str]], telemetry: Telemetry
) -> web.Application:
    """Return every route; `people` says who the users of this machine are in Slack."""
    here = replace(desk, rules=Vouched(desk.rules), wording=Wording(PROGRAM))

    async def request(request: web.Request) -> web.Response:
        began = time.perf_counter()
        answer = await _answer(here, request, people())
        telemetry.handled("local", answer.outcome, time.perf_counter() - began)
        told = {"outcome": answer.outcome, "text": answer.text}
        return web.json_response(told, status=STATUSES[answer.outcome])

    app = web.Application()
    app.router.add_post(PATH, request)
    return app


async def _answer(desk: Desk, request: web.Request, people: Mapping[str, str]) -> Answer:
    """Answer whatever happens, as the user whom the kernel names."""
    names = {person: name for name, person in people.items()}
    try:
        async with asyncio.timeout(PATIENCE):
            person = await _person(request, people)
            answer = await answered(desk, await _read(request), person, names)
    except Exception as error:
        answer = Answer(_outcome(error), terminal(said(desk.wording, error), names))
    log.info("local request", user=number(request), outcome=answer.outcome)
    return answer


async def _person(request: web.Request, people: Mapping[str, str]) -> str:
    loop = asyncio.get_running_loop()
    user = await loop.run_in_executor(NAMES, named, number(request))
    person = user.person(people)
    if person is None:
        raise Refused(STRANGER, quote=user.name)
    return person


async def _read(request: web.Request) -> Request:
    try:
        return Request.model_validate(readable(await request.json()))
    except web.HTTPRequestEntityTooLarge:
        raise Refused("That is too long. Nothing was done.") from None
    except ValidationError as error:
        mistakes = error.errors(include_input=False, include_url=False)
        wrong = "; ".join(f"{'.'.join(map(str, m['loc']))}: {m['msg']}" for m in mistakes)
    except ValueError:
        wrong = "not JSON"
    raise Refused(MALFORMED, quote=wrong)


def _outcome(error: Exception) -> Outcome:
    match error:
        case Refused():
            return Outcome.REFUSED
        case Unavailable():
            return Outcome.UNSAVED
        case _:
            return Outcome.UNKNOWN

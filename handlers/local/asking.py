"""What is asked for on this machine, and what comes of it: the same grammar, the same desk."""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.authority import Authority, Source
from bot.domain.errors import Refused
from bot.domain.names import incident_id_in
from bot.domain.policy import Policy
from bot.ports import Rules, Words
from handlers.declaring import declare, typed
from handlers.desk import Desk
from handlers.dialog import fitting, respond
from handlers.grammar import Asked, Parsed, parse
from handlers.payloads import Payload, request_key
from handlers.verbs import VERBS

from .text import inert, terminal

LONGEST = 40_000  # characters, as in a message in Slack


class Outcome(enum.StrEnum):
    """What came of a request."""

    DONE = "done"
    REFUSED = "refused"
    UNSAVED = "unsaved"
    UNKNOWN = "unknown"


class Request(BaseModel):
    """What somebody asks for; the same key again is the same request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verb: Annotated[str, Field(min_length=1, max_length=40)]
    incident: str | None = None
    text: Annotated[str, Field(max_length=LONGEST)] = ""
    private: bool = False
    key: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,64}$")] = Field(
        default_factory=lambda: uuid.uuid4().hex
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it, and what the person reads."""

    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """The Rules, for people whom this machine vouches for."""

    rules: Rules

    def policy(self) -> Policy:
        """Return the policy in force."""
        return self.rules.policy()

    def authority(self, person: str) -> Authority:
        """Return the person with their groups."""
        return replace(self.rules.authority(person), source=Source.LOCAL)


async def answered(desk: Desk, request: Request, person: str, names: Mapping[str, str]) -> Answer:
    """Do what is asked for, and say it in text. Raises what `respond` does."""
    body = _as_command(request, person)
    parsed = _understood(request)
    if request.private:
        words = await _declare_private(desk, parsed, body)
    elif isinstance(parsed, Asked) and VERBS[parsed.verb].about and not parsed.incident:
        found = await _only_one(desk, parsed, body)
        if isinstance(found, Answer):
            return found
        words = await respond(desk, found, body)
    else:
        words = await respond(desk, parsed, body)
    outcome = Outcome.DONE if isinstance(parsed, Asked) else Outcome.REFUSED
    return Answer(outcome, terminal(words, names))


def _as_command(request: Request, person: str) -> Payload:
    """Return the slash command that the request stands for, typed in no channel."""
    trigger = f"local/{person}/{request.key}"
    return {"command": "", "user_id": person, "channel_id": "", "trigger_id": trigger}


def _understood(request: Request) -> Parsed:
    verb, text = request.verb.lower(), request.text.strip()
    incident = incident_id_in(request.incident or "")
    if request.incident and not incident:
        example = "`{quote}` is no incident's ID; one is `INC-20260115-001`."
        raise Refused(example, quote=request.incident)
    if verb in VERBS:
        return Asked(verb, incident, text)
    return parse(" ".join(filter(None, (verb, incident, text))))


async def _declare_private(desk: Desk, parsed: Parsed, body: Payload) -> Words:
    match parsed:
        case Asked("declare"):
            command = typed(desk, desk.authority(body), parsed.rest)
            return await declare(desk, replace(command, private=True), request_key(body))
        case _:
            raise Refused("Only `/incident declare` takes `--private`. Nothing was done.")


async def _only_one(desk: Desk, asked: Asked, body: Payload) -> Asked | Answer:
    """Return the request with its incident: that of the same request before, or the only one."""
    by = desk.authority(body)
    if spent_on := await desk.incidents.spent_on(request_key(body)):
        return replace(asked, incident=spent_on)
    found = await fitting(desk, asked.verb, by)
    if len(found) == 1:
        return replace(asked, incident=found[0].id)
    if found:
        told = desk.wording.report("local", state="which", verb=asked.verb, incidents=found)
    else:
        told = terminal(desk.wording.message("nothing_to", verb=asked.verb), {})
    return Answer(Outcome.REFUSED, inert(told))

"""Structured logs: one JSON object a line, from our code and from libraries, secrets removed."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import TextIO

import orjson
import structlog

SECRETS = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|https?://hooks\.slack\.com/\S+|(?<=ticket=)[\w-]+"
    r"|(?<=://)[^\s/@]+:[^\s/@]+(?=@)"
)
HIDDEN = "(removed)"

# These print payloads when they explain themselves; what they warn of is told in our words.
TALKATIVE = {
    "slack_sdk": logging.ERROR,
    "slack_bolt": logging.ERROR,
    "aiohttp.access": logging.ERROR,
    "psycopg": logging.ERROR,
}

Event = MutableMapping[str, object]


def configure(out: TextIO = sys.stdout) -> None:
    """Send everything that is logged to one stream."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_messages,
        without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name, level in TALKATIVE.items():
        logging.getLogger(name).setLevel(level)


def without_messages(_: object, __: str, event: Event) -> Event:
    """Tell of an exception what broke and where: its message may quote what somebody typed."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    error = error[1] if isinstance(error, tuple) else error
    chain = []
    while isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        chain.append({"type": type(error).__name__, "at": places})
        error = error.__cause__ or error.__context__
    if chain:
        event["exception"] = chain
    return event


def without_secrets(_: object, __: str, event: Event) -> Event:
    """Remove what would let a reader of the log act as us."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = SECRETS.sub(HIDDEN, value)
    return event


def _json(event: object, **_: object) -> str:
    return orjson.dumps(event, default=str).decode()

"""What is written into an incident for ever holds no secret that somebody typed into it."""

from dataclasses import fields, replace
from typing import Any

from .commands import Command
from .redaction import redacted

WORDS = frozenset(
    {"text", "impact", "reason", "brief", "root_cause", "immediate_fix", "permanent_fix"}
)


def discreet(command: Command) -> Command:
    """Return the command with each secret in its words replaced by its kind."""
    said = {f.name: getattr(command, f.name) for f in fields(command) if f.name in WORDS}
    told: dict[str, Any] = {name: redacted(words).text for name, words in said.items() if words}
    return replace(command, **told) if told else command

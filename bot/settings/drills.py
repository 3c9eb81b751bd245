"""What a team configures of drills."""

from typing import Annotated

from pydantic import Field

from .fields import Model


class DrillRules(Model):
    """Whether incidents may be practised, what runs a practice production, and for how long."""

    enabled: bool = True
    command: Annotated[
        tuple[str, ...], Field(description="without one, the production that comes with the bot")
    ] = ()
    hours: Annotated[int, Field(ge=1, le=24)] = 4

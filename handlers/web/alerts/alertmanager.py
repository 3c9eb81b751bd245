"""Alertmanager's webhook, version 4."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from bot.domain.alerts import Group

from . import values
from .mistakes import malformed
from .notifications import AlertTold, Notification

SOURCE = "alertmanager"


class Webhook(Notification):
    """The whole payload."""

    version: Literal["4"]
    alerts: Annotated[Sequence[AlertTold], Field(min_length=1)]


def groups(body: object, at: datetime) -> Sequence[Group]:
    """Return what was told, as of then. Raises Malformed."""
    try:
        told = Webhook.model_validate(body)
    except ValidationError as error:
        raise malformed(error) from None
    alerts = [alert.alert(at, values.link(alert.generator_url)) for alert in told.alerts]
    return [told.group(SOURCE, alerts)]

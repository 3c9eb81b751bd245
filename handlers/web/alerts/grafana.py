"""Grafana's webhook of its unified alerting, version 1."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from bot.domain.alerts import Group

from . import values
from .mistakes import malformed
from .notifications import AlertTold, Notification

SOURCE = "grafana"


class GrafanaAlert(AlertTold):
    """One alert, with where it is drawn. Old versions tell its values as text only."""

    values: Mapping[str, float | None] | None = None
    value_string: Annotated[str, Field(alias="valueString")] = ""
    silence_url: Annotated[str, Field(alias="silenceURL")] = ""
    dashboard_url: Annotated[str, Field(alias="dashboardURL")] = ""
    panel_url: Annotated[str, Field(alias="panelURL")] = ""
    image_url: Annotated[str, Field(alias="imageURL")] = ""


class Webhook(Notification):
    """The whole payload."""

    version: Literal["1"]
    org_id: Annotated[int, Field(alias="orgId")]
    title: str = ""
    state: str = ""
    message: str = ""
    alerts: Annotated[Sequence[GrafanaAlert], Field(min_length=1)]


def groups(body: object, at: datetime) -> Sequence[Group]:
    """Return what was told, as of then. Raises Malformed."""
    try:
        told = Webhook.model_validate(body)
    except ValidationError as error:
        raise malformed(error) from None
    return [told.group(SOURCE, [alert.alert(at, _link(alert)) for alert in told.alerts])]


def _link(told: GrafanaAlert) -> str | None:
    """Return where the alert is seen best: its panel, else its dashboard, else its rule."""
    return values.link(told.panel_url, told.dashboard_url, told.generator_url)

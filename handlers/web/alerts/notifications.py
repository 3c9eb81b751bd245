"""What Alertmanager and Grafana tell alike: one notification of one group of alerts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.alerts import Alert, Group

from . import values
from .values import Count, Moment

State = Literal["firing", "resolved"]
Words = Mapping[str, str]


class Told(BaseModel):
    """A part of a payload; what is not named in it may be there, and is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class AlertTold(Told):
    """One alert. A firing one ends at the zero of time."""

    status: State
    labels: Words
    annotations: Words
    starts_at: Annotated[Moment, Field(alias="startsAt")]
    ends_at: Annotated[Moment, Field(alias="endsAt")]
    generator_url: Annotated[str, Field(alias="generatorURL")] = ""
    fingerprint: str = ""

    def alert(self, at: datetime, link: str | None) -> Alert:
        """Return it as of then."""
        began = self.starts_at or at
        known_by = values.key(self.fingerprint or values.fingerprint(self.labels))
        notes = self.annotations
        description = notes.get("description") or notes.get("message") or ""
        return Alert(
            known_by,
            values.fit(self.labels.get("alertname") or known_by, values.NAME),
            began,
            None if self.status == "firing" else max(began, self.ends_at or at),
            values.labels(self.labels.items()),
            values.fit(notes.get("summary") or notes.get("title") or "", values.SUMMARY),
            values.fit(description, values.DESCRIPTION),
            link,
        )


class Notification(Told):
    """What is posted. The common labels are those that all alerts of the group share."""

    receiver: str
    status: State
    group_labels: Annotated[Words, Field(alias="groupLabels")]
    common_labels: Annotated[Words, Field(alias="commonLabels")]
    common_annotations: Annotated[Words, Field(alias="commonAnnotations")]
    external_url: Annotated[str, Field(alias="externalURL")]
    group_key: Annotated[str, Field(alias="groupKey", min_length=1)]
    truncated_alerts: Annotated[Count, Field(alias="truncatedAlerts")] = 0

    def group(self, source: str, alerts: Sequence[Alert]) -> Group:
        """Return the group; what it says twice of an alert counts as it was said last."""
        return Group(
            source,
            values.key(self.group_key),
            tuple({alert.fingerprint: alert for alert in alerts}.values()),
            values.labels(self.common_labels.items()),
            values.link(self.external_url),
            self.truncated_alerts,
        )

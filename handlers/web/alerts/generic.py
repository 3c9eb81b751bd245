"""A body of any form, read as the configuration says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.domain.alerts import Alert, Fields, Group

from . import values
from .mistakes import Malformed, Mistake, pointer

SOURCE = "generic"
MILLISECONDS = 100_000_000_000  # a number of seconds as large as this is one of milliseconds


class Reader:
    """Reads one alert, and notes what is wrong in it."""

    def __init__(self, told: object, above: Sequence[object], fields: Fields) -> None:
        self._told = told
        self._above = above
        self._fields = fields
        self.mistakes: list[Mistake] = []

    def alert(self, at: datetime) -> tuple[str, Alert]:
        """Return the group that it says it is of, and the alert as of then."""
        fields = self._fields
        known_by = values.key(self._text(fields.fingerprint, needed=True))
        name = values.fit(self._text(fields.name, needed=True), values.NAME)
        resolved = self._text(fields.status).strip().lower() in fields.resolved
        began = self._moment(fields.started_at) or at
        ended = self._moment(fields.ended_at) or at
        alert = Alert(
            known_by,
            name,
            began,
            max(began, ended) if resolved else None,
            self._labels(name),
            values.fit(self._text(fields.summary), values.SUMMARY),
            values.fit(self._text(fields.description), values.DESCRIPTION),
            values.link(self._text(fields.link)),
        )
        return values.key(self._text(fields.group)) or known_by, alert

    def _labels(self, name: str) -> Mapping[str, str]:
        """Return its labels; those that are mapped count more than its own of those names."""
        path = self._fields.labels
        told = _at(self._told, path)
        own = dict[str, str]()
        if isinstance(told, Mapping):
            own = {str(n): self._word(v, (*_steps(path), n)) for n, v in told.items()}
        elif told is not None:
            self._wrong(_steps(path), "is no object")
        service, severity = self._text(self._fields.service), self._text(self._fields.severity)
        mapped = {"alertname": name, "service": service, "severity": severity}
        said = {**own, **{label: value for label, value in mapped.items() if value}}
        return values.labels((label, value) for label, value in said.items() if value)

    def _text(self, path: str, *, needed: bool = False) -> str:
        told = _at(self._told, path)
        if needed and (told is None or not str(told).strip()):
            self._wrong(_steps(path), "is missing or empty")
        return self._word(told, _steps(path))

    def _word(self, value: object, steps: Sequence[object]) -> str:
        match value:
            case None:
                return ""
            case bool():
                return "true" if value else "false"
            case str() | int() | float():
                return str(value)
            case _:
                self._wrong(steps, "is no text")
                return ""

    def _moment(self, path: str) -> datetime | None:
        told = _at(self._told, path)
        try:
            return _moment(told)
        except ValueError as error:
            self._wrong(_steps(path), str(error))
            return None

    def _wrong(self, steps: Sequence[object], what: str) -> None:
        self.mistakes.append(Mistake(pointer([*self._above, *steps]), what))


def groups(body: object, at: datetime, fields: Fields) -> Sequence[Group]:
    """Return what was told, as of then. Raises Malformed."""
    found, mistakes = dict[str, dict[str, Alert]](), list[Mistake]()
    for above, told in _alerts(body, fields.alerts):
        reader = Reader(told, above, fields)
        key, alert = reader.alert(at)
        mistakes += reader.mistakes
        found.setdefault(key, {})[alert.fingerprint] = alert
    if mistakes:
        raise Malformed(mistakes)
    return [_group(key, tuple(alerts.values())) for key, alerts in found.items()]


def _group(key: str, alerts: Sequence[Alert]) -> Group:
    links = [alert.link for alert in alerts if alert.link]
    return Group(SOURCE, key, tuple(alerts), values.shared(alerts), links[0] if links else None)


def _alerts(body: object, path: str) -> Iterator[tuple[Sequence[object], object]]:
    """Yield every alert, and where it stands."""
    told, above = _at(body, path) if path else body, _steps(path)
    each = list(enumerate(told)) if isinstance(told, list) else None
    if each == [] or not (each or isinstance(told, Mapping)):
        raise Malformed([Mistake(pointer(above), "is neither an alert nor a list of alerts")])
    if each is None:
        yield above, told
        return
    wrong = [n for n, one in each if not isinstance(one, Mapping)]
    if wrong:
        raise Malformed([Mistake(pointer([*above, n]), "is no object") for n in wrong])
    yield from (((*above, n), one) for n, one in each)


def _steps(path: str) -> Sequence[str]:
    if path.startswith("/"):
        return [s.replace("~1", "/").replace("~0", "~") for s in path[1:].split("/")]
    return path.split(".") if path else []


def _at(value: object, path: str) -> object:
    """Return what stands at a path, None if nothing does."""
    found: object = value if path else None
    for step in _steps(path):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and re.fullmatch(r"[0-9]{1,6}", step):
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def _moment(told: object) -> datetime | None:
    """Read a time as text, UTC if it does not say, or as Unix time in seconds or milliseconds."""
    if isinstance(told, int | float) and not isinstance(told, bool):
        try:
            seconds = told / 1000 if abs(told) >= MILLISECONDS else told
            told = datetime.fromtimestamp(seconds, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            raise ValueError("is no time of this century") from None
    if isinstance(told, str) and re.fullmatch(r"[^T ]+[T ][0-9:.,]+", told):
        told = f"{told}Z"
    return values.moment(told)

"""How a Kubernetes API says no: Status objects, in its own words."""

from dataclasses import dataclass, field

from sandbox.wire import Json

REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    410: "Expired",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
}
CHANGED = (
    "the object has been modified; please apply your changes to the latest version and try again"
)


@dataclass
class Refused(Exception):
    """An answer other than success, as a Status object tells it."""

    code: int
    message: str
    reason: str = ""
    details: Json = field(default_factory=dict)

    def status(self) -> Json:
        """Return the Status object."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason or REASONS[self.code],
            **({"details": self.details} if self.details else {}),
            "code": self.code,
        }


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong with an object, and where."""

    path: str
    message: str
    reason: str = "FieldValueInvalid"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def required(path: str, words: str = "") -> Cause:
    """Return the cause for a field that must be there."""
    said = "Required value" + (f": {words}" if words else "")
    return Cause(path, said, "FieldValueRequired")


def bad_value(path: str, value: object, words: str) -> Cause:
    """Return the cause for a field whose value will not do."""
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return Cause(path, f"Invalid value: {shown}: {words}")


def unsupported(path: str, value: str, allowed: list[str]) -> Cause:
    """Return the cause for a value that is none of those allowed."""
    shown = ", ".join(f'"{one}"' for one in allowed)
    words = f'Unsupported value: "{value}": supported values: {shown}'
    return Cause(path, words, "FieldValueNotSupported")


def _named(group: str, kind: str, name: str) -> Json:
    told = {"name": name, "group": group, "kind": kind}
    return {key: value for key, value in told.items() if value}


def qualified(group: str, plural: str) -> str:
    """Return a resource's or a kind's name with its group, as messages tell it."""
    return f"{plural}.{group}" if group else plural


def not_found(group: str, plural: str, name: str) -> Refused:
    """Refuse what names an object that is not there."""
    words = f'{qualified(group, plural)} "{name}" not found'
    return Refused(404, words, details=_named(group, plural, name))


def already_exists(group: str, plural: str, name: str) -> Refused:
    """Refuse to create what is there already."""
    words = f'{qualified(group, plural)} "{name}" already exists'
    return Refused(409, words, "AlreadyExists", _named(group, plural, name))


def conflict(group: str, plural: str, name: str, why: str = CHANGED) -> Refused:
    """Refuse to overwrite what changed meanwhile."""
    words = f'Operation cannot be fulfilled on {qualified(group, plural)} "{name}": {why}'
    return Refused(409, words, details=_named(group, plural, name))


def invalid(group: str, kind: str, name: str, causes: list[Cause]) -> Refused:
    """Refuse an object for what is wrong with it."""
    told = [str(cause) for cause in causes]
    said = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
    listed = [
        {"reason": cause.reason, "message": cause.message, "field": cause.path} for cause in causes
    ]
    details = {**_named(group, kind, name), "causes": listed}
    words = f'{qualified(group, kind)} "{name}" is invalid: {said}'
    return Refused(422, words, details=details)


def forbidden(group: str, plural: str, name: str, why: str) -> Refused:
    """Refuse what the caller may not do."""
    what = qualified(group, plural) + (f' "{name}"' if name else "")
    details = _named(group, plural, name)
    return Refused(403, f"{what} is forbidden: {why}", details=details)

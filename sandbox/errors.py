"""The two ways the sandbox says no: to the app in Slack's words, to the tester in plain ones."""

from collections.abc import Sequence

from sandbox.wire import Json

BAD_REQUEST = 400
FORBIDDEN = 403
NOT_FOUND = 404
UNSUPPORTED = 415
TOO_MANY = 429


class SlackError(Exception):
    """Refuse a Web API call with Slack's error code."""

    def __init__(self, code: str, messages: Sequence[str] = (), **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self._fields = fields

    def reply(self) -> Json:
        """Return the body Slack would answer with."""
        body: Json = {"ok": False, "error": self.code, **self._fields}
        if self.messages:
            shown = [f"[ERROR] {message}" for message in self.messages]
            body["response_metadata"] = {"messages": shown}
        return body


class RateLimited(SlackError):
    """Refuse a call that came too soon."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class ControlError(Exception):
    """Refuse a request to the control API."""

    def __init__(self, words: str, detail: object = "", *, status: int = BAD_REQUEST) -> None:
        super().__init__(f"{words}: {detail}" if detail != "" else words)
        self.status = status


def missing(field: str) -> SlackError:
    """Return the refusal of a call that lacks an argument."""
    return SlackError("invalid_arguments", [f"missing required field: {field}"])

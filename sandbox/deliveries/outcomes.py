"""What a person sees once the app has acknowledged their interaction, or has not."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.blocks.checking import view_definition
from sandbox.deliveries.courier import Courier, Delivery
from sandbox.deliveries.offers import offer
from sandbox.deliveries.response_urls import ResponseUrls
from sandbox.deliveries.transport import TIMED_OUT, Answer
from sandbox.errors import SlackError
from sandbox.happenings import modals
from sandbox.records import View
from sandbox.wire import Json
from sandbox.workspace import Workspace

TROUBLE = "trouble connecting"
BAD_COMMAND_ANSWER = "invalid_command_response"


@dataclass(slots=True)
class Outcome:
    """The trouble a person was shown, and why."""

    warning: str | None = None
    problems: list[str] = field(default_factory=list)


class Outcomes:
    """Deliver interactions and show people what comes back."""

    def __init__(
        self, workspace: Workspace, courier: Courier, response_urls: ResponseUrls
    ) -> None:
        self._workspace = workspace
        self._courier = courier
        self._response_urls = response_urls

    async def interact(self, kind: str, payload: Json) -> Json:
        """Deliver what somebody did, and report how it went."""
        return await self.send(self._courier.delivery(kind, payload))

    async def send(self, delivery: Delivery, *, copies: int | None = None) -> Json:
        """Send a delivery, show what comes back, and report how it went."""
        answers = await self._courier.send(delivery, copies=copies)
        telling = max(answers, key=lambda answer: (answer.acked, answer.body is not None))
        shows = self._unseen if delivery.handmade else self._shown
        outcome = shows(delivery, telling)
        delivery.problems += outcome.problems
        self._workspace.changes.bump()
        reports = []
        for answer in answers:
            shown = outcome if answer is telling else self._unseen(delivery, answer)
            reports.append(_report(delivery, answer, shown))
        return {**reports[0], "repeats": reports[1:]}

    def _shown(self, delivery: Delivery, answer: Answer) -> Outcome:
        if not answer.acked:
            return self._unseen(delivery, answer)
        try:
            if delivery.kind == "slash_commands":
                self._answer_command(delivery.payload, answer.body)
            elif delivery.payload.get("type") == "view_submission":
                self._answer_submission(delivery.payload, answer.body)
            elif delivery.payload.get("type") == "block_suggestion":
                offer(answer.body)
        except SlackError as error:
            command = delivery.kind == "slash_commands"
            problems = [error.code, *error.messages]
            return Outcome(BAD_COMMAND_ANSWER if command else TROUBLE, problems)
        return Outcome()

    def _unseen(self, delivery: Delivery, answer: Answer) -> Outcome:
        if answer.acked or delivery.kind == "events_api":
            return Outcome()
        if delivery.kind == "slash_commands":
            timed_out = answer.failure == TIMED_OUT
            return Outcome("operation_timeout" if timed_out else "dispatch_failed")
        return Outcome(TROUBLE)

    def _answer_command(self, payload: Json, body: Any) -> None:
        said = {"text": body} if isinstance(body, str) else body
        channel = self._workspace.channels.get(payload.get("channel_id", ""))
        if not said or said == {"text": ""} or channel is None:
            return
        if not isinstance(said, dict):
            raise SlackError("invalid_payload")
        self._response_urls.show(channel, payload["user_id"], said)

    def _answer_submission(self, payload: Json, body: Any) -> None:
        view = modals.find(self._workspace, payload.get("view", {}).get("id", ""))
        if view is None:
            return
        if body is None or body in ("", {}):
            modals.remove(self._workspace, view)
            return
        if not isinstance(body, dict):
            raise SlackError("invalid_response_action")
        match body.get("response_action"):
            case "errors":
                self._show_errors(view, body.get("errors"))
            case "update":
                kind = view.definition["type"]
                definition = view_definition(body.get("view"), kind, self._workspace)
                modals.replace(self._workspace, view, definition)
            case "push":
                definition = view_definition(body.get("view"), "modal", self._workspace)
                modals.push(self._workspace, view.user, definition)
            case "clear":
                modals.clear(self._workspace, view.user)
            case _:
                raise SlackError("invalid_response_action")

    def _show_errors(self, view: View, errors: Any) -> None:
        inputs = {b["block_id"] for b in view.definition["blocks"] if b["type"] == "input"}
        if not isinstance(errors, dict) or not errors:
            raise SlackError("invalid_arguments", ["missing required field: errors"])
        strange = [name for name in errors if name not in inputs]
        if strange:
            words = [f"{name} is not the block_id of an input block" for name in strange]
            raise SlackError("invalid_arguments", words)
        if not all(isinstance(words, str) and words for words in errors.values()):
            raise SlackError("invalid_arguments", ["an error is told in words"])
        view.errors = dict(errors)
        self._workspace.changes.bump()


def _report(delivery: Delivery, answer: Answer, outcome: Outcome) -> Json:
    return {
        "acked": answer.acked,
        "status": answer.status,
        "body": answer.body,
        "ms": answer.ms,
        "warning": outcome.warning,
        "problems": outcome.problems,
        "delivery": delivery.id,
    }

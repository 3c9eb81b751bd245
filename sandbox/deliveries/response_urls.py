"""response_url: five answers within half an hour, wherever the person was."""

import secrets
from dataclasses import dataclass

from aiohttp import web

from sandbox.content import LONGEST_TEXT, Content, content, metadata_of
from sandbox.errors import BAD_REQUEST, NOT_FOUND, SlackError
from sandbox.happenings import messages
from sandbox.rates import Rates, too_soon
from sandbox.records import Channel, Message
from sandbox.wire import Json, parsed
from sandbox.workspace import Workspace

MOST_USES = 5
CONTENT = ("text", "blocks", "attachments", "markdown_text")
SWITCHES = (
    "delete_original", "replace_original", "unfurl_links", "unfurl_media", "mrkdwn", "link_names",
)  # fmt: skip
FIELDS = {*CONTENT, *SWITCHES, "response_type", "thread_ts", "metadata", "parse"}
TYPES = {None, "ephemeral", "in_channel"}
LIFETIME = 30 * 60


@dataclass(slots=True)
class Place:
    """Where an answer goes: to this person, in this channel, about this message."""

    channel: Channel
    user: str
    original: str | None
    made: float
    uses: int = 0


class ResponseUrls:
    """Issue response_urls and take the answers sent to them."""

    def __init__(self, workspace: Workspace, rates: Rates) -> None:
        self._workspace = workspace
        self._rates = rates
        self._places: dict[str, Place] = {}

    def issue(self, channel: Channel, user: str, original: str | None = None) -> str:
        """Return a new address for answers to this person's interaction."""
        key = secrets.token_urlsafe(12)
        self._places[key] = Place(channel, user, original, self._workspace.clock.now())
        return f"{self._workspace.url}/response/{key}"

    async def handle(self, request: web.Request) -> web.Response:
        """Take one answer."""
        place = self._places.get(request.match_info["key"])
        if place is None:
            return web.Response(status=NOT_FOUND, text="invalid_url")
        if place.uses >= MOST_USES:
            return web.Response(status=NOT_FOUND, text="used_url")
        if self._workspace.clock.now() - place.made >= LIFETIME:
            return web.Response(status=NOT_FOUND, text="expired_url")
        if wait := self._rates.answer(place.channel.id):
            return too_soon(wait)
        try:
            self._take(place, _said(await request.read()))
        except SlackError as error:
            return web.Response(status=BAD_REQUEST, text=error.code)
        place.uses += 1
        return web.Response(text="ok")

    def show(self, channel: Channel, user: str, said: Json) -> None:
        """Show an answer in the channel, to this person alone unless it says otherwise."""
        _refuse_shape(said)
        made, metadata = self._content(said), metadata_of(said.get("metadata"))
        in_channel = said.get("response_type") == "in_channel"
        if metadata and not in_channel:
            raise SlackError("invalid_payload")
        seed = self._workspace.seed
        thread = said.get("thread_ts")
        if thread is not None:
            thread = messages.parent_of(channel, thread if isinstance(thread, str) else "").ts
        message = Message(
            self._workspace.stamp(),
            seed.bot_user,
            (made.text or "")[:LONGEST_TEXT],
            bot_id=seed.bot,
            blocks=made.blocks or None,
            attachments=made.attachments or None,
            metadata=metadata or None,
            thread_ts=thread if in_channel else None,
            only_for=None if in_channel else user,
        )
        self._workspace.add(channel, message)

    def _take(self, place: Place, said: Json) -> None:
        if place.channel.is_archived:
            raise SlackError("is_archived")
        _refuse_shape(said)
        original = place.channel.find(place.original) if place.original else None
        is_own = original is not None and original.bot_id == self._workspace.seed.bot
        if said.get("delete_original"):
            if original is None:
                raise SlackError("message_not_found")
            if not is_own:
                raise SlackError("cant_delete_message")
            if any(said.get(name) for name in CONTENT):
                raise SlackError("invalid_payload")
            messages.delete(self._workspace, place.channel, original)
        elif said.get("replace_original") and original is not None:
            if not is_own:
                raise SlackError("cant_update_message")
            before = original.shown()
            made = self._content(said)
            original.text = (made.text or "")[:LONGEST_TEXT]
            original.blocks = made.blocks or None
            original.attachments = made.attachments or None
            self._changed(place.channel, original, before)
        else:
            self.show(place.channel, place.user, said)

    def _content(self, said: Json) -> Content:
        return content(self._workspace, said, whole_text_limited=False)

    def _changed(self, channel: Channel, message: Message, before: Json) -> None:
        if message.only_for is None:
            self._workspace.change(channel, message, before)
        else:
            self._workspace.touch(channel, message)


def _refuse_shape(said: Json) -> None:
    fits = all(isinstance(said.get(name, False), bool | None) for name in SWITCHES)
    kind = said.get("response_type")
    if not fits or set(said) - FIELDS or not isinstance(kind, str | None) or kind not in TYPES:
        raise SlackError("invalid_payload")


def _said(body: bytes) -> Json:
    try:
        said = parsed(body)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(said, dict):
        raise SlackError("invalid_payload")
    return said

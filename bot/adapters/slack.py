"""The Chat port, spoken to Slack."""

import html
import math
from collections.abc import Awaitable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chatter import Accounts, Filed, Identity, Mark, OwnChannel, Paper, Part, Reacted
from bot.domain.errors import Refused
from bot.ports import Gone, NameTaken, NotAllowed, Rejected, Unavailable, View, Words
from bot.reading import account, called, words

from . import slack_files, slack_history
from .throttle import Throttle

TOO_MANY, BROKEN = 429, 500
UNKNOWN_TO_SLACK = {
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
}
PASSING = {
    "fatal_error",
    "internal_error",
    "rate_limited",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
}
REQUIRED_SCOPES = frozenset(
    {
        *("app_mentions:read", "bookmarks:read", "bookmarks:write", "channels:history"),
        *("channels:manage", "channels:read", "chat:write", "commands", "files:write"),
        *("groups:history", "groups:read", "groups:write", "im:history", "im:write"),
        *("pins:write", "reactions:read", "usergroups:read", "users:read"),
    }
)
NOT_SEEN = {"message_not_found", "channel_not_found", "not_in_channel"}
NOT_FOR_US = {
    "access_denied",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "restricted_action",
    "user_is_restricted",
}
IN_ALREADY = {"already_in_channel", "cant_invite_self"}
NOT_INVITED = {
    "cant_invite": "their account cannot be invited; perhaps it was deactivated",
    "org_user_not_in_team": "is of another company",
    "ura_max_channels": "is a guest of a single channel",
    "user_is_restricted": "is a guest",
    "user_not_found": "I know nobody of that id",
}
MOST_INVITED = 100  # people in one call
PAGE = 200
LOOK_BACK = 5  # pages of messages: what was posted unheard is among the newest 1,000
MOST_CHANNELS = 50  # pages of channels that we are in


def client(token: str, url: str) -> AsyncWebClient:
    """Return Slack's client. It tries each call once: what to do next is decided by the worker."""
    return AsyncWebClient(token, url, timeout=10, retry_handlers=[])


class SlackChat:
    """Speaks with a bot token. Each call is one attempt: the worker tries again."""

    def __init__(self, client: AsyncWebClient, throttle: Throttle) -> None:
        self._client = client
        self._throttle = throttle
        self.me: Identity | None = None

    async def whoami(self) -> Identity:
        """Return who we are."""
        found = await self._call("auth.test")
        scopes = str(found.headers.get("x-oauth-scopes", ""))
        self.me = Identity(
            team=found["team_id"],
            user=found["user_id"],
            bot=found.get("bot_id", ""),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
            clock=_date(found.headers.get("Date")),
        )
        return self.me

    async def own_channels(self, names: Collection[str]) -> Sequence[OwnChannel]:
        """Return the channels of such names that we opened, but for those that are archived."""
        me = self.me or await self.whoami()
        cursor, found = "", list[OwnChannel]()
        for _ in range(MOST_CHANNELS):
            page = await self._call(
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=PAGE,
                cursor=cursor,
            )
            found += [
                _own_channel(channel)
                for channel in page["channels"]
                if channel["name"] in names and channel.get("creator") == me.user
            ]
            if not (cursor := _next(page)):
                return found
        raise Unavailable("I am in too many channels to find one")

    async def open_channel(self, name: str, *, private: bool) -> str:
        """Open a channel."""
        made = await self._call("conversations.create", name=name, is_private=private)
        return str(made["channel"]["id"])

    async def check_channel(self, channel: str) -> None:
        """Raise Refused unless we could post there."""
        try:
            told = await self._call("conversations.info", channel=channel)
        except Refused as refused:
            msg = f"I cannot see {channel}. Is its id right? If it is private, invite me"
            raise Refused(msg) from refused
        found = told["channel"]
        if found.get("is_archived"):
            msg = f"#{found['name']} is archived"
            raise Refused(msg)
        if not found.get("is_member"):
            msg = f"I am not in #{found['name']}; somebody must invite me"
            raise Refused(msg)

    async def invite(self, channel: str, people: Collection[str]) -> Mapping[str, str]:
        """Bring people in."""
        missing, waiting = dict[str, str](), sorted(people)
        while waiting:
            some, waiting = waiting[:MOST_INVITED], waiting[MOST_INVITED:]
            told = await self._call(
                "conversations.invite",
                {*IN_ALREADY, *NOT_INVITED},
                channel=channel,
                users=some,
                force=True,
            )
            errors = told.get("errors") or []
            if told.get("error") in NOT_INVITED and not errors:
                errors = [{"user": person, "error": told["error"]} for person in some]
            missing |= {e["user"]: e["error"] for e in errors if e["error"] not in IN_ALREADY}
        return {who: NOT_INVITED.get(why, why) for who, why in missing.items()}

    async def members(self, group: str) -> frozenset[str]:
        """Return who is in a user group."""
        return frozenset((await self._call("usergroups.users.list", usergroup=group))["users"])

    async def archive(self, channel: str) -> None:
        """Close the channel for good."""
        await self._call("conversations.archive", {"already_archived"}, channel=channel)

    async def bookmarks(self, channel: str) -> frozenset[str]:
        """Return the links that are bookmarks of the channel."""
        found = await self._call("bookmarks.list", channel_id=channel)
        return frozenset(str(bookmark.get("link")) for bookmark in found["bookmarks"])

    async def bookmark(self, channel: str, title: str, link: str) -> None:
        """Keep a link at the top of the channel."""
        place = {"channel_id": channel, "type": "link"}
        await self._call("bookmarks.add", **place, title=title, link=link)

    async def topic(self, channel: str) -> str:
        """Return the channel's topic."""
        found = await self._call("conversations.info", channel=channel)
        return html.unescape(str(found["channel"]["topic"]["value"]))

    async def set_topic(self, channel: str, topic: str) -> None:
        """Change the channel's topic."""
        await self._call("conversations.setTopic", channel=channel, topic=topic)

    async def set_purpose(self, channel: str, purpose: str) -> None:
        """Change the channel's purpose."""
        await self._call("conversations.setPurpose", channel=channel, purpose=purpose)

    async def find_post(self, channel: str, mark: Mark, thread: str = "") -> str | None:
        """Return the message with that mark."""
        wanted, cursor = _metadata(mark)["event_payload"], ""
        method = "conversations.replies" if thread else "conversations.history"
        place = {"channel": channel, **({"ts": thread} if thread else {})}
        for _ in range(LOOK_BACK):
            page = await self._call(
                method,
                **place,
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor,
            )
            for message in page["messages"]:
                if message.get("metadata", {}).get("event_payload") == wanted:
                    return str(message["ts"])
            if not (cursor := _next(page)):
                break
        return None

    async def history(self, channel: str, before: str = "") -> Part:
        """Return the newest part of what stands in a channel before that ts."""
        return await slack_history.history(self._call, channel, before, await self._ours())

    async def replies(self, channel: str, thread: str) -> Part:
        """Return a whole thread."""
        return await slack_history.replies(self._call, channel, thread, await self._ours())

    async def post(self, channel: str, words: Words, mark: Mark, thread: str = "") -> str:
        """Post a marked message."""
        place = {"thread_ts": thread} if thread else {}
        posted = await self._call(
            "chat.postMessage",
            channel=channel,
            metadata=_metadata(mark),
            unfurl_links=False,
            unfurl_media=False,
            **place,
            **words,
        )
        return str(posted["ts"])

    async def edit(self, channel: str, ts: str, words: Words) -> None:
        """Show these words instead."""
        fields = {"blocks": [], **words}
        await self._call("chat.update", channel=channel, ts=ts, **fields)

    async def pin(self, channel: str, ts: str) -> None:
        """Keep the message at hand."""
        await self._call("pins.add", {"already_pinned"}, channel=channel, timestamp=ts)

    async def reactions(self, channel: str, ts: str) -> Reacted:
        """Return what is under a message, and what the message says."""
        shown = (await self._call("reactions.get", channel=channel, timestamp=ts, full=True))[
            "message"
        ]
        under = {emoji["name"]: tuple(emoji["users"]) for emoji in shown.get("reactions") or []}
        return Reacted(words(channel, shown), under)

    async def whisper(self, channel: str, person: str, words: Words, thread: str = "") -> None:
        """Say something in a channel, or in a thread of it, that only one person sees."""
        fields = {**words, **({"thread_ts": thread} if thread else {})}
        await self._call("chat.postEphemeral", channel=channel, user=person, **fields)

    async def tell(self, person: str, words: Words, mark: Mark) -> None:
        """Send one person a marked direct message."""
        await self.post(person, words, mark)

    async def told(self, person: str, mark: Mark) -> bool:
        """Say whether the person has a direct message with that mark."""
        return await self.find_post(await self.direct(person), mark) is not None

    async def direct(self, person: str) -> str:
        """Return the channel of direct messages with that person."""
        opened = await self._call("conversations.open", users=[person])
        return str(opened["channel"]["id"])

    async def publish_home(self, person: str, view: View) -> None:
        """Show this on the person's Home."""
        await self._call("views.publish", user_id=person, view=dict(view))

    async def name(self, person: str) -> str:
        """Return what the person is called."""
        found = (await self._call("users.info", user=person))["user"]
        return called(found)

    async def accounts(self, after: str = "") -> Accounts:
        """Return who everybody is, a part at a time."""
        me = self.me or await self.whoami()
        page = await self._call("users.list", limit=PAGE, cursor=after)
        return Accounts([account(shown, me.team) for shown in page["members"]], _next(page))

    async def permalink(self, channel: str, ts: str) -> str | None:
        """Return the message's address."""
        found = await self._call("chat.getPermalink", NOT_SEEN, channel=channel, message_ts=ts)
        return str(found["permalink"]) if found.get("permalink") else None

    async def upload(self, channel: str, paper: Paper, words: str, thread: str = "") -> Filed:
        """Show a file in a channel, or in a thread of it."""
        return await slack_files.upload(self._call, channel, paper, words, thread)

    async def find_file(self, channel: str, name: str, thread: str = "") -> Filed | None:
        """Return the file of that name that we showed there."""
        me = self.me or await self.whoami()
        return await slack_files.find_file(self._call, channel, name, thread, ours=me.user)

    async def _ours(self) -> frozenset[str]:
        me = self.me or await self.whoami()
        return frozenset({me.user, me.bot} - {""})

    async def _call(self, method: str, fine: Collection[str] = (), /, **arguments: Any) -> Any:
        """Call a method when it has a turn; errors named `fine` are answers."""
        channel, more = arguments.get("channel", ""), bool(arguments.get("cursor"))
        self._throttle.take(method, channel, more=more)
        call = getattr(self._client, method.replace(".", "_"))
        try:
            return await asked(call(**arguments), fine)
        except Unavailable as unavailable:
            if unavailable.retry_after:
                self._throttle.park(method, unavailable.retry_after)
            raise


def _own_channel(shown: Any) -> OwnChannel:
    return OwnChannel(
        shown["id"],
        shown["name"],
        bool(shown.get("is_private")),
        html.unescape(str((shown.get("purpose") or {}).get("value", ""))),
        datetime.fromtimestamp(int(shown.get("created", 0)), UTC),
    )


def _metadata(mark: Mark) -> dict[str, Any]:
    payload = {"incident": mark.incident, "job": mark.job}
    return {"event_type": "incident_responder", "event_payload": payload}


def _date(header: str | None) -> datetime | None:
    return parsedate_to_datetime(header) if header else None


async def asked(call: Awaitable[Any], fine: Collection[str] = ()) -> Any:
    """Await a call of Slack's client; its errors become ours, those named `fine` an answer."""
    try:
        return await call
    except SlackApiError as error:
        said = getattr(error.response, "data", None)
        if not isinstance(said, dict):  # a proxy answered, or half of an answer came
            raise Unavailable("Slack did not answer as Slack does") from error
        if said.get("error") in fine:
            return error.response
        raise _in_our_words(error.response, said) from error
    except (ClientError, TimeoutError, OSError) as error:
        msg = f"Slack did not answer ({type(error).__name__})"
        raise Unavailable(msg) from error


def _next(page: Any) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")


def _wait(headers: Any) -> timedelta:
    """Return how long to wait, a second at least; what is no number is a second."""
    try:
        return timedelta(seconds=max(1, math.ceil(float(headers.get("Retry-After", 1)))))
    except ValueError:
        return timedelta(seconds=1)


def _in_our_words(response: Any, data: dict[str, Any]) -> Unavailable | Refused:
    said = str(data.get("error", ""))
    if response.status_code == TOO_MANY:
        return Unavailable("Slack asks to wait", retry_after=_wait(response.headers))
    if response.status_code >= BROKEN or said in PASSING or not said:
        return Unavailable(f"Slack is broken ({said or response.status_code})")
    if said in UNKNOWN_TO_SLACK:
        return Rejected(f"Slack does not accept the token ({said})")
    if said == "name_taken":
        return NameTaken("there is a channel of that name")
    if said == "message_not_found":
        return Gone("somebody deleted the message")
    if said == "is_archived":
        return Refused("its channel is archived; somebody has to unarchive it")
    needed = f", it needs the scope {data.get('needed')}" if said == "missing_scope" else ""
    kind = NotAllowed if said in NOT_FOR_US else Refused
    return kind(f"Slack refused it ({said}{needed})")

"""The kinds of steps that a rehearsal consists of, each known by a key of its own.

The docstrings and descriptions are what the published schema tells.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import AfterValidator, Discriminator, Field, Tag

from .fields import Name, Part, Pattern, Seconds, Text, Word, Words


def _command(given: str) -> str:
    if not given.startswith("/"):
        raise ValueError("a command begins with a slash; a message is what somebody `says`")
    return given


INCIDENTS = "incidents"  # the channel where a step is, unless it says another
Place = Annotated[Word, Field(alias="in", description="a channel's name or id, or DM")]
Command = Annotated[Text, AfterValidator(_command)]
Within = Annotated[Seconds | None, Field(description="how long to look; else the rehearsal's")]
Found = Annotated[Word | None, Field(description="words of the message it is about")]


class ByPerson(Part):
    """What somebody does or sees."""

    who: Annotated[Word, Field(description="a person's name")]


class Types(ByPerson):
    """Type a slash command; `answered` is what only they are told."""

    types: Command
    place: Place = INCIDENTS
    answered: Words = ()
    keep: Mapping[Name, Pattern] = {}
    within: Within = None


class Says(ByPerson):
    """Write a message, or a reply `to` another."""

    says: Text
    place: Place = INCIDENTS
    to: Found = None


class Clicks(ByPerson):
    """Press a button, or choose in a menu: by what stands on it, or its action_id.

    `in` may also be `form`, the one in front, or `home`.
    """

    clicks: Word
    place: Place = INCIDENTS
    message: Found = None
    chooses: Word | None = None
    answered: Words = ()
    keep: Mapping[Name, Pattern] = {}
    within: Within = None


class Fills(ByPerson):
    """Fill in the form in front by the names of its fields, and send it.

    `refused` is what the form says to that.
    """

    fills: dict[Word, Text | list[Text] | int | None]
    refused: Words = ()


class Closes(ByPerson):
    """Close the form in front without sending it."""

    closes: Literal["form"]


class Uses(ByPerson):
    """Use a shortcut, on a message if one is named."""

    uses: Word
    place: Place = INCIDENTS
    message: Found = None


class Reacts(ByPerson):
    """React to a message with an emoji, or take that back."""

    reacts: Word
    place: Place = INCIDENTS
    message: Word
    taken_back: bool = False


class Uploads(ByPerson):
    """Share a text file in a channel."""

    uploads: Word
    holds: Annotated[Text, Field(min_length=1)]
    place: Place = INCIDENTS
    saying: Text = ""


class Opens(ByPerson):
    """Open the app's Home tab."""

    opens: Literal["home"]


class Joins(ByPerson):
    """Come into a public channel."""

    joins: Word


class Leaves(ByPerson):
    """Leave a channel."""

    leaves: Word


class Sees(ByPerson):
    """See one message that holds all these words, as the person sees it.

    `as` says what it must be: `message` (for everybody), `reply` (in a thread) or `only_me`.
    """

    sees: Words
    place: Place = INCIDENTS
    kind: Annotated[Literal["message", "reply", "only_me"] | None, Field(alias="as")] = None
    keep: Mapping[Name, Pattern] = {}
    within: Within = None


class SeesNot(ByPerson):
    """See no message with these words in any channel, nor at the end of `for`."""

    sees_not: Words
    place: Annotated[Word | None, Field(alias="in", description="only there")] = None
    during: Annotated[Seconds, Field(alias="for")] = 0.0


class SeesForm(ByPerson):
    """See a form with this title in front, which holds these words."""

    sees_form: Word
    holds: Words = ()
    within: Within = None


class SeesNoForm(ByPerson):
    """See no form open."""

    sees_no_form: Literal[True]
    within: Within = None


class SeesHome(ByPerson):
    """See these words on the app's Home tab."""

    sees_home: Words
    within: Within = None


class SeesChannel(ByPerson):
    """See a channel of that name, where * stands for anything; of several the newest."""

    sees_channel: Word
    topic: Words = ()
    members: Words = ()
    archived: bool | None = None
    keep: Mapping[Name, Pattern] = {}
    within: Within = None


class Waits(Part):
    """Let time go by."""

    wait: Seconds


class Alert(Part):
    """An alert as Prometheus' Alertmanager tells it."""

    labels: Annotated[dict[Word, str], Field(min_length=1)]
    annotations: Mapping[Word, str] = {}
    status: Literal["firing", "resolved"] = "firing"


class Alerts(Part):
    """Tell the bot of an alert, as Alertmanager does."""

    alert: Alert


class Acts(Part):
    """Let somebody act on the production with their own tools: `{rollback: checkout}`."""

    production: Annotated[
        dict[Word, str | int | dict[str, str | int]], Field(min_length=1, max_length=1)
    ]


Step: TypeAlias = (
    Annotated[Types, Tag("types")]
    | Annotated[Says, Tag("says")]
    | Annotated[Clicks, Tag("clicks")]
    | Annotated[Fills, Tag("fills")]
    | Annotated[Closes, Tag("closes")]
    | Annotated[Uses, Tag("uses")]
    | Annotated[Reacts, Tag("reacts")]
    | Annotated[Uploads, Tag("uploads")]
    | Annotated[Opens, Tag("opens")]
    | Annotated[Joins, Tag("joins")]
    | Annotated[Leaves, Tag("leaves")]
    | Annotated[Sees, Tag("sees")]
    | Annotated[SeesNot, Tag("sees_not")]
    | Annotated[SeesForm, Tag("sees_form")]
    | Annotated[SeesNoForm, Tag("sees_no_form")]
    | Annotated[SeesHome, Tag("sees_home")]
    | Annotated[SeesChannel, Tag("sees_channel")]
    | Annotated[Waits, Tag("wait")]
    | Annotated[Alerts, Tag("alert")]
    | Annotated[Acts, Tag("production")]
)


def key_of(kind: type[Part]) -> str:
    """Return the key that a kind of step is known by: the first of its own that it must have."""
    own = [name for name in kind.model_fields if name not in ByPerson.model_fields]
    return own[0]


KINDS: dict[str, type[Part]] = {key_of(kind): kind for kind, _ in map(get_args, get_args(Step))}


def _kind(given: Any) -> str | None:
    if isinstance(given, Part):
        return key_of(type(given))
    if not isinstance(given, dict):
        return None
    named = [key for key in KINDS if key in given]
    return named[0] if len(named) == 1 else None


AnyStep = Annotated[
    Step,
    Discriminator(
        _kind,
        custom_error_type="which_step",
        custom_error_message=f"a step has exactly one of: {', '.join(KINDS)}",
    ),
]

"""Which facts change what people look at."""

from .facts import (
    Absorbed,
    Acknowledged,
    ActionAdded,
    ActionChanged,
    ActionDone,
    ActionReopened,
    ActionRetracted,
    ChannelOpened,
    Concluded,
    Declared,
    Dismissed,
    Escalated,
    Fact,
    HandoverDeclined,
    HandoverOffered,
    ImpactDescribed,
    JobBuried,
    Joined,
    Left,
    MadePrivate,
    MergedInto,
    OutcomeUnknown,
    Paged,
    PostmortemFiled,
    Reopened,
    RoleAssigned,
    ServicesNamed,
    SeverityChanged,
    StatusChanged,
    Suggested,
    ThreadOpened,
    TroubleOver,
    Updated,
    UpdateMissed,
)

TO_ALL = (
    Declared
    | Acknowledged
    | SeverityChanged
    | StatusChanged
    | Reopened
    | Escalated
    | ServicesNamed
    | ImpactDescribed
    | MergedInto
    | MadePrivate
    | RoleAssigned
    | ChannelOpened
    | ThreadOpened
    | Updated
)
IN_CARD = (
    TO_ALL
    | Absorbed
    | Concluded
    | Paged
    | HandoverOffered
    | HandoverDeclined
    | ActionAdded
    | ActionDone
    | ActionReopened
    | ActionRetracted
    | UpdateMissed
    | PostmortemFiled
    | JobBuried
    | OutcomeUnknown
    | TroubleOver
)
AT_HOME = (
    Declared
    | Suggested
    | Dismissed
    | Acknowledged
    | SeverityChanged
    | StatusChanged
    | Reopened
    | MergedInto
    | Absorbed
    | MadePrivate
    | RoleAssigned
    | HandoverOffered
    | HandoverDeclined
    | ChannelOpened
    | ThreadOpened
    | Joined
    | Left
    | ActionAdded
    | ActionChanged
    | ActionDone
    | ActionReopened
    | ActionRetracted
)


def shows_to_all(fact: Fact) -> bool:
    """Say whether the announcement and the topic look different after it."""
    return isinstance(fact, TO_ALL)


def shows_in_card(fact: Fact) -> bool:
    """Say whether the card looks different after it."""
    return isinstance(fact, IN_CARD)


def shows_at_home(fact: Fact) -> bool:
    """Say whether somebody's Home may look different after it."""
    return isinstance(fact, AT_HOME)

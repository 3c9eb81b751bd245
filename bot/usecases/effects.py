"""How each kind of job is paid, and what may be done when it is unclear whether it was."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.authority import BOT
from bot.domain.commands import (
    CheckAnswered,
    CheckPaged,
    CheckUpdated,
    Command,
    Retire,
    Shelve,
)
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.ports import Chat, Clock, Rules, Store
from bot.render import Wording

from .board import Board
from .calls import Calls
from .forgetting import Forgetting
from .guests import Guests
from .handouts import Handouts
from .handovers import Handovers
from .lines import Lines
from .moves import Moves
from .newcomers import Newcomers
from .notices import Notices
from .pictures import Pictures, homes
from .reactions import Reactions
from .reconciling import Reconciliation
from .reminders import Reminders
from .rooms import Rooms
from .seals import Seals
from .transcripts import Transcripts

Learned = Sequence[Fact]
Pay = Callable[[Job, Incident, Stamp], Awaitable[Learned | Command]]
Look = Callable[[Job, Incident, Stamp], Awaitable[Learned | None]]


@dataclass(frozen=True, slots=True)
class Safe:
    """May be paid again without harm."""

    pay: Pay


@dataclass(frozen=True, slots=True)
class LookFirst:
    """Looks whether it was paid, and acts on the difference; None is "not yet"."""

    pay: Pay
    look: Look


@dataclass(frozen=True, slots=True)
class Ask:
    """Once started and not reported back, only a person can tell whether it ran."""

    pay: Pay


@dataclass(frozen=True, slots=True)
class Draw:
    """Shows what is known now; returns up to which number that was. Looks first by itself."""

    draw: Callable[[Job, Incident, Stamp], Awaitable[tuple[int, Learned]]]


@dataclass(frozen=True, slots=True)
class Due:
    """Was waiting for its hour, and comes back as a command that may decide it is not needed."""

    command: Command


Effect = Safe | LookFirst | Ask | Draw | Due


def effects(  # noqa: PLR0913 -- everything that any effect needs
    chat: Chat,
    board: Board,
    rules: Rules,
    wording: Wording,
    clock: Clock,
    *,
    store: Store,
    handouts: Handouts,
    redraw: Callable[[], Awaitable[None]],
) -> Mapping[Kind, Effect]:
    """Say how each kind is paid."""
    rooms = Rooms(chat, rules, wording)
    guests = Guests(chat, rules, wording)
    moves = Moves(chat, board, wording)
    pictures = Pictures(chat, board, rules, wording, clock)
    notices = Notices(chat, rules, wording)
    seals = Seals(chat, store.head, wording)
    transcripts = Transcripts(store, wording, clock)
    handovers = Handovers(chat, rules, wording, store.history)
    lines = Lines(chat, board, rules, wording, store.history)
    calls = Calls(chat, rules, wording, store.history)
    reminders = Reminders(chat, board, rules, wording, store.history)
    newcomers = Newcomers(chat, rules, notices, wording)
    reactions = Reactions(chat, rules, notices, wording, clock)
    return {
        Kind.ANSWER: LookFirst(notices.answer, notices.find_answer),
        Kind.OPERATORS: LookFirst(notices.operators, notices.find_operators),
        Kind.TROUBLE: LookFirst(notices.trouble, notices.find_trouble),
        Kind.ACKNOWLEDGEMENT_DUE: Due(CheckAnswered(BOT)),
        Kind.UNANSWERED: LookFirst(notices.unanswered, notices.find_unanswered),
        Kind.SHELVE: Due(Shelve(BOT)),
        Kind.SEAL: LookFirst(seals.post, seals.find),
        Kind.RECONCILE: Safe(Reconciliation(store, chat, transcripts).read),
        Kind.FORGET: Safe(Forgetting(store, clock).forget),
        Kind.POSTMORTEM: LookFirst(handouts.file, handouts.find_filed),
        Kind.HANDOUT: LookFirst(handouts.hand, handouts.find_handed),
        Kind.HANDOVER: LookFirst(handovers.offer, handovers.find),
        Kind.HANDOVER_ANSWERED: LookFirst(handovers.told, handovers.find),
        Kind.ROLE_GIVEN: LookFirst(handovers.told, handovers.find),
        Kind.ROLE_TAKEN: LookFirst(handovers.taken, handovers.find_taken),
        Kind.LINE: LookFirst(lines.line, lines.find_line),
        Kind.UPDATE: LookFirst(lines.update, lines.find_update),
        Kind.UPDATE_DUE: Due(CheckUpdated(BOT)),
        Kind.REMIND: LookFirst(reminders.remind, reminders.find_remind),
        Kind.PAGE: LookFirst(calls.page, calls.find_page),
        Kind.PAGED: LookFirst(calls.paged, calls.find_paged),
        Kind.PAGE_DUE: Due(CheckPaged(BOT)),
        Kind.STAND_DOWN: LookFirst(calls.stand_down, calls.find_stand_down),
        Kind.ASSIGNED: LookFirst(reminders.assigned, reminders.find_assigned),
        Kind.CATCH_UP: Safe(reminders.catch_up),
        Kind.SUBSCRIPTION: Draw(pictures.subscription),
        Kind.HOMES: Draw(homes(redraw)),
        Kind.OPEN_CHANNEL: LookFirst(rooms.open_channel, rooms.find_channel),
        Kind.INVITE: Safe(guests.invite),
        Kind.GATHER: LookFirst(guests.gather, guests.find_gathering),
        Kind.BOOKMARKS: Draw(rooms.bookmarks),
        Kind.CONTINUED: LookFirst(moves.continued, moves.find_said),
        Kind.POINTER: LookFirst(moves.pointer, moves.find_said),
        Kind.TOMBSTONE: LookFirst(moves.tombstone, moves.find_tombstone),
        Kind.RETIRE: Due(Retire(BOT)),
        Kind.ARCHIVE: LookFirst(moves.archive, moves.find_archived),
        Kind.ROOMLESS: LookFirst(moves.roomless, moves.find_told),
        Kind.JOIN: Safe(newcomers.join),
        Kind.ORIGIN: LookFirst(newcomers.reply, newcomers.find_reply),
        Kind.REACTION: Safe(reactions.look),
        Kind.PURPOSE: Safe(rooms.purpose),
        Kind.PIN: Safe(rooms.pin),
        Kind.TOPIC: Draw(rooms.topic),
        Kind.CARD: Draw(pictures.card),
        Kind.ANNOUNCEMENT: Draw(pictures.announcement),
        Kind.HOME: Draw(pictures.home),
    }

"""Which effect pays which kind of job."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.authority import BOT
from bot.domain.commands import (
    CheckAnswered,
    CheckCalm,
    CheckPaged,
    CheckUpdated,
    Command,
    EndDrill,
    Retire,
    Shelve,
)
from bot.domain.facts import Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.ports import Chat, Clock, Rules, Store
from bot.render import Wording
from bot.sources import Silencer

from .alarms import Alarms, Look, Owe
from .board import Board
from .calls import Calls
from .debriefs import Debriefs
from .drills import Drills
from .effects import Draw, Due, Effect, LookFirst, Safe
from .forgetting import Forgetting
from .guests import Guests
from .handouts import Handouts
from .handovers import Handovers
from .hushing import Hushing
from .lines import Lines
from .moves import Moves
from .newcomers import Newcomers
from .notices import Notices
from .pictures import Pictures, Redraw, homes
from .reactions import Reactions
from .reconciling import Reconciliation
from .reminders import Reminders
from .rooms import Rooms
from .seals import Seals
from .silences import Silences
from .transcripts import Transcripts

Effects = Mapping[Kind, Effect]


async def _retire(job: Job, _: Incident, __: Stamp) -> Command:
    """Come back as a command that knows since when it is owed."""
    return Retire(BOT, job.wanted_seq)


IN_TIME: Effects = {
    Kind.ACKNOWLEDGEMENT_DUE: Due(CheckAnswered(BOT)),
    Kind.PAGE_DUE: Due(CheckPaged(BOT)),
    Kind.UPDATE_DUE: Due(CheckUpdated(BOT)),
    Kind.CALM: Due(CheckCalm(BOT)),
    Kind.RETIRE: Safe(_retire),
    Kind.DRILL_DUE: Due(EndDrill(BOT)),
    Kind.SHELVE: Due(Shelve(BOT)),
}


@dataclass(frozen=True, slots=True)
class Means:
    """What effects are paid with."""

    chat: Chat
    board: Board
    rules: Rules
    wording: Wording
    clock: Clock
    store: Store
    handouts: Handouts
    redraw: Redraw
    owe: Owe
    silencers: Mapping[str, Silencer]
    drills: Drills
    finding: Look | None = None


def effects(means: Means) -> Effects:
    """Say how each kind is paid."""
    return {
        **IN_TIME,
        **_rooms(means),
        **_notices(means),
        **_people(means),
        **_told(means),
        **_kept(means),
        **_pictures(means),
        **_alarms(means),
        **_drills(means),
    }


def _rooms(by: Means) -> Effects:
    rooms = Rooms(by.chat, by.rules, by.wording)
    guests = Guests(by.chat, by.rules, by.wording)
    moves = Moves(by.chat, by.board, by.wording)
    return {
        Kind.OPEN_CHANNEL: LookFirst(rooms.open_channel, rooms.find_channel),
        Kind.INVITE: Safe(guests.invite),
        Kind.GATHER: LookFirst(guests.gather, guests.find_gathering),
        Kind.BOOKMARKS: Draw(rooms.bookmarks),
        Kind.PURPOSE: Safe(rooms.purpose),
        Kind.PIN: Safe(rooms.pin),
        Kind.TOPIC: Draw(rooms.topic),
        Kind.CONTINUED: LookFirst(moves.continued, moves.find_said),
        Kind.POINTER: LookFirst(moves.pointer, moves.find_said),
        Kind.TOMBSTONE: LookFirst(moves.tombstone, moves.find_tombstone),
        Kind.HUSH: Safe(Hushing(by.store, by.chat, by.rules, by.wording).hush),
        Kind.ARCHIVE: LookFirst(moves.archive, moves.find_archived),
        Kind.ROOMLESS: LookFirst(moves.roomless, moves.find_told),
    }


def _notices(by: Means) -> Effects:
    notices = Notices(by.chat, by.rules, by.wording)
    newcomers = Newcomers(by.chat, by.rules, notices, by.wording)
    reactions = Reactions(by.chat, by.rules, notices, by.wording, by.clock)
    return {
        Kind.ANSWER: LookFirst(notices.answer, notices.find_answer),
        Kind.OPERATORS: LookFirst(notices.operators, notices.find_operators),
        Kind.TROUBLE: LookFirst(notices.trouble, notices.find_trouble),
        Kind.UNANSWERED: LookFirst(notices.unanswered, notices.find_unanswered),
        Kind.JOIN: Safe(newcomers.join),
        Kind.ORIGIN: LookFirst(newcomers.reply, newcomers.find_reply),
        Kind.REACTION: Safe(reactions.look),
    }


def _people(by: Means) -> Effects:
    handovers = Handovers(by.chat, by.rules, by.wording, by.store.history)
    calls = Calls(by.chat, by.rules, by.wording, by.store.history)
    return {
        Kind.HANDOVER: LookFirst(handovers.offer, handovers.find),
        Kind.HANDOVER_ANSWERED: LookFirst(handovers.told, handovers.find),
        Kind.HANDOVER_OVER: Safe(handovers.over),
        Kind.ROLE_GIVEN: LookFirst(handovers.told, handovers.find),
        Kind.ROLE_TAKEN: LookFirst(handovers.taken, handovers.find_taken),
        Kind.PAGE: LookFirst(calls.page, calls.find_page),
        Kind.PAGED: LookFirst(calls.paged, calls.find_paged),
        Kind.STAND_DOWN: LookFirst(calls.stand_down, calls.find_stand_down),
    }


def _told(by: Means) -> Effects:
    lines = Lines(by.chat, by.board, by.rules, by.wording, by.store.history)
    reminders = Reminders(by.chat, by.board, by.rules, by.wording, by.store.history)
    return {
        Kind.LINE: LookFirst(lines.line, lines.find_line),
        Kind.UPDATE: LookFirst(lines.update, lines.find_update),
        Kind.REMIND: LookFirst(reminders.remind, reminders.find_remind),
        Kind.ASSIGNED: LookFirst(reminders.assigned, reminders.find_assigned),
        Kind.CATCH_UP: Safe(reminders.catch_up),
    }


def _kept(by: Means) -> Effects:
    seals = Seals(by.chat, by.store.head, by.wording)
    transcripts = Transcripts(by.store, by.wording, by.clock)
    return {
        Kind.SEAL: LookFirst(seals.post, seals.find),
        Kind.RECONCILE: Safe(Reconciliation(by.store, by.chat, transcripts).read),
        Kind.FORGET: Safe(Forgetting(by.store, by.clock).forget),
        Kind.POSTMORTEM: LookFirst(by.handouts.file, by.handouts.find_filed),
        Kind.HANDOUT: LookFirst(by.handouts.hand, by.handouts.find_handed),
    }


def _pictures(by: Means) -> Effects:
    pictures = Pictures(by.chat, by.board, by.rules, by.wording, by.clock)
    return {
        Kind.CARD: Draw(pictures.card),
        Kind.ANNOUNCEMENT: Draw(pictures.announcement),
        Kind.SUBSCRIPTION: Draw(pictures.subscription),
        Kind.HOME: Draw(pictures.home),
        Kind.HOMES: Draw(homes(by.redraw)),
    }


def _alarms(by: Means) -> Effects:
    pictures = Pictures(by.chat, by.board, by.rules, by.wording, by.clock)
    history = by.store.history
    alarms = Alarms(by.chat, pictures, by.rules, by.wording, by.clock, history, by.owe, by.finding)
    silences = Silences(by.chat, by.silencers, history)
    return {
        Kind.TRIAGE: Draw(alarms.triage),
        Kind.TALLY: Draw(alarms.tally),
        Kind.ALARMED: LookFirst(alarms.alarmed, alarms.find),
        Kind.ALL_CLEAR: LookFirst(alarms.all_clear, alarms.find),
        Kind.SILENCE: LookFirst(silences.silence, silences.find_silence),
        Kind.LIFT: Safe(silences.lift),
    }


def _drills(by: Means) -> Effects:
    debriefs = Debriefs(by.chat, by.drills, by.wording, by.store.history)
    return {
        Kind.STAGED: LookFirst(debriefs.staged, debriefs.find),
        Kind.DEBRIEF: LookFirst(debriefs.debrief, debriefs.find),
    }

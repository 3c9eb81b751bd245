"""The verbs there are, what else they are called, and what answers each."""

from collections.abc import Mapping

from bot.domain.status import OPEN
from bot.ports import Words

from . import acting, course, drilling, ending, looking, people, privacy, reporting, telling
from .call import ANY, OVER, Call, Verb, no_words

__all__ = [
    "ALIASES",
    "MEANING",
    "PLANNED",
    "SHOWS",
    "VERBS",
    "Call",
    "Verb",
    "declaration",
    "verbs",
]


async def show_help(call: Call) -> Words:
    """Show every verb, or one with examples."""
    word = call.rest.partition(" ")[0].lower()
    verb = ALIASES.get(word, word)
    if verb in PLANNED:
        return call.say("planned", verb=verb)
    shown = verb if verb in VERBS else ""
    return call.say("help", verbs=verbs(), planned=sorted(PLANNED), verb=shown)


VERBS: Mapping[str, Verb] = {
    "declare": Verb(looking.declare, "new open start report", about=None),
    "list": Verb(reporting.list_some, "ls", about=None),
    "status": Verb(course.status, "info this", check=course.read_status),
    "catchup": Verb(course.catchup, "summary", check=no_words),
    "ack": Verb(
        course.acknowledge, "take acknowledge", OPEN, no_words, fits=course.can_be_taken_by
    ),
    "severity": Verb(course.severity, "sev", ANY, course.read_severity),
    "triage": Verb(course.triage, "", OPEN, course.read_triage, course.triage_form),
    "role": Verb(
        people.role,
        "lead commander assign handover",
        check=people.read_role,
        form=people.handover_form,
    ),
    "update": Verb(telling.update, "announce", OPEN, telling.read_update, telling.update_form),
    "timeline": Verb(
        telling.timeline, "note event", ANY, telling.read_timeline, telling.note_form
    ),
    "action": Verb(
        acting.action, "task todo followup", ANY, acting.read_action, acting.action_form
    ),
    "subscribe": Verb(people.subscribe, "", OPEN, no_words),
    "unsubscribe": Verb(people.unsubscribe, "", ANY, no_words, fits=people.is_subscribed),
    "private": Verb(
        privacy.private,
        check=privacy.read_private,
        form=privacy.private_form,
        fits=privacy.can_be_hidden_by,
    ),
    "resolve": Verb(
        ending.resolve, "end done over", OPEN, ending.read_resolve, ending.resolve_form
    ),
    "reopen": Verb(ending.reopen, "", OVER, no_words),
    "close": Verb(ending.close, "", ANY, no_words),
    "decline": Verb(ending.decline, "false-alarm", OPEN, form=ending.decline_form),
    "merge": Verb(ending.merge, "duplicate", ANY, ending.read_merge, ending.merge_form),
    "postmortem": Verb(reporting.postmortem, "pm pir", ANY, reporting.read_postmortem),
    "export": Verb(reporting.export, "", ANY, no_words),
    "stats": Verb(reporting.stats, "", about=None),
    "drill": Verb(drilling.drill, "", about=None),
    "doctor": Verb(reporting.doctor, "", about=None, check=no_words),
    "help": Verb(show_help, "?", about=None),
}

# Known, so that nobody is told they mistyped; answered honestly until they are built.
PLANNED: Mapping[str, str] = {
    "investigate": "",
    "mitigate": "fix",
    "rollback": "undo",
    "freeze": "",
    "page": "pager",
    "escalate": "",
    "oncall": "",
    "runbook": "rb",
}

ALIASES: Mapping[str, str] = {
    alias: verb
    for verb, also in [*((name, verb.also) for name, verb in VERBS.items()), *PLANNED.items()]
    for alias in also.split()
}

SHOWS = ("list", "status", "help", "export", "doctor", "postmortem")

# What an alias says besides its verb.
MEANING: Mapping[str, str] = {
    "lead": "commander",
    "commander": "commander",
    "handover": "commander",
}


def verbs() -> Mapping[str, list[str]]:
    """Return every verb there is with its other names."""
    return {name: verb.also.split() for name, verb in VERBS.items()}

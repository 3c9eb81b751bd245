"""The words of what came from messages: facts point at them and hold no copy."""

from collections.abc import Mapping
from dataclasses import replace

from .state import ActionItem, Incident, Note, Post, Update

Said = Update | Note | ActionItem


def wordless(incident: Incident) -> frozenset[Post]:
    """Return the messages whose words are missing."""
    update = (incident.update,) if incident.update else ()
    said: tuple[Said, ...] = (*update, *incident.notes, *incident.actions)
    return frozenset(each.source for each in said if each.source and not each.text)


def with_words(incident: Incident, words: Mapping[Post, str]) -> Incident:
    """Return the incident with the words that are known; a message may be gone."""

    def found(said: Said) -> str:
        return said.text or (words.get(said.source, "") if said.source else "")

    update = incident.update
    return replace(
        incident,
        update=replace(update, text=found(update)) if update else None,
        notes=tuple(replace(note, text=found(note)) for note in incident.notes),
        actions=tuple(replace(action, text=found(action)) for action in incident.actions),
    )

"""Which services of the catalogue a text names, and where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.catalogue import Service

from .denials import denied
from .phrases import Spelling
from .words import Gap, Word, forms

MOST_PARTS = 5  # words of a name

# What names end in that people leave out, and what one and the same technology is called.
_ENDINGS = frozenset(["api", "app", "backend", "server", "service", "srv", "svc"])
_SAME = (
    {"postgres", "postgresql", "pg", "psql"},
    {"elasticsearch", "elastic"},
    {"mongo", "mongodb"},
    {"rabbitmq", "rabbit"},
    {"kubernetes", "k8s"},
    {"database", "databases", "datenbank"},
    {"login", "log-in", "logins", "signin", "sign-in"},
)


class Names:
    """The catalogue by every name that people and machines have for its services.

    A name that two services could mean by leaving out its ending, is neither's.
    """

    def __init__(self, services: Mapping[str, Service]) -> None:
        self._known = dict[str, list[tuple[str, frozenset[int]]]]()
        own = {name: [name, *service.aliases] for name, service in services.items()}
        for name, called in own.items():
            for each in called:
                self._add(each, name)
        shortened = defaultdict[str, set[str]](set)
        for name, called in own.items():
            for short in {short for each in called for short in _shorter(each)}:
                shortened[short].add(name)
        for short, meant in shortened.items():
            if len(meant) == 1 and self._free(short, *meant):
                self._add(short, *meant)
        self._beginnings = {key[:n] for key in self._known for n in range(1, len(key) + 1)}
        self._spelling = Spelling(self._known)

    def _free(self, called: str, service: str) -> bool:
        entries = self._known.get(_key("".join(forms(called))), [])
        return all(known == service for known, _ in entries)

    def _add(self, called: str, service: str) -> None:
        parts = forms(called)[:MOST_PARTS]
        cuts = frozenset(sum(map(len, parts[:n])) for n in range(1, len(parts)))
        whole = "".join(parts)
        entries = self._known.setdefault(_key(whole), [])
        if (service, cuts) not in entries:
            entries.append((service, cuts))

    def named(self, text: Sequence[Word]) -> dict[str, int]:
        """Return the services that are named and not said to be well, and where first."""
        found, at = dict[str, int](), 0
        word_forms = [word.form for word in text]
        while at < len(text):
            ends, services = self._longest(text, at)
            if services and not denied(word_forms, text, at, ends):
                for service in services:
                    found.setdefault(service, at)
            at = max(ends, at + 1)
        return found

    def _longest(self, text: Sequence[Word], at: int) -> tuple[int, list[str]]:
        whole, spaces, best = "", set[int](), (at, list[str]())
        for ends in range(at, min(at + MOST_PARTS, len(text))):
            gap = text[ends].gap
            if ends > at and gap >= Gap.CLAUSE:
                break
            if ends > at and gap is Gap.SPACE:
                spaces.add(len(whole))
            whole += text[ends].form
            called = self._called(whole)
            services = [name for name, cuts in called if spaces <= cuts] if called else []
            if services:
                best = (ends + 1, services)
            if whole not in self._beginnings:
                break
        if not best[1] and (slip := self._spelling.right(_key(text[at].form))) in self._known:
            return at + 1, [name for name, _ in self._known[slip]]
        return best

    def _called(self, whole: str) -> list[tuple[str, frozenset[int]]]:
        return self._known.get(_key(whole), [])


def _key(whole: str) -> str:
    return whole[:-1] if len(whole) > 3 and whole.endswith("s") else whole  # noqa: PLR2004


def _shorter(called: str) -> Iterator[str]:
    """Yield what else a thing is called without saying so."""
    parts = forms(called)
    if len(parts) > 1 and parts[-1] in _ENDINGS:
        yield "-".join(parts[:-1])
    whole = "".join(parts)
    for same in _SAME:
        if whole in same:
            yield from sorted(same - {whole})

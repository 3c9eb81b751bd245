"""What people type, read as they meant it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import Declare
from bot.domain.severity import Severity
from bot.reading import plain
from handlers.grammar import (
    Asked,
    Free,
    NearMiss,
    Nothing,
    Parsed,
    Planned,
    distance,
    parse,
)
from handlers.reading.declaration import declaration
from handlers.verbs import ALIASES, MEANING, PLANNED, VERBS
from tests.samples import ANA, ID


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Nothing()),
        ("   ", Nothing()),
        ("list", Asked("list", None, "")),
        ("LS", Asked("list", None, "")),
        (f"status {ID.lower()}", Asked("status", ID, "")),
        (f"severity {ID} p1", Asked("severity", ID, "p1")),
        (f"sev P1 {ID}", Asked("severity", ID, "P1")),
        ("take", Asked("ack", None, "")),
        ("/incident ack", Asked("ack", None, "")),
        (ID, Asked("status", ID, "")),
        ("P0", Asked("severity", None, "P0")),
        ("?", Asked("help", None, "")),
        ("help declare", Asked("help", None, "declare")),
        ("list all", Asked("list", None, "all")),
        ("list closed checkout", Asked("list", None, "closed checkout")),
        ("list checkout P1", Asked("list", None, "checkout P1")),
        ("export fails for customers", Free("export fails for customers")),
        ("pm again", Asked("postmortem", None, "again")),
        ("stats 90d checkout", Asked("stats", None, "90d checkout")),
        ("list of orders is wrong", Free("list of orders is wrong")),
        ("status 001", Asked("status", None, "001")),
        ("end", Asked("resolve", None, "")),
        ("resolve now", Asked("resolve", None, "now")),
        ("status monitoring it holds", Asked("status", None, "monitoring it holds")),
        (f"status monitoring {ID}", Asked("status", ID, "monitoring")),
        ("status page is down", Free("status page is down")),
        (f"update {ID} still looking", Asked("update", ID, "still looking")),
        (f"note see {ID}", Asked("timeline", None, f"see {ID}")),
        (f"note {ID}  two\nlines", Asked("timeline", ID, "two\nlines")),
        (f"merge {ID}", Asked("merge", None, ID)),
        (f"merge {ID} into INC-20260115-002", Asked("merge", ID, "into INC-20260115-002")),
        ("lead <@U1|bo>", Asked("role", None, "commander <@U1|bo>")),
        ("handover", Asked("role", None, "commander")),
        ("assign <@U1> scribe", Asked("role", None, "<@U1> scribe")),
        ("declare <@U1|bo> is gone", Asked("declare", None, "@bo is gone")),
        ("<@U1|bo> is gone", Free("@bo is gone")),
        ("rol scribe <@U1|bo>", NearMiss("rol", "role scribe <@U1|bo>", "rol scribe @bo")),
        ("declare checkout is down", Asked("declare", None, "checkout is down")),
        (f"declare {ID} is back", Asked("declare", None, f"{ID} is back")),
        ("new", Asked("declare", None, "")),
        ("rollback checkout", Planned("rollback")),
        ("undo", Planned("rollback")),
        ("resovle", NearMiss("resovle", "resolve", "resovle")),
        ("Acknowlege", NearMiss("Acknowlege", "ack", "Acknowlege")),
        ("acknowledg the outage", NearMiss("acknowledg", "ack", "acknowledg the outage")),
        (f"reslove {ID} now", NearMiss("reslove", f"resolve {ID} now", f"reslove {ID} now")),
        ("rolback", Free("rolback")),  # near to a verb that is not built
        ("severty P1", NearMiss("severty", "severity P1", "severty P1")),
        ("checkout is down", Free("checkout is down")),
        ("this is broken", Free("this is broken")),  # though "this" alone asks for the status
        ("site down", Free("site down")),  # though "site" is two letters from "note"
        ("db", Free("db")),
        ("«платежи» не работают", Free("«платежи» не работают")),
        ("\u2018quoted\u2019", Free("'quoted'")),
    ],
)
def test_what_was_typed_is_read(typed: str, meant: Parsed) -> None:
    assert parse(typed) == meant


@given(st.text())
def test_everything_that_is_typed_is_read_somehow(typed: str) -> None:
    parsed = parse(typed)
    assert (parsed == Nothing()) == (not typed.replace("\u00a0", " ").strip())


@pytest.mark.parametrize(
    ("rest", "command"),
    [
        ("checkout is down", Declare(ANA, "checkout is down")),
        ("P0 checkout is down", Declare(ANA, "checkout is down", Severity.P0)),
        ("sev2 checkout is down", Declare(ANA, "checkout is down", Severity.P2)),
        ("2 servers are down", Declare(ANA, "2 servers are down")),
        ("P0: everything is down", Declare(ANA, "everything is down", Severity.P0)),
        ("sev1 - checkout", Declare(ANA, "checkout", Severity.P1)),
        ("P5 db down", Declare(ANA, "P5 db down")),
        ("", Declare(ANA, "")),
    ],
)
def test_a_declaration_may_begin_with_its_severity(rest: str, command: Declare) -> None:
    assert declaration(ANA, rest) == command


CATALOGUE = ("checkout", "payments.api")


@pytest.mark.parametrize(
    ("rest", "command"),
    [
        ("private: a leak", Declare(ANA, "a leak", private=True)),
        ("P0 private: a leak", Declare(ANA, "a leak", Severity.P0, private=True)),
        ("Private:P0 a leak", Declare(ANA, "a leak", Severity.P0, private=True)),
        ("a leak --private", Declare(ANA, "a leak", private=True)),
        ("a leak \u2014private of keys", Declare(ANA, "a leak  of keys", private=True)),
        ("private keys were leaked", Declare(ANA, "private keys were leaked")),
        ("the flag x--private is set", Declare(ANA, "the flag x--private is set")),
        ("[Checkout] is down", Declare(ANA, "is down", services=("checkout",))),
        (
            "sev1 [checkout, PAYMENTS.api] 500s",
            Declare(ANA, "500s", Severity.P1, services=("checkout", "payments.api")),
        ),
        ("[EU] checkout is down", Declare(ANA, "[EU] checkout is down")),
        ("[] is down", Declare(ANA, "[] is down")),
        ("slow service:Checkout", Declare(ANA, "slow", services=("checkout",))),
        (
            "services:checkout,search P2 slow",
            Declare(ANA, "slow", Severity.P2, services=("checkout", "search")),
        ),
        ("service: mail is down", Declare(ANA, "service: mail is down")),
        ("P1 P2 went wrong", Declare(ANA, "P2 went wrong", Severity.P1)),
        ("P1", Declare(ANA, "", Severity.P1)),
        (
            "P0 everything --private service:checkout",
            Declare(ANA, "everything", Severity.P0, private=True, services=("checkout",)),
        ),
        ("[checkout] service:checkout x", Declare(ANA, "x", services=("checkout",))),
    ],
)
def test_a_declaration_may_say_for_whom_and_of_what(rest: str, command: Declare) -> None:
    assert declaration(ANA, rest, CATALOGUE) == command


@given(st.text())
def test_every_declaration_is_read_somehow(text: str) -> None:
    declaration(ANA, text, CATALOGUE)


def test_each_alias_means_one_verb_and_hides_none() -> None:
    names = [*VERBS, *PLANNED, *ALIASES]
    assert len(names) == len(set(names))
    assert set(ALIASES.values()) <= {*VERBS, *PLANNED}


@pytest.mark.parametrize("known", [*VERBS, *sorted(PLANNED), *ALIASES])
def test_every_verb_and_alias_is_understood(known: str) -> None:
    assert isinstance(parse(known), Asked | Planned)


def test_what_an_alias_says_besides_its_verb_is_said_of_an_alias() -> None:
    assert set(MEANING) <= set(ALIASES)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("ask <@U1|ana> &amp; <#C1|ops>", "ask <@U1|ana> & #ops"),
        ("ask <@U1>, <!here> <https://x.example|x>", "ask <@U1>, @here https://x.example"),
    ],
)
def test_people_can_be_told_apart_where_that_matters(sent: str, kept: str) -> None:
    assert plain(sent, people=True) == kept


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        *(("", "", 0), ("ack", "ack", 0), ("", "ack", 3), ("akc", "ack", 1)),
        *(("close", "clothes", 3), ("lst", "list", 1), ("resovle", "resolve", 1)),
    ],
)
def test_edits_are_counted(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == distance(other, one) == edits


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &amp; b &lt;carts&gt;", "a & b <carts>"),
        ("&lt;!channel&gt; down", "<!channel> down"),
        ("<#C1|checkout> by <@U1|ana>", "#checkout by @ana"),
        ("<https://x.example/?a=1&amp;b|x>", "https://x.example/?a=1&b"),
        ("<!here> <!subteam^S1|@ops>", "@here @@ops"),
        ("ask <@U1>", "ask <@U1>"),
    ],
)
def test_slacks_escapes_are_undone(sent: str, typed: str) -> None:
    assert plain(sent) == typed


def test_a_very_long_word_is_near_to_nothing_and_holds_nobody_up() -> None:
    word = "x" * 40_000  # the longest that Slack lets anybody write
    began = time.process_time()
    assert parse(word) == Free(word)
    assert time.process_time() - began < 1

"""`responder assess`: alerts or a declaration, told in a terminal."""

import io
import json
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from bot.cli import assess, parser

CATALOGUE = """
services:
  checkout: {depends_on: [redis], aliases: [shop]}
  redis: {}
assessment:
  rules:
    - {name: own-rule, words: [flux compensator], cause: the <flux> & co, actions: [restart]}
"""
ALERT = {
    "status": "firing",
    "labels": {"alertname": "KubePodCrashLooping", "severity": "critical", "pod": "checkout-7d-x"},
    "annotations": {"description": "Pod shop/checkout-7d-x is waiting (CrashLoopBackOff)"},
    "startsAt": "2026-11-23T10:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus.example.com/graph",
    "fingerprint": "ab12",
}
WEBHOOK = {
    "version": "4",
    "groupKey": "{}:{}",
    "status": "firing",
    "receiver": "bot",
    "groupLabels": {},
    "commonLabels": {},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager.example.com",
    "alerts": [ALERT],
}


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "team.yml").write_text(CATALOGUE)
    monkeypatch.setenv("INCIDENT_CONFIG", str(tmp_path / "team.yml"))


def asked(file: str, *dispute: str) -> int:
    return assess.run(Namespace(file=file, dispute=list(dispute)))


def of(text: str | bytes) -> str:
    Path("told").write_bytes(text if isinstance(text, bytes) else text.encode())
    return "told"


def test_a_declaration_is_told_with_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(of("the shop cannot reach redis\nnobody can pay")) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Read            a declaration",
        "Severity        P1 high (extent.nobody_can)",
        "Services        checkout, redis",
        "For users       it does not work",
        "May be because",
        "  1. something that is needed is down (dependency.down)",
        "At once",
        "  - see whether redis works (dependency.down)",
        "  - look at the network (dependency.down)",
        "Rules that fired",
        '  dependency.down: said "cannot reach"',
        '  extent.nobody_can: said "nobody can"',
        "Wrong? Leave a rule out: responder assess FILE --dispute dependency.down",
    ]


def test_a_webhook_is_told_and_a_disputed_rule_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert asked(of(json.dumps(WEBHOOK)), "change.crash_loop", "change.rollout") == 0
    out = capsys.readouterr().out
    assert "Read            1 alert, 1 firing\nSeverity        P1 high (severity.labels)\n" in out
    assert "Services        checkout\n" in out
    assert "May be because  nothing in it tells\n" in out
    assert '  severity.labels: its labels say so "severity=critical"\n' in out
    assert out.endswith("Left out        change.crash_loop, change.rollout\n")


def test_an_own_rule_is_said_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(of("redis: flux-compensator")) == 0
    out = capsys.readouterr().out
    assert "  1. the <flux> & co (own-rule)\n" in out
    assert "  - restart redis (own-rule)\n" in out


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"", "told is empty. Give me"),
        (b" \n\t", "told is empty. Give me"),
        (b"\xef\xbb\xbf", "told is empty. Give me"),
        (b"\x7fELF\x02\x01\x01\0\0", "told is not text."),
        (b"\xff\xfe\x00", "told is not text."),
        (b"a" * 10_000_000, "told is larger than 1 MB."),
        (b'{"alerts": [{}]}', 'told has "alerts", but is no Alertmanager webhook of version 4: /'),
    ],
)
def test_what_cannot_be_read_is_said(
    capsys: pytest.CaptureFixture[str], data: bytes, answer: str
) -> None:
    assert asked(of(data)) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.startswith(answer)) == ("", True)
    assert printed.err.count("\n") == 1


def test_a_file_that_is_not_there_and_a_folder_are_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert asked("nowhere") == asked(str(tmp_path)) == 2
    assert capsys.readouterr().err.splitlines() == [
        "nowhere cannot be read: No such file or directory.",
        f"{tmp_path} cannot be read: Is a directory.",
    ]


@pytest.mark.parametrize("text", ['{"alerts": [', "[" * 100_000, '{"level": "error"}', "[1]"])
def test_other_json_and_half_of_it_is_text_and_that_is_said(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert asked(of(text)) == 0
    told = "Read            a declaration (it is no webhook's JSON, so I took it as text)\n"
    assert capsys.readouterr().out.startswith(told)


def test_what_is_typed_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"redis is slow")))
    assert asked("-") == 0
    assert "Services        redis\n" in capsys.readouterr().out


def test_nothing_known_and_an_unknown_rule_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(of("hello")) == 0
    assert capsys.readouterr().out.endswith(
        "May be because  nothing in it tells\nNo rule fired.\n"
    )
    assert asked(of("hello"), "memory.ooom") == 2
    assert capsys.readouterr().err.startswith("There is no rule memory.ooom. docs/assessment.md")


def test_wrong_settings_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("team.yml").write_text("services: 7")
    assert asked(of("hello")) == 2
    assert "team.yml: services:" in capsys.readouterr().err


def test_the_subcommand_takes_these_words() -> None:
    args = parser().parse_args(["assess", "-", "--dispute", "a", "--dispute", "b"])
    assert (args.file, args.dispute, args.run) == ("-", ["a", "b"], assess.run)

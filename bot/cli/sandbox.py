"""Starts a workspace on this machine with the bot in it, to try things out."""

import argparse
import os
import sys
from typing import NoReturn

CHOICES = (
    ("--scenario", "NAME", "what happens to the production"),
    ("--speed", "N", "how many times as fast as in life it happens"),
    ("--seed", "N", "the same number, the same chances"),
    ("--port", "N", "where the page is, 0 for any free port"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be chosen; the sandbox judges it."""
    for option, value, words in CHOICES:
        parser.add_argument(option, metavar=value, help=words)
    parser.add_argument("--keep", action="store_true", help="keep the bot's data and log")


def run(args: argparse.Namespace) -> NoReturn:
    """Become the sandbox, which ends all that it starts."""
    chosen = [option for option, _, _ in CHOICES if getattr(args, option.lstrip("-"))]
    values = [word for option in chosen for word in (option, getattr(args, option.lstrip("-")))]
    become("sandbox", "--with-bot", *values, *(["--keep"] if args.keep else []))


def become(module: str, *words: str) -> NoReturn:
    """Go on as a part of the sandbox; the bot imports none of it."""
    os.execv(sys.executable, [sys.executable, "-m", module, *words])

"""Plays an incident written down as a dialog, step by step, in a workspace on this machine."""

import argparse
from typing import NoReturn

from .sandbox import become


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be chosen; the sandbox judges it."""
    parser.add_argument("files", metavar="FILE", nargs="*")
    parser.add_argument("--speed", metavar="N", help="of what happens in production")
    parser.add_argument("--seed", metavar="N", help="the same number, the same chances")
    parser.add_argument("--keep", action="store_true", help="keep the bot's data and log")
    parser.add_argument("--check", action="store_true", help="only look for mistakes in the files")
    parser.add_argument("--schema", action="store_true", help="print the format as JSON schema")


def run(args: argparse.Namespace) -> NoReturn:
    """Become the player."""
    values = [(f"--{name}", getattr(args, name)) for name in ("speed", "seed")]
    chosen = [word for option, value in values if value for word in (option, value)]
    flags = [f"--{name}" for name in ("keep", "check", "schema") if getattr(args, name)]
    become("sandbox.rehearsal", *chosen, *flags, *args.files)

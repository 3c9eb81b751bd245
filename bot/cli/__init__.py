"""`responder <subcommand>`: one file each."""

import argparse
import sys

from . import (
    assess,
    doctor,
    erase,
    lifecycle,
    local,
    migrate_store,
    rehearse,
    repair,
    sandbox,
    schema,
    verify_log,
)

SUBCOMMANDS = {
    "assess": assess,
    "doctor": doctor,
    "erase": erase,
    "lifecycle": lifecycle,
    "migrate-store": migrate_store,
    "rehearse": rehearse,
    "repair": repair,
    "sandbox": sandbox,
    "schema": schema,
    "verify-log": verify_log,
}
DESCRIPTION = (
    "Asks the bot that runs on this machine, also while Slack is away; and its own tools."
)


def parser() -> argparse.ArgumentParser:
    """Return what knows every subcommand."""
    parser = argparse.ArgumentParser(prog="responder", description=DESCRIPTION)
    subcommands = parser.add_subparsers(dest="subcommand", metavar="SUBCOMMAND", required=True)
    for verb in local.VERBS:
        own = subcommands.add_parser(verb.word, help=verb.help, description=verb.help)
        verb.arguments(own)
        own.set_defaults(run=verb.run)
    for name, module in SUBCOMMANDS.items():
        own = subcommands.add_parser(name, help=module.__doc__, description=module.__doc__)
        if hasattr(module, "arguments"):
            module.arguments(own)
        own.set_defaults(run=module.run)
    subcommands.add_parser("help", help="Prints this.").set_defaults(
        run=lambda _: parser.print_help()
    )
    return parser


def main() -> None:
    """Run the subcommand named first; its exit status is ours."""
    args = parser().parse_args()
    sys.exit(args.run(args))

"""`responder <subcommand>`: one file each."""

import argparse
import sys

from . import doctor, lifecycle, migrate_store, repair, schema, verify_log

SUBCOMMANDS = {
    "doctor": doctor,
    "lifecycle": lifecycle,
    "migrate-store": migrate_store,
    "repair": repair,
    "schema": schema,
    "verify-log": verify_log,
}


def main() -> None:
    """Run the subcommand named first; its exit status is ours."""
    parser = argparse.ArgumentParser(prog="responder", description="The incident bot's own tools.")
    subcommands = parser.add_subparsers(dest="subcommand", metavar="SUBCOMMAND", required=True)
    for name, module in SUBCOMMANDS.items():
        own = subcommands.add_parser(name, help=module.__doc__, description=module.__doc__)
        if hasattr(module, "arguments"):
            module.arguments(own)
    args = parser.parse_args()
    sys.exit(SUBCOMMANDS[args.subcommand].run(args))

"""`responder <subcommand>`: one file each."""

import argparse
import sys

from . import doctor, lifecycle, schema

SUBCOMMANDS = {"doctor": doctor, "lifecycle": lifecycle, "schema": schema}


def main() -> None:
    """Run the subcommand named first; its exit status is ours."""
    parser = argparse.ArgumentParser(prog="responder", description="The incident bot's own tools.")
    parser.add_argument("subcommand", choices=sorted(SUBCOMMANDS))
    sys.exit(SUBCOMMANDS[parser.parse_args().subcommand].run())

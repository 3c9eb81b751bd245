"""Prints the JSON schema of the YAML file, for editors that check while one types."""

import argparse
import json

from bot.settings import Configuration


def text() -> str:
    """Return the schema."""
    return json.dumps(Configuration.model_json_schema(), indent=2)


def run(_: argparse.Namespace) -> int:
    """Print the schema."""
    print(text())
    return 0

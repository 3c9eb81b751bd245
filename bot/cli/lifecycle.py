"""Shows how an incident may go on from each status."""

import argparse

from bot.domain.status import TRANSITIONS, Status


def lines() -> list[str]:
    """Return the table, a status a line."""
    return [
        f"{status:<13} -> {', '.join(s for s in Status if s in TRANSITIONS[status]) or 'final'}"
        for status in Status
    ]


def run(_: argparse.Namespace) -> int:
    """Print the table."""
    print("\n".join(lines()))
    return 0

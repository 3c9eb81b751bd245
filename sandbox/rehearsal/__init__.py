"""Rehearsals: incidents written down as dialogs, played by people who are not there."""

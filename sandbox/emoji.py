"""The emoji that the workspace knows by name: those that its page can draw."""

from sandbox.page_server import FOLDER

_LISTED = (FOLDER / "emoji.js").read_text().split("`")[1].split()
EMOJI = dict(zip(_LISTED[::2], _LISTED[1::2], strict=True))

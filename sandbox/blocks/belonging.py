"""What of Block Kit depends on the workspace: its rollout, its files, the app's scopes."""

from collections.abc import Iterator
from typing import Any

from sandbox.access import require_scope
from sandbox.blocks.rules import problem
from sandbox.happenings.files import exists
from sandbox.workspace import Workspace


def belonging(workspace: Workspace, value: Any, at: str) -> Iterator[str]:
    """Yield what this workspace does not take, of blocks that would be right elsewhere."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from belonging(workspace, item, f"{at}/{index}")
    elif isinstance(value, dict):
        if value.get("type") in workspace.seed.unsupported_blocks:
            yield problem(f"unsupported type: {value['type']}", f"{at}/type")
        if value.get("type") == "video":
            require_scope(workspace, "links.embed:write")
        if "slack_file" in value and not exists(workspace, value["slack_file"]):
            yield problem("invalid slack file", f"{at}/slack_file")
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield from belonging(workspace, inner, f"{at}/{name}")

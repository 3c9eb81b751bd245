"""What the page reads: the workspace as one person sees it."""

from collections.abc import Mapping

from sandbox.control.fields import Act
from sandbox.courier import Courier
from sandbox.workspace import Workspace


class Page:
    """Show the workspace to the page, and what changed since it last looked."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

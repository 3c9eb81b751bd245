"""What people do to what was said, and to their channels."""

from collections.abc import Mapping

from sandbox.control.fields import Act
from sandbox.courier import Courier
from sandbox.workspace import Workspace


class Messages:
    """React, edit, delete, pin and bookmark as the people of the workspace."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

"""The shape of what travels between Slack and an app."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

"""Workspaces that start elsewhere than the usual one."""

from dataclasses import replace

from sandbox.deliveries.courier import EVENT_SCOPES
from sandbox.methods.registry import METHODS
from sandbox.seed import Seed

SCOPES = {scope for method in METHODS.values() for scope in method.scopes}
WIDE = replace(
    Seed(),
    scopes=tuple(sorted({"commands", *SCOPES, *EVENT_SCOPES.values()})),
    rate_factor=0.0,
    events=(*Seed().events, *EVENT_SCOPES, "channel_id_changed"),
)

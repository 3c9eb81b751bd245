"""A Kubernetes cluster on this machine: its API over HTTP, its controllers, and no containers."""

from sandbox.cluster.access import User
from sandbox.cluster.cluster import Cluster, Setup
from sandbox.cluster.controllers.room import Timings
from sandbox.cluster.fates import DeploymentView, Fate, Fates, Line, Logs, PodView
from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import Refused
from sandbox.cluster.server import ClusterServer

__all__ = [
    "Cluster",
    "ClusterServer",
    "DeploymentView",
    "Fate",
    "Fates",
    "Kind",
    "Line",
    "Logs",
    "PodView",
    "Refused",
    "Setup",
    "Timings",
    "User",
]

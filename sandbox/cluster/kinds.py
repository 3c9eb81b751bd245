"""Which kinds of objects the cluster knows, and what may be asked of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.cluster.refusals import qualified

CHANGING = ("create", "delete", "deletecollection", "patch", "update")
ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
READING = ("get", "list", "watch")


@dataclass(frozen=True, slots=True)
class Kind:
    """One resource in one version of its group."""

    group: str
    version: str
    kind: str
    plural: str
    short: tuple[str, ...] = ()
    namespaced: bool = True
    verbs: tuple[str, ...] = ALL
    subresources: tuple[str, ...] = ()
    in_all: bool = False
    is_custom: bool = False
    kept_as: str = ""

    @property
    def api_version(self) -> str:
        """Return what an object of this kind calls its apiVersion."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def resource(self) -> str:
        """Return the name under which its objects are kept."""
        return self.kept_as or qualified(self.group, self.plural)


STATUS = ("status",)
CORE = [
    Kind("", "v1", "Namespace", "namespaces", ("ns",), namespaced=False, subresources=STATUS),
    Kind("", "v1", "Node", "nodes", ("no",), namespaced=False, subresources=STATUS),
    Kind("", "v1", "Pod", "pods", ("po",), subresources=(*STATUS, "log", "eviction"), in_all=True),
    Kind("", "v1", "Service", "services", ("svc",), subresources=STATUS, in_all=True),
    Kind("", "v1", "ConfigMap", "configmaps", ("cm",)),
    Kind("", "v1", "Secret", "secrets"),
    Kind("", "v1", "ServiceAccount", "serviceaccounts", ("sa",)),
    Kind("", "v1", "Event", "events", ("ev",), kept_as="events"),
    Kind("events.k8s.io", "v1", "Event", "events", ("ev",), verbs=READING, kept_as="events"),
]
SCALED = (*STATUS, "scale")
APPS = [
    Kind("apps", "v1", "Deployment", "deployments", ("deploy",), subresources=SCALED, in_all=True),
    Kind("apps", "v1", "ReplicaSet", "replicasets", ("rs",), subresources=SCALED, in_all=True),
]
RBAC = "rbac.authorization.k8s.io"
ACCESS = [
    Kind(RBAC, "v1", "Role", "roles"),
    Kind(RBAC, "v1", "RoleBinding", "rolebindings"),
    Kind(RBAC, "v1", "ClusterRole", "clusterroles", namespaced=False),
    Kind(RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings", namespaced=False),
]
REVIEWS = "authorization.k8s.io"
ASKED = [
    Kind(
        REVIEWS,
        "v1",
        f"SelfSubject{what}Review",
        f"selfsubject{what.lower()}reviews",
        namespaced=False,
        verbs=("create",),
    )
    for what in ("Access", "Rules")
]


def scaler(version: str) -> Kind:
    """Return the HorizontalPodAutoscaler of a version."""
    name = "HorizontalPodAutoscaler"
    plural = "horizontalpodautoscalers"
    return Kind(
        "autoscaling",
        version,
        name,
        plural,
        ("hpa",),
        subresources=STATUS,
        in_all=True,
    )


def budget(version: str) -> Kind:
    """Return the PodDisruptionBudget of a version."""
    name, plural = "PodDisruptionBudget", "poddisruptionbudgets"
    return Kind("policy", version, name, plural, ("pdb",), subresources=STATUS)


VERSIONED = {
    "1.20": [scaler("v1"), budget("v1beta1")],
    "1.24": [scaler("v2"), scaler("v1"), budget("v1"), budget("v1beta1")],
    "1.32": [scaler("v2"), scaler("v1"), budget("v1")],
}
CUSTOM = [
    Kind("argoproj.io", "v1alpha1", "Application", "applications", is_custom=True),
    Kind(
        "kustomize.toolkit.fluxcd.io",
        "v1",
        "Kustomization",
        "kustomizations",
        ("ks",),
        subresources=STATUS,
        is_custom=True,
    ),
]


class Kinds:
    """The kinds that a cluster of some release serves."""

    def __init__(self, release: str, custom: Iterable[Kind] = CUSTOM) -> None:
        if release not in VERSIONED:
            known = ", ".join(VERSIONED)
            words = f"no cluster of release {release} is known, only of {known}"
            raise ValueError(words)
        self.release = release
        versioned = [*VERSIONED[release], *custom]
        self.all = [*CORE, *APPS, *ACCESS, *ASKED, *versioned]
        self._by_path = {(kind.group, kind.version, kind.plural): kind for kind in self.all}
        self._by_name = {(kind.api_version, kind.kind): kind for kind in self.all}

    def at(self, group: str, version: str, plural: str) -> Kind | None:
        """Return the kind with that address, if there is one."""
        return self._by_path.get((group, version, plural))

    def named(self, api_version: str, kind: str) -> Kind | None:
        """Return the kind that an object says it is, if there is one."""
        return self._by_name.get((api_version, kind))

    def preferred(self, kind: Kind) -> Kind:
        """Return the version of a kind in which its objects are kept."""
        return next(one for one in self.all if one.resource == kind.resource)

    def versions(self, group: str) -> list[str]:
        """Return a group's versions, the preferred one first."""
        return list(dict.fromkeys(kind.version for kind in self.all if kind.group == group))

    @property
    def groups(self) -> list[str]:
        """Return the groups with a name."""
        return list(dict.fromkeys(kind.group for kind in self.all if kind.group))

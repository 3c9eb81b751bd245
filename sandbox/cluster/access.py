"""Who may do what: users, and the rules that role objects give them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sandbox.cluster.kinds import RBAC
from sandbox.cluster.refusals import Refused, forbidden
from sandbox.cluster.store import Store
from sandbox.wire import Json

MASTERS = "system:masters"
AUTHENTICATED = "system:authenticated"
# What everybody who is known may ask about: themselves.
OWN = ("authorization.k8s.io", ("selfsubjectaccessreviews", "selfsubjectrulesreviews"))


@dataclass(frozen=True, slots=True)
class User:
    """Whom a token belongs to."""

    name: str
    groups: tuple[str, ...] = ()


class Wish(Protocol):
    """What rules are asked about: `requests.Address` is one."""

    @property
    def group(self) -> str:
        """Return the API group."""

    @property
    def path(self) -> str:
        """Return the resource, with its subresource."""

    @property
    def namespace(self) -> str:
        """Return the namespace, or nothing for the whole cluster."""

    @property
    def name(self) -> str:
        """Return the object, or nothing for all."""


def rules(store: Store, user: User, namespace: str) -> Iterator[Json]:
    """Yield the rules that hold for a user in a namespace (or, with none, everywhere)."""
    for binding in store.all(f"clusterrolebindings.{RBAC}"):
        if _is_bound(binding, user):
            yield from _rules(store, binding)
    if not namespace:
        return
    for binding in store.all(f"rolebindings.{RBAC}", namespace):
        if _is_bound(binding, user):
            yield from _rules(store, binding)


def _is_bound(binding: Json, user: User) -> bool:
    return any(_is(subject, user) for subject in binding.get("subjects") or ())


def _is(subject: Json, user: User) -> bool:
    match subject["kind"]:
        case "User":
            return bool(subject["name"] == user.name)
        case "Group":
            return subject["name"] in (*user.groups, AUTHENTICATED)
        case _:
            account = f"system:serviceaccount:{subject.get('namespace')}:{subject['name']}"
            return account == user.name


def _rules(store: Store, binding: Json) -> list[Json]:
    reference = binding["roleRef"]
    if reference["kind"] == "ClusterRole":
        role = store.find(f"clusterroles.{RBAC}", "", reference["name"])
    else:
        place = binding["metadata"]["namespace"]
        role = store.find(f"roles.{RBAC}", place, reference["name"])
    given: list[Json] = (role or {}).get("rules") or []
    return given


def allowed(store: Store, user: User, verb: str, wish: Wish) -> bool:
    """Tell whether a user may do this."""
    if MASTERS in user.groups or (wish.group == OWN[0] and wish.path in OWN[1]):
        return True
    return any(_allows(rule, verb, wish) for rule in rules(store, user, wish.namespace))


def _allows(rule: Json, verb: str, wish: Wish) -> bool:
    names = rule.get("resourceNames") or ()
    return (
        bool({verb, "*"} & set(rule.get("verbs") or ()))
        and bool({wish.group, "*"} & set(rule.get("apiGroups") or ()))
        and bool({wish.path, "*"} & set(rule.get("resources") or ()))
        and (not names or wish.name in names)
    )


def authorize(store: Store, user: User, verb: str, wish: Wish) -> None:
    """Refuse what a user may not do."""
    if allowed(store, user, verb, wish):
        return
    where = f'in the namespace "{wish.namespace}"' if wish.namespace else "at the cluster scope"
    words = f'User "{user.name}" cannot {verb} resource "{wish.path}" in API group "{wish.group}"'
    raise forbidden(wish.group, wish.path.partition("/")[0], wish.name, f"{words} {where}")


UNKNOWN = Refused(401, "Unauthorized")

"""What is wrong with an object, field by field."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.cluster.quantities import amount, is_share
from sandbox.cluster.refusals import Cause, bad_value, required, unsupported
from sandbox.cluster.selectors import meant
from sandbox.wire import Json

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
LONGEST, LONGEST_LABEL = 253, 63
AS_LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
AS_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
AS_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    "or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
NEGATIVE = "must be greater than or equal to 0"
Causes = Iterator[Cause]


def wrong(resource: str, thing: Json, before: Json | None) -> list[Cause]:
    """Return all that is wrong with a new object, or with what has become of an old one."""
    found = list(_metadata(resource, thing["metadata"]))
    if resource in RULES:
        found += RULES[resource](thing)
    if before is not None and resource in CHANGES:
        found += CHANGES[resource](thing, before)
    return found


def _metadata(resource: str, meta: Json) -> Causes:
    name = meta.get("name")
    if not name and not meta.get("generateName"):
        yield required("metadata.name", "name or generateName is required")
    elif name and "rbac" not in resource:
        shape, said, most = SUBDOMAIN, AS_SUBDOMAIN, LONGEST
        if resource in ("namespaces", "services"):
            shape, said, most = LABEL, AS_LABEL, LONGEST_LABEL
        if not shape.fullmatch(name):
            yield bad_value("metadata.name", name, said)
        elif len(name) > most:
            yield bad_value("metadata.name", name, f"must be no more than {most} characters")
    yield from _labels("metadata.labels", meta.get("labels") or {})


def _labels(path: str, labels: Json) -> Causes:
    for value in labels.values():
        if len(value) > LONGEST_LABEL:
            yield bad_value(path, value, f"must be no more than {LONGEST_LABEL} characters")
        elif not VALUE.fullmatch(value):
            yield bad_value(path, value, AS_VALUE)


def _at_least_zero(spec: Json, path: str, *names: str) -> Causes:
    for name in names:
        if spec.get(name, 0) < 0:
            yield bad_value(f"{path}.{name}", spec[name], NEGATIVE)


def _workload(thing: Json) -> Causes:
    spec = thing["spec"]
    yield from _at_least_zero(spec, "spec", "replicas", "minReadySeconds", "revisionHistoryLimit")
    selector, template = spec.get("selector"), spec["template"]
    labels = template["metadata"].get("labels") or {}
    if selector is None:
        yield required("spec.selector")
    elif not selector.get("matchLabels") and not selector.get("matchExpressions"):
        words = "empty selector is invalid for deployment"
        yield bad_value("spec.selector", _go_selector(selector), words)
    if selector is not None and not meant(selector, labels):
        told = _go_map(labels)
        words = "`selector` does not match template `labels`"
        yield Cause("spec.template.metadata.labels", f"Invalid value: {told}: {words}")
    yield from _labels("spec.template.metadata.labels", labels)
    yield from _pod_spec("spec.template.spec", template["spec"])
    policy = template["spec"].get("restartPolicy")
    if policy != "Always":
        yield unsupported("spec.template.spec.restartPolicy", policy, ["Always"])


def _deployment(thing: Json) -> Causes:
    yield from _workload(thing)
    spec = thing["spec"]
    strategy = spec["strategy"]
    known = ["Recreate", "RollingUpdate"]
    if strategy["type"] not in known:
        yield unsupported("spec.strategy.type", strategy["type"], known)
    rolling = strategy.get("rollingUpdate")
    if strategy["type"] == "Recreate" and rolling is not None:
        words = "may not be specified when strategy `type` is 'Recreate'"
        yield Cause("spec.strategy.rollingUpdate", f"Forbidden: {words}", "FieldValueForbidden")
    elif rolling:
        yield from _rolling(rolling)
    deadline, ready = spec["progressDeadlineSeconds"], spec.get("minReadySeconds", 0)
    yield from _at_least_zero(spec, "spec", "progressDeadlineSeconds")
    if deadline <= ready:
        words = "must be greater than minReadySeconds"
        yield bad_value("spec.progressDeadlineSeconds", deadline, words)


def _rolling(rolling: Json) -> Causes:
    path = "spec.strategy.rollingUpdate"
    for name, value in rolling.items():
        if not is_share(value):
            words = "a valid percent string must be a numeric string followed by an ending '%'"
            yield bad_value(f"{path}.{name}", value, f"{words} (e.g. '1%')")
        elif isinstance(value, int) and value < 0:
            yield bad_value(f"{path}.{name}", value, NEGATIVE)
    if all(value in (0, "0%") for value in rolling.values()):
        words = "may not be 0 when `maxSurge` is 0"
        yield Cause(f"{path}.maxUnavailable", f"Invalid value: {_go_share(rolling)}: {words}")


def _go_share(rolling: Json) -> str:
    value = rolling["maxUnavailable"]
    kind, number, text = (0, value, "") if isinstance(value, int) else (1, 0, value)
    return f'intstr.IntOrString{{Type:{kind}, IntVal:{number}, StrVal:"{text}"}}'


def _pod_spec(path: str, spec: Json) -> Causes:
    containers = spec.get("containers") or []
    if not containers:
        yield required(f"{path}.containers")
    seen: set[str] = set()
    for at, container in enumerate(containers):
        yield from _container(f"{path}.containers[{at}]", container, seen)


def _container(path: str, container: Json, seen: set[str]) -> Causes:
    name = container.get("name")
    if not name:
        yield required(f"{path}.name")
    elif not LABEL.fullmatch(name) or len(name) > LONGEST_LABEL:
        yield bad_value(f"{path}.name", name, AS_LABEL)
    elif name in seen:
        yield Cause(f"{path}.name", f'Duplicate value: "{name}"', "FieldValueDuplicate")
    seen.add(name or "")
    if not container.get("image"):
        yield required(f"{path}.image")
    yield from _resources(f"{path}.resources", container.get("resources") or {})
    for at, variable in enumerate(container.get("env") or ()):
        if not variable.get("name"):
            yield required(f"{path}.env[{at}].name")


def _resources(path: str, resources: Json) -> Causes:
    limits = resources.get("limits") or {}
    for part in ("limits", "requests"):
        for name, written in (resources.get(part) or {}).items():
            if amount(written) < 0:
                yield bad_value(f"{path}.{part}[{name}]", written, NEGATIVE)
    for name, written in (resources.get("requests") or {}).items():
        if name in limits and amount(written) > amount(limits[name]):
            words = f"must be less than or equal to {name} limit"
            yield bad_value(f"{path}.requests", written, words)


def _pod(thing: Json) -> Causes:
    yield from _pod_spec("spec", thing["spec"])


def _scaler(thing: Json) -> Causes:
    spec = thing["spec"]
    target = spec.get("scaleTargetRef") or {}
    for name in ("kind", "name"):
        if not target.get(name):
            yield required(f"spec.scaleTargetRef.{name}")
    least, most = spec["minReplicas"], spec.get("maxReplicas", 0)
    if least < 1:
        yield bad_value("spec.minReplicas", least, "must be greater than or equal to 1")
    if most < 1:
        yield bad_value("spec.maxReplicas", most, "must be greater than 0")
    if most < least:
        words = "must be greater than or equal to `minReplicas`"
        yield bad_value("spec.maxReplicas", most, words)


def _budget(thing: Json) -> Causes:
    spec = thing["spec"]
    given = [name for name in ("minAvailable", "maxUnavailable") if name in spec]
    if len(given) > 1:
        words = "minAvailable and maxUnavailable cannot be both set"
        yield Cause("spec", f"Invalid value: {spec}: {words}")
    for name in given:
        if not is_share(spec[name]):
            words = "a valid percent string must be a numeric string followed by an ending '%'"
            yield bad_value(f"spec.{name}", spec[name], f"{words} (e.g. '1%')")


def _service(thing: Json) -> Causes:
    if not thing["spec"].get("ports") and thing["spec"].get("clusterIP") != "None":
        yield required("spec.ports")


def _same_selector(thing: Json, before: Json) -> Causes:
    selector = thing["spec"].get("selector")
    if selector != before["spec"]["selector"]:
        told = _go_selector(selector or {})
        yield Cause("spec.selector", f"Invalid value: {told}: field is immutable")


def _same_pod(thing: Json, before: Json) -> Causes:
    def fixed(pod: Json) -> Json:
        spec = {k: v for k, v in pod["spec"].items() if k not in ("tolerations", "nodeName")}
        return {**spec, "containers": [{**one, "image": ""} for one in spec["containers"]]}

    if fixed(thing) != fixed(before):
        words = (
            "pod updates may not change fields other than `spec.containers[*].image`, "
            "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` "
            "(only additions to existing tolerations)"
        )
        yield Cause("spec", f"Forbidden: {words}", "FieldValueForbidden")


def _go_map(labels: Json) -> str:
    inside = ", ".join(f'"{key}":"{value}"' for key, value in sorted(labels.items()))
    return f"map[string]string{{{inside}}}"


def _go_selector(selector: Json) -> str:
    labels = selector.get("matchLabels")
    told = _go_map(labels) if labels else "map[string]string(nil)"
    expressions = "[]v1.LabelSelectorRequirement(nil)"
    return f"v1.LabelSelector{{MatchLabels:{told}, MatchExpressions:{expressions}}}"


RULES: dict[str, Callable[[Json], Any]] = {
    "deployments.apps": _deployment,
    "replicasets.apps": _workload,
    "pods": _pod,
    "horizontalpodautoscalers.autoscaling": _scaler,
    "poddisruptionbudgets.policy": _budget,
    "services": _service,
}
CHANGES: dict[str, Callable[[Json, Json], Any]] = {
    "deployments.apps": _same_selector,
    "replicasets.apps": _same_selector,
    "pods": _same_pod,
}

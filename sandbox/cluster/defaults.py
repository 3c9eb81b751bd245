"""What the API fills in where an object does not say."""

from collections.abc import Callable

from sandbox.wire import Json

POD = {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": 30,
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
}
CONTAINER = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
DEPLOYMENT = {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600}
ROLLING = {"maxSurge": "25%", "maxUnavailable": "25%"}
MODE = 420


def _fill(target: Json, values: Json) -> None:
    for key, value in values.items():
        target.setdefault(key, value)


def pod_spec(spec: Json) -> None:
    """Fill in a pod's spec."""
    _fill(spec, POD)
    spec.setdefault("securityContext", {})
    for container in [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]:
        _container(container)
    for volume in spec.get("volumes") or ():
        for source in ("configMap", "secret", "downwardAPI", "projected"):
            if source in volume:
                volume[source].setdefault("defaultMode", MODE)


def _container(container: Json) -> None:
    _fill(container, CONTAINER)
    resources = container.setdefault("resources", {})
    if resources.get("limits"):
        resources["requests"] = {**resources["limits"], **(resources.get("requests") or {})}
    tag = str(container.get("image", "")).rpartition("/")[2].partition(":")[2]
    always = tag in ("", "latest")
    container.setdefault("imagePullPolicy", "Always" if always else "IfNotPresent")
    for port in container.get("ports") or ():
        port.setdefault("protocol", "TCP")
    for name in PROBES:
        if name in container:
            _fill(container[name], PROBE)
            if "httpGet" in container[name]:
                _fill(container[name]["httpGet"], {"scheme": "HTTP", "path": "/"})
    for variable in container.get("env") or ():
        reference = (variable.get("valueFrom") or {}).get("fieldRef")
        if reference:
            reference.setdefault("apiVersion", "v1")


def _template(spec: Json) -> None:
    template = spec.setdefault("template", {})
    template.setdefault("metadata", {})
    pod_spec(template.setdefault("spec", {}))


def _deployment(thing: Json) -> None:
    spec = thing["spec"]
    _fill(spec, DEPLOYMENT)
    strategy = spec.setdefault("strategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        _fill(strategy.setdefault("rollingUpdate", {}), ROLLING)
    _template(spec)


def _replica_set(thing: Json) -> None:
    thing["spec"].setdefault("replicas", 1)
    _template(thing["spec"])


def _service(thing: Json) -> None:
    spec = thing["spec"]
    _fill(spec, {"type": "ClusterIP", "sessionAffinity": "None"})
    for port in spec.get("ports") or ():
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port.get("port"))


def _scaler(thing: Json) -> None:
    thing["spec"].setdefault("minReplicas", 1)
    if not thing["spec"].get("metrics"):
        target = {"type": "Utilization", "averageUtilization": 80}
        metric = {"type": "Resource", "resource": {"name": "cpu", "target": target}}
        thing["spec"]["metrics"] = [metric]


def _namespace(thing: Json) -> None:
    thing.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
    thing.setdefault("status", {}).setdefault("phase", "Active")


def _secret(thing: Json) -> None:
    thing.setdefault("type", "Opaque")


def _pod(thing: Json) -> None:
    pod_spec(thing["spec"])
    thing["spec"].setdefault("enableServiceLinks", True)


DEFAULTS: dict[str, Callable[[Json], None]] = {
    "deployments.apps": _deployment,
    "replicasets.apps": _replica_set,
    "pods": _pod,
    "services": _service,
    "horizontalpodautoscalers.autoscaling": _scaler,
    "namespaces": _namespace,
    "secrets": _secret,
}
WITH_SPEC = {
    "deployments.apps",
    "replicasets.apps",
    "pods",
    "services",
    "horizontalpodautoscalers.autoscaling",
    "poddisruptionbudgets.policy",
}


def fill_in(resource: str, thing: Json) -> None:
    """Fill in what an object of a kind does not say."""
    if resource in WITH_SPEC:
        thing.setdefault("spec", {})
    if resource in DEFAULTS:
        DEFAULTS[resource](thing)

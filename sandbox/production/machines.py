"""The shop as its cluster runs it."""

from collections.abc import Iterator, Mapping
from typing import Any

from .releases import Release, image
from .shop import NAMESPACE, SHOP, Service

Manifest = Mapping[str, Any]
FIRST_VERSIONS = {
    "web": 87,
    "catalog": 31,
    "checkout": 42,
    "payments": 19,
    "inventory": 16,
    "mail": 8,
}
DEADLINE = 120  # seconds for a rollout to come on
HPA_TOPS = {"web": 6}  # pods at the most, for what scales by itself


def manifests() -> Iterator[Manifest]:
    """Return what is applied when the shop opens."""
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    for service in SHOP.values():
        runs = image(service.name, FIRST_VERSIONS[service.name])
        yield deployment(service, runs)
        yield _address(service)
        if service.replicas > 1:
            yield _budget(service)
        if most := HPA_TOPS.get(service.name):
            yield _autoscaler(service, most)


def deployment(service: Service, runs: str, cause: str = "") -> Manifest:
    """Return a service as a deployment of an image; `cause` is what the change is for."""
    told = {"annotations": {"kubernetes.io/change-cause": cause}} if cause else {}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _named(service) | told,
        "spec": {
            "replicas": service.replicas,
            "progressDeadlineSeconds": DEADLINE,
            "selector": {"matchLabels": {"app": service.name}},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
            },
            "template": {
                "metadata": {"labels": {"app": service.name}},
                "spec": {"containers": [_container(service, runs)]},
            },
        },
    }


def _named(service: Service) -> dict[str, Any]:
    labels = {"app": service.name}
    return {"name": service.name, "namespace": NAMESPACE, "labels": labels}


def _container(service: Service, runs: str) -> Manifest:
    memory = f"{service.limit:.0f}Mi"
    return {
        "name": service.name,
        "image": runs,
        "ports": [{"containerPort": 8080}],
        "resources": {
            "requests": {"cpu": "250m", "memory": f"{service.memory:.0f}Mi"},
            "limits": {"memory": memory},
        },
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080}, "periodSeconds": 2},
    }


def _address(service: Service) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _named(service),
        "spec": {"selector": {"app": service.name}, "ports": [{"port": 8080}]},
    }


def _budget(service: Service) -> Manifest:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _named(service),
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": service.name}}},
    }


def _autoscaler(service: Service, most: int) -> Manifest:
    return {
        "apiVersion": "autoscaling/v1",
        "kind": "HorizontalPodAutoscaler",
        "metadata": _named(service),
        "spec": {
            "scaleTargetRef": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "name": service.name,
            },
            "minReplicas": service.replicas,
            "maxReplicas": most,
            "targetCPUUtilizationPercentage": 80,
        },
    }


def deployed(release: Release) -> Manifest:
    """Return what a release applies: its image, nothing else is changed."""
    return {
        "spec": {
            "template": {
                "spec": {"containers": [{"name": release.service, "image": release.image}]}
            }
        },
        "metadata": {"annotations": {"kubernetes.io/change-cause": release.summary}},
    }

"""What the API says of itself: which groups, versions and resources it serves."""

from sandbox.cluster.kinds import Kind, Kinds
from sandbox.wire import Json


def document(kinds: Kinds, path: str) -> Json | None:
    """Return what stands at a path that names no object, if anything does."""
    parts = [part for part in path.split("/") if part]
    match parts:
        case []:
            return {"paths": ["/api", "/api/v1", "/apis", "/healthz", "/openapi/v3", "/version"]}
        case ["version"]:
            major, minor = kinds.release.split(".")
            told = {"major": major, "minor": minor, "gitVersion": f"v{kinds.release}.0"}
            return {**told, "platform": "linux/amd64"}
        case ["api"]:
            return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
        case ["apis"]:
            groups = [_group(kinds, name) for name in kinds.groups]
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        case ["apis", group] if group in kinds.groups:
            return {"kind": "APIGroup", "apiVersion": "v1", **_group(kinds, group)}
        case ["api", "v1"]:
            return _resources(kinds, "", "v1")
        case ["apis", group, version] if version in kinds.versions(group):
            return _resources(kinds, group, version)
        case ["openapi", "v3"]:
            places = sorted({_place(kind) for kind in kinds.all})
            urls = {place: {"serverRelativeURL": f"/openapi/v3/{place}"} for place in places}
            return {"paths": urls}
        case ["openapi", "v3", *rest]:
            return _schema(kinds, "/".join(rest))
        case _:
            return None


def _place(kind: Kind) -> str:
    return f"apis/{kind.api_version}" if kind.group else "api/v1"


def _group(kinds: Kinds, name: str) -> Json:
    versions = [
        {"groupVersion": f"{name}/{version}", "version": version}
        for version in kinds.versions(name)
    ]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def _resources(kinds: Kinds, group: str, version: str) -> Json:
    listed = []
    for kind in kinds.all:
        if (kind.group, kind.version) == (group, version):
            listed.append(_resource(kind))
            listed += [_part(kind, name, kinds) for name in kind.subresources]
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": listed,
    }


def _resource(kind: Kind) -> Json:
    told = {
        "name": kind.plural,
        "singularName": kind.kind.lower(),
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": list(kind.verbs),
    }
    if kind.short:
        told["shortNames"] = list(kind.short)
    if kind.in_all:
        told["categories"] = ["all"]
    return told


def _part(kind: Kind, name: str, kinds: Kinds) -> Json:
    told = {"name": f"{kind.plural}/{name}", "singularName": "", "namespaced": kind.namespaced}
    match name:
        case "scale":
            named = {"group": "autoscaling", "version": "v1", "kind": "Scale"}
            verbs = ["get", "patch", "update"]
        case "eviction":
            version = kinds.versions("policy")[0]
            named = {"group": "policy", "version": version, "kind": "Eviction"}
            verbs = ["create"]
        case "log":
            named, verbs = {"kind": kind.kind}, ["get"]
        case _:
            named, verbs = {"kind": kind.kind}, ["get", "patch", "update"]
    return {**told, **named, "verbs": verbs}


def _schema(kinds: Kinds, place: str) -> Json | None:
    """Return as much of a group's OpenAPI document as clients need to have fields checked."""
    served = [kind for kind in kinds.all if _place(kind) == place]
    if not served:
        return None
    paths = {}
    for kind in served:
        space = "namespaces/{namespace}/" if kind.namespaced else ""
        named = {"group": kind.group, "version": kind.version, "kind": kind.kind}
        option = {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}
        work = {"x-kubernetes-group-version-kind": named, "parameters": [option]}
        work["responses"] = {"200": {"description": "OK"}}
        paths[f"/{place}/{space}{kind.plural}/{{name}}"] = {"patch": work}
    info = {"title": "Kubernetes", "version": f"v{kinds.release}.0"}
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": {}}}

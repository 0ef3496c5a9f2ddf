"""Says what is wrong with Kubernetes manifests, without a cluster.

Their fields are compared with schemas (:mod:`tests.support.manifest_schemas`). What a schema cannot
say, and an API server or a reader would, is asked by the functions below: ports, quantities, names,
selectors, names that must meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from .manifest_schemas import Data, disagreements


@dataclass(frozen=True)
class Manifest:
    """One object, and where it is written."""

    place: str
    data: Data

    @property
    def kind(self) -> str:
        return str(self.data.get("kind", ""))

    @property
    def name(self) -> str:
        return str(self.data.get("metadata", {}).get("name", ""))


class _Loader(yaml.SafeLoader):
    """Refuses a key that comes twice, of which YAML's own loader silently takes the last."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Data:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.YAMLError(
                f"line {key.start_mark.line + 1}: the key {key.value!r} is there twice"
            )
        seen.add(key.value)
    return {str(key): value for key, value in loader.construct_mapping(node, deep=True).items()}


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(text: str, name: str) -> list[Manifest]:
    """The objects in a text; raises ``yaml.YAMLError`` where it is no YAML."""
    found = [data for data in yaml.load_all(text, _Loader) if data is not None]
    return [Manifest(f"{name} #{number}", data) for number, data in enumerate(found, 1)]


def faults(manifests: list[Manifest]) -> list[str]:
    """All that is wrong with objects that are applied together, in words."""
    found = [(manifest, words) for manifest in manifests for words in disagreements(manifest.data)]
    # what disagrees with its schema may lack what the questions below look for
    sound = [manifest for manifest in manifests if manifest not in [other for other, _ in found]]
    found += [(it, words) for ask in _QUESTIONS for it in sound for words in ask(it, sound)]
    return [f"{it.place} ({it.kind} {it.name}): {words}" for it, words in found]


def faults_of(text: str, name: str) -> list[str]:
    """All that is wrong with a text, syntax included."""
    try:
        return faults(read(text, name))
    except yaml.YAMLError as error:
        return [f"{name}: {error}"]


# What an API server asks beside its schema, and what somebody who reads along would

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?")
_FACTORS = {
    "": 1.0,
    "m": 0.001,
    **{unit: 1000.0 ** (power + 1) for power, unit in enumerate("kMGTP")},
    **{f"{unit}i": 1024.0 ** (power + 1) for power, unit in enumerate("KMGTP")},
}
_PORTS = ("containerPort", "hostPort", "port", "targetPort", "nodePort")
_WITH_TEMPLATE = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job")


def _walk(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value below an object, and the path to it."""
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _walk(value, f"{path}.{key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _walk(value, f"{path}[{number}]")


def _pods(manifest: Manifest) -> Iterator[tuple[Data, Data]]:
    """Labels and spec of each pod that an object describes."""
    spec = manifest.data.get("spec", {})
    if manifest.kind == "Pod":
        yield manifest.data["metadata"].get("labels", {}), spec
    elif manifest.kind in _WITH_TEMPLATE:
        yield spec["template"].get("metadata", {}).get("labels", {}), spec["template"]["spec"]
    elif manifest.kind == "CronJob":
        template = spec["jobTemplate"]["spec"]["template"]
        yield template.get("metadata", {}).get("labels", {}), template["spec"]
    elif manifest.kind == "DaskCluster":
        for component in ("scheduler", "worker"):
            labels = {"dask.org/cluster-name": manifest.name, "dask.org/component": component}
            yield labels, spec[component]["spec"]


def _containers(manifest: Manifest) -> Iterator[tuple[Data, Data]]:
    """Each container that an object describes, and its pod."""
    for _, pod in _pods(manifest):
        for container in [*pod.get("initContainers", []), *pod.get("containers", [])]:
            yield container, pod


def _names(manifest: Manifest, _: list[Manifest]) -> Iterator[str]:
    if manifest.kind in ("Kustomization", "Cluster"):
        return
    if not manifest.name and "generateName" not in manifest.data.get("metadata", {}):
        yield "metadata.name is missing"
    elif manifest.name and not _NAME.fullmatch(manifest.name):
        yield f"the name {manifest.name!r} may have small letters, digits, '-' and '.' only"


def _ports(manifest: Manifest, _: list[Manifest]) -> Iterator[str]:
    for path, value in _walk(manifest.data):
        is_port = path.rpartition(".")[2] in _PORTS and isinstance(value, int)
        if is_port and not 1 <= value <= 65535:
            yield f"{path}: {value} is no port, which is from 1 to 65535"
    for container, _pod in _containers(manifest):
        known = {port.get("name") for port in container.get("ports", [])}
        for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
            port = container.get(probe, {}).get("httpGet", {}).get("port")
            if isinstance(port, str) and port not in known:
                yield f"{probe}: the container has no port with the name {port!r}"


def _resources(manifest: Manifest, _: list[Manifest]) -> Iterator[str]:
    for container, _pod in _containers(manifest):
        resources = container.get("resources") or {}
        amounts: dict[tuple[str, str], float] = {}
        for sort in ("requests", "limits"):
            for name, quantity in (resources.get(sort) or {}).items():
                if not _QUANTITY.fullmatch(str(quantity)):
                    yield f"{sort}.{name}: {quantity!r} is no quantity, such as 500m or 64Mi"
                else:
                    amounts[sort, name] = _amount(str(quantity))
        for (sort, name), amount in amounts.items():
            if sort == "requests" and amount > amounts.get(("limits", name), amount):
                yield f"the request for {name} is larger than its limit"


def _amount(quantity: str) -> float:
    number = re.match(r"[\d.]+", quantity)
    assert number
    return float(number.group()) * _FACTORS[quantity[number.end() :]]


def _selectors(manifest: Manifest, together: list[Manifest]) -> Iterator[str]:
    spec = manifest.data.get("spec", {})
    if manifest.kind in _WITH_TEMPLATE and manifest.kind != "Job":
        wanted = spec["selector"].get("matchLabels", {})
        for labels, _ in _pods(manifest):
            if not wanted.items() <= labels.items():
                yield f"the selector {wanted} does not match the labels {labels} of the template"
    chosen = {"Service": spec, "DaskCluster": spec.get("scheduler", {}).get("service", {})}
    wanted = chosen.get(manifest.kind, {}).get("selector")
    if wanted:
        offered = [(labels, pod) for other in together for labels, pod in _pods(other)]
        found = [pod for labels, pod in offered if wanted.items() <= labels.items()]
        if offered and not found:
            yield f"the selector {wanted} of the service selects no pod of these manifests"
        for port in chosen[manifest.kind]["ports"]:
            target = port.get("targetPort")
            names = {
                p.get("name")
                for pod in found
                for c in pod["containers"]
                for p in c.get("ports", [])
            }
            if found and isinstance(target, str) and target not in names:
                yield f"targetPort: no pod behind the service has a port with the name {target!r}"


def _volumes(manifest: Manifest, _: list[Manifest]) -> Iterator[str]:
    for container, pod in _containers(manifest):
        known = {volume["name"] for volume in pod.get("volumes", [])}
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in known:
                yield f"volumeMounts: the pod has no volume {mount['name']!r}"


def _jobs(manifest: Manifest, _: list[Manifest]) -> Iterator[str]:
    if manifest.kind in ("Job", "CronJob"):
        for _labels, pod in _pods(manifest):
            if pod.get("restartPolicy") not in ("Never", "OnFailure"):
                yield "the pods of a Job need restartPolicy: Never or OnFailure"


def _references(manifest: Manifest, together: list[Manifest]) -> Iterator[str]:
    """Names of objects that must be among these manifests, if any of their kind is."""
    spec = manifest.data.get("spec", {})
    wanted: list[tuple[str, str]] = []
    for _labels, pod in _pods(manifest):
        for path, value in _walk(pod):
            if path.endswith((".configMapKeyRef", ".configMapRef", ".configMap")):
                wanted.append(("ConfigMap", value["name"]))
            elif path.endswith((".secretKeyRef", ".secretRef")):
                wanted.append(("Secret", value["name"]))
    if manifest.kind == "HorizontalPodAutoscaler":
        wanted.append((spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]))
    elif manifest.kind == "DaskAutoscaler":
        wanted.append(("DaskCluster", spec["cluster"]))
    elif manifest.kind == "HTTPRoute":
        wanted += [("Gateway", parent["name"]) for parent in spec.get("parentRefs", [])]
        backends = [ref for rule in spec.get("rules", []) for ref in rule.get("backendRefs", [])]
        wanted += [("Service", backend["name"]) for backend in backends]
    elif manifest.kind == "RoleBinding":
        wanted.append((manifest.data["roleRef"]["kind"], manifest.data["roleRef"]["name"]))
    there = {(other.kind, other.name) for other in together}
    for kind, name in wanted:
        if (kind, name) not in there and any(kind == other for other, _ in there):
            yield f"there is no {kind} with the name {name!r}"


def _dask(manifest: Manifest, _: list[Manifest]) -> Iterator[str]:
    for container, _pod in _containers(manifest) if manifest.kind == "DaskCluster" else ():
        gone = {"dask-worker", "dask-scheduler"} & set(container.get("args", []))
        if gone:
            yield f"the program {gone.pop()} is gone since distributed 2026.6"


_QUESTIONS: tuple[Callable[[Manifest, list[Manifest]], Iterator[str]], ...] = (
    _names,
    _ports,
    _resources,
    _selectors,
    _volumes,
    _jobs,
    _references,
    _dask,
)

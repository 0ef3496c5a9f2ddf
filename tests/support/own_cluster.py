"""A cluster in which each task of the lab is done, made by hand in the form of ``kubectl -o json``.

Specs are those of the lab's manifests; around them stands what controllers and kubelets would have
added, and the checks read. Tests take a copy and change what a student would have done otherwise.
"""

from __future__ import annotations

import copy
from typing import Any

from tests.conftest import ROOT

from .manifests import read

MANIFESTS = ROOT / "docs" / "kubernetes" / "manifests"

Item = dict[str, Any]
State = dict[str, list[Item]]


def manifest(path: str, kind: str) -> Item:
    """An object of the lab, as a student applies it."""
    text = (MANIFESTS / path).read_text("utf-8")
    return next(copy.deepcopy(it.data) for it in read(text, path) if it.kind == kind)


def conditions(**holds: bool) -> list[Item]:
    """The conditions of a status."""
    return [{"type": name, "status": str(holding)} for name, holding in holds.items()]


def pod(name: str, labels: dict[str, str], spec: Item, node: str = "obd-worker") -> Item:
    """A pod that is ready."""
    state = {
        "name": spec["containers"][0]["name"],
        "image": spec["containers"][0]["image"],
        "imageID": "",
        "ready": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": "2026-11-30T12:00:00Z"}},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "obd", "labels": labels},
        "spec": copy.deepcopy(spec) | {"nodeName": node},
        "status": {
            "phase": "Running",
            "conditions": conditions(PodScheduled=True, Ready=True),
            "containerStatuses": [state],
        },
    }


def replica_set(name: str, deployment: Item, image: str, replicas: int) -> Item:
    """A ReplicaSet that a Deployment has made."""
    spec = copy.deepcopy(deployment["spec"])
    template = spec["template"]
    template["spec"]["containers"][0]["image"] = image
    owner = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": deployment["metadata"]["name"],
        "uid": "1",
        "controller": True,
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": name, "namespace": "obd", "ownerReferences": [owner]},
        "spec": {"replicas": replicas, "selector": spec["selector"], "template": template},
        "status": {"replicas": replicas, "readyReplicas": replicas},
    }


def done() -> State:
    """All tasks are done; nothing is cleaned up yet."""
    state: State = {}
    for part in (_web(), _shop(), _others(), _dask()):
        for kind, items in part.items():
            state.setdefault(kind, []).extend(items)
    return state


def _web() -> State:
    deployment = manifest("web/deployment.yaml", "Deployment")
    spec = deployment["spec"]["template"]["spec"]
    spec["containers"][0]["image"] = "python:3.15-slim"
    deployment["metadata"]["generation"] = 5
    deployment["status"] = {"observedGeneration": 5, "replicas": 3, "readyReplicas": 3}
    pods = [
        pod(f"web-7c9-{letter}", {"app": "web"}, spec, node)
        for letter, node in (("a", "obd-worker"), ("b", "obd-worker2"), ("c", "obd-worker"))
    ]
    endpoints = [
        {"addresses": [f"10.244.1.{number}"], "conditions": {"ready": True}} for number in range(3)
    ]
    endpoint_slice = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "web-x7x",
            "namespace": "obd",
            "labels": {"kubernetes.io/service-name": "web"},
        },
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
    }
    return {
        "deployments": [deployment],
        "pods": pods,
        "replicasets": [
            replica_set("web-6c4", deployment, "python:3.14-slim", 0),
            replica_set("web-7c9", deployment, "python:3.15-slim", 3),
            replica_set("web-b01", deployment, "python:9.99-slim", 0),
        ],
        "services": [manifest("web/service.yaml", "Service")],
        "endpointslices": [endpoint_slice],
    }


def _shop() -> State:
    deployment = manifest("repair.yaml", "Deployment")
    deployment["metadata"]["generation"] = 4
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    container["image"] = "python:3.14-slim"
    container["resources"] = {"requests": {"cpu": "100m", "memory": "64Mi"}}
    container["readinessProbe"]["httpGet"]["port"] = 8080
    deployment["status"] = {"observedGeneration": 4, "replicas": 1, "readyReplicas": 1}
    spec = deployment["spec"]["template"]["spec"]
    return {"deployments": [deployment], "pods": [pod("shop-5d6-a", {"app": "shop"}, spec)]}


def _others() -> State:
    nodes: list[Item] = [
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name},
            "status": {"conditions": conditions(Ready=True)},
        }
        for name in ("obd-control-plane", "obd-worker", "obd-worker2")
    ]
    namespace = manifest("web/namespace.yaml", "Namespace") | {"status": {"phase": "Active"}}
    operator = copy.deepcopy(namespace) | {"metadata": {"name": "dask-operator"}}
    job = manifest("job.yaml", "Job")
    job["status"] = {
        "succeeded": 4,
        "conditions": conditions(SuccessCriteriaMet=True, Complete=True),
    }
    role = manifest("role.yaml", "Role")
    role["rules"][0]["resources"].append("pods/log")
    scaler = manifest("hpa.yaml", "HorizontalPodAutoscaler")
    scaler["status"] = {
        "desiredReplicas": 5,
        "lastScaleTime": "2026-11-30T12:00:00Z",
        "conditions": conditions(ScalingActive=True),
    }
    gateway = manifest("gateway.yaml", "Gateway")
    gateway["status"] = {
        "addresses": [{"type": "IPAddress", "value": "172.18.0.5"}],
        "conditions": conditions(Accepted=True, Programmed=True),
    }
    route = manifest("gateway.yaml", "HTTPRoute")
    route["status"] = {"parents": [{"conditions": conditions(Accepted=True, ResolvedRefs=True)}]}
    return {
        "nodes": nodes,
        "namespaces": [namespace, operator],
        "resourcequotas": [manifest("web/namespace.yaml", "ResourceQuota")],
        "jobs": [job],
        "roles": [role],
        "rolebindings": [manifest("role.yaml", "RoleBinding")],
        "horizontalpodautoscalers": [scaler],
        "gateways": [gateway],
        "httproutes": [route],
    }


def _dask() -> State:
    cluster = manifest("dask-cluster.yaml", "DaskCluster")
    cluster["spec"]["worker"]["replicas"] = 4
    cluster["status"] = {"phase": "Running"}
    names = ["scheduler", *["worker"] * 4]
    pods = [
        pod(
            f"small-{component}-{number}",
            {"dask.org/cluster-name": "small", "dask.org/component": component},
            cluster["spec"][component]["spec"],
        )
        for number, component in enumerate(names)
    ]
    return {"daskclusters": [cluster], "pods": pods}

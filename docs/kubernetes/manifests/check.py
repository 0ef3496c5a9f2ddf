"""Says in words how far your cluster is with a task of the lab: python check.py TASK ...

It asks kubectl, changes nothing, and needs nothing but Python.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

Item = dict[str, Any]

NAMESPACE = "obd"
GOOD, BAD = "python:3.15-slim", "python:9.99-slim"
#: What kubectl says of a kind that nobody has added to the cluster.
UNKNOWN_KIND = "the server doesn't have a resource type"


class NoAnswerError(Exception):
    """Kubectl is missing, or has no cluster to talk to."""


def kubectl(kind: str) -> list[Item]:
    """All objects of a kind, in the namespace of the lab where the kind has one."""
    command = ["kubectl", "get", kind, "--namespace", NAMESPACE, "--output", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except FileNotFoundError:
        raise NoAnswerError("kubectl was not found. Is it installed, and on your PATH?") from None
    except subprocess.TimeoutExpired:
        raise NoAnswerError("The cluster did not answer within 30 seconds.") from None
    if UNKNOWN_KIND in done.stderr:
        return []
    if done.returncode:
        raise NoAnswerError(f"kubectl has no answer. It says: {done.stderr.strip()}")
    items: list[Item] = json.loads(done.stdout)["items"]
    return items


class Cluster:
    """What is in the cluster, asked once for each kind."""

    def __init__(self, ask: Callable[[str], list[Item]] = kubectl) -> None:
        self._ask = ask
        self._known: dict[str, list[Item]] = {}

    def all(self, kind: str) -> list[Item]:
        """The objects of a kind."""
        if kind not in self._known:
            self._known[kind] = self._ask(kind)
        return self._known[kind]

    def one(self, kind: str, name: str) -> Item | None:
        """The object with a name, if there is one."""
        return next((item for item in self.all(kind) if item["metadata"]["name"] == name), None)

    def labelled(self, kind: str, label: str, value: str) -> list[Item]:
        """The objects with a label."""
        labels = [(item, item["metadata"].get("labels") or {}) for item in self.all(kind)]
        return [item for item, known in labels if known.get(label) == value]


def condition(item: Item, kind: str) -> Item:
    """One of the conditions in an object's status, or an empty one."""
    conditions = item.get("status", {}).get("conditions") or []
    return next((one for one in conditions if one["type"] == kind), {})


def holds(item: Item, kind: str) -> bool:
    """Does a condition hold?"""
    return bool(condition(item, kind).get("status") == "True")


def container(workload: Item) -> Item:
    """The first container of a Deployment's or ReplicaSet's pods."""
    found: Item = workload["spec"]["template"]["spec"]["containers"][0]
    return found


def at_work(cluster: Cluster, name: str) -> Iterator[str]:
    """What keeps a Deployment from having all its pods ready."""
    deployment = cluster.one("deployments", name)
    if deployment is None:
        yield f"There is no Deployment {name} in the namespace {NAMESPACE}: apply its manifest."
        return
    wanted, status = deployment["spec"].get("replicas", 1), deployment.get("status", {})
    if wanted == 0:
        yield f"The Deployment {name} asks for 0 pods."
    elif status.get("observedGeneration", 0) < deployment["metadata"].get("generation", 0):
        yield f"The Deployment {name} was just changed. Ask again in a moment."
    elif holds(deployment, "ReplicaFailure"):
        yield (
            f"The ReplicaSet of {name} may not create its pods. It says why in its events: "
            "kubectl events, and look for FailedCreate."
        )
    elif status.get("readyReplicas", 0) < wanted:
        yield f"{status.get('readyReplicas', 0)} of {wanted} pods of {name} are ready."
        yield from troubles(cluster, name)


def troubles(cluster: Cluster, app: str) -> Iterator[str]:
    """What the pods with a label ``app`` say of themselves."""
    for pod in cluster.labelled("pods", "app", app):
        name, status = pod["metadata"]["name"], pod.get("status", {})
        if condition(pod, "PodScheduled").get("reason") == "Unschedulable":
            yield f"Pod {name} has no node. See its last event: kubectl describe pod {name}"
        for state in status.get("containerStatuses") or []:
            waiting = state.get("state", {}).get("waiting", {}).get("reason")
            if waiting not in (None, "ContainerCreating", "PodInitializing"):
                yield f"Pod {name} waits: {waiting}. See its events: kubectl describe pod {name}"
            elif state.get("state", {}).get("running") and not state.get("ready"):
                yield f"Pod {name} runs and is not ready. What does its readiness probe ask for?"


def check_cluster(cluster: Cluster) -> Iterator[str]:
    """Three nodes, the namespace and its quota."""
    ready = [node for node in cluster.all("nodes") if holds(node, "Ready")]
    if len(ready) < 3:
        yield f"{len(ready)} nodes are ready, and 3 are wanted: kubectl get nodes"
    if cluster.one("namespaces", NAMESPACE) is None:
        yield f"There is no namespace {NAMESPACE}: apply web/namespace.yaml."
    elif cluster.one("resourcequotas", "whole-lab") is None:
        yield f"The namespace {NAMESPACE} has no quota whole-lab: apply web/namespace.yaml."


def check_deployment(cluster: Cluster) -> Iterator[str]:
    """Three pods of web at work, on more than one node."""
    faults = list(at_work(cluster, "web"))
    deployment = cluster.one("deployments", "web")
    if faults or deployment is None:
        yield from faults
        return
    if (wanted := deployment["spec"].get("replicas", 1)) < 3:
        yield f"The Deployment web asks for {wanted} pods, not for 3."
    if not container(deployment).get("resources", {}).get("requests"):
        yield "The container of web requests nothing: the scheduler does not know what it needs."
    if "readinessProbe" not in container(deployment):
        yield "The container of web has no readiness probe."
    nodes = {pod["spec"].get("nodeName") for pod in cluster.labelled("pods", "app", "web")}
    if len(nodes) < 2:
        yield "All pods of web are on one node: if it fails, nothing is left."


def check_service(cluster: Cluster) -> Iterator[str]:
    """The Service web leads to all pods that are ready."""
    service = cluster.one("services", "web")
    if service is None:
        yield f"There is no Service web in the namespace {NAMESPACE}."
        return
    slices = cluster.labelled("endpointslices", "kubernetes.io/service-name", "web")
    found = [point for item in slices for point in item.get("endpoints") or []]
    ready = [point for point in found if point.get("conditions", {}).get("ready")]
    pods = [pod for pod in cluster.labelled("pods", "app", "web") if holds(pod, "Ready")]
    ports = {port.get("port") for item in slices for port in item.get("ports") or []}
    if not found:
        selector = service["spec"].get("selector")
        yield f"The Service has no endpoints: compare its selector {selector} with the pods' labels"
    elif not ready:
        yield "The Service has endpoints, and none of them is ready: look at the pods."
    elif len(ready) < len(pods) or len(ready) < 3:
        yield f"The Service leads to {len(ready)} pods, {len(pods)} are ready, 3 are wanted."
    elif ports != {8080}:
        yield f"The Service leads to port {min(ports)} of the pods, and they listen on 8080."
    if not any(port["port"] == 80 for port in service["spec"]["ports"]):
        yield "The Service itself should listen on port 80."


def replica_sets(cluster: Cluster, name: str) -> list[Item]:
    """The ReplicaSets that a Deployment owns."""
    return [
        item
        for item in cluster.all("replicasets")
        if any(owner["name"] == name for owner in item["metadata"].get("ownerReferences", []))
    ]


def check_rollout(cluster: Cluster) -> Iterator[str]:
    """All pods of web have the new version, and it came by a rollout."""
    deployment = cluster.one("deployments", "web")
    if deployment is None:
        yield f"There is no Deployment web in the namespace {NAMESPACE}."
        return
    if container(deployment)["image"] != GOOD:
        yield f"The Deployment web asks for {container(deployment)['image']}, not for {GOOD}."
        return
    others = [item for item in replica_sets(cluster, "web") if container(item)["image"] != GOOD]
    left = sum(item["spec"].get("replicas", 0) for item in others)
    if not others:
        yield "There is no ReplicaSet of an older version. Change the Deployment that is there."
    elif left:
        yield f"The rollout is not complete: {left} pods of another version are still wanted."
    yield from at_work(cluster, "web")


def check_rollback(cluster: Cluster) -> Iterator[str]:
    """The version that cannot start was tried, and all pods have the good one again."""
    sets = replica_sets(cluster, "web")
    tried = [item for item in sets if container(item)["image"] == BAD]
    if not tried:
        yield f"No ReplicaSet asks for {BAD}: roll that version out first, and see what happens."
        return
    deployment = cluster.one("deployments", "web")
    image = container(deployment)["image"] if deployment else None
    if image == BAD:
        yield f"The Deployment web still asks for {BAD}: its rollout is stuck."
    elif image != GOOD:
        yield f"The Deployment web asks for {image}. The version before the bad one was {GOOD}."
    elif any(item["spec"].get("replicas", 0) for item in tried):
        yield f"A ReplicaSet still wants pods of {BAD}. Ask again in a moment."
    else:
        yield from at_work(cluster, "web")


def check_repair(cluster: Cluster) -> Iterator[str]:
    """The Deployment shop is at work, and what was wrong was repaired, not removed."""
    faults = list(at_work(cluster, "shop"))
    deployment = cluster.one("deployments", "shop")
    if deployment and "readinessProbe" not in container(deployment):
        yield (
            "shop has no readiness probe any more. Repair the probe: "
            "without one, a pod that cannot serve gets requests."
        )
    yield from faults


def check_job(cluster: Cluster) -> Iterator[str]:
    """The Job pi has run to its end, four times."""
    job = cluster.one("jobs", "pi")
    if job is None:
        yield "There is no Job pi. (An hour after its end it is removed: apply it again.)"
        return
    wanted, done = job["spec"].get("completions", 1), job.get("status", {}).get("succeeded", 0)
    if wanted != 4:
        yield f"The Job pi asks for {wanted} completions, not for 4. Delete it, and apply it again."
    elif job["spec"].get("suspend"):
        yield "The Job pi is suspended."
    elif holds(job, "Failed"):
        reason = condition(job, "Failed").get("reason")
        yield f"The Job pi has failed: {reason}. See the logs of its pods."
    elif not holds(job, "Complete"):
        yield f"{done} of 4 pods of the Job pi have ended well. Ask again in a moment."


def check_reader(cluster: Cluster) -> Iterator[str]:
    """The account reader may look at pods and at their logs, and no more."""
    role = cluster.one("roles", "reader")
    if role is None:
        yield f"There is no Role reader in the namespace {NAMESPACE}."
        return
    allowed = {
        (resource, verb)
        for rule in role.get("rules") or []
        if {"", "*"} & set(rule.get("apiGroups", []))  # pods are in the group without a name
        for resource in rule.get("resources", [])
        for verb in rule.get("verbs", [])
    }
    for resource, verb in (("pods", "list"), ("pods", "get"), ("pods/log", "get")):
        if (resource, verb) not in allowed:
            yield f"The Role does not allow to {verb} {resource}."
    more = sorted(
        {name for pair in allowed for name in pair} - {"pods", "pods/log", "get", "list", "watch"}
    )
    if more:
        yield f"The Role allows more than to look at pods and their logs: {', '.join(more)}."
    binding = cluster.one("rolebindings", "reader")
    if binding is None:
        yield "No RoleBinding gives the Role to anybody."
        return
    subjects = {(who["kind"], who["name"]) for who in binding.get("subjects") or []}
    if binding["roleRef"].get("kind") != "Role" or binding["roleRef"]["name"] != "reader":
        yield f"The RoleBinding gives another role: {binding['roleRef']['name']}."
    if subjects != {("ServiceAccount", "reader")}:
        yield "The RoleBinding should name the ServiceAccount reader, and nobody else."


def check_hpa(cluster: Cluster) -> Iterator[str]:
    """The autoscaler knows the use of the processor, and has acted."""
    scaler = cluster.one("horizontalpodautoscalers", "web")
    if scaler is None:
        yield f"There is no HorizontalPodAutoscaler web in the namespace {NAMESPACE}."
    elif not holds(scaler, "ScalingActive"):
        yield "The autoscaler does not know how busy the pods are. Does the metrics server run?"
    elif not scaler.get("status", {}).get("lastScaleTime"):
        yield "The autoscaler has not acted yet: keep the pods busy for two minutes."


def check_gateway(cluster: Cluster) -> Iterator[str]:
    """The Gateway has an address, and its route leads to the Service."""
    gateway, route = cluster.one("gateways", "web"), cluster.one("httproutes", "web")
    if gateway is None or route is None:
        yield "There is no Gateway web with an HTTPRoute web. Does the cluster know these kinds?"
        return
    if not holds(gateway, "Programmed") or not gateway["status"].get("addresses"):
        kind = gateway["spec"]["gatewayClassName"]
        yield f"The Gateway has no address yet. Does the program behind the class {kind} run?"
    parents = route.get("status", {}).get("parents") or [{}]
    for parent in parents:
        for kind in ("Accepted", "ResolvedRefs"):
            if not holds({"status": parent}, kind):
                why = condition({"status": parent}, kind).get("reason", "nobody answered")
                yield f"The HTTPRoute is not {kind}: {why}."


def check_dask(cluster: Cluster) -> Iterator[str]:
    """The Dask cluster small has a scheduler and four workers."""
    small = cluster.one("daskclusters", "small")
    if small is None:
        yield "There is no DaskCluster small. Is the operator installed? Apply dask-cluster.yaml."
        return
    if small.get("status", {}).get("phase") != "Running":
        yield "The operator has not brought up the DaskCluster. What do the operator's logs say?"
        return
    pods = cluster.labelled("pods", "dask.org/cluster-name", "small")
    parts: dict[str, list[Item]] = {"scheduler": [], "worker": []}
    for pod in pods:
        if holds(pod, "Ready"):
            parts[pod["metadata"]["labels"]["dask.org/component"]].append(pod)
    if not parts["scheduler"]:
        yield "The pod of the scheduler is not ready: kubectl logs deploy/small-scheduler"
    elif small["spec"]["worker"].get("replicas") != 4:
        wanted = small["spec"]["worker"].get("replicas")
        yield f"The DaskCluster asks for {wanted} workers, not for 4."
    elif len(parts["worker"]) != 4:
        yield f"{len(parts['worker'])} of 4 workers are ready. What do the others wait for?"
    if len({pod["spec"]["containers"][0]["image"] for pod in pods}) > 1:
        yield "Scheduler and workers have different images: their versions of Dask must agree."


def check_gone(cluster: Cluster) -> Iterator[str]:
    """Nothing of the lab is left."""
    for name in (NAMESPACE, "dask-operator"):
        namespace = cluster.one("namespaces", name)
        if namespace and namespace.get("status", {}).get("phase") == "Terminating":
            yield f"The namespace {name} is being removed. Ask again in a moment."
        elif namespace:
            yield f"The namespace {name} is still there."


TASKS: dict[str, Callable[[Cluster], Iterator[str]]] = {
    "cluster": check_cluster,
    "deployment": check_deployment,
    "service": check_service,
    "rollout": check_rollout,
    "rollback": check_rollback,
    "repair": check_repair,
    "job": check_job,
    "reader": check_reader,
    "hpa": check_hpa,
    "gateway": check_gateway,
    "dask": check_dask,
    "gone": check_gone,
}


def main(names: list[str]) -> int:
    """Judge some tasks; 0 if all are done, 1 if not, 2 if that could not be found out."""
    if not names or not set(names) <= set(TASKS):
        print("Name one of the tasks:", *TASKS)
        return 2
    cluster, is_done = Cluster(), True
    for name in names:
        try:
            faults = list(TASKS[name](cluster))
        except NoAnswerError as error:
            print(error)
            return 2
        is_done = is_done and not faults
        print(f"{name}: {'not yet' if faults else 'done'}")
        print("".join(f"  - {words}\n" for words in faults), end="")
    return 0 if is_done else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

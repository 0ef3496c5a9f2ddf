"""Draw ``reconcile.svg``: run this script after a change.

Nothing is placed by hand: :func:`course_of_events` plays a small cluster in which each actor
compares what is wanted with what is there and does something about the difference. The rules are
those of the Deployment and ReplicaSet controllers of Kubernetes, with the defaults of a rolling
update; the scheduler is reduced to "the node with the fewest pods of this ReplicaSet". The words
of the steps are in the Markdown file of the same name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from scorm.sphinxext.figures.pen import Attribute, Pen, places

NODES = 3
WANTED = 3
OLD, NEW = "1.0", "2.0"
#: ``maxSurge`` and ``maxUnavailable`` are 25% by default, one rounded up, the other rounded down.
SURGE, UNAVAILABLE = math.ceil(WANTED * 0.25), math.floor(WANTED * 0.25)
TONES = {OLD: "blue", NEW: "green"}
#: A ReplicaSet is called after its Deployment and a hash of the pod template.
HASHES = {OLD: "6c4", NEW: "9d8"}

DEPLOYMENTS, REPLICA_SETS, SCHEDULER = "Deployment", "ReplicaSet", "Scheduler"
KUBELETS = tuple(f"kubelet {node}" for node in range(NODES))


@dataclass(frozen=True)
class Pod:
    """A pod as the API server knows it: pending, bound, starting, ready or stopping."""

    letter: str
    version: str
    state: str = "pending"
    node: int | None = None
    slot: int = 0


@dataclass(frozen=True)
class Cluster:
    """All that is written down, and who did what in the step that led here."""

    version: str = OLD
    wanted: dict[str, int] = field(default_factory=lambda: {OLD: WANTED})
    pods: tuple[Pod, ...] = ()
    acts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: how many pods there have ever been, so that no letter is given twice
    born: int = 0

    def of(self, version: str) -> list[Pod]:
        """The pods that count for a ReplicaSet: those that are not being stopped."""
        return [pod for pod in self.pods if pod.version == version and pod.state != "stopping"]

    def ready(self, version: str = "") -> list[Pod]:
        """The pods that get requests."""
        versions = [version] if version else [OLD, NEW]
        return [pod for pod in self.pods if pod.state == "ready" and pod.version in versions]

    def did(self, actor: str, what: str) -> Cluster:
        """The same, with a note on who acted."""
        return replace(self, acts=self.acts | {actor: (*self.acts.get(actor, ()), what)})

    def with_new(self, version: str, **known: Any) -> Cluster:
        """The same, with a new pod."""
        pod = Pod("abcdefgh"[self.born], version, **known)
        return replace(self, pods=(*self.pods, pod), born=self.born + 1)

    def with_state(self, pod: Pod, state: str, **known: Any) -> Cluster:
        """The same, with a pod in another state."""
        changed = replace(pod, state=state, **known)
        return replace(self, pods=tuple(changed if it is pod else it for it in self.pods))

    def swept(self) -> Cluster:
        """The same, a moment later: what was being stopped is gone, and nobody has acted yet."""
        pods = tuple(pod for pod in self.pods if pod.state != "stopping")
        return replace(self, pods=pods, acts={})


def roll(cluster: Cluster) -> Cluster:
    """The Deployment controller: as many new pods as the surge allows, then fewer old ones."""
    old, new = cluster.wanted[OLD], cluster.wanted.get(NEW, 0)
    there = len(cluster.of(OLD)) + len(cluster.of(NEW))
    more = min(WANTED + SURGE - there, WANTED - new)
    not_ready = len(cluster.of(NEW)) - len(cluster.ready(NEW))
    fewer = min(old, there - (WANTED - UNAVAILABLE) - not_ready)
    if not more:  # an old pod that goes makes room for a new one
        more = min(fewer, WANTED - new)
    wanted = cluster.wanted | {NEW: new + more, OLD: old - fewer}
    for version, change in ((NEW, more), (OLD, fewer)):
        if change:
            cluster = cluster.did(DEPLOYMENTS, f"web-{HASHES[version]} to {wanted[version]}")
    return replace(cluster, wanted=wanted)


def replicate(cluster: Cluster) -> Cluster:
    """The ReplicaSet controller: delete pods that are too many, create records of missing ones."""
    for version, wanted in cluster.wanted.items():
        difference = wanted - len(cluster.of(version))
        for _ in range(-difference):
            # pods that share their node go first, as in Kubernetes
            crowds = [pod.node for pod in cluster.pods if pod.state != "stopping"]
            victim = max(cluster.of(version), key=lambda pod: crowds.count(pod.node))
            cluster = cluster.with_state(victim, "stopping")
            cluster = cluster.did(REPLICA_SETS, f"deletes pod {victim.letter}")
            cluster = cluster.did(KUBELETS[victim.node or 0], f"stops {victim.letter}")
        for _ in range(difference):
            cluster = cluster.with_new(version)
            cluster = cluster.did(REPLICA_SETS, f"creates pod {cluster.pods[-1].letter}")
    return cluster


def schedule(cluster: Cluster) -> Cluster:
    """The scheduler: a node for each pod that has none."""
    for pod in cluster.pods:
        if pod.node is None:
            crowds = {
                number: [other for other in cluster.pods if other.node == number]
                for number in range(NODES)
            }
            node = min(crowds, key=lambda number: _crowd(crowds[number], pod.version))
            slot = min({0, 1} - {other.slot for other in crowds[node]})
            cluster = cluster.with_state(pod, "bound", node=node, slot=slot)
            cluster = cluster.did(SCHEDULER, f"{pod.letter} to node-{node + 1}")
    return cluster


def _crowd(pods: list[Pod], version: str) -> tuple[int, int]:
    return sum(pod.version == version for pod in pods), len(pods)


def start(cluster: Cluster) -> Cluster:
    """Each kubelet starts the containers of the pods that were bound to its node."""
    for pod in cluster.pods:
        if pod.state == "bound" and pod.node is not None:
            cluster = cluster.with_state(pod, "starting")
            cluster = cluster.did(KUBELETS[pod.node], f"starts {pod.letter}")
    return cluster


def probe(cluster: Cluster) -> Cluster:
    """Each kubelet asks its pods whether they are ready, and now they are."""
    for pod in cluster.pods:
        if pod.state == "starting" and pod.node is not None:
            cluster = cluster.with_state(pod, "ready")
            cluster = cluster.did(KUBELETS[pod.node], f"{pod.letter} is ready")
    return cluster


def course_of_events() -> Iterator[Cluster]:
    """Each step of the figure: all is well; a pod dies; a version rolls out."""
    cluster = Cluster()
    for node in range(NODES):
        cluster = cluster.with_new(OLD, state="ready", node=node)
    yield cluster
    cluster = cluster.with_state(cluster.pods[1], "stopping").did(KUBELETS[1], "stops b")
    yield cluster
    for act in (replicate, schedule, start, probe):
        cluster = act(cluster.swept())
        yield cluster
    cluster = roll(replace(cluster.swept(), version=NEW))
    yield cluster
    cluster = start(schedule(replicate(cluster.swept())))
    yield cluster
    while cluster.acts:
        cluster = probe(cluster.swept())
        if cluster.acts:
            cluster = start(schedule(replicate(roll(cluster))))
        yield cluster


# How it is drawn. All lines lead to the API server, since nobody talks to anybody else.

COLUMN, GAP = 130, 10
ACTORS, SERVER, NODE = 5, 110, 262
SERVER_HEIGHT, NODE_HEIGHT, POD = 126, 190, 38


def reconcile() -> Pen:
    """A frame for each moment of :func:`course_of_events`."""
    moments = list(course_of_events())
    pen = Pen.drawing(508, len(moments), "A cluster that keeps itself as it was asked to be")
    _actors(pen, moments)
    _server(pen, moments)
    _nodes(pen, moments)
    _pods(pen, moments)
    _ledger(pen, moments)
    return pen


def _x(column: int) -> int:
    return 5 + (COLUMN + GAP) * column


def _acting(pen: Pen, actor: str, moments: list[Cluster], x: int, y: int, line: int) -> None:
    """What an actor does in each step: words in its box, and a thick frame around it."""
    for step, moment in enumerate(moments, 1):
        for number, words in enumerate(moment.acts.get(actor, ())):
            pen.text(x, y + line * number, words, "small bold", data_steps=step)


def _actors(pen: Pen, moments: list[Cluster]) -> None:
    """The three that work in the control plane, each with its arrow when it writes something."""
    for column, (actor, kind) in enumerate(
        ((DEPLOYMENTS, "controller"), (REPLICA_SETS, "controller"), (SCHEDULER, "finds a node"))
    ):
        x = _x(column)
        busy = [str(step) for step, moment in enumerate(moments, 1) if actor in moment.acts]
        pen.box(x, ACTORS, COLUMN, 80, class_="quiet")
        pen.box(x, ACTORS, COLUMN, 80, class_="amber thick", data_steps=" ".join(busy))
        pen.text(x + 9, ACTORS + 19, actor, "bold")
        pen.text(x + 9, ACTORS + 36, kind, "small muted")
        _acting(pen, actor, moments, x + 9, ACTORS + 55, 17)
        pen.arrow(x + COLUMN / 2, ACTORS + 82, 22, class_="amber", data_steps=" ".join(busy))


def _server(pen: Pen, moments: list[Cluster]) -> None:
    """What is written down: the wish, and of each ReplicaSet what it wants and has."""
    group = pen.add("g", class_="violet")
    group.box(5, SERVER, 410, SERVER_HEIGHT)
    group.text(16, SERVER + 21, "API server", "bold tone")
    group.text(404, SERVER + 21, "keeps what is wanted and what is", "small muted end")
    for step, moment in enumerate(moments, 1):
        rows = [f"Deployment web: {WANTED} pods of {moment.version}"]
        missing = 0
        for version, wanted in moment.wanted.items():
            has, ready = len(moment.of(version)), len(moment.ready(version))
            rows.append(
                f"ReplicaSet web-{HASHES[version]}: wants {wanted}, has {has}, ready {ready}"
            )
            missing += wanted - has
        for number, said in enumerate(rows):
            group.text(16, SERVER + 45 + 20 * number, said, data_steps=step)
        if missing:
            group.text(16, SERVER + 107, f"{missing} pod missing", "bold", data_steps=step)
        if any(pod.node is None for pod in moment.pods):
            group.text(16, SERVER + 107, "a record only, no node yet:", data_steps=step)


def _nodes(pen: Pen, moments: list[Cluster]) -> None:
    """Three nodes, each with its kubelet, which reads from the API server and reports to it."""
    for node, actor in enumerate(KUBELETS):
        x = _x(node)
        busy = " ".join(str(step) for step, moment in enumerate(moments, 1) if actor in moment.acts)
        pen.box(x, NODE, COLUMN, NODE_HEIGHT, class_="quiet")
        pen.text(x + 9, NODE + 18, f"node-{node + 1}", "bold muted")
        pen.box(x + 6, NODE + 27, COLUMN - 12, 64, class_="quiet")
        pen.box(x + 6, NODE + 27, COLUMN - 12, 64, class_="amber thick", data_steps=busy)
        pen.text(x + 14, NODE + 44, "kubelet")
        _acting(pen, actor, moments, x + 14, NODE + 63, 17)
        arrow = pen.add("g", class_="amber", data_steps=busy)
        middle = x + COLUMN / 2
        arrow.add("path", class_="line", d=f"M{middle} {NODE - 2}v-15")
        arrow.add("path", class_="head", d=f"M{middle - 6} {NODE - 15}h12l-6 -9z")


def _pods(pen: Pen, moments: list[Cluster]) -> None:
    """Each pod where it is, and how it is, in each step."""
    for letter in "abcdefgh"[: moments[-1].born]:
        seen = [
            (step, pod)
            for step, moment in enumerate(moments, 1)
            for pod in moment.pods
            if pod.letter == letter
        ]
        way = [(str(step), *_place(pod)) for step, pod in seen]
        chip = pen.add("g", data_key=f"pod-{letter}", data_at=places(way))
        version = seen[0][1].version
        for state in dict.fromkeys(pod.state for _, pod in seen):
            steps = " ".join(str(step) for step, pod in seen if pod.state == state)
            _chip(chip, f"web-{HASHES[version]}-{letter}", version, state, steps)


def _place(pod: Pod) -> tuple[float, float]:
    if pod.node is None:
        return 290, SERVER + 82
    return _x(pod.node) + 6, NODE + 99 + (POD + 6) * pod.slot


def _chip(chip: Pen, name: str, version: str, state: str, steps: str) -> None:
    """A pod; a full frame in its colour is one that is ready."""
    looks = {"ready": TONES[version], "stopping": "red dashed"}
    more: dict[str, Attribute] = {"data_steps": steps}
    chip.box(0, 0, COLUMN - 12, POD, class_=looks.get(state, f"{TONES[version]} dashed"), **more)
    chip.text(7, 16, name, "small bold", **more)
    chip.text(7, 32, version, "small", **more)
    chip.text(COLUMN - 19, 32, state, "small end", **more)


def _ledger(pen: Pen, moments: list[Cluster]) -> None:
    """Who gets requests, and how many pods the rolling update allows and needs."""
    for step, moment in enumerate(moments, 1):
        ready = ", ".join(sorted(pod.letter for pod in moment.ready()))
        pen.text(10, 476, f"Service web sends requests to {ready}", data_steps=step)
        if moment.version == NEW:
            total = len(moment.of(OLD)) + len(moment.of(NEW))
            said = (
                f"pods: {total}, at most {WANTED + SURGE}; "
                f"ready: {len(moment.ready())}, at least {WANTED - UNAVAILABLE}"
            )
            pen.text(10, 497, said, data_steps=step)


if __name__ == "__main__":
    reconcile().write(__file__)

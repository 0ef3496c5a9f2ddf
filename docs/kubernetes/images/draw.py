"""Draw the pictures of the pages on Kubernetes: run this script after a change.

The drawings name no colour; a style sheet in each of them does, for light and for dark. They are
420 units wide, so that a phone shows their letters at about three quarters of their size.
"""

from __future__ import annotations

from scorm.sphinxext.figures.pen import Pen
from scorm.sphinxext.figures.still import arrow, drawing, labelled, write


def container_or_vm() -> Pen:
    """Two virtual machines with a kernel each; three containers on one kernel."""
    pen = drawing(322, "Virtual machines and containers")
    pen.text(106, 28, "virtual machines", "bold middle")
    pen.text(314, 28, "containers", "bold middle")
    for x in (14, 110):
        pen.box(x, 44, 90, 170, class_="grey none dashed")
        labelled(pen, x + 6, 52, 78, 40, "green", "program")
        labelled(pen, x + 6, 98, 78, 46, "blue", "libraries,", "files")
        labelled(pen, x + 6, 150, 78, 56, "red", "a kernel", "of its own")
    labelled(pen, 14, 220, 186, 54, "amber", "hypervisor:", "pretends to be hardware")
    for x in (222, 284, 346):
        pen.box(x, 104, 58, 110, class_="grey none dashed")
        labelled(pen, x + 4, 110, 50, 46, "green", "pro-", "gram")
        labelled(pen, x + 4, 162, 50, 46, "blue", "libs,", "files")
    labelled(pen, 222, 220, 182, 54, "red", "one Linux kernel:", "namespaces, cgroups")
    labelled(pen, 14, 280, 186, 30, "grey", "hardware")
    labelled(pen, 222, 280, 182, 30, "grey", "hardware")
    pen.text(313, 62, "no kernel in here:", "small middle muted")
    pen.text(313, 79, "it starts like a process", "small middle muted")
    return pen


def image_layers() -> Pen:
    """Two images that share two layers, containers on top, and what a node must pull."""
    pen = drawing(372, "Layers of two images")
    pen.text(14, 26, "clean:1.4", "code bold")
    pen.text(218, 26, "clean:1.5", "code bold")
    for x, one, two in ((14, "container", "container"), (218, "container", "")):
        labelled(pen, x, 38, 90, 44, "amber", one, "writes here")
        if two:
            labelled(pen, x + 98, 38, 90, 44, "amber", two, "writes here")
    labelled(pen, 14, 112, 188, 44, "green", "clean.py of Monday", "40 kB")
    labelled(pen, 218, 112, 188, 44, "violet", "clean.py of Tuesday", "40 kB")
    labelled(pen, 14, 162, 392, 44, "blue", "60 packages (pip install)", "180 MB")
    labelled(pen, 14, 212, 392, 44, "blue", "python:3.13-slim", "45 MB")
    pen.text(210, 100, "read-only layers, each known by its SHA-256", "small muted middle")
    pen.text(14, 286, "A node that has 1.4 and starts 1.5 pulls", "")
    labelled(pen, 14, 298, 60, 30, "violet", "40 kB")
    pen.text(84, 318, "and not 225 MB: two layers are there.", "")
    pen.text(14, 356, "(Sizes are assumed, for the example.)", "small muted")
    return pen


def control_plane() -> Pen:
    """Everybody speaks to the API server; only it speaks to etcd."""
    pen = drawing(418, "Control plane and nodes")
    pen.box(10, 60, 400, 158, class_="quiet dashed")
    pen.text(22, 80, "control plane", "small muted")
    labelled(pen, 148, 12, 124, 32, "grey", "kubectl apply")
    labelled(pen, 136, 88, 148, 50, "blue", "API server", "checks, stores, tells")
    labelled(pen, 306, 92, 94, 42, "amber", "etcd", "the memory")
    labelled(pen, 22, 164, 176, 44, "green", "controllers", "declared = actual?")
    labelled(pen, 222, 164, 178, 44, "green", "scheduler", "which node?")
    arrow(pen, (210, 44), (210, 88))
    arrow(pen, (284, 113), (306, 113))
    arrow(pen, (160, 164), (160, 138))
    arrow(pen, (260, 164), (260, 138))
    for number, x in enumerate((10, 148, 286)):
        pen.box(x, 262, 124, 146, class_="quiet")
        pen.text(x + 62, 400, f"node {number + 1}", "small muted middle")
        labelled(pen, x + 8, 270, 108, 44, "violet", "kubelet:", "starts, reports")
        for left in (x + 8, x + 66):
            labelled(pen, left, 338, 50, 42, "blue", "Pod")
        pen.text(x + 62, 330, "container runtime", "small middle")
    pen.add("path", d="M72 270V240H348V270M210 270V240")
    pen.text(222, 258, "watch and report", "small muted")
    arrow(pen, (210, 240), (210, 138))
    return pen


def deployment_to_service() -> Pen:
    """A Deployment makes Pods by way of a ReplicaSet; a Service finds them by their label."""
    pen = drawing(408, "From a Deployment to the endpoints of a Service")
    labelled(pen, 12, 14, 176, 60, "green", "Deployment web", "3 replicas, app: web")
    labelled(pen, 232, 14, 176, 60, "green", "ReplicaSet web-7d9", "counts app: web")
    arrow(pen, (188, 44), (232, 44))
    pods = (("10.1.0.7", "ready"), ("10.1.2.4", "ready"), ("10.1.1.9", "not ready"))
    pen.add("path", d="M320 74V96H76V112M210 96V112M344 96H320M344 96V112")
    pen.text(226, 90, "makes 3", "small muted")
    for number, (address, state) in enumerate(pods):
        x = 12 + 134 * number
        pen.box(x, 112, 128, 92, class_="blue" if state == "ready" else "red")
        pen.text(x + 64, 134, "Pod", "small bold middle")
        pen.text(x + 64, 153, "app: web", "code middle")
        pen.text(x + 64, 173, address, "code middle")
        pen.text(x + 64, 193, state, "small middle")
    pen.add("path", class_="dashed", d="M76 204V232H344V204M210 204V232")
    arrow(pen, (210, 268), (210, 236))
    pen.text(222, 256, "selects app: web", "small muted")
    labelled(pen, 96, 268, 228, 50, "violet", "Service web, port 80", "one name, one address")
    arrow(pen, (210, 318), (210, 346))
    labelled(
        pen, 40, 346, 340, 50, "amber", "EndpointSlice: 10.1.0.7, 10.1.2.4", "the ready ones only"
    )
    return pen


#: What there is to manage, from the top, and by how many of the five kinds of service you do it.
DUTIES = (
    ("your data", 5),
    ("your program", 4),
    ("its packages", 4),
    ("Spark or Dask", 3),
    ("orchestration", 2),
    ("Linux of nodes", 2),
    ("machines", 1),
)
KINDS = ("own", "IaaS", "CaaS", "PaaS", "SaaS")


def who_manages() -> Pen:
    """A table: you, or the provider."""
    pen = drawing(380, "Who manages what")
    for column, kind in enumerate(KINDS):
        pen.text(146 + 58 * column, 28, kind, "bold middle")
    for row, (duty, kinds) in enumerate(DUTIES):
        y = 40 + 42 * row
        pen.text(12, y + 24, duty, "small")
        for column in range(5):
            kind, word = ("amber", "you") if column < kinds else ("green", "them")
            labelled(pen, 119 + 58 * column, y, 54, 36, kind, word)
    pen.text(12, 354, "you pay with", "small muted")
    arrow(pen, (119, 366), (405, 366))
    pen.text(119, 354, "time", "small muted")
    pen.text(405, 354, "money, and freedom", "small muted end")
    return pen


def node_fit() -> Pen:
    """The memory of one node: three Pods of 8 GiB fit, or four of 6.9."""
    pen = drawing(214, "How many workers fit on a node of 32 GiB")
    scale = 12.2
    for y, title, count, size in (
        (34, "request 8 GiB: 3 fit, 3.7 GiB are left over", 3, 8.0),
        (112, "request 6.9 GiB: 4 fit", 4, 6.9),
    ):
        pen.text(14, y - 8, title, "small bold")
        pen.box(14, y, 32 * scale, 40, class_="quiet dashed")
        labelled(pen, 14, y, 4.26 * scale, 40, "grey", "4.3")
        for number in range(count):
            x = 14 + (4.26 + number * size) * scale
            labelled(pen, round(x, 1), y, round(size * scale, 1), 40, "blue", f"{size:g} GiB")
    pen.text(14, 176, "grey: set aside for the system (3.7 GiB) and", "small muted")
    pen.text(14, 194, "requested by the system's own Pods (0.6 GiB)", "small muted")
    return pen


def own_cluster_kind() -> Pen:
    """What kind starts: three containers that play nodes, with the pods inside of them."""
    pen = drawing(400, "What kind starts on your laptop")
    pen.text(16, 27, "Your laptop", "bold")
    tools = (
        (16, 120, "kind", "starts the nodes"),
        (150, 254, "kubectl", "talks to the API server"),
    )
    for x, width, name, task in tools:
        pen.box(x, 40, width, 46, class_="amber")
        pen.text(x + 10, 59, name, "bold")
        pen.text(x + 10, 77, task, "small")
    pen.box(16, 118, 388, 266, class_="grey")
    pen.text(26, 140, "Docker", "bold")
    pen.text(88, 140, "three containers, each a node", "small muted")
    pen.box(26, 152, 368, 88, class_="violet")
    pen.text(38, 173, "obd-control-plane", "bold")
    pen.text(38, 192, "API server and etcd, scheduler, controllers;", "small")
    pen.text(38, 210, "kubelet and containerd, like every node", "small")
    pen.text(38, 229, "reached at a port of 127.0.0.1", "small muted")
    for x, name, pods in ((26, "obd-worker", ("web", "web")), (216, "obd-worker2", ("web", "pi"))):
        pen.box(x, 250, 178, 124, class_="blue")
        pen.text(x + 12, 270, name, "bold")
        pen.text(x + 12, 288, "kubelet, containerd", "small")
        for number, app in enumerate(pods):
            labelled(pen, x + 10 + 83 * number, 298, 75, 64, "green", "pod", app)
    arrow(pen, (76, 86), (76, 117))
    arrow(pen, (380, 86), (380, 151))
    return pen


PICTURES = (
    container_or_vm,
    image_layers,
    control_plane,
    deployment_to_service,
    who_manages,
    node_fit,
    own_cluster_kind,
)


if __name__ == "__main__":
    write(PICTURES, __file__)

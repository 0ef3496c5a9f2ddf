"""The script that students run: does it judge their clusters rightly, and in words that help?"""

from __future__ import annotations

import importlib.util
import json
import os
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import ModuleType

import kubernetes_validate
import pytest

from tests.support.engines import START_SECONDS, answers, fetched, free_port, service
from tests.support.own_cluster import MANIFESTS, Item, State, conditions, done, manifest, pod

Change = Callable[[State], object]

# How students' clusters differ from the one in which all is done. Each takes the whole state.


def web(state: State) -> Item:
    """The Deployment web."""
    return state["deployments"][0]


def shop(state: State) -> Item:
    """The Deployment shop."""
    return state["deployments"][1]


def image(workload: Item, name: str) -> None:
    """Have a Deployment ask for another image."""
    workload["spec"]["template"]["spec"]["containers"][0]["image"] = name


def without(kind: str, name: str) -> Change:
    """An object is not there."""

    def change(state: State) -> None:
        state[kind] = [item for item in state[kind] if item["metadata"]["name"] != name]

    return change


def ready(count: int, index: int = 0) -> Change:
    """So many pods of a Deployment are ready."""
    return lambda state: state["deployments"][index]["status"].update(readyReplicas=count)


def waits(reason: str) -> Change:
    """The container of shop waits for some reason."""

    def change(state: State) -> None:
        ready(0, 1)(state)
        status = _pod(state, "shop")["status"]
        status["containerStatuses"][0] |= {"ready": False, "state": {"waiting": {"reason": reason}}}
        status["conditions"] = conditions(PodScheduled=True, Ready=False)

    return change


def _pod(state: State, app: str) -> Item:
    return next(it for it in state["pods"] if it["metadata"]["labels"].get("app") == app)


def not_ready(state: State) -> None:
    """The container of shop runs, and its probe fails."""
    ready(0, 1)(state)
    _pod(state, "shop")["status"]["containerStatuses"][0]["ready"] = False


def no_node(state: State) -> None:
    """The pod of shop fits nowhere."""
    ready(0, 1)(state)
    unfit = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    _pod(state, "shop")["status"] = {"phase": "Pending", "conditions": [unfit]}


def refused(state: State) -> None:
    """The quota lets no pod of shop be created."""
    ready(0, 1)(state)
    shop(state)["status"]["conditions"] = conditions(ReplicaFailure=True)
    state["pods"].remove(_pod(state, "shop"))


def no_probe(state: State) -> None:
    """The probe was removed, not repaired."""
    del shop(state)["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]


def six(state: State) -> None:
    """The overlay for a cloud, with its endpoints in two slices."""
    web(state)["spec"]["replicas"] = web(state)["status"]["readyReplicas"] = 6
    spec = web(state)["spec"]["template"]["spec"]
    state["pods"] += [pod(f"web-7c9-{number}", {"app": "web"}, spec) for number in range(3)]
    state["endpointslices"].append(json.loads(json.dumps(state["endpointslices"][0])))


def one_node(state: State) -> None:
    """All pods are on one node."""
    for it in state["pods"]:
        it["spec"]["nodeName"] = "obd-worker"


def container(state: State) -> Item:
    """The container of web."""
    found: Item = web(state)["spec"]["template"]["spec"]["containers"][0]
    return found


def endpoints(state: State) -> list[Item]:
    """The endpoints of the Service web."""
    found: list[Item] = state["endpointslices"][0]["endpoints"]
    return found


def on_the_way(state: State) -> None:
    """The rollout has replaced one pod of three."""
    state["replicasets"][0]["spec"]["replicas"] = 2


def stuck(state: State) -> None:
    """The bad version is wanted, and the old pods serve on."""
    image(web(state), "python:9.99-slim")
    state["replicasets"][2]["spec"]["replicas"] = 1


def rule(**changes: list[str]) -> Change:
    """The rule of the Role says something else."""
    return lambda state: state["roles"][0]["rules"][0].update(changes)


def job(**status: object) -> Change:
    """The Job's status is another one."""
    return lambda state: state["jobs"][0].update(status=status)


def dask(state: State) -> Item:
    """The DaskCluster."""
    return state["daskclusters"][0]


def worker_of(version: str) -> Change:
    """One worker has another image."""

    def change(state: State) -> None:
        state["pods"][-1]["spec"]["containers"][0]["image"] = f"ghcr.io/dask/dask:{version}"

    return change


def workers_not_ready(state: State) -> None:
    """Two workers have no place."""
    for it in state["pods"][-2:]:
        it["status"] = {"phase": "Pending", "conditions": conditions(PodScheduled=False)}


def scheduler_fails(state: State) -> None:
    """The scheduler was started with a program that is gone."""
    found = next(it for it in state["pods"] if it["metadata"]["name"] == "small-scheduler-0")
    found["status"]["conditions"] = conditions(PodScheduled=True, Ready=False)


def terminating(state: State) -> None:
    """The namespaces are being removed."""
    for it in state["namespaces"]:
        it["status"]["phase"] = "Terminating"


def same(_: State) -> None:
    """Nothing is different."""


#: Ways to do a task that are right.
RIGHT: list[tuple[str, str, Change]] = [
    ("cluster", "as the page has it", same),
    ("cluster", "five nodes", lambda s: s["nodes"].extend(s["nodes"][1:])),
    ("deployment", "as the page has it", same),
    ("deployment", "six pods", six),
    ("deployment", "other image", lambda s: image(web(s), "python:3.14-slim")),
    ("service", "as the page has it", same),
    ("service", "six pods, two slices", six),
    ("rollout", "as the page has it", same),
    ("rollout", "six pods", six),
    ("rollout", "before the bad version", without("replicasets", "web-b01")),
    ("rollback", "as the page has it", same),
    ("rollback", "six pods", six),
    ("repair", "as the page has it", same),
    ("repair", "probe by the name of the port", lambda s: _probe_by_name(s)),
    ("repair", "request left to the LimitRange", lambda s: _no_resources(s)),
    ("job", "as the page has it", same),
    ("job", "one pod had failed", job(succeeded=4, failed=1, conditions=conditions(Complete=True))),
    ("reader", "as the page has it", same),
    ("reader", "two rules", lambda s: _two_rules(s)),
    ("hpa", "as the page has it", same),
    ("gateway", "as the page has it", same),
    ("dask", "as the page has it", same),
    ("gone", "all removed", lambda s: s.update(namespaces=[])),
]


def _probe_by_name(state: State) -> None:
    probe = shop(state)["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]
    probe["httpGet"]["port"] = "http"


def _no_resources(state: State) -> None:
    del shop(state)["spec"]["template"]["spec"]["containers"][0]["resources"]


def _two_rules(state: State) -> None:
    first = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
    state["roles"][0]["rules"] = [first, first | {"resources": ["pods/log"], "verbs": ["get"]}]


#: Clusters in which a task is not done, and a word of what is said.
WRONG: list[tuple[str, Change, str]] = [
    ("cluster", lambda s: s["nodes"].pop(), "2 nodes are ready"),
    ("cluster", lambda s: s["nodes"][0]["status"].update(conditions=[]), "2 nodes are ready"),
    ("cluster", without("namespaces", "obd"), "no namespace obd"),
    ("cluster", lambda s: s.update(resourcequotas=[]), "no quota"),
    ("deployment", without("deployments", "web"), "no Deployment web"),
    ("deployment", ready(2), "2 of 3 pods of web are ready"),
    ("deployment", lambda s: web(s)["spec"].update(replicas=1), "asks for 1 pods"),
    ("deployment", lambda s: web(s)["spec"].update(replicas=0), "asks for 0 pods"),
    ("deployment", lambda s: web(s)["metadata"].update(generation=9), "just changed"),
    ("deployment", one_node, "on one node"),
    ("deployment", lambda s: container(s).pop("resources"), "requests nothing"),
    ("deployment", lambda s: container(s).pop("readinessProbe"), "no readiness probe"),
    ("service", without("services", "web"), "no Service web"),
    ("service", lambda s: s.update(endpointslices=[]), "no endpoints"),
    ("service", lambda s: endpoints(s).clear(), "compare its selector"),
    ("service", lambda s: [e.update(conditions={"ready": False}) for e in endpoints(s)], "none of"),
    ("service", lambda s: endpoints(s).pop(), "leads to 2 pods"),
    ("service", lambda s: s["endpointslices"][0]["ports"][0].update(port=80), "port 80 of the"),
    ("service", lambda s: s["services"][0]["spec"]["ports"][0].update(port=8080), "on port 80"),
    ("rollout", lambda s: image(web(s), "python:3.14-slim"), "asks for python:3.14-slim"),
    ("rollout", lambda s: image(web(s), "python:3.15"), "not for python:3.15-slim"),
    ("rollout", on_the_way, "2 pods of another version"),
    ("rollout", ready(2), "2 of 3 pods"),
    ("rollout", lambda s: s.update(replicasets=s["replicasets"][1:2]), "no ReplicaSet of an older"),
    ("rollback", without("replicasets", "web-b01"), "No ReplicaSet asks for python:9.99-slim"),
    ("rollback", stuck, "its rollout is stuck"),
    ("rollback", lambda s: image(web(s), "python:3.14-slim"), "version before the bad one was"),
    ("rollback", lambda s: s["replicasets"][2]["spec"].update(replicas=1), "still wants pods"),
    ("rollback", ready(1), "1 of 3 pods"),
    ("repair", without("deployments", "shop"), "no Deployment shop"),
    ("repair", refused, "FailedCreate"),
    ("repair", no_node, "has no node"),
    ("repair", waits("ErrImagePull"), "waits: ErrImagePull"),
    ("repair", waits("ImagePullBackOff"), "waits: ImagePullBackOff"),
    ("repair", waits("CrashLoopBackOff"), "waits: CrashLoopBackOff"),
    ("repair", not_ready, "runs and is not ready"),
    ("repair", no_probe, "Repair the probe"),
    ("repair", lambda s: shop(s)["spec"].update(replicas=0), "asks for 0 pods"),
    ("job", lambda s: s.update(jobs=[]), "no Job pi"),
    ("job", job(active=2, succeeded=2), "2 of 4 pods"),
    ("job", job(), "0 of 4 pods"),
    ("job", job(failed=4, conditions=conditions(Failed=True)), "has failed"),
    ("job", lambda s: s["jobs"][0]["spec"].update(completions=1), "asks for 1 completions"),
    ("job", lambda s: s["jobs"][0]["spec"].update(suspend=True), "is suspended"),
    ("reader", lambda s: s.update(roles=[]), "no Role reader"),
    ("reader", lambda s: s.update(rolebindings=[]), "No RoleBinding"),
    ("reader", rule(resources=["pods"]), "does not allow to get pods/log"),
    ("reader", rule(resources=["pods", "pods/logs"]), "does not allow to get pods/log"),
    ("reader", rule(apiGroups=["apps"]), "does not allow to list pods"),
    ("reader", rule(resources=["*"], verbs=["*"]), "more than to look"),
    ("reader", rule(verbs=["get", "list", "watch", "delete"]), "delete"),
    ("reader", lambda s: s["rolebindings"][0].update(subjects=[]), "ServiceAccount reader"),
    ("reader", lambda s: s["rolebindings"][0]["roleRef"].update(name="admin"), "another role"),
    ("hpa", lambda s: s.update(horizontalpodautoscalers=[]), "no HorizontalPodAutoscaler"),
    ("hpa", lambda s: s["horizontalpodautoscalers"][0].update(status={}), "metrics server"),
    (
        "hpa",
        lambda s: s["horizontalpodautoscalers"][0]["status"].update(
            conditions=conditions(ScalingActive=False)
        ),
        "metrics server",
    ),
    ("hpa", lambda s: s["horizontalpodautoscalers"][0]["status"].pop("lastScaleTime"), "busy"),
    ("gateway", lambda s: s.update(gateways=[]), "no Gateway web"),
    ("gateway", lambda s: s.update(httproutes=[]), "no Gateway web"),
    ("gateway", lambda s: s["gateways"][0].update(status={}), "class cloud-provider-kind"),
    ("gateway", lambda s: s["gateways"][0]["status"].update(addresses=[]), "no address"),
    ("gateway", lambda s: s["httproutes"][0].update(status={}), "not Accepted: nobody answered"),
    (
        "gateway",
        lambda s: s["httproutes"][0]["status"]["parents"][0].update(
            conditions=conditions(Accepted=True)
        ),
        "not ResolvedRefs",
    ),
    ("dask", lambda s: s.update(daskclusters=[]), "no DaskCluster small"),
    ("dask", lambda s: dask(s).update(status={}), "operator has not brought up"),
    ("dask", lambda s: dask(s)["spec"]["worker"].update(replicas=2), "2 workers, not for 4"),
    ("dask", workers_not_ready, "2 of 4 workers"),
    ("dask", scheduler_fails, "scheduler is not ready"),
    ("dask", worker_of("2026.3.0-py3.13"), "different images"),
    ("gone", same, "namespace obd is still there"),
    ("gone", without("namespaces", "obd"), "dask-operator is still there"),
    ("gone", without("namespaces", "dask-operator"), "obd is still there"),
    ("gone", terminating, "being removed"),
]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("check", MANIFESTS / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["check"] = module
    spec.loader.exec_module(module)
    return module


def judged(check: ModuleType, task: str, change: Change) -> list[str]:
    """What the script says of a task in a changed cluster."""
    state = done()
    change(state)
    return list(check.TASKS[task](check.Cluster(lambda kind: state.get(kind, []))))


@pytest.mark.parametrize(
    ("task", "way", "change"), RIGHT, ids=lambda it: it if isinstance(it, str) else ""
)
def test_right(check: ModuleType, task: str, way: str, change: Change) -> None:
    """Is a task that was done accepted, however it was done?"""
    assert judged(check, task, change) == []


@pytest.mark.parametrize(
    ("task", "change", "words"), WRONG, ids=lambda it: it if isinstance(it, str) else ""
)
def test_wrong(check: ModuleType, task: str, change: Change, words: str) -> None:
    """Is a task that is not done refused, with a word of what is missing?"""
    assert words in "\n".join(judged(check, task, change))


def test_every_task_is_tried(check: ModuleType) -> None:
    """Is there a right cluster for each task, and are there four wrong ones?"""
    assert {task for task, *_ in RIGHT} == set(check.TASKS)
    assert all(sum(task == other for other, *_ in WRONG) >= 4 for task in check.TASKS)


def test_the_clusters_are_possible() -> None:
    """Are the hand-made objects such as Kubernetes could send?"""
    newest = kubernetes_validate.latest_version()
    for items in done().values():
        for item in items:
            if "dask.org" not in item["apiVersion"] and "gateway" not in item["apiVersion"]:
                kubernetes_validate.validate(item, newest)


# The script as students run it

#: A program that answers as kubectl does where there is a cluster, and where there is none.
KUBECTL = """#!{python}
import json, sys
answers, error = {answers!r}, {error!r}
get, kind, *options = sys.argv[1:]
assert [get, *options] == ["get", "--namespace", "obd", "--output", "json"]
if error:
    sys.exit(error)
if kind not in answers:
    sys.exit("error: the server doesn't have a resource type " + repr(kind))
print(json.dumps(answers[kind]))
"""


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the script with a program ``kubectl`` that answers from a state, or fails."""

    def start(
        *tasks: str, state: State | None = None, error: str = ""
    ) -> subprocess.CompletedProcess[str]:
        answers = {kind: {"items": items} for kind, items in (state or {}).items()}
        program = tmp_path / "kubectl"
        program.write_text(KUBECTL.format(python=sys.executable, answers=answers, error=error))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return subprocess.run(
            [sys.executable, str(MANIFESTS / "check.py"), *tasks],
            env=os.environ | {"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return start


def test_as_students_run_it(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Does it name each task, say what is missing, and end with 0 only if all is done?"""
    state = done()
    right = run("service", "job", state=state)
    assert (right.stdout, right.stderr, right.returncode) == ("service: done\njob: done\n", "", 0)
    endpoints(state).clear()
    wrong = run("service", "job", state=state)
    assert wrong.stdout.startswith("service: not yet\n  - The Service has no endpoints")
    assert wrong.stdout.endswith("\njob: done\n")
    assert wrong.returncode == 1


def test_a_kind_that_nobody_added(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Is a cluster without the operator a task that is not done, and no failure?"""
    said = run("dask", state={})
    assert "Is the operator installed?" in said.stdout
    assert said.returncode == 1


def test_without_a_cluster(
    run: Callable[..., subprocess.CompletedProcess[str]],
    check: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Is somebody whose cluster does not answer told so, without a traceback?"""
    said = run("job", error="The connection to the server localhost:8080 was refused")
    assert "kubectl has no answer. It says: The connection to the server" in said.stdout
    assert (said.stderr, said.returncode) == ("", 2)
    assert run("jobs").stdout.startswith("Name one of the tasks: cluster deployment")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(check.NoAnswerError, match="kubectl was not found"):
        check.kubectl("pods")


# The programs inside the manifests, which need no cluster


def test_the_web_server(tmp_path: Path) -> None:
    """Does it say who it is, is it not ready at first, and does it end when it is asked to?"""
    program = tmp_path / "server.py"
    port = free_port()
    text: str = manifest("web/configmap.yaml", "ConfigMap")["data"]["server.py"]
    program.write_text(text.replace("8080", str(port)), "utf-8")
    environ = {"POD": "web-1", "NODE": "node-1", "GREETING": "Good day"}
    command = [sys.executable, str(program)]
    with subprocess.Popen(command, env=os.environ | environ, stderr=subprocess.PIPE) as server:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with pytest.raises(urllib.error.HTTPError, match="503"):
            opener.open(f"http://127.0.0.1:{port}/ready")
        for path in ("/", "/work", "/alive"):
            with opener.open(f"http://127.0.0.1:{port}{path}") as answer:
                words = answer.read().decode()
            assert words.startswith("Good day from web-1 on node-1, Python 3.")
        server.terminate()
        _, log = server.communicate(timeout=START_SECONDS)
    assert server.returncode == 0
    assert log.decode().count("GET") == 2  # probes are not worth a line


def test_the_job() -> None:
    """Does each pod of the Job come near to pi, each in its own way?"""
    (container,) = manifest("job.yaml", "Job")["spec"]["template"]["spec"]["containers"]
    program = container["args"][2].replace("3_000_000", "100_000")
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"JOB_COMPLETION_INDEX": str(index)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for index in range(2)
    ]
    assert all(words.startswith("pi is about 3.1") for words in said)
    assert said[0] != said[1]


@pytest.mark.engines
def test_the_commands_of_the_dask_cluster(tmp_path: Path) -> None:
    """Do scheduler and worker start as the manifest says, and does the client compute on them?"""
    spec = manifest("dask-cluster.yaml", "DaskCluster")["spec"]
    scheduler, worker = (spec[it]["spec"]["containers"][0] for it in ("scheduler", "worker"))
    port, page = free_port(), free_port()
    address = f"tcp://127.0.0.1:{port}"
    dask = str(Path(sys.executable).parent / "dask")
    here = ["--host", "127.0.0.1", "--port", str(port), "--dashboard-address", f"127.0.0.1:{page}"]
    environ = {it["name"]: it["value"] for it in scheduler["env"]}
    target = f"http://127.0.0.1:{page}/api/v1/adaptive_target"
    with ExitStack() as cluster:
        command = [dask, *scheduler["args"][1:], *here]
        log = tmp_path / "scheduler.log"
        cluster.enter_context(service(command, log, lambda: fetched(target), **environ))
        arguments = ["w" if it == "$(DASK_WORKER_NAME)" else it for it in worker["args"][1:]]
        arguments[arguments.index("--dashboard-address") + 1] = "127.0.0.1:0"
        command = [dask, *arguments, "--host", "127.0.0.1", "--local-directory", str(tmp_path)]
        log = tmp_path / "worker.log"
        registered = partial(_has_registered, log)
        cluster.enter_context(service(command, log, registered, DASK_SCHEDULER_ADDRESS=address))
        done = subprocess.run(
            [sys.executable, str(MANIFESTS / "dask_client.py"), "2000"],
            env=os.environ | {"DASK_SCHEDULER_ADDRESS": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout == "workers: 1\nmean of x + x.T: 1.0\n", done.stderr


def _has_registered(log: Path) -> bool:
    return "Registered to" in log.read_text("utf-8")

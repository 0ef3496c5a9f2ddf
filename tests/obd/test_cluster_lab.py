"""The directive of the cluster in the page: what it writes, what it loads, what it complains of."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from scorm.errors import Fault
from tests.conftest import ROOT
from tests.sphinxext.conftest import Project
from tests.support.own import add_own_extensions

HEAD = "---\nkind: lab\nduration: 1\n---\n\n# Lab\n\n"
FILES = ":start: start.yaml\n:manifest: edit.yaml\n"
TASK = "```{question} k8s-heal\n:kind: task\n\nKill one.\n```\n"
START = "kind: Pod\nmetadata: {name: first}\n---\nkind: Service\nmetadata: {name: second}\n"


def lab(options: str, body: str, name: str = "heal") -> str:
    return f"{HEAD}````{{cluster-lab}} {name}\n{options}\n{body}````\n"


def _project(folder: Path, text: str) -> Project:
    """The tiny course with figures, whose plain page has a lab."""
    shutil.copytree(ROOT / "tests" / "roots" / "test-figures", folder)
    project = Project(folder)
    add_own_extensions(folder)
    project.write("docs/start.yaml", START)
    project.write("docs/edit.yaml", "spec: <a & b>\n")
    project.write("docs/plain.md", text)
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A page with a lab, built once; tests only read it."""
    text = lab(f":title: One *dies*\n{FILES}", f"Before.\n\n{TASK}\nThen **three** again.\n")
    project = _project(tmp_path_factory.mktemp("lab") / "course", text)
    assert project.run(decks=False) == []
    return project


def test_lab_is_written(project: Project) -> None:
    """Has the page all that the script needs, and what happens for those without JavaScript?"""
    (element,) = project.soup("html/docs/plain.html").select(".cluster-lab")
    assert element["data-tasks"] == "k8s-heal"
    assert json.loads(str(element["data-start"])) == list(yaml.safe_load_all(START))
    assert element["data-manifest"] == "spec: <a & b>\n"
    task = element.select_one(".cluster-lab-task")
    assert task is not None
    assert task.select_one("form[data-kind=task]")
    assert "Before." in task.text
    after = element.select_one(".cluster-lab-fallback")
    assert after is not None
    assert after.text.strip() == "Then three again."
    assert element.select_one(".cluster-lab-offer[hidden]")


def test_the_engine_goes_where_it_is_needed(project: Project) -> None:
    """Does the page load the small script, other pages none, and lies the engine ready?"""
    scripts = [tag["src"] for tag in project.soup("html/docs/plain.html").select("script[src]")]
    assert [name for name in scripts if "cluster-lab" in str(name)] == [
        next(name for name in scripts if "cluster-lab.js" in str(name))
    ]
    assert "cluster-lab" not in str(project.soup("html/docs/lesson.html"))
    page = project.build / "html" / "docs" / "plain.html"
    (element,) = project.soup("html/docs/plain.html").select(".cluster-lab")
    engine = page.parent / str(element["data-engine"])
    assert "export{" in engine.read_text("utf-8")[-200:]


def test_licences_travel_along(project: Project) -> None:
    """Are the licences there of every package that is in the bundle, with their texts?"""
    page = project.build / "html" / "docs" / "plain.html"
    (link,) = project.soup("html/docs/plain.html").select(".cluster-lab-made-of a")
    text = (page.parent / str(link["href"])).read_text("utf-8")
    for words in (
        "@ngrok/webernetes 0.3.5 (Apache-2.0)",
        "Copyright The Kubernetes Authors",
        "Apache License",
        "@codemirror/view",
        "yaml 2.9.1 (ISC)",
        "buffer 6.0.3 (MIT)",
    ):
        assert words in text
    titles = [line for line in text.splitlines() if line.startswith("=====")]
    assert len(titles) >= 15


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (lab(FILES, TASK), "the lab has no title"),
        (lab(":title: T\n:start: start.yaml\n", TASK), "the lab has no manifest"),
        (lab(":title: T\n:start: no.yaml\n:manifest: edit.yaml\n", TASK), "'no.yaml' cannot be"),
        (lab(":title: T\n:start: bad.yaml\n:manifest: edit.yaml\n", TASK), "'bad.yaml' is no YAML"),
        (lab(f":title: T\n{FILES}", "No task.\n"), "the lab has no task"),
        (lab(f":title: T\n{FILES}", TASK, "A-b"), "the lab needs a name"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    """Does an author learn what is wrong with a lab, and where?"""
    project = _project(tmp_path / "course", text)
    project.write("docs/bad.yaml", "a: b: c\n")
    found: list[Fault] = [it for it in project.run(decks=False) if it.path == "docs/plain.md"]
    assert any(words in fault.message for fault in found), found
    assert {fault.line for fault in found if words in fault.message} == {8}

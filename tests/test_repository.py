"""What hosting platforms read of the repository: do workflows, forms and versions agree with it?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import scorm
from tests.conftest import ROOT

FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def read(name: str) -> Any:
    """A YAML file; ``on`` stays the word that GitHub reads, and is not taken for a yes."""
    return yaml.load((ROOT / name).read_text("utf-8"), yaml.BaseLoader)


@pytest.fixture(scope="module")
def about() -> dict[str, Any]:
    """What ``pyproject.toml`` says of the project."""
    described: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return described["project"]


@pytest.fixture(scope="module")
def pythons(about: dict[str, Any]) -> list[str]:
    """The versions of Python that the classifiers name, oldest first."""
    named = [re.fullmatch(r".* :: Python :: (3\.\d+)", text) for text in about["classifiers"]]
    return [found[1] for found in named if found]


def test_pythons(about: dict[str, Any], pythons: list[str]) -> None:
    """Do the classifiers begin with the oldest Python that may install it, and leave out none?"""
    oldest = int(pythons[0].removeprefix("3."))
    assert about["requires-python"] == f">=3.{oldest}"
    assert pythons == [f"3.{number}" for number in range(oldest, oldest + len(pythons))]


def test_github(pythons: list[str]) -> None:
    """Do lint and tests run on each of these Pythons, with no more rights than to read?"""
    workflow = read(".github/workflows/ci.yml")
    assert {"push", "pull_request"} == set(workflow["on"])
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert job["strategy"]["matrix"] == {"python": pythons}
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make lint", "make test"]
    (java,) = [step for step in job["steps"] if "setup-java" in step.get("uses", "")]
    assert java["with"]["java-version"] == "17"


def test_gitlab(pythons: list[str]) -> None:
    """Does GitLab run the same?"""
    job = read(".gitlab-ci.yml")["test"]
    assert job["parallel"]["matrix"] == [{"PYTHON_VERSION": pythons}]
    assert job["image"].startswith("python:$PYTHON_VERSION-")
    assert job["script"] == ["make lint", "make test"]


@pytest.mark.parametrize("failing", ["", "lint", "test", "node_modules/linters", "lint test"])
def test_one_command_for_all(project: Path, tmp_path: Path, failing: str) -> None:
    """Does the script that CI calls elsewhere run both commands, and fail when one of them does?"""
    script = tmp_path / "clone" / ".ci" / "run"
    script.parent.mkdir(parents=True)
    shutil.copy(project / ".ci" / "run", script)
    make = tmp_path / "bin" / "make"
    make.parent.mkdir()
    make.write_text(
        f'#!/bin/sh\necho "make $*"\nfor bad in {failing}; do [ "$1" = "$bad" ] && exit 2; done\n'
        "exit 0\n",
        "utf-8",
    )
    make.chmod(0o755)
    path = f"{make.parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", script], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert bool(ran.returncode) == bool(failing), ran.stderr
    if failing != "node_modules/linters":
        assert {"make lint", "make test"} <= set(ran.stdout.splitlines())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_forms(form: Path) -> None:
    """Has each form a name, a purpose, and fields that are told apart?"""
    read_form = read(f".github/ISSUE_TEMPLATE/{form.name}")
    if form.stem == "config":
        assert read_form["blank_issues_enabled"] == "true"
        return
    assert read_form["name"]
    assert read_form["description"]
    fields = [part for part in read_form["body"] if part["type"] != "markdown"]
    identifiers = [field["id"] for field in fields]
    assert len({*identifiers}) == len(identifiers) >= 2
    assert any(field.get("validations", {}).get("required") == "true" for field in fields)


def test_there_is_a_form_for_each_purpose() -> None:
    """Can one report a fault, ask about a page, and wish for something?"""
    assert {form.stem for form in FORMS} == {"bug", "course", "feature", "config"}


def test_versions() -> None:
    """Do package, citation and changelog name one version, and the last two one day?"""
    citation = read("CITATION.cff")
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+) \N{EN DASH} (\S+)$", changelog, re.MULTILINE)
    assert citation["version"] == scorm.__version__
    assert released[0] == (scorm.__version__, citation["date-released"])
    for _, day in released:
        date.fromisoformat(day)

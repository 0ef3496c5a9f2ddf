"""Small Sphinx projects, built as the pipeline builds the course."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from scorm.build import sphinx_runs
from scorm.course import course_json
from scorm.course.model import Course
from scorm.errors import Fault
from scorm.layout import Places
from tests.conftest import ROOT
from tests.support.coverage_figures import measured


@dataclass
class Project:
    """A course in a temporary folder."""

    folder: Path

    @property
    def build(self) -> Path:
        return self.folder / "_build"

    def run(self, *, decks: bool = True) -> list[Fault]:
        """Run Sphinx for the pages and, if wanted, the decks; what it complains of."""
        runs = (sphinx_runs.PAGES, sphinx_runs.DECKS) if decks else (sphinx_runs.PAGES,)
        places = Places.of(self.folder)
        return [fault for run in runs for fault in sphinx_runs.run(run, places)]

    def soup(self, path: str) -> BeautifulSoup:
        """A page of the output, parsed."""
        return BeautifulSoup((self.build / path).read_text("utf-8"), "lxml")

    def part(self, builder: str) -> Any:
        """What a run handed on."""
        return json.loads(Places.of(self.folder).part(builder).read_text("utf-8"))

    def course(self) -> Course:
        """The course that the packager would see."""
        return course_json.assemble(self.part("html"), self.part("revealjs"))

    def write(self, path: str, text: str) -> None:
        """Write a source file."""
        (self.folder / path).write_text(text, "utf-8")


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[str], Project]:
    """Copy one of ``tests/roots`` into a folder of this test."""

    def make(name: str) -> Project:
        folder = tmp_path / name
        shutil.copytree(ROOT / "tests" / "roots" / f"test-{name}", folder)
        return Project(folder)

    return make


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Project:
    """The tiny course, built once; tests only read it."""
    folder = tmp_path_factory.mktemp("tiny") / "course"
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", folder)
    project = Project(folder)
    with measured(pytestconfig):
        assert project.run() == []
    return project

"""Building the real course: what comes out, what is not done twice, what never leaves."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from filelock import FileLock

from scorm import validate
from scorm.build.handbook import read_key
from scorm.course import answer_key, course_json
from scorm.errors import PackageError
from scorm.notebooks import execute, executed_path, has_solutions, parse
from scorm.notebooks.source import engine_of, measures_time, read
from scorm.packages import Format, Layout, PackageOptions, formats, package_name, presets
from scorm.packages.content import Rendered
from tests.conftest import made_once


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would, in a folder."""
    return subprocess.run(
        [sys.executable, "build_scorm.py", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_sources(project: Path, folder: Path) -> Path:
    """The project's sources in another folder, as a clone would have them."""
    left_out = shutil.ignore_patterns(
        ".*", "_build", "dist", "node_modules", "__pycache__", "*.egg-info", "tests"
    )
    shutil.copytree(project, folder, ignore=left_out)
    (folder / "node_modules").symlink_to(project / "node_modules")
    return folder


@pytest.fixture(scope="module")
def packages(course_package: Path, project: Path) -> list[Path]:
    """Every package of the real course that a build without flags makes."""
    whole = course_json.load(project / "_build" / "course.json")
    chosen = [options for order in presets.DEFAULT for options in order.packages(whole)]
    return [course_package.with_name(package_name(whole, options)) for options in chosen]


def test_real_packages_are_valid(packages: list[Path]) -> None:
    """Does each pass its own check without advice, and somebody else's zip and XML readers?"""
    assert len(packages) >= 5
    for path in packages:
        verdict = validate.examine(path)
        assert (verdict.faults, verdict.advice) == ((), ())
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
            assert package.namelist()[0] in ("imsmanifest.xml", "cmi5.xml")


def every_option(modules: list[str | None]) -> Iterator[PackageOptions]:
    """All that makes sense of format, layout, scope and order."""
    for chosen in product(Format, Layout, modules, (False, True)):
        with contextlib.suppress(PackageError):
            yield PackageOptions(*chosen)


def test_every_kind_of_package_is_valid(
    course_package: Path, project: Path, tmp_path: Path
) -> None:
    """Is every format, layout, scope and order of the real course valid?"""
    folder = project / "_build"
    whole = course_json.load(folder / "course.json")
    rendered = Rendered(whole, folder)
    modules = [None, *(module.identifier for module in whole.modules)]
    names = set()
    for options in every_option(modules):
        path = tmp_path / package_name(whole, options)
        formats.write(whole, folder, path, options, rendered=rendered)
        names.add(path.name)
        assert validate.check(path) == []
        path.unlink()
    assert len(names) == 10 * len(modules)


def links(name: str, page: bytes) -> set[str]:
    """The paths in the package that a page leads to or loads."""
    addresses = {address for _, _, address, _ in lxml.html.iterlinks(page)}
    inside = (urljoin(name, address) for address in addresses if not urlsplit(address).scheme)
    return {urlsplit(address).path for address in inside}


def test_links_lead_somewhere(packages: list[Path]) -> None:
    """Does every link of every page lead to a file of its package, also in those of one module?"""
    for path in packages:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            for name in names:
                if name.endswith(".html"):
                    assert links(name, package.read(name)) <= names, f"{path.name}: {name}"


def test_second_build_says_that_nothing_changed(packages: list[Path], project: Path) -> None:
    """Is a build with nothing to do over at once, and does it say so?"""
    before = [path.stat().st_mtime_ns for path in packages]
    again = run(project)
    assert again.returncode == 0
    assert "Nothing changed" in again.stderr
    for path in packages:
        assert f"dist/{path.name}\n" in again.stderr
    assert [path.stat().st_mtime_ns for path in packages] == before


def test_instructor_has_the_solutions(packages: list[Path], project: Path) -> None:
    """Has the handbook the notes and the solved labs, and does the next build count it?"""
    written = packages[0].with_name("obd-course-instructor.zip")
    telling = b"Where students get stuck"
    with zipfile.ZipFile(written) as archive:
        names = archive.namelist()
        told = {name for name in names if name.endswith(".html") and telling in archive.read(name)}
    labs = [
        path for path in (project / "notebooks").rglob("*.ipynb") if "nbgrader" in path.read_text()
    ]
    assert labs
    for lab in labs:
        assert f"solutions/{lab.name}" in names
    notes = {f"{note.stem}.html" for note in (project / "docs" / "instructor").glob("*.md")}
    of_no_page = {"answer-key.html", "coverage.html", "grading.html", "index.html", "moodle.html"}
    assert of_no_page < notes <= {*names}
    assert notes - of_no_page <= told
    whole = course_json.load(project / "_build" / "course.json")
    assert read_key(written) == answer_key.key_of(whole)
    for path in packages:
        with zipfile.ZipFile(path) as package:
            leaked = [name for name in package.namelist() if telling in package.read(name)]
        assert leaked == [], path.name
    assert "dist/obd-course-instructor.zip\n" in run(project).stderr


@pytest.fixture
def elsewhere(
    course_package: Path, project: Path, shared_folder: Path, notebook_cache: Path
) -> Iterator[tuple[Path, Path]]:
    """The course built in another folder, with the outputs of before; for one test at a time."""

    def build_there(folder: Path) -> None:
        copy_sources(project, folder)
        built = run(folder, "--notebook-cache", str(notebook_cache))
        assert built.returncode == 0, built.stderr
        assert "0 executed" in built.stderr

    with FileLock(shared_folder / "a different place.turn"):
        folder = made_once(shared_folder / "a different place", build_there)
        yield folder, folder / "dist" / course_package.name


def test_packages_of_two_folders_are_identical(
    packages: list[Path], elsewhere: tuple[Path, Path]
) -> None:
    """Does a colleague who builds in another folder get the same bytes?"""
    _, other = elsewhere
    for path in packages:
        with zipfile.ZipFile(path) as ours, zipfile.ZipFile(other.with_name(path.name)) as theirs:
            assert ours.namelist() == theirs.namelist()
            names = ours.namelist()
            assert [name for name in names if ours.read(name) != theirs.read(name)] == [], path.name
        assert other.with_name(path.name).read_bytes() == path.read_bytes(), path.name


def is_long(path: Path) -> bool:
    """Does the notebook take more than half a minute: a lab on Spark, or one that measures?"""
    source = read(path)
    return measures_time(source) or (engine_of(source) == "spark" and has_solutions(source))


@pytest.mark.engines
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_fresh_executions_are_kept_identical(
    every: bool,
    project: Path,
    notebook_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Does whoever executes notebooks elsewhere keep the same outputs, but for measurements?"""
    (tmp_path / "waste").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "waste"))
    folder = project / "notebooks"
    found = sorted(folder.rglob("*.ipynb"))
    paths = [path for path in found if every or not is_long(path)]
    assert len(paths) >= 3
    results = execute(paths, tmp_path / "cache", project, beside=folder)
    assert all(result.executed for result in results)
    for path in paths:
        source = path.read_text("utf-8")
        caches = (notebook_cache, tmp_path / "cache")
        ours, theirs = (lasting(source, executed_path(source, cache, folder)) for cache in caches)
        assert ours == theirs, path.name


def lasting(source: str, executed: Path) -> list[object]:
    """The outputs of each code cell that is not tagged as one that measures time."""
    cells = zip(
        (cell for cell in parse(source).cells if cell.cell_type == "code"),
        read(executed).cells,
        strict=True,
    )
    tag = "measures-time"
    return [kept.outputs for cell, kept in cells if tag not in cell.metadata.get("tags", ())]


def test_nothing_of_this_machine_is_in_a_package(packages: list[Path], project: Path) -> None:
    """Does no file name the build's folder, home, host or user?"""
    names = [str(project), str(Path.home()) + "/", sys.prefix, socket.gethostname()]
    user = getpass.getuser()
    words = [re.escape(name) for name in names if len(name) > 3]
    words += [rf"\b(?:home|Users)/{re.escape(user)}\b"]
    leak = re.compile("|".join(words).encode())
    for path in packages:
        with zipfile.ZipFile(path) as package:
            found = {name for name in package.namelist() if leak.search(package.read(name))}
        assert found == set(), path.name


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Path:
    """A course of three pages, built; a test that changes it puts it back."""
    folder = tmp_path_factory.mktemp("tiny") / "course"
    shutil.copytree(project / "tests" / "roots" / "test-course", folder)
    built = run(project, "--project", str(folder))
    assert built.returncode == 0, built.stderr
    return folder


def test_a_fault_keeps_the_last_good_package(tiny: Path, project: Path) -> None:
    """Does a mistake end with its line and status 1, and leave the packages of before in place?"""
    before = {path: path.read_bytes() for path in (tiny / "dist").iterdir()}
    assert len(before) > 4
    lesson = tiny / "docs" / "lesson.md"
    good = lesson.read_text("utf-8")
    lesson.write_text(good.replace("- [x] Three", "- [ ] Three"), "utf-8")
    failed = run(project, "--project", str(tiny))
    assert failed.returncode == 1
    assert re.search(r"^docs/lesson\.md:\d+: no choice is correct", failed.stderr, re.M)
    assert "Traceback" not in failed.stderr
    assert {path: path.read_bytes() for path in before} == before
    lesson.write_text(good, "utf-8")
    mended = run(project, "--project", str(tiny))
    assert mended.returncode == 0, mended.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_check_speaks_and_exits(course_package: Path, project: Path, tmp_path: Path) -> None:
    """Does `check` say valid with status 0, and list the faults of a bad package with status 1?"""
    good = run(project, "check", str(course_package))
    assert (good.returncode, good.stdout) == (0, "dist/obd-course-scorm12.zip: valid SCORM 1.2\n")
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as package:
        package.writestr("index.html", "<p>Hello")
    said = run(project, "check", str(course_package), str(bad))
    assert said.returncode == 1
    assert "bad.zip: not valid" in said.stdout


def test_flags_choose(tiny: Path, project: Path) -> None:
    """Do flags build what they say, is that remembered, and do other packages stay?"""
    package = tiny / "dist" / "tiny-scorm12.zip"
    before = package.read_bytes()
    words = ("--project", str(tiny), "--format", "scorm2004", "--edition", "3rd")
    first = run(project, *words)
    assert first.returncode == 0, first.stderr
    assert "tiny-scorm2004-3rd-single.zip" in first.stderr
    assert "tiny-scorm12.zip" not in first.stderr
    assert package.read_bytes() == before
    again = run(project, *words)
    assert "Nothing changed" in again.stderr
    assert "tiny-scorm12.zip" not in again.stderr
    usual = run(project, "--project", str(tiny))
    assert "Nothing changed" not in usual.stderr
    assert "tiny-scorm12.zip" in usual.stderr


def test_impossible_flags(tmp_path: Path, project: Path) -> None:
    """Are flags that do not go together told in one line, before anything is built?"""
    words = ("--project", str(tmp_path), "--format", "cmi5", "--layout", "single")
    said = run(project, "build", *words)
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1].endswith(
        "cmi5 has no layout 'single': each page is an assignable unit of its own"
    )
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_build_outside_a_course_is_explained(tmp_path: Path, project: Path) -> None:
    """Does a build in the wrong folder say so in one line?"""
    said = run(project, "build", "--project", str(tmp_path))
    assert said.returncode == 1
    assert "there is no conf.py in" in said.stderr
    assert len(said.stderr.splitlines()) == 1
    assert not (tmp_path / "_build").exists()


def test_help_names_every_command(project: Path) -> None:
    """Does --help list what one can do?"""
    said = run(project, "--help")
    assert said.returncode == 0
    for command in ("build", "check", "preview"):
        assert command in said.stdout

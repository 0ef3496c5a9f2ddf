"""Building the real course: what comes out, what is not done twice, what never leaves."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scorm import fingerprint, validate


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


def test_real_package_is_valid(course_package: Path) -> None:
    """Does the course pass its own check, and somebody else's zip and XML readers?"""
    assert validate.check(course_package) == []
    with zipfile.ZipFile(course_package) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "imsmanifest.xml"


def test_second_build_says_that_nothing_changed(course_package: Path, project: Path) -> None:
    """Is a build with nothing to do over at once, and does it say so?"""
    before = course_package.stat().st_mtime_ns
    again = run(project)
    assert again.returncode == 0
    assert "Nothing changed" in again.stderr
    assert "dist/obd-course-scorm12.zip" in again.stderr
    assert course_package.stat().st_mtime_ns == before


@pytest.fixture(scope="module")
def elsewhere(
    course_package: Path, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The course built in another folder, with the notebook cache of the project's build."""
    folder = copy_sources(project, tmp_path_factory.mktemp("a-different-place") / "clone")
    built = run(folder, "--notebook-cache", str(project / "_build" / "notebooks"))
    assert built.returncode == 0, built.stderr
    assert "0 executed" in built.stderr
    return folder, folder / "dist" / course_package.name


def test_packages_of_two_folders_are_identical(
    course_package: Path, elsewhere: tuple[Path, Path]
) -> None:
    """Does the folder of the build leave no trace in the package?"""
    _, other = elsewhere
    assert other.read_bytes() == course_package.read_bytes()


@pytest.mark.engines
def test_fresh_executions_give_the_same_package(
    course_package: Path, project: Path, tmp_path: Path
) -> None:
    """Do notebooks executed anew, elsewhere, give the same bytes?"""
    folder = copy_sources(project, tmp_path / "fresh")
    built = run(folder, SCORM_NOTEBOOK_CACHE=str(tmp_path / "cache"))
    assert built.returncode == 0, built.stderr
    assert "2 executed" in built.stderr
    fresh = zipfile.ZipFile(folder / "dist" / course_package.name)
    with fresh, zipfile.ZipFile(course_package) as first:
        assert fresh.namelist() == first.namelist()
        differing = [name for name in first.namelist() if first.read(name) != fresh.read(name)]
    assert differing == []


def test_nothing_of_this_machine_is_in_the_package(course_package: Path, project: Path) -> None:
    """Does no file name the build's folder, home, host or user?"""
    names = [str(project), str(Path.home()) + "/", sys.prefix, socket.gethostname()]
    user = getpass.getuser()
    words = [re.escape(name) for name in names if len(name) > 3]
    words += [rf"\b(?:home|Users)/{re.escape(user)}\b"]
    leak = re.compile("|".join(words).encode())
    with zipfile.ZipFile(course_package) as package:
        found = {name for name in package.namelist() if leak.search(package.read(name))}
    assert found == set()


def test_a_fault_keeps_the_last_good_package(elsewhere: tuple[Path, Path]) -> None:
    """Does a mistake end with its line and status 1, and leave the package of before in place?"""
    folder, package = elsewhere
    before = package.read_bytes()
    quiz = folder / "docs" / "welcome" / "quiz.md"
    good = quiz.read_text("utf-8")
    quiz.write_text(good.replace("- [x] Data Distribution", "- [ ] Data Distribution"), "utf-8")
    cache = ("--notebook-cache", str(Path(__file__).parents[1] / "_build" / "notebooks"))
    failed = run(folder, *cache)
    assert failed.returncode == 1
    assert re.search(r"^docs/welcome/quiz\.md:\d+: no choice is correct", failed.stderr, re.M)
    assert "Traceback" not in failed.stderr
    assert package.read_bytes() == before
    quiz.write_text(good, "utf-8")
    mended = run(folder, *cache)
    assert mended.returncode == 0, mended.stderr
    assert package.read_bytes() == before


def test_check_speaks_and_exits(course_package: Path, project: Path, tmp_path: Path) -> None:
    """Does `check` say valid with status 0, and list the faults of a bad package with status 1?"""
    good = run(project, "check", str(course_package))
    assert (good.returncode, good.stdout) == (0, "dist/obd-course-scorm12.zip: valid\n")
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as package:
        package.writestr("index.html", "<p>Hello")
    said = run(project, "check", str(course_package), str(bad))
    assert said.returncode == 1
    assert "bad.zip: not valid, 1 fault\n" in said.stdout


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


def test_any_input_changes_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a build due after a change of a page, of a setting, or of a lost package?"""
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "page.md"
    page.write_text("one", "utf-8")
    first = fingerprint.of_inputs(tmp_path)
    assert fingerprint.of_inputs(tmp_path) == first
    page.write_text("two", "utf-8")
    second = fingerprint.of_inputs(tmp_path)
    assert second != first
    monkeypatch.setenv("SPARK_MASTER", "spark://127.0.0.1:7077")
    assert fingerprint.of_inputs(tmp_path) != second
    record, package = tmp_path / "record.json", tmp_path / "package.zip"
    package.write_bytes(b"zip")
    fingerprint.write(record, first, [package])
    assert fingerprint.unchanged(record, first) == [package]
    assert fingerprint.unchanged(record, second) == []
    package.write_bytes(b"touched")
    assert fingerprint.unchanged(record, first) == []
    package.unlink()
    assert fingerprint.unchanged(record, first) == []

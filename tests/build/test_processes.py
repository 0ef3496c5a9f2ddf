"""A build that ends early takes Sphinx with it; a second one waits; nothing is half done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from scorm.build import sphinx_runs
from scorm.layout import Places
from tests.conftest import ROOT
from tests.support.engines import started_with

#: Added to conf.py: Sphinx starts a child, says that both are there, and waits to be released.
WAITING = """
import os, subprocess, sys, time
from pathlib import Path
here = Path(__file__).parent
if (here / "wait").exists():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (here / "started").touch()
    while (here / "wait").exists():
        time.sleep(0.05)
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course whose Sphinx waits as long as there is a file ``wait``."""
    folder = tmp_path / "course"
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", folder)
    conf = folder / "conf.py"
    conf.write_text(conf.read_text("utf-8") + WAITING, "utf-8")
    return folder


class Build:
    """The command line at work in a folder; ``mark`` is in the environment of all it starts."""

    def __init__(self, folder: Path, number: int = 1) -> None:
        self.folder = folder
        self.mark = f"SCORM_TEST_BUILD_{os.getpid()}_{number}"
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "build_scorm.py"), "--project", str(folder)],
            env={**os.environ, self.mark: "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, done: Callable[[], object]) -> None:
        """Wait for something that the build brings about."""
        deadline = time.monotonic() + 120
        while not done():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def ended(self) -> tuple[int, str]:
        """The exit status, and what was said."""
        said = self.process.communicate(timeout=300)[1]
        return self.process.returncode, said

    def stop(self) -> None:
        """Whatever is left of it."""
        self.process.kill()
        self.process.communicate()
        for process in started_with(self.mark):
            process.kill()


@pytest.fixture
def build(course: Path) -> Iterator[Callable[[], Build]]:
    """Starts builds of the course."""
    builds: list[Build] = []

    def start() -> Build:
        builds.append(Build(course, len(builds)))
        return builds[-1]

    yield start
    for one in builds:
        one.stop()


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (signal.SIGINT, 130, "interrupted; the packages of the last build are still in place.\n"),
        (signal.SIGTERM, 143, "ended by SIGTERM; the packages of the last build are in place.\n"),
        (signal.SIGHUP, 129, "ended by SIGHUP; the packages of the last build are in place.\n"),
        (signal.SIGKILL, -9, ""),
    ],
)
def test_sphinx_ends_with_the_build(
    course: Path, build: Callable[[], Build], number: signal.Signals, status: int, words: str
) -> None:
    """Does nothing run on when a build is ended in the middle of Sphinx, and is it said?"""
    (course / "dist").mkdir()
    package = course / "dist" / "test-course-scorm12.zip"
    package.write_bytes(b"the last good one")
    (course / "wait").touch()
    one = build()
    one.until((course / "started").exists)
    programs = [" ".join(process.cmdline()) for process in started_with(one.mark)]
    assert any("-m sphinx" in program for program in programs)
    assert any("sleep(600)" in program for program in programs)
    one.process.send_signal(number)
    ended, said = one.ended()
    assert ended == status
    assert said.splitlines(keepends=True)[1:] == ([words] if words else [])
    one.until(lambda: not started_with(one.mark))
    assert package.read_bytes() == b"the last good one"
    assert [path.name for path in package.parent.iterdir()] == [package.name]


def test_second_build_waits(course: Path, build: Callable[[], Build]) -> None:
    """Does a second build in the same folder say that it waits, and then find all done?"""
    (course / "wait").touch()
    first = build()
    first.until((course / "started").exists)
    second = build()
    stream = second.process.stderr
    assert stream
    waiting = f"Another build is at work in {course}; waiting for it to end.\n"
    assert stream.readline() == waiting
    assert psutil.Process(second.process.pid).is_running()
    (course / "wait").unlink()
    assert first.ended()[0] == 0
    status, said = second.ended()
    assert status == 0, said
    assert said.startswith("Nothing changed since the last build")


def test_a_killed_build_does_not_keep_others_waiting(
    course: Path, build: Callable[[], Build]
) -> None:
    """Does the next build begin at once, and from nothing that the killed one left?"""
    (course / "wait").touch()
    first = build()
    first.until((course / "started").exists)
    first.process.kill()
    first.ended()
    (course / "wait").unlink()
    left = course / "_build" / "doctrees" / "html" / "half.doctree"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.touch()
    status, said = build().ended()
    assert status == 0, said
    assert "waiting" not in said
    assert not left.exists()


def test_unfinished_run_is_thrown_away(tmp_path: Path) -> None:
    """Is nothing built upon a run that did not end, and everything upon one that did?"""
    project = tmp_path / "course"
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", project)

    def run() -> None:
        for one in sphinx_runs.RUNS:
            assert sphinx_runs.run(one, places) == []

    places = Places.of(project)
    doctrees = places.doctrees
    left = [doctrees / name / "left.doctree" for name in ("html", "slides")]

    def kept_after(unfinished: str) -> list[bool]:
        for path in left:
            path.touch()
        if unfinished:
            (doctrees / unfinished).touch()
        run()
        return [path.exists() for path in left]

    run()
    assert kept_after("") == [True, True]
    assert kept_after("slides.unfinished") == [True, False]
    # the decks lie among the pages
    assert kept_after("html.unfinished") == [False, False]
    assert not list(places.build.rglob("*.unfinished"))

"""What tests of every part share: the folder of the project, and the real course, built.

``make test`` runs several workers (pytest-xdist). What is costly to make is made by the worker
that needs it first, in ``shared_folder``, by ``made_once``; so tests only read it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]

pytest_plugins = ["tests.support.coverage_figures"]

# A shell that runs the tests in the background has them, and all that they start, ignore SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)

# On a busy machine an example may take long without anything being wrong.
hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` means: more than the processors (4 on 2), as a browser's tests also wait."""
    return 1 + 3 * (os.cpu_count() or 1) // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the engines' tests: they run one after the other, and longest."""
    items.sort(key=lambda item: item.get_closest_marker("engines") is None)


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder, after ``make`` has filled it; other workers wait for the first that comes."""
    done = folder.with_name(f"{folder.name}.done")
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not done.exists():
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of ``conf.py``."""
    return ROOT


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that is the same for all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def engines_turn(shared_folder: Path) -> FileLock:
    """Held by the one worker that runs engines: two at a time need more memory than many have."""
    return FileLock(shared_folder / "engines.lock")


@pytest.fixture(autouse=True)
def _engines_in_turn(
    request: pytest.FixtureRequest, engines_turn: FileLock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    marked = request.node.get_closest_marker("engines")
    if marked:
        # A JVM that lives for a minute spends a good part of it compiling for the hours to come.
        monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    with engines_turn if marked else nullcontext():
        yield


@pytest.fixture(scope="session")
def notebook_cache(project: Path, course_package: Path) -> Path:
    """Where the build of the real course keeps the outputs of its notebooks."""
    return Path(os.environ.get("SCORM_NOTEBOOK_CACHE", project / "_build" / "notebooks"))


@pytest.fixture(scope="session")
def course_package(project: Path, shared_folder: Path, engines_turn: FileLock) -> Path:
    """The real course as a SCORM 1.2 package, built as ``make`` builds it."""

    def build(_: Path) -> None:
        command = [sys.executable, "build_scorm.py"]
        with engines_turn:
            built = subprocess.run(
                command, cwd=project, capture_output=True, text=True, check=False
            )
        assert built.returncode == 0, built.stdout + built.stderr

    made_once(shared_folder / "course", build)
    return project / "dist" / "obd-course-scorm12.zip"

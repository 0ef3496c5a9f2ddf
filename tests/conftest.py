"""What tests of every part share: the folder of the project, and the real course, built.

``make test`` runs several workers (pytest-xdist). What is costly to make is made only once, by the
worker that needs it first: ``made_once`` makes it in ``shared_folder``. Tests may only read it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from scorm.system import processes
from tests.support.warm_sphinx import WarmSphinx

ROOT = Path(__file__).parents[1]

#: A JVM compiles its code as if it had to run for hours. The tests' ones end after a minute, and
#: are faster with a quick compiler.
QUICK_JVM = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}

pytest_plugins = ["tests.support.coverage_figures"]

# Where a shell runs the tests in the background, they and all that they start would ignore SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)

# On a busy machine an example may take long without anything being wrong.
hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """The workers that ``-n auto`` starts: more than processors (4 on 2), as many tests wait."""
    return 1 + 3 * (os.cpu_count() or 1) // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that start engines: they run one by one, and so end last."""
    items.sort(key=lambda item: item.get_closest_marker("engines") is None)


@pytest.fixture(scope="session", autouse=True)
def _warm_sphinx() -> Iterator[None]:
    """Let Sphinx not import itself anew each time that a test runs it in this process."""
    warm = WarmSphinx()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "run", warm.run)
        yield
    warm.close()


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder, after ``make`` has filled it; the first worker does this, and others wait."""
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


class Turns:
    """Lets engines run one after the other: many machines lack the memory for two at a time.

    That makes them the longest chain of a whole run of the tests. What it consists of is printed
    at the end of the run.
    """

    LOG = "engines.log"

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "engines.lock")
        self._log = folder / self.LOG

    @contextmanager
    def take(self, name: str) -> Iterator[None]:
        """Wait for the turn, and note how long it was held; whoever has it does not wait again."""
        is_outermost = not self._lock.is_locked
        with self._lock:
            start = time.monotonic()
            yield
            if is_outermost:
                with self._log.open("a") as log:
                    log.write(f"{time.monotonic() - start:.1f} {name}\n")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the turns of the engines, the longest first."""
    factory: pytest.TempPathFactory = vars(config)["_tmp_path_factory"]
    log = factory.getbasetemp() / Turns.LOG
    if not log.is_file():
        return
    turns = [line.split(" ", 1) for line in log.read_text("utf-8").splitlines()]
    turns.sort(key=lambda turn: -float(turn[0]))
    total = sum(float(seconds) for seconds, _ in turns)
    terminalreporter.section("longest chain: engines, one after the other")
    terminalreporter.write_line(f"{total:7.1f} s in all, of which")
    for seconds, name in turns[:10]:
        terminalreporter.write_line(f"{seconds:>7} s {name}")


@pytest.fixture(scope="session")
def engines_turn(shared_folder: Path) -> Turns:
    """The turn that a worker takes before it runs engines."""
    return Turns(shared_folder)


@pytest.fixture(autouse=True)
def _engines_in_turn(
    request: pytest.FixtureRequest, engines_turn: Turns, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    marked = request.node.get_closest_marker("engines")
    if marked:
        for name, value in QUICK_JVM.items():
            monkeypatch.setenv(name, value)
    with engines_turn.take(request.node.name) if marked else nullcontext():
        yield


@pytest.fixture(scope="session")
def notebook_cache(project: Path, course_package: Path) -> Path:
    """Where the build of the real course keeps the outputs of its notebooks."""
    return Path(os.environ.get("SCORM_NOTEBOOK_CACHE", project / "_build" / "notebooks"))


@pytest.fixture(scope="session")
def course_package(project: Path, shared_folder: Path, engines_turn: Turns) -> Path:
    """The real course as a SCORM 1.2 package, built as ``make`` builds it."""

    def build(_: Path) -> None:
        command = [sys.executable, "build_scorm.py"]
        environ = {**os.environ, **QUICK_JVM}
        with engines_turn.take("the build of the course, with all notebooks"):
            built = subprocess.run(
                command, cwd=project, env=environ, capture_output=True, text=True, check=False
            )
        assert built.returncode == 0, built.stdout + built.stderr

    made_once(shared_folder / "course", build)
    return project / "dist" / "obd-course-scorm12.zip"

"""Print one line at the end of tests with ``--cov``: how much of the code they ran.

Python is what pytest-cov measured of ``scorm/``: the tests' own processes, and those that were
started within :func:`measured`. JavaScript is the scripts of ``scorm/runtime`` that Node's tests
load. What only a browser runs is not measured; the line says how many of all scripts are.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import coverage
import pytest

from tests.support.node_tests import Run

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "scorm" / "runtime"

#: The property of a test's report that brings the lines that it ran to the end of all tests.
PROPERTY = "lines run in scorm/runtime"

#: For each script, by its path in the runtime, whether each of its lines was run.
Lines = dict[str, list[bool]]


@contextmanager
def measured(config: pytest.Config) -> Iterator[None]:
    """Let processes that are started in this block be measured as well, if the tests are."""
    with pytest.MonkeyPatch.context() as patch:
        if config.getoption("cov_source", None):
            patch.setenv("COVERAGE_PROCESS_START", str(ROOT / "pyproject.toml"))
            patch.setenv("COVERAGE_FILE", str(ROOT / ".coverage"))
        yield


def lines_of(run: Run) -> Lines:
    """The lines of the runtime's scripts, and which of them a run of Node's tests ran."""
    return {
        path.relative_to(RUNTIME).as_posix(): lines
        for path, lines in run.lines.items()
        if path.is_relative_to(RUNTIME)
    }


def together(runs: Iterable[Lines]) -> Lines:
    """The lines that any of the runs has run."""
    found: Lines = {}
    for path, lines in ((path, lines) for run in runs for path, lines in run.items()):
        before = found.get(path, [False] * len(lines))
        found[path] = [one or other for one, other in zip(before, lines, strict=True)]
    return found


def share(lines: Lines) -> float:
    """The lines that were run, in percent of all."""
    return 100 * sum(map(sum, lines.values())) / sum(map(len, lines.values()))


def of_python() -> str:
    """In words, what pytest-cov measured; it has combined the data of all workers before."""
    measured = coverage.Coverage()
    measured.load()
    try:
        return f"Python {measured.report(file=io.StringIO()):.0f} %"
    except coverage.exceptions.NoDataError:
        return "Python not measured"


def of_javascript(lines: Lines) -> str:
    """In words, what Node's tests ran of the runtime."""
    if not lines:
        return "JavaScript not measured"
    known = sum(1 for _ in RUNTIME.rglob("*.js"))
    return f"JavaScript {share(lines):.0f} % ({len(lines)} of {known} scripts run in Node)"


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the line."""
    if not config.getoption("cov_source", None):
        return
    reports = [it for kind in ("passed", "failed") for it in terminalreporter.getreports(kind)]
    properties = (it for report in reports for it in getattr(report, "user_properties", ()))
    lines = together(value for name, value in properties if name == PROPERTY)
    terminalreporter.write_line(f"Coverage: {of_python()}, {of_javascript(lines)}")

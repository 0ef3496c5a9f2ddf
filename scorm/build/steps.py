"""Build the course: execute notebooks, run Sphinx, write ``course.json``, then packages."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from scorm.build import fingerprint, sphinx_runs
from scorm.build.progress import NotebookProgress
from scorm.course.model import Course
from scorm.errors import CourseError, Fault
from scorm.packages import PackageReport, archive
from scorm.packages.presets import DEFAULT, Order

_RECORD = "last-build.json"
_NOTEBOOKS = "notebooks"


@dataclass(frozen=True)
class Places:
    """The folders of a build; all absolute."""

    project: Path
    notebook_cache: Path
    dist: Path

    @property
    def build(self) -> Path:
        """Where everything in between lies."""
        return self.project / "_build"


class Steps(Protocol):
    """Shows a person what is going on."""

    def step(self, title: str) -> AbstractContextManager[Callable[[str], None]]:
        """Announce a step; the function given tells more while it runs."""

    def note(self, line: str) -> None:
        """Say a line of its own, where a step that changes cannot be seen."""


@dataclass(frozen=True)
class Built:
    """A package, or the handbook, that was written, and the seconds this took."""

    report: PackageReport
    seconds: float


def already_built(places: Places, orders: Sequence[Order] = DEFAULT) -> list[Path]:
    """The packages, if a build now would write just the same; else an empty list."""
    return fingerprint.unchanged(places.build / _RECORD, _inputs(places, orders))


def build(places: Places, steps: Steps, orders: Sequence[Order] = DEFAULT) -> list[Built]:
    """Build what ``orders`` say; packages that cannot be built anew stay as they are.

    So do packages of other orders: whoever imported one may still want it.

    :raises ScormError: with all faults of the course that one build can show.
    """
    inputs = _inputs(places, orders)
    (places.build / _RECORD).unlink(missing_ok=True)
    archive.sweep(places.dist)
    _execute_notebooks(places, steps)
    whole = _run_sphinx(places, steps)
    built = _write_packages(whole, places, steps, orders) + _write_handbook(whole, places, steps)
    fingerprint.write(places.build / _RECORD, inputs, [one.report.path for one in built])
    return built


def _inputs(places: Places, orders: Sequence[Order]) -> str:
    return fingerprint.of_inputs(
        places.project, [str(places.dist), sys.version, *map(repr, orders)]
    )


def _notebooks(places: Places) -> list[Path]:
    paths = sorted((places.project / _NOTEBOOKS).rglob("*.ipynb"))
    return [path for path in paths if ".ipynb_checkpoints" not in path.parts]


def _execute_notebooks(places: Places, steps: Steps) -> None:
    from scorm import notebooks

    paths = _notebooks(places)
    with steps.step("Notebooks") as tell:
        results = notebooks.execute(
            paths, places.notebook_cache, places.project, NotebookProgress(tell, steps.note)
        )
        fresh = sum(result.executed for result in results)
        tell(f"{fresh} executed, {len(results) - fresh} from the cache")


def _start_afresh(places: Places) -> None:
    """Throw away all pages when what shapes every page has changed.

    Sphinx writes a page again when its source changes, not when a template or a script does.
    """
    record, tool = places.build / "tool", fingerprint.of_tool(places.project)
    if record.is_file() and record.read_bytes() == tool.encode():
        return
    for name in ("doctrees", "html", "handbook"):
        shutil.rmtree(places.build / name, ignore_errors=True)
    record.write_text(tool, "utf-8")


def _run_sphinx(places: Places, steps: Steps) -> Course:
    from scorm.course import course_json

    _start_afresh(places)
    runs = [run for run in sphinx_runs.RUNS if (places.project / run.source).is_dir()]
    _run_each(runs, places, steps)
    with steps.step("course.json"):
        whole = course_json.assemble(*(_part(places, run.builder) for run in runs))
        (places.build / "course.json").write_text(course_json.dump(whole), "utf-8")
    if (places.project / sphinx_runs.HANDBOOK.source).is_dir():
        _run_each([sphinx_runs.HANDBOOK], places, steps)
    return whole


def _run_each(runs: Sequence[sphinx_runs.SphinxRun], places: Places, steps: Steps) -> None:
    """Run Sphinx for each, then raise the faults of all."""
    faults: list[Fault] = []
    for run in runs:
        with steps.step(f"Sphinx: {run.title}"):
            faults += sphinx_runs.run(run, places.project, places.build, places.notebook_cache)
    if faults:
        raise CourseError(faults)


def _part(places: Places, builder: str) -> Any:
    path = places.build / "doctrees" / "parts" / f"{builder}.json"
    return json.loads(path.read_text("utf-8"))


def _write_packages(
    whole: Course, places: Places, steps: Steps, orders: Sequence[Order]
) -> list[Built]:
    from scorm.packages import formats, package_name
    from scorm.packages.content import Rendered

    places.dist.mkdir(parents=True, exist_ok=True)
    rendered = Rendered(whole, places.build)
    built = []
    for options in (one for order in orders for one in order.packages(whole)):
        destination = places.dist / package_name(whole, options)
        with steps.step(f"Package: {destination.name}"), _clock() as seconds:
            report = formats.write(whole, places.build, destination, options, rendered=rendered)
        built.append(Built(report, seconds()))
    return built


def _write_handbook(whole: Course, places: Places, steps: Steps) -> list[Built]:
    """Write what goes to instructors only, if the course has any of it."""
    from scorm.build import handbook

    entries = handbook.contents(
        places.build / sphinx_runs.HANDBOOK.output,
        _notebooks(places),
        places.project / _NOTEBOOKS,
        places.notebook_cache,
    )
    if not entries:
        return []
    destination = places.dist / handbook.handbook_name(whole.identifier)
    with steps.step(f"Handbook: {destination.name}"), _clock() as seconds:
        report = handbook.write(destination, entries)
    return [Built(report, seconds())]


@contextmanager
def _clock() -> Iterator[Callable[[], float]]:
    """The seconds since the block was entered, until it was left."""
    start = time.perf_counter()
    end: list[float] = []
    yield lambda: (end[0] if end else time.perf_counter()) - start
    end.append(time.perf_counter())

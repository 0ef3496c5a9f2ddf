"""Build the course, step by step.

The notebooks are executed. Sphinx renders text pages, then decks; ``course.json`` is put together
of what both runs hand on; a third run, which reads ``course.json``, renders the instructor's
handbook. Then the packages are written, and the zip of the handbook.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from scorm.build import changes, fingerprint, sphinx_runs
from scorm.build.progress import NotebookProgress
from scorm.course.model import Course
from scorm.errors import CourseError, Fault
from scorm.layout import Places, record_beside
from scorm.packages import PackageReport, archive
from scorm.packages.presets import DEFAULT, Order

_RECORD = "last-build.json"
_SHAPE = "shape"


class Steps(Protocol):
    """What a build tells of its steps to whoever watches it."""

    def step(self, title: str) -> AbstractContextManager[Callable[[str], None]]:
        """Announce a step; while it runs, the function given may be called to tell more."""

    def note(self, line: str) -> None:
        """Say a line of its own where no terminal shows what the present step tells."""


@dataclass(frozen=True)
class Built:
    """A package, or the handbook, that was written, and the seconds this took."""

    report: PackageReport
    seconds: float


def already_built(places: Places, orders: Sequence[Order] = DEFAULT) -> list[Path]:
    """What the last build wrote, if a build now would write the same; else an empty list."""
    return fingerprint.unchanged(places.build / _RECORD, _inputs(places, orders))


def build(places: Places, steps: Steps, orders: Sequence[Order] = DEFAULT) -> list[Built]:
    """Build what ``orders`` say.

    Where the build fails, the packages of an earlier one stay as they are. So do always the
    packages of other orders: whoever imported one into an LMS may still want it.

    :raises ScormError: with all faults of the course that one build can show.
    """
    places.build.mkdir(exist_ok=True)
    started = fingerprint.started(places)
    (places.build / _RECORD).unlink(missing_ok=True)
    archive.sweep(places.dist)
    _execute_notebooks(places, steps)
    whole = _run_sphinx(places, steps, started)
    built = _write_packages(whole, places, steps, orders) + _write_handbook(whole, places, steps)
    inputs = _inputs(places, orders)
    if inputs.changed <= started:  # else the packages may show what a file said before
        fingerprint.write(places.build / _RECORD, inputs, [one.report.path for one in built])
    return built


def _inputs(places: Places, orders: Sequence[Order]) -> fingerprint.Fingerprint:
    return fingerprint.of_inputs(places, [str(places.dist), sys.version, *map(repr, orders)])


def _notebooks(places: Places) -> list[Path]:
    paths = sorted(places.notebooks_folder.rglob("*.ipynb"))
    return [path for path in paths if ".ipynb_checkpoints" not in path.parts]


def _execute_notebooks(places: Places, steps: Steps) -> None:
    from scorm import notebooks

    paths = _notebooks(places)
    with steps.step("Notebooks") as tell:
        results = notebooks.execute(
            paths,
            places.notebook_cache,
            places.project,
            NotebookProgress(tell, steps.note),
            places.notebooks_folder,
        )
        fresh = sum(result.executed for result in results)
        tell(f"{fresh} executed, {len(results) - fresh} from the cache")


@contextmanager
def _one_shape(places: Places, started: int) -> Iterator[None]:
    """See that all pages have the same shape, even where Sphinx stops half-way.

    Sphinx writes a page again when its source changes, but not when a template, a static file or
    an extension does. Then all pages are thrown away first. Which files shape the pages is in the
    records that the Sphinx runs write, so it is asked again after them.
    """
    note = places.build / _SHAPE
    if not note.is_file() or note.read_bytes() != fingerprint.of_shape(places).digest.encode():
        note.unlink(missing_ok=True)
        for folder in places.rendered:
            shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shape = fingerprint.of_shape(places)
        if shape.changed <= started:
            note.write_text(shape.digest, "utf-8")
        else:  # something changed while Sphinx was at work: only some pages may show it
            note.unlink(missing_ok=True)


def _run_sphinx(places: Places, steps: Steps, started: int) -> Course:
    from scorm.course import course_json

    with _one_shape(places, started):
        runs = _with_sources(sphinx_runs.RUNS, places)
        _run_each(runs, places, steps)
        with steps.step("course.json"):
            whole = course_json.assemble(*(_part(places, run.builder) for run in runs))
            places.course_json.write_text(course_json.dump(whole), "utf-8")
        _run_each(_with_sources([sphinx_runs.HANDBOOK], places), places, steps)
    return whole


def _with_sources(
    runs: Iterable[sphinx_runs.SphinxRun], places: Places
) -> list[sphinx_runs.SphinxRun]:
    """The runs whose source folder exists; what the others wrote in earlier builds is removed."""
    found = []
    for run in runs:
        if run.source(places).is_dir():
            found.append(run)
        else:
            output = run.output(places)
            doctrees = places.doctrees_of(output)
            record_beside(doctrees).unlink(missing_ok=True)
            for folder in (output, doctrees):
                shutil.rmtree(folder, ignore_errors=True)
    return found


def _run_each(runs: Sequence[sphinx_runs.SphinxRun], places: Places, steps: Steps) -> None:
    """Run Sphinx for each, then raise the faults of all."""
    faults: list[Fault] = []
    for run in runs:
        with steps.step(f"Sphinx: {run.title}"):
            faults += sphinx_runs.run(run, places)
    if faults:
        raise CourseError(faults)


def _part(places: Places, builder: str) -> Any:
    return json.loads(places.part(builder).read_text("utf-8"))


def _write_packages(
    whole: Course, places: Places, steps: Steps, orders: Sequence[Order]
) -> list[Built]:
    from scorm.packages import formats, package_name
    from scorm.packages.content import Rendered

    places.dist.mkdir(parents=True, exist_ok=True)
    rendered = Rendered(whole, places.build)
    built = []
    wanted = [one for order in orders for one in order.packages(whole)]
    earlier = changes.earlier_package(places.dist, [package_name(whole, one) for one in wanted])
    known = changes.questions_in(earlier) if earlier else {}
    for options in wanted:
        destination = places.dist / package_name(whole, options)
        with steps.step(f"Package: {destination.name}"), _clock() as seconds:
            report = formats.write(whole, places.build, destination, options, rendered=rendered)
        built.append(Built(report, seconds()))
    first, *others = built
    warnings = (*first.report.warnings, *changes.told(whole, known))
    return [replace(first, report=replace(first.report, warnings=warnings)), *others]


def _write_handbook(whole: Course, places: Places, steps: Steps) -> list[Built]:
    """Write the zip for instructors, if the course has anything to put into it."""
    from scorm.build import handbook

    entries = handbook.contents(
        whole,
        places.handbook,
        _notebooks(places),
        places.notebooks_folder,
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
    """A function that gives the seconds spent in the block so far, and in all after its end."""
    start = time.perf_counter()
    end: list[float] = []
    yield lambda: (end[0] if end else time.perf_counter()) - start
    end.append(time.perf_counter())

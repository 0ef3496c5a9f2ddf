"""The steps of the command ``grade``: read, run, and write what Moodle and people take back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from scorm.errors import GradeError, SetupError, reason
from scorm.grading import (
    assignment,
    grading,
    outcome,
    pages,
    points,
    sandbox,
    submissions,
    worksheet,
)
from scorm.grading.outcome import Outcome
from scorm.grading.results import Result, Store
from scorm.grading.run import Setting
from scorm.grading.sandbox import Limits
from scorm.grading.submissions import Submission
from scorm.layout import Places
from scorm.system import processes

#: Results of earlier runs, in the output folder.
_KEPT = ".results"
#: Engines whose clusters on this machine talk by TCP.
_CLUSTERS = ("dask", "spark")


@dataclass(frozen=True)
class Order:
    """What the command line asks for; see its help."""

    submissions: Path
    worksheet: Path | None
    assignment: Path | None
    files: Sequence[Path]
    output: Path
    points: Path
    sandbox: str
    together: int
    limits: Limits
    again: bool
    grade_column: str = ""
    feedback_column: str = ""


def make(order: Order, console: Console) -> list[Outcome]:
    """Grade everything, write everything, and give what came of it.

    :raises GradeError: before anything runs, where something that was given cannot be right.
    """
    found = submissions.read(order.submissions, order.output.resolve())
    sheet = (
        worksheet.read(order.worksheet, order.grade_column, order.feedback_column)
        if order.worksheet
        else None
    )
    given = points.read(order.points)
    path = order.assignment or _fitting(found)
    task = assignment.read(path)
    if missing := [str(it) for it in order.files if not it.exists()]:
        raise GradeError(f"--files: there is no {', '.join(missing)}")
    chosen = sandbox.choose(order.sandbox, needs_tcp=task.engine in _CLUSTERS)
    setting = Setting(task, chosen, order.limits, order.files)
    console.print(f"{path}: {len(found)} submissions. {chosen.told}", markup=False)
    results = _run(setting, path, found, order, console)
    outcomes = [
        outcome.of(task, submission, result, given)
        for submission, result in zip(found, results, strict=True)
    ]
    complaints = list(_complaints(outcomes, sheet))
    for line in complaints:
        console.print(line, markup=False)
    overview = pages.Overview(task.name, outcomes, chosen.told, complaints)
    _write(order, overview, sheet, given)
    return outcomes


def _fitting(found: Sequence[Submission]) -> Path:
    """The notebook of this project that the submissions are of."""
    counts = {}
    for path in sorted(Places.of(Path()).notebooks_folder.glob("*.ipynb")):
        try:
            count = submissions.count_of(assignment.read(path), found)
        except GradeError:
            continue
        if count:
            counts[path] = count
    best = [path for path, count in counts.items() if count == max(counts.values())]
    if len(best) != 1:
        said = "fits several notebooks" if best else "fits no notebook in notebooks/"
        raise GradeError(f"what was handed in {said}: name the assignment by --assignment")
    return best[0]


def _run(
    setting: Setting, path: Path, found: Sequence[Submission], order: Order, console: Console
) -> list[Result]:
    """The results; first of all the author's own solution must pass its checks."""
    store = Store(order.output / _KEPT)
    if order.again:
        store.clear()
    own = [grading.itself(setting.assignment)]
    with processes.signals_raise(), _Shown(console, len(found) + 1) as shown:
        try:
            [tried] = asyncio.run(
                grading.grade_all(setting, own, store, together=1, progress=shown)
            )
            if faults := grading.faults_of(path, tried):
                raise GradeError("\n".join(faults))
            return asyncio.run(
                grading.grade_all(setting, found, store, together=order.together, progress=shown)
            )
        except* SetupError as group:
            raise SetupError(str(group.exceptions[0])) from None


def _complaints(outcomes: Sequence[Outcome], sheet: worksheet.Worksheet | None) -> list[str]:
    """What a teacher has to see to."""
    lines = []
    waiting = sum(it.waits for it in outcomes)
    if waiting:
        lines.append(f"{waiting} written answers wait for your points; their grades stay empty.")
    for it in outcomes:
        lines += [f"{it.submission.folder}: {alarm}" for alarm in it.result.alarms]
        if sheet and it.submission.number not in sheet.numbers:
            lines.append(f"{it.submission.folder} has no row in {sheet.path}.")
    return lines


def _write(
    order: Order, overview: pages.Overview, sheet: worksheet.Worksheet | None, given: points.Points
) -> None:
    folder = order.output
    try:
        (folder / "pages").mkdir(parents=True, exist_ok=True)
        for it in overview.outcomes:
            (folder / "pages" / it.page).write_text(pages.of_student(overview.title, it), "utf-8")
        (folder / "overview.html").write_text(pages.of_teacher(overview), "utf-8")
        (folder / "feedback.zip").write_bytes(pages.feedback_zip(overview.title, overview.outcomes))
        if sheet is not None:
            grades = {it.submission.number: it.grade() for it in overview.outcomes}
            known = {number: grade for number, grade in grades.items() if grade is not None}
            (folder / sheet.path.name).write_bytes(sheet.filled(known))
        if given:
            _replace(order.points, given.text())
    except OSError as error:
        raise GradeError(f"the results cannot be written: {reason(error)}") from error


def _replace(path: Path, text: str) -> None:
    """The teacher's own file: there as a whole, old or new."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, "utf-8", newline="")
    draft.replace(path)


def table(outcomes: Sequence[Outcome]) -> Table:
    """The grades, for the terminal."""
    made = Table(box=None, pad_edge=False)
    made.add_column("Student", overflow="fold")
    made.add_column("Points", justify="right", no_wrap=True)
    made.add_column("To know", overflow="fold")
    for it in outcomes:
        mark = "" if it.is_certain else " +?"
        known = " ".join([it.result.problem, *it.result.notes, *it.result.alarms]).strip()
        made.add_row(it.submission.student, f"{it.so_far:g} of {it.most:g}{mark}", known)
    return made


class _Shown:
    """Progress at a terminal, with a line for each notebook that runs; elsewhere one at its end."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            refresh_per_second=4,
            disable=not console.is_terminal,
        )
        self._all = self._bar.add_task("graded", total=total)
        self._running: dict[str, TaskID] = {}
        self._done = 0
        self._total = total

    def __enter__(self) -> _Shown:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begins(self, student: str) -> None:
        """Show the student's line."""
        self._running[student] = self._bar.add_task(student, total=None)

    def at(self, student: str, place: str) -> None:
        """Show how far the notebook is."""
        self._bar.update(self._running[student], description=f"{student}: {place}")

    def ends(self, student: str) -> None:
        """Count the student, and take the line away."""
        self._done += 1
        self._bar.advance(self._all)
        if (task := self._running.pop(student, None)) is not None:
            self._bar.remove_task(task)
        if not self._console.is_terminal:
            self._console.print(f"graded {self._done} of {self._total}: {student}", markup=False)

"""Grade one notebook: run it, judge it, and say what came of it, whatever it does."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from scorm.grading import words
from scorm.grading.assignment import Assignment, Kind, Part
from scorm.grading.judge import Judge, JudgeLostError, Verdict
from scorm.grading.kernel import Kernel, KernelLostError, put
from scorm.grading.names import as_python, used
from scorm.grading.restore import Plan, Step, plan
from scorm.grading.results import Cell, Check, Result, Written
from scorm.grading.sandbox import Limits, Sandbox
from scorm.notebooks.java import find_java
from scorm.notebooks.kernel import surroundings
from scorm.notebooks.kernel import sweep as sweep_kernels
from scorm.system import temporary

_SCRATCH = "scorm-judge-"
#: How often a submission may lose its kernel before nothing more of it is run.
_MOST_LOSSES = 4
#: How much text of an output a page shows.
_SHOWN = 5000
#: How much a page may hold in pictures.
_SHOWN_IMAGES = 4 << 20
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_STOPPED = "This was not run: your notebook lost its kernel too often, or took too long altogether."
_AT_FAULT = "This check could not be run; your teacher is told."


@dataclass(frozen=True)
class Setting:
    """What all submissions of a run are graded with; ``files`` lie in the folder of each kernel."""

    assignment: Assignment
    sandbox: Sandbox
    limits: Limits
    files: Sequence[Path] = ()


def sweep() -> None:
    """Remove what a grader left that was killed."""
    sweep_kernels()
    temporary.sweep(Path(tempfile.gettempdir()), _SCRATCH)


async def grade(setting: Setting, submitted: NotebookNode, tell: Callable[[str], None]) -> Result:
    """The result of one notebook; ``tell`` hears what is being run."""
    began = time.monotonic()
    java = find_java() if setting.assignment.engine == "spark" else None
    with (
        surroundings(setting.assignment.engine, java) as around,
        temporary.folder(Path(tempfile.gettempdir()), _SCRATCH) as scratch,
    ):
        own = scratch / "work"
        own.mkdir()
        put(setting.files, own)
        kernel = Kernel(around, setting.sandbox, setting.limits, setting.files)
        judge = Judge(setting.sandbox, setting.limits, kernel, own)
        run = _Run(setting, plan(setting.assignment, submitted), kernel, judge, tell)
        try:
            await run.all()
        finally:
            await asyncio.shield(_ended(kernel, judge))
    return replace(run.result, seconds=time.monotonic() - began, sandbox=setting.sandbox.kind)


async def _ended(kernel: Kernel, judge: Judge) -> None:
    await kernel.end()
    await judge.end()


class _Run:
    """The steps of one submission, one after the other, with a new kernel after each loss."""

    def __init__(
        self,
        setting: Setting,
        made: Plan,
        kernel: Kernel,
        judge: Judge,
        tell: Callable[[str], None],
    ) -> None:
        self._assignment = setting.assignment
        self._deadline = time.monotonic() + setting.limits.seconds
        self._steps = made.steps
        self._submitted = "\n".join(step.source for step in made.steps)
        self._kernel = kernel
        self._judge = judge
        self._tell = tell
        self._bad: set[int] = set()
        self._images = 0
        self._checks = {
            part.name: Check(part.name, part.title, part.points, message=_STOPPED)
            for part in setting.assignment.of_kind(Kind.CHECK)
        }
        self._cells = [
            Cell(step.source, step.is_code, step.part.name if step.part else "")
            for step in made.steps
        ]
        self.result = Result(
            notes=made.notes,
            checks=list(self._checks.values()),
            written=[
                Written(part.name, part.title, part.points, made.written[part.name])
                for part in setting.assignment.of_kind(Kind.WRITTEN)
            ],
            cells=self._cells,
        )

    async def all(self) -> None:
        """Run every step, then the hidden tests: no cell of the student's runs after these."""
        await self._kernel.start()
        await self._judge.start(self._assignment.theirs)
        try:
            for at, step in enumerate(self._steps):
                self._tell(f"cell {at + 1} of {len(self._steps)}")
                if not await self._survived(at, step):
                    return
            self._tell("hidden tests")
            for step in self._steps:
                if step.part and step.part.hidden and not await self._hidden(step.part):
                    return
        except JudgeLostError as error:
            self.result.alarms.append(f"The judge was lost: {error}.")
            for check in self._checks.values():
                if check.message == _STOPPED:
                    check.message = _AT_FAULT

    async def _survived(self, at: int, step: Step) -> bool:
        """Run one step; False if nothing more can be run."""
        if time.monotonic() > self._deadline:
            return False
        try:
            await self._do(step, self._cells[at])
        except KernelLostError as error:
            if step.part and step.part.kind is Kind.CHECK:
                self._checks[step.part.name].message = str(error)
            self._cells[at].told = str(error)
            return await self._begin_again(at)
        return True

    async def _do(self, step: Step, cell: Cell) -> None:
        part = step.part
        if part and part.kind is Kind.CHECK:
            await self._visible(part)
            return
        if part and part.name in self._assignment.shared:
            verdict = await self._judge.run(as_python(part.source), given=True)
            if not verdict.passed:
                self.result.alarms.append(f"Read-only cell {part.name}: {_plainly(verdict)}")
        if step.is_code and step.source.strip():
            outputs, cell.told = await self._kernel.run(step.source)
            self._show(cell, outputs)

    async def _begin_again(self, lost_at: int) -> bool:
        """A new kernel that has run all code before the place where the last one was lost."""
        self._bad.add(lost_at)
        while len(self._bad) <= _MOST_LOSSES and time.monotonic() < self._deadline:
            await self._kernel.start()
            at = 0
            try:
                for at, step in enumerate(self._steps[:lost_at]):
                    is_check = step.part is not None and step.part.kind is Kind.CHECK
                    if step.is_code and not is_check and at not in self._bad:
                        await self._kernel.run(step.source)
            except KernelLostError:
                self._bad.add(at)
                continue
            return True
        return False

    async def _visible(self, part: Part) -> None:
        """Run the part of a check that students see; the hidden part waits."""
        check = self._checks[part.name]
        more = {}
        if part.hidden:
            more = {"keep": part.name, "needs": sorted(used(part.hidden))}
        try:
            verdict = await self._judge.run(as_python(part.visible), **more)
        except KernelLostError as error:
            check.message = str(error)
            raise
        if verdict.passed:
            check.points, check.message = _points(part, verdict), ""
        else:
            check.message = words.of_visible(verdict, self._assignment.theirs, self._fault(part))
            self._blame(part, verdict)

    def _fault(self, part: Part) -> str:
        """What went wrong in the answer that a check is about: the last one before it."""
        parts = self._assignment.parts
        answers = [it for it in parts[: parts.index(part)] if it.kind is Kind.ANSWER]
        cells = [cell for cell in self._cells if answers and cell.name == answers[-1].name]
        return next((cell.told or cell.error for cell in cells if cell.told or cell.error), "")

    async def _hidden(self, part: Part) -> bool:
        """Run the hidden tests of a check that passed so far; False if nothing more can be run."""
        check = self._checks[part.name]
        if check.message:
            return True
        earned, check.points, check.message = check.points, 0.0, _STOPPED
        try:
            verdict = await self._judge.run(as_python(part.hidden), resume=part.name)
        except KernelLostError as error:
            check.message = f"{part.hint} {error}".strip()
            return await self._begin_again(len(self._steps))
        if verdict.passed:
            check.points = earned if verdict.score is None else _points(part, verdict)
            check.message = ""
        else:
            check.message = words.of_hidden(verdict, part, self._submitted)
            check.detail = _plainly(verdict)
            self._blame(part, verdict)
        return True

    def _blame(self, part: Part, verdict: Verdict) -> None:
        """Tell the teacher where a check fell over a name that no student is to define."""
        if verdict.kind == "name" and verdict.told.get("name") not in self._assignment.theirs:
            self.result.alarms.append(
                f"Check {part.name}: {verdict.message}. What checks need beside the student's "
                "answer stands in read-only cells (locked), or in the check."
            )

    def _show(self, cell: Cell, outputs: list[NotebookNode]) -> None:
        """Keep what the page shows of a cell's outputs: text and pictures, no HTML."""
        for output in outputs:
            if output.output_type == "error":
                cell.error = _ANSI.sub("", f"{output.ename}: {output.evalue}")[:_SHOWN]
                continue
            data = output.get("data", {})
            image = data.get("image/png", "")
            if isinstance(image, str) and image and self._images + len(image) < _SHOWN_IMAGES:
                self._images += len(image)
                cell.images.append(image)
            cell.printed += _ANSI.sub("", str(output.get("text", data.get("text/plain", ""))))
        if len(cell.printed) > _SHOWN:
            cell.printed = cell.printed[:_SHOWN] + "\n… (there is more)"


def _points(part: Part, verdict: Verdict) -> float:
    """As in nbgrader, a check that ends with a number gives that many points, within its own."""
    score = part.points if verdict.score is None else verdict.score
    return min(max(score, 0.0), part.points) if score == score else 0.0


def _plainly(verdict: Verdict) -> str:
    place = f" (at: {verdict.line})" if verdict.line else ""
    return f"{verdict.told.get('type', verdict.kind)}: {verdict.message}{place}"

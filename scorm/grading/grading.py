"""All submissions of a run: several at once, each with its result, and what comes of them."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from scorm.errors import SetupError
from scorm.grading import assignment, results, submissions
from scorm.grading.results import Result, Store
from scorm.grading.run import Setting, grade, sweep
from scorm.grading.submissions import Chosen, Submission


class Progress(Protocol):
    """Is told what happens to each submission."""

    def begins(self, student: str) -> None:
        """A kernel is about to start."""

    def at(self, student: str, place: str) -> None:
        """The grader has come to this place in the notebook."""

    def ends(self, student: str) -> None:
        """There is a result, of now or of an earlier run."""


async def grade_all(
    setting: Setting,
    found: Sequence[Submission],
    store: Store,
    *,
    together: int,
    progress: Progress,
) -> list[Result]:
    """The result of each submission; what an earlier run has found is not found again.

    :raises SetupError: if no kernel starts at all.
    """
    sweep()
    turn = asyncio.Semaphore(together)

    async def one(submission: Submission) -> Result:
        chosen = submissions.choose(submission, setting.assignment)
        if chosen.notebook is None:
            progress.ends(submission.folder)
            return Result(file=chosen.file, problem=chosen.problem, notes=list(chosen.notes))
        key = key_of(setting, chosen)
        result = store.find(key)
        if result is None:
            async with turn:
                progress.begins(submission.folder)
                result = await _graded(setting, submission, chosen, progress)
            if not result.alarms:
                store.put(key, result)
        progress.ends(submission.folder)
        result.file = chosen.file
        result.notes = [*chosen.notes, *result.notes]
        return result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(submission)) for submission in found]
    return [task.result() for task in tasks]


async def _graded(
    setting: Setting, submission: Submission, chosen: Chosen, progress: Progress
) -> Result:
    """The result, whatever happens: a fault of the grader stops nobody else's."""
    assert chosen.notebook is not None
    try:
        return await grade(
            setting, chosen.notebook, lambda place: progress.at(submission.folder, place)
        )
    except SetupError:
        raise
    except Exception:
        last = traceback.format_exc().strip().splitlines()[-1]
        return Result(alarms=[f"The grader itself failed: {last}. Please report this."])


def key_of(setting: Setting, chosen: Chosen) -> str:
    """Under what a result is kept: the notebook, the assignment, its files, sandbox and limits."""
    files = [
        (path.relative_to(top.parent).as_posix(), path.read_bytes())
        for top in setting.files
        for path in (sorted(top.rglob("*")) if top.is_dir() else [top])
        if path.is_file()
    ]
    return results.key_of(
        chosen.data, setting.assignment.text, files, setting.sandbox.kind, setting.limits
    )


def itself(of: assignment.Assignment) -> Submission:
    """The assignment as its author's own submission: all of its checks must pass."""
    file = submissions.File(f"{of.name}.ipynb", of.text.encode())
    return Submission("the assignment itself", "the assignment itself", "", [file])


def faults_of(path: Path, result: Result) -> list[str]:
    """What is wrong with an assignment, by the result of its own solution."""
    told = [*([result.problem] * bool(result.problem)), *result.alarms]
    told += [
        f"its own solution has {check.points:g} of {check.most:g} points in {check.name}: "
        f"{check.message} {check.detail}".rstrip()
        for check in result.checks
        if check.points < check.most
    ]
    return [f"{path}: {line}" for line in told]

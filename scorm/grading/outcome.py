"""What a submission comes to: checks and a teacher's points together."""

from __future__ import annotations

from dataclasses import dataclass

from scorm.grading.assignment import Assignment, Part
from scorm.grading.points import Points, Row
from scorm.grading.results import Check, Result
from scorm.grading.submissions import Submission
from scorm.grading.worksheet import Grade, as_html


@dataclass(frozen=True)
class Exercise:
    """One question of a student's page: a check, or a written answer with a teacher's points."""

    part: Part
    points: float | None
    message: str
    text: str = ""
    earlier: str = ""


@dataclass(frozen=True)
class Outcome:
    """One student's grade, and what it is made of."""

    submission: Submission
    result: Result
    exercises: tuple[Exercise, ...]
    most: float

    @property
    def so_far(self) -> float:
        """The points that are known."""
        return sum(it.points or 0.0 for it in self.exercises)

    @property
    def waits(self) -> int:
        """How many written answers have no points yet."""
        return sum(it.points is None for it in self.exercises)

    @property
    def is_certain(self) -> bool:
        """Whether all points are known, and no check was at fault itself."""
        return not self.waits and not self.result.alarms

    @property
    def page(self) -> str:
        """The name of the student's page in a folder that holds all pages."""
        number = f"_{self.submission.number}" if self.submission.number else ""
        return f"{self.submission.student[:60]}{number}.html"

    def grade(self) -> Grade | None:
        """What goes into the worksheet; None while it is not certain."""
        if not self.is_certain:
            return None
        lines = [f"{self.so_far:g} of {self.most:g} points."]
        if self.result.problem:
            lines.append(self.result.problem)
        else:
            lines += [
                f"{it.part.title}: {it.points:g} of {it.part.points:g}" for it in self.exercises
            ]
        return Grade(self.so_far / self.most, as_html(lines))


def of(assignment: Assignment, submission: Submission, result: Result, points: Points) -> Outcome:
    """The outcome of a submission; rows for its written answers are added to the points."""
    parts = {part.name: part for part in assignment.parts if part.points}
    checks = {check.name: check for check in result.checks}
    written = {answer.name: answer for answer in result.written}
    exercises = []
    for name, part in parts.items():
        if name in written and not result.problem:
            row = points.of(submission.folder, written[name])
            exercises.append(_judged(part, row, written[name].text))
        else:
            check = checks.get(name) or Check(name, part.title, part.points, 0.0, result.problem)
            exercises.append(Exercise(part, check.points, check.message))
    return Outcome(submission, result, tuple(exercises), assignment.points)


def _judged(part: Part, row: Row, text: str) -> Exercise:
    return Exercise(part, row.points, row.comment, text, row.earlier)

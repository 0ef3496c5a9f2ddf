"""What people read: a page for each student, an overview for teachers, Moodle's feedback zip."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import jinja2

from scorm.grading.outcome import Outcome

_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("scorm.grading"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
#: A zip tells no time: the same feedback is the same file.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Overview:
    """What the teacher's page tells: all outcomes, and what holds for all of them."""

    title: str
    outcomes: Sequence[Outcome]
    told: str
    complaints: Sequence[str]


def of_student(title: str, outcome: Outcome) -> str:
    """The page of one student, which needs no other file and runs no code."""
    return _templates.get_template("student.html.j2").render(title=title, it=outcome)


def of_teacher(overview: Overview) -> str:
    """The page on all students: grades, answers to read beside their rubrics, and warnings."""
    first = overview.outcomes[0].exercises if overview.outcomes else ()
    parts = [it.part for it in first]
    return _templates.get_template("overview.html.j2").render(it=overview, parts=parts)


def feedback_zip(name: str, outcomes: Sequence[Outcome]) -> bytes:
    """The zip that Moodle takes as 'multiple feedback files': a folder for each of its students.

    Moodle reads a folder's name up to its underscores, so there must be none in the student's name.
    Source: mod/assign/feedback/file/importziplib.php.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for outcome in outcomes:
            if not (number := outcome.submission.number):
                continue
            student = re.sub(r"[_/\\]+", " ", outcome.submission.student)
            folder = f"{student}_{number}_assignfeedback_file"
            info = zipfile.ZipInfo(f"{folder}/{name}-feedback.html", _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, of_student(name, outcome))
    return stream.getvalue()

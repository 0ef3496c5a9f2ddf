"""An assignment, as its author writes it: which cells are answers, and what they are worth.

The conventions are nbgrader's (:mod:`scorm.notebooks.versions`). What is ours: the text behind
``### BEGIN HIDDEN TESTS:`` is told to a student whose answer does not pass these tests, and nothing
else of them is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbformat import NotebookNode

from scorm.errors import GradeError
from scorm.grading import names
from scorm.notebooks import parse, student, versions
from scorm.notebooks.source import cell_name, engine_of

_HIDDEN = "BEGIN HIDDEN TESTS"
_HINT = re.compile(rf"{_HIDDEN}\s*:\s*(.*\S)")
_HEADING = re.compile(r"^#{1,6}\s+(.*\S)", re.MULTILINE)


class Kind(StrEnum):
    """What a cell is for."""

    GIVEN = "given"  # read-only code, which the student's code and the checks build on
    CHECK = "check"
    ANSWER = "answer"  # code that a student writes
    WRITTEN = "written"  # an answer that a teacher reads


_WORTH = (Kind.CHECK, Kind.WRITTEN)


@dataclass(frozen=True)
class Part:
    """A cell of the assignment that has a ``grade_id``, which is its ``name``.

    ``visible`` is what students get of it. ``hidden`` is the code from the first hidden test on,
    ``hint`` what a student is told who fails there, ``rubric`` what the author's version has in the
    place of a written answer, and ``title`` the heading above it.
    """

    name: str
    kind: Kind
    title: str
    is_code: bool
    source: str
    visible: str
    points: float = 0.0
    hidden: str = ""
    hint: str = ""
    rubric: str = ""


@dataclass(frozen=True)
class Assignment:
    """``theirs`` are the names that come from the student's kernel: what solutions define, and what
    read-only code makes of it. ``shared`` is the read-only code that the judge runs as well.
    """

    name: str
    text: str
    engine: str
    parts: tuple[Part, ...]
    theirs: frozenset[str]
    shared: frozenset[str]

    @property
    def points(self) -> float:
        """What the whole assignment is worth."""
        return sum(part.points for part in self.parts)

    def of_kind(self, kind: Kind) -> Iterator[Part]:
        """The parts of one kind, in their order."""
        return (part for part in self.parts if part.kind is kind)


def read(path: Path) -> Assignment:
    """The assignment in a notebook.

    :raises GradeError: with all that is wrong with it.
    """
    try:
        text = path.read_text("utf-8")
        notebook = parse(text)
    except (OSError, ValueError, KeyError) as error:
        raise GradeError(f"{path}: the assignment cannot be read: {error}") from error
    faults = [f"{cell_name(notebook, at)} {what}" for at, what, _ in versions.faults(notebook)]
    parts = [] if faults else list(_parts(notebook))
    if not faults and not any(part.points for part in parts):
        faults = ["no cell of it is worth points, so there is nothing to grade"]
    if faults:
        raise GradeError("\n".join(f"{path}: {fault}" for fault in faults))
    theirs, shared = _sides(parts)
    return Assignment(path.stem, text, engine_of(notebook), tuple(parts), theirs, shared)


def _sides(parts: Iterable[Part]) -> tuple[frozenset[str], frozenset[str]]:
    """The names that come from the student's kernel, and the read-only cells that the judge runs.

    A read-only cell that uses at once what a student wrote, or a function that does, is left to the
    student's kernel, and so is one that is given to a magic as a whole, such as ``%%writefile``.
    """
    theirs: set[str] = set()
    shared: set[str] = set()
    lead_there: set[str] = set()
    for part in parts:
        if not part.is_code or part.kind is Kind.CHECK:
            continue
        at_once = names.used_at_once(part.source) & (theirs | lead_there)
        is_magic = part.source.lstrip().startswith("%%")
        if part.kind is not Kind.GIVEN or at_once or is_magic:
            theirs |= names.defined(part.source)
            continue
        shared.add(part.name)
        if names.used(part.source) & (theirs | lead_there):
            lead_there |= names.defined(part.source)
    return frozenset(theirs), frozenset(shared)


def _parts(notebook: NotebookNode) -> Iterator[Part]:
    title = ""
    for cell, shown in zip(notebook.cells, student(notebook).cells, strict=True):
        if cell.cell_type == "markdown" and (heading := _HEADING.search(cell.source)):
            title = heading[1]
        if kind := _kind(cell):
            said = versions.said(cell)
            is_written = kind is Kind.WRITTEN
            yield Part(
                name=said["grade_id"],
                kind=kind,
                title=title or said["grade_id"],
                is_code=cell.cell_type == "code",
                source=cell.source,
                visible=shown.source,
                points=float(said.get("points", 0)) if kind in _WORTH else 0.0,
                hidden=_hidden(cell.source) if kind is Kind.CHECK else "",
                hint=hint[1] if (hint := _HINT.search(cell.source)) else "",
                rubric=versions.held_back(cell) if is_written else "",
            )


def _kind(cell: NotebookNode) -> Kind | None:
    """The kind of a cell; None for what a student may do with as they like."""
    is_code = cell.cell_type == "code"
    if versions.is_a(cell, "task") or (
        versions.is_a(cell, "grade") and versions.is_a(cell, "solution")
    ):
        return Kind.WRITTEN
    if versions.is_a(cell, "grade"):
        return Kind.CHECK if is_code else None
    if versions.is_a(cell, "solution"):
        return Kind.ANSWER
    return Kind.GIVEN if is_code and versions.is_a(cell, "locked") else None


def _hidden(source: str) -> str:
    """The code from the first hidden test to the end; empty without hidden tests."""
    lines = source.split("\n")
    first = next((at for at, line in enumerate(lines) if _HIDDEN in line), None)
    return "" if first is None else "\n".join(lines[first:])

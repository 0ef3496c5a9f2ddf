"""What is run of a submission: the student's own cells, and all else as its author wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from scorm.grading.assignment import Assignment, Kind, Part
from scorm.notebooks import versions


@dataclass(frozen=True)
class Step:
    """A cell to be run or shown; ``part`` is the assignment's, None for a student's own cell."""

    source: str
    is_code: bool
    part: Part | None = None


@dataclass
class Plan:
    """The steps in their order, the written answers by their names, and what was put right."""

    steps: list[Step] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def plan(assignment: Assignment, submitted: NotebookNode) -> Plan:
    """What to run of a submission, in the student's order.

    A check stands where the student has it, but behind all answers that its author has before it; a
    restored cell that is missing comes behind the one before it.
    """
    parts = {part.name: part for part in assignment.parts}
    made = Plan(notes=list(_notes(parts, submitted)))
    for cell in submitted.cells:
        part = parts.get(str(versions.said(cell).get("grade_id")))
        is_code = cell.cell_type == "code"
        if part is not None and part.kind in (Kind.GIVEN, Kind.CHECK):
            if all(step.part is not part for step in made.steps):
                made.steps.append(Step(part.visible, is_code=True, part=part))
        else:
            made.steps.append(Step(cell.source, is_code, part))
    _insert_missing(assignment, made)
    _move_checks(assignment, made)
    for part in assignment.of_kind(Kind.WRITTEN):
        texts = [step.source for step in made.steps if step.part is part]
        texts = [text for text in texts if not _is_empty(part, text)]
        made.written[part.name] = "\n\n".join(texts)
    return made


def _is_empty(part: Part, text: str) -> bool:
    return text.strip() in ("", part.visible.strip(), versions.TEXT_STUB, versions.CODE_STUB)


def _notes(parts: dict[str, Part], submitted: NotebookNode) -> Iterator[str]:
    """Sentences on what is not as it was handed out."""
    names = [str(versions.said(cell).get("grade_id", "")) for cell in submitted.cells]
    count = Counter(names)
    for name, part in parts.items():
        is_restored = part.kind in (Kind.GIVEN, Kind.CHECK)
        if not count[name]:
            yield f"The cell {name} is missing" + ("; it was put back." if is_restored else ".")
        elif count[name] > 1:
            yield f"The cell {name} is there {count[name]} times" + (
                "; one was kept." if is_restored else "; all of them count, in their order."
            )
    for cell, name in zip(submitted.cells, names, strict=True):
        found = parts.get(name)
        if found is None:
            if name:
                yield f"The cell {name} is not one of this assignment; it ran as your own."
        elif found.kind in (Kind.GIVEN, Kind.CHECK):
            if cell.cell_type != "code" or _bare(cell.source) != _bare(found.visible):
                yield f"The cell {name} was changed; it ran as it was handed out."
        elif found.is_code and cell.cell_type != "code":
            yield f"The cell {name} is no code cell any more, so it did not run."


def _bare(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().splitlines() if line.strip()]


def _insert_missing(assignment: Assignment, made: Plan) -> None:
    for number, part in enumerate(assignment.parts):
        if part.kind not in (Kind.GIVEN, Kind.CHECK):
            continue
        if any(step.part is part for step in made.steps):
            continue
        before = assignment.parts[:number]
        places = [at for at, step in enumerate(made.steps) if step.part in before]
        made.steps.insert(max(places, default=-1) + 1, Step(part.visible, is_code=True, part=part))


def _move_checks(assignment: Assignment, made: Plan) -> None:
    for number, part in enumerate(assignment.parts):
        if part.kind is not Kind.CHECK:
            continue
        answers = [it for it in assignment.parts[:number] if it.kind is Kind.ANSWER]
        places = [at for at, step in enumerate(made.steps) if step.part in answers]
        now = next(at for at, step in enumerate(made.steps) if step.part is part)
        behind = max(places, default=-1)
        if now < behind:
            made.steps.insert(behind, made.steps.pop(now))

"""Make the student version of a lab, which its author writes with the solutions in it.

The conventions are nbgrader's. A *solution cell* holds what a student is to write: the lines
between ``### BEGIN SOLUTION`` and ``### END SOLUTION`` or, without these marks, the whole cell. A
*check cell* (``grade`` without ``solution``) says whether what the student wrote is right. Source:
nbgrader's documentation, "Creating and grading assignments" and "Cell types", and version 3 of its
metadata schema. Teachers may grade with nbgrader: our student version equals what its
``generate_assignment`` writes, except that it has no checksums.

nbgrader itself is not a dependency: its preprocessors import its database and server, and
installing version 0.9.6 brings JupyterLab, Jupyter Server and some forty packages more.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema
from nbformat import NotebookNode

CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"

_SOLUTION = "SOLUTION"
#: What lies between ``BEGIN …`` and ``END …`` is taken out, in cells of this kind only.
_REGIONS = {_SOLUTION: "solution", "HIDDEN TESTS": "grade", "MARK SCHEME": "task"}
#: A comment that looks like such a mark, but is none: students would see the solution below it.
_NEARLY = re.compile(
    r"^\s*(?:#+|<!--)\s*(BEGIN|END)[\s_-]*(SOLUTION|HIDDEN[\s_-]*TESTS?|MARK[\s_-]*SCHEME)", re.I
)
#: A line of a solution gives something away from this length on. Shorter lines, such as ``else:``,
#: may stand in an output by chance.
_TELLING = 20

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "schema_version": {"const": 3},
        "grade": {"type": "boolean"},
        "solution": {"type": "boolean"},
        "locked": {"type": "boolean"},
        "task": {"type": "boolean"},
        "grade_id": {"type": "string", "pattern": "^[a-zA-Z0-9_-]+$"},
        "points": {"type": "number", "minimum": 0},
        "cell_type": {"enum": ["code", "markdown", "raw"]},
        "checksum": {"type": "string"},
    },
    "required": ["schema_version", "grade", "solution", "locked", "grade_id"],
    "additionalProperties": False,
    "if": {"properties": {"grade": {"const": True}}, "required": ["grade"]},
    "then": {"required": ["points"]},
}

_HELP = {
    "schema_version": "write 3",
    "grade_id": "give the cell a name of its own in the notebook, of a-z, 0-9, '-' and '_'",
    "points": "write how many points the cell is worth",
}


def has_solutions(notebook: NotebookNode) -> bool:
    """Whether there is anything for a student to write."""
    return any(is_a(cell, "solution") for cell in notebook.cells)


def without_solutions(notebook: NotebookNode) -> NotebookNode:
    """A copy with a stub in the place of each solution; outputs stay.

    Where the end of a region is missing (see :func:`faults`), all the rest of the cell goes.
    """
    cleared = copy.deepcopy(notebook)
    for cell in cleared.cells:
        cell.source = _cleared(cell)
        if "attachments" in cell:
            # a picture in an answer is a part of the answer
            named = {name: it for name, it in cell.attachments.items() if name in cell.source}
            cell["attachments"] = named
    return cleared


def student(notebook: NotebookNode) -> NotebookNode:
    """The student version: stubs for solutions, no outputs, and check cells that resist editing.

    The nbgrader metadata of the cells stay. ``deletable`` and ``editable`` are set as nbgrader's
    ``LockCells`` does, and JupyterLab keeps to them.
    """
    version = without_solutions(notebook)
    for cell in version.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if any(is_a(cell, role) for role in ("grade", "solution", "locked")):
            cell.metadata["deletable"] = False
            if not is_a(cell, "solution"):
                cell.metadata["editable"] = False
    return version


def held_back(cell: NotebookNode) -> str:
    """What the student's version of the cell lacks: its regions, or else the whole solution."""
    lines: list[str] = []
    inside = None
    for line in cell.source.split("\n"):
        if inside and f"END {inside}" in line:
            inside = None
        elif inside:
            lines.append(line)
        else:
            inside = _mark(line, "BEGIN")
    return cell.source if is_a(cell, "solution") and not lines else "\n".join(lines)


def faults(notebook: NotebookNode) -> Iterator[tuple[int, str, str]]:
    """What is wrong with a lab: the cell's index, the message (without its subject), the rule."""
    names = Counter(said(cell).get("grade_id") for cell in notebook.cells)
    for index, cell in enumerate(notebook.cells):
        yield from ((index, message, "lab-region") for message in _region_faults(cell))
        if "nbgrader" in cell.metadata:
            yield from ((index, message, "lab-metadata") for message in _metadata_faults(cell))
        name = said(cell).get("grade_id")
        if name is not None and names[name] > 1:
            message = f"has the grade_id {name!r}, and so has another cell: give each its own"
            yield index, message, "lab-grade-id"


def revealed(executed: NotebookNode) -> Iterator[tuple[int, str]]:
    """Each output that shows a line of a solution, as a traceback may: the cell's index, the line.

    ``executed`` is the notebook with its solutions and their outputs.
    """
    shown = "\n".join(cell.source for cell in without_solutions(executed).cells)
    lines = {line.strip() for cell in executed.cells for line in cell.source.splitlines()}
    hidden = sorted(line for line in lines if len(line) >= _TELLING and line not in shown)
    for index, cell in enumerate(executed.cells):
        seen = "\n".join(_texts(cell.get("outputs", [])))
        yield from ((index, line) for line in hidden if line in seen)


def said(cell: NotebookNode) -> dict[str, Any]:
    """What nbgrader's metadata say of the cell; empty where they say nothing."""
    found = cell.metadata.get("nbgrader")
    return found if isinstance(found, dict) else {}


def is_a(cell: NotebookNode, role: str) -> bool:
    """Whether the cell has this role: ``grade``, ``solution``, ``locked`` or ``task``."""
    return said(cell).get(role) is True


def _mark(line: str, edge: str) -> str | None:
    """The region that begins or ends (``edge``) at this line."""
    return next((name for name in _REGIONS if f"{edge} {name}" in line), None)


def _cleared(cell: NotebookNode) -> str:
    """The cell's source as a student gets it."""
    stub = CODE_STUB if cell.cell_type == "code" else TEXT_STUB
    lines: list[str] = []
    inside = None
    replaced = False
    for line in cell.source.split("\n"):
        if inside:
            if f"END {inside}" in line:
                inside = None
        elif inside := _mark(line, "BEGIN"):
            if inside == _SOLUTION:
                indent = line[: len(line) - len(line.lstrip())]
                lines += [indent + text for text in stub.split("\n")]
                replaced = True
        elif not _mark(line, "END"):
            lines.append(line)
    return stub if is_a(cell, "solution") and not replaced else "\n".join(lines)


def _region_faults(cell: NotebookNode) -> Iterator[str]:
    inside: str | None = None
    for number, line in enumerate(cell.source.split("\n"), 1):
        begins, ends = _mark(line, "BEGIN"), _mark(line, "END")
        if begins and inside:
            yield f"line {number}: BEGIN {begins} inside of {inside}: end that one first"
        elif begins:
            inside = begins
            if not is_a(cell, _REGIONS[begins]):
                yield (
                    f"line {number}: BEGIN {begins}, but the cell's metadata do not say "
                    f'"nbgrader": {{"{_REGIONS[begins]}": true, …}}: add them'
                )
        elif ends and ends != inside:
            yield f"line {number}: END {ends} without BEGIN {ends} before it"
        elif ends:
            inside = None
        elif near := _NEARLY.match(line):
            name = re.sub(r"[\s_-]+", " ", near[2].upper())
            yield f"line {number}: write {near[1].upper()} {name} in capitals, with one blank"
    if inside:
        yield f"BEGIN {inside} without END {inside}: add the line where it ends"


def _metadata_faults(cell: NotebookNode) -> Iterator[str]:
    validator = jsonschema.Draft202012Validator(_SCHEMA)
    for error in sorted(validator.iter_errors(cell.metadata["nbgrader"]), key=str):
        missing = error.message.split("'")[1] if error.validator == "required" else ""
        key = str(error.absolute_path[0]) if error.absolute_path else missing
        advice = _HELP.get(key, "see CONTRIBUTING.md for what to write")
        yield f"has nbgrader metadata that are not right: {key}: {error.message}: {advice}"
    if cell.cell_type == "markdown" and is_a(cell, "grade") != is_a(cell, "solution"):
        yield (
            "has text, and text is either not graded or a student's answer: set grade and "
            "solution both to true, or both to false"
        )


def _texts(outputs: list[NotebookNode]) -> Iterator[str]:
    """All that outputs show as text."""
    for output in outputs:
        yield output.get("text", "")
        yield from output.get("traceback", ())
        yield from (data for data in output.get("data", {}).values() if isinstance(data, str))

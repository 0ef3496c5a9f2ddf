"""A small lab, with canaries: words that only its solution has, so that tests see where it gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat.v4 as v4

#: They stand in the solution's code, in its answer and in the hidden tests, and nowhere else.
CANARIES = ("canarysechs", "canarysieben", "canaryacht")

CODE = '''\
def double(number):
    """Twice the number."""
    ### BEGIN SOLUTION
    canarysechs = 2
    return canarysechs * number
    ### END SOLUTION'''

CHECK = """\
assert "double" in globals(), "run the cell above first: there is no function double yet"
try:
    four = double(2)
except NotImplementedError:
    four = None
assert four == 4, "double(2) is not 4: does your function multiply?"
### BEGIN HIDDEN TESTS
assert double(1.5) == 3  # canaryacht
### END HIDDEN TESTS
print("double is right")"""


def nbgrader(grade_id: str, **said: Any) -> dict[str, Any]:
    """A cell's nbgrader metadata; ``said`` is what differs from a cell that is nothing special."""
    usual = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**usual, "schema_version": 3, "grade_id": grade_id, **said}}


def cells() -> list[dict[str, Any]]:
    """A title, code to write, its check, and an answer to write."""
    exercise = v4.new_code_cell(CODE, metadata=nbgrader("double", solution=True))
    check = v4.new_code_cell(
        CHECK, metadata=nbgrader("check-double", grade=True, locked=True, points=2)
    )
    answer = v4.new_markdown_cell(
        "Because of canarysieben.", metadata=nbgrader("why", grade=True, solution=True, points=1)
    )
    made = [v4.new_markdown_cell("# Doubling"), exercise, check, answer]
    for cell, name in zip(made, ("title", "double", "check-double", "why"), strict=True):
        cell.id = name
    return made


def write_lab(path: Path, made: list[dict[str, Any]] | None = None) -> Path:
    """A lab of these cells (see :func:`cells`) as a file."""
    course = {"kind": "lab", "duration": 5, "objectives": {"double": "Double a number"}}
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = v4.new_notebook(cells=cells() if made is None else made, metadata={"course": course})
    path.write_text(json.dumps(notebook), "utf-8")
    return path

"""Read and write notebooks; check that each is committed as it should be: valid, without outputs.

Here is also what a notebook says of itself in its metadata.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.validator import NotebookValidationError, iter_validate

from scorm.errors import Fault
from scorm.notebooks import tags, versions

ENGINES = ("spark", "dask")
"""What ``course.engine`` in a notebook's metadata can name: the engine that it uses."""


# nbformat ships type information, but has none for the functions that are called below
def parse(text: str) -> NotebookNode:
    """The notebook in a file's text, brought to the newest format."""
    notebook: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def read(path: Path) -> NotebookNode:
    """The notebook in a file, brought to the newest format."""
    return parse(path.read_text(encoding="utf-8"))


def write(notebook: NotebookNode) -> str:
    """The notebook as the text of a file; equal notebooks give equal text."""
    return f"{nbformat.writes(notebook)}\n"  # type: ignore[no-untyped-call]


def faults(path: Path, root: Path) -> list[Fault]:
    """Everything wrong with the notebook at ``path`` itself; ``root`` shortens the path."""
    name = path.relative_to(root).as_posix()
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "has half a character, as \\ud83d without its other half: write it anew"
        return [Fault(name, None, message, "notebook-invalid")]
    except RecursionError:
        return [Fault(name, None, "is nested too deeply", "notebook-invalid")]
    except (OSError, UnicodeDecodeError) as error:
        return [Fault(name, None, f"cannot be read: {error}", "notebook-unreadable")]
    except json.JSONDecodeError as error:
        return [Fault(name, error.lineno, f"is not JSON: {error.msg}", "notebook-invalid")]
    if not isinstance(raw, dict) or (raw.get("nbformat"), raw.get("nbformat_minor")) != (4, 5):
        message = "is not a notebook of format 4.5: open it in JupyterLab and save it"
        return [Fault(name, None, message, "notebook-format")]
    invalid = [
        Fault(name, None, f"is not a valid notebook: {error.message}", "notebook-invalid")
        for error in _schema_errors(raw)
    ]
    if invalid := invalid or [*_id_faults(raw, name)]:
        return invalid
    notebook = read(path)
    lab = (
        (f"{cell_name(notebook, at)} {what}", rule) for at, what, rule in versions.faults(notebook)
    )
    found = [*_leftovers(notebook), *lab]
    return [Fault(name, None, message, rule) for message, rule in found]


def cell_name(notebook: NotebookNode, index: int) -> str:
    """How a message calls a cell: the number Jupyter shows beside code, and its identifier."""
    cell = notebook.cells[index]
    if cell.cell_type != "code":
        return f"text cell ({cell.id})"
    number = sum(1 for other in notebook.cells[: index + 1] if other.cell_type == "code")
    return f"code cell {number} ({cell.id})"


def engine_of(notebook: NotebookNode) -> str:
    """The engine that ``course.engine`` in the metadata names; ``""`` where it names none."""
    return str(_course(notebook).get("engine", ""))


def measures_time(notebook: NotebookNode) -> bool:
    """Whether the notebook measures time, so that no two executions have the same outputs."""
    return any("measures-time" in cell.metadata.get("tags", ()) for cell in notebook.cells)


def needs_classic(notebook: NotebookNode) -> bool:
    """Whether ``course.session`` says ``classic``: RDDs, which Spark Connect does not offer."""
    return bool(_course(notebook).get("session") == "classic")


def _course(notebook: NotebookNode) -> dict[str, Any]:
    """The key ``course`` of the metadata; empty where it is missing or is no object."""
    said = notebook.metadata.get("course")
    return said if isinstance(said, dict) else {}


def _schema_errors(raw: dict[str, Any]) -> Iterator[NotebookValidationError]:
    yield from iter_validate(raw, version=4, version_minor=5)  # type: ignore[no-untyped-call]


def _id_faults(raw: dict[str, Any], name: str) -> Iterator[Fault]:
    """One fault for each id that several cells have; nbformat would give them others in silence."""
    for identifier, count in Counter(cell["id"] for cell in raw["cells"]).items():
        if count > 1:
            message = f"{count} cells have the id {identifier!r}: give each its own"
            yield Fault(name, None, message, "notebook-cell-id")


def _leftovers(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    if not isinstance(notebook.metadata.get("course", {}), dict):
        yield 'course in its metadata is no object: write "course": {"kind": …}', "notebook-course"
    if (engine := engine_of(notebook)) and engine not in ENGINES:
        known = " or ".join(ENGINES)
        yield f"course.engine is {engine!r}: write {known}, or leave it out", "notebook-engine"
    for index, message in tags.faults(notebook):
        yield f"{cell_name(notebook, index)} {message}", "notebook-tag"
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            yield (
                f"{cell_name(notebook, index)} has outputs or an execution count: "
                "clear all outputs before you save it",
                "notebook-outputs",
            )

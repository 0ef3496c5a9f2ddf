"""What a student is told of a check that did not pass."""

from __future__ import annotations

import builtins

from scorm.grading.assignment import Part
from scorm.grading.judge import Verdict

_NOTHING_YET = "Nothing is written here yet."
_HIDDEN = (
    "The check that you see passed, but a hidden one did not: it tries your answer with other "
    "data. Does your answer depend on the data of the notebook?"
)


def of_visible(verdict: Verdict, theirs: frozenset[str], fault: str) -> str:
    """The message of a check that students see; ``fault`` is what went wrong in its answer."""
    match verdict.kind:
        case "raised":
            return _raised(verdict)
        case "assertion":
            return verdict.message or f"This does not hold: {verdict.line}"
        case "name" if verdict.told.get("name") in theirs:
            return _missing(verdict.told["name"], fault)
        case "late":
            return verdict.message
    return f"The check could not use what your code gives: {verdict.message} (at: {verdict.line})"


def of_hidden(verdict: Verdict, part: Part, submitted: str) -> str:
    """The message where a hidden test did not pass: nothing of the test, nor of its data.

    An exception's own text may hold these data, so only its type and the line are told, and the
    line only if it is one that was handed in (``submitted``).
    """
    told = part.hint or _HIDDEN
    error = verdict.told.get("builtin", "")
    if verdict.kind == "raised" and hasattr(builtins, error):
        line = verdict.told.get("line", "")
        told += f" Your code raised {error}"
        told += f" at the line: {line}" if line and line in submitted else "."
    if verdict.kind == "late":
        told += f" {verdict.message}"
    return told


def _missing(name: str, fault: str) -> str:
    if fault.startswith("NotImplementedError"):
        return _NOTHING_YET
    if fault:
        return f"There is no {name}, for the cell that defines it failed. {fault}"
    return f"There is no {name}: no cell that ran defines it."


def _raised(verdict: Verdict) -> str:
    kind, line = verdict.told["type"], verdict.told.get("line", "")
    if kind == "NotImplementedError":
        return _NOTHING_YET
    if kind == "SystemExit":
        return "Your code called exit or sys.exit, which ends the program. Return a value instead."
    text = f": {verdict.message}" if verdict.message else ""
    return f"Your code raised {kind}{text}" + (f" (at the line: {line})" if line else "")

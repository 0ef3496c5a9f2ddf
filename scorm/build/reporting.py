"""The steps of the command ``report``: read exports and keys, join, show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from scorm.build import handbook
from scorm.errors import ReportError, reason
from scorm.report import figures, joined, moodle_export, shown
from scorm.report.figures import Report

T = TypeVar("T")

_WRITERS: dict[str, Callable[[Report], str]] = {".html": shown.as_html, ".csv": shown.as_csv}


def make(exports: Iterable[Path], keys: Iterable[Path]) -> tuple[Report | None, Sequence[str]]:
    """The report, or the lines that say why there is none: the faults of all files."""
    faults: list[str] = []
    attempts = _each(moodle_export.read, exports, faults)
    advice = [moodle_export.HOW_TO] if faults else []
    known = _each(handbook.read_key, keys, faults)
    if faults:
        return None, [*faults, *advice]
    every = [attempt for found in attempts for attempt in found]
    try:
        return figures.report_of(joined.join(every, known), known[0]), ()
    except ReportError as error:
        return None, [f"error: {error}"]


def _each(read: Callable[[Path], T], paths: Iterable[Path], faults: list[str]) -> list[T]:
    """What ``read`` gives of each file; what it refuses is added to ``faults``."""
    found = []
    for path in paths:
        try:
            found.append(read(path))
        except ReportError as error:
            faults.append(f"error: {error}")
    return found


def show(report: Report) -> None:
    """Print the report, in columns as wide as the terminal."""
    shown.print_report(report, Console(highlight=False))


def write(report: Report, path: Path) -> None:
    """Write the report into a file, in the form that its ending names.

    :raises ReportError: for another ending, or if it cannot be written.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ReportError(
            f"{path}: the name of the output ends in .html (a page) or .csv (a table)"
        )
    try:
        path.write_text(writer(report), "utf-8")
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {reason(error)}") from error

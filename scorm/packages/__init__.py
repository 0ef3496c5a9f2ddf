"""One module for each package format; each has ``write(course, build, destination)``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PackageReport:
    """What a finished package is: enough for a line of the closing table.

    ``format`` is the label for people ("SCORM 1.2"); ``scos`` and ``files`` are counts; ``size``
    is in bytes; ``warnings`` are sentences to show.
    """

    path: Path
    format: str
    scos: int
    files: int
    size: int
    warnings: tuple[str, ...] = ()

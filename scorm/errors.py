"""The faults this package reports, all under one root.

::

    ScormError
    ├── BuildError          a step of the build did not succeed
    ├── CourseError         the author's input has faults; carries all of them
    ├── SetupError          the machine lacks something; says what to install
    ├── PackageError        a package cannot be read or written at all
    ├── ReportError         an LMS's export cannot be read, or tells too little
    └── GradeError          submissions, a worksheet or an assignment cannot be graded with

Whatever a user can cause ends in one of these, with a message that says what is wrong and
what to do instead. A traceback is a bug of ours.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with the author's input, or with a package.

    ``path`` is relative to the project, or inside the package; ``line`` counts from 1 and is
    ``None`` where a line makes no sense; ``rule`` is a stable word to search for.
    """

    path: str
    line: int | None
    message: str
    rule: str = ""

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{place}: {self.message}{rule}" if place else f"{self.message}{rule}"


class ScormError(Exception):
    """Anything a user of this package can cause."""


class BuildError(ScormError):
    """A step of the build did not succeed; nothing in ``dist/`` was touched."""


class SetupError(ScormError):
    """The machine lacks something; the message is one line that says what to install."""


class PackageError(ScormError):
    """A package cannot be read or written at all."""


class ReportError(ScormError):
    """An LMS's export cannot be read, or tells too little for a report."""


class GradeError(ScormError):
    """Submissions, a worksheet, points or an assignment are not what grading needs."""


class CourseError(ScormError):
    """The author's input has faults; :attr:`faults` holds every one of them, sorted."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda f: (f.path, f.line or 0, f.message)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def reason(error: OSError) -> str:
    """What the system said, and of which file, as part of a sentence."""
    place = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
    return f"{error.strerror or error}{place}"

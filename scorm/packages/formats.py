"""Write a package of any format."""

from __future__ import annotations

from pathlib import Path

from scorm.course.model import Course
from scorm.packages import Format, PackageOptions, PackageReport, cmi5, scorm12, scorm2004
from scorm.packages.content import Rendered

_WRITERS = {
    Format.SCORM12: scorm12.write,
    Format.SCORM2004: scorm2004.write,
    Format.SCORM2004_3RD: scorm2004.write,
    Format.CMI5: cmi5.write,
}


def write(
    course: Course,
    build: Path,
    destination: Path,
    options: PackageOptions,
    *,
    rendered: Rendered | None = None,
) -> PackageReport:
    """Write the package that ``options`` describe; see the ``write`` of its format."""
    return _WRITERS[Format(options.format)](course, build, destination, options, rendered=rendered)

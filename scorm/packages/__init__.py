"""What a package can be. One module for each format; each has ``write(course, build, …)``.

:func:`scorm.packages.formats.write` picks the module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scorm.course.model import Course, Item
from scorm.errors import PackageError
from scorm.standards.editions import FOURTH, SCORM12, THIRD, Edition


class Format(StrEnum):
    """What is written: a standard, and of SCORM 2004 the edition."""

    SCORM12 = "scorm12"
    SCORM2004 = "scorm2004"
    SCORM2004_3RD = "scorm2004-3rd"
    CMI5 = "cmi5"

    @property
    def edition(self) -> Edition | None:
        """The edition of SCORM; ``None`` for what is no SCORM."""
        return _EDITIONS.get(self)


_EDITIONS = {
    Format.SCORM12: SCORM12,
    Format.SCORM2004: FOURTH,
    Format.SCORM2004_3RD: THIRD,
}


class Layout(StrEnum):
    """How many things the LMS launches: every page, or one that shows all pages."""

    MULTI = "multi"
    SINGLE = "single"


@dataclass(frozen=True)
class PackageOptions:
    """One package to write.

    ``modules`` is the identifier of the one module that goes in, ``None`` for the whole course;
    ``linear`` asks the LMS to open pages in their order only. Raises :exc:`PackageError` for
    what no LMS could play.
    """

    format: Format = Format.SCORM12
    layout: Layout = Layout.MULTI
    modules: str | None = None
    linear: bool = False

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        if self.format == Format.CMI5 and self.layout == Layout.SINGLE:
            raise PackageError(
                "cmi5 has no layout 'single': each page is an assignable unit of its own"
            )
        if self.linear and self.format == Format.CMI5:
            raise PackageError("cmi5 cannot be linear: it leaves the order to the LMS")
        if self.linear and self.layout == Layout.SINGLE:
            raise PackageError(
                "the layout 'single' cannot be linear: the LMS sees one page and orders none"
            )


@dataclass(frozen=True)
class PackageReport:
    """What a finished package is: enough for a line of the closing table.

    ``format`` is the label for people ("SCORM 1.2"); ``scos`` and ``files`` are counts (of cmi5,
    assignable units are counted as SCOs; 0 SCOs where nothing is launched); ``size`` is in bytes;
    ``warnings`` are sentences to show.
    """

    path: Path
    format: str
    scos: int
    files: int
    size: int
    warnings: tuple[str, ...] = ()


def package_name(course: Course, options: PackageOptions) -> str:
    """The file's name, which says what is inside: ``obd-course-welcome-scorm12-single.zip``."""
    parts = [course.identifier]
    if options.modules is not None:
        parts.append(options.modules.removeprefix("module."))
    parts.append(options.format)
    if options.layout == Layout.SINGLE:
        parts.append("single")
    if options.linear:
        parts.append("linear")
    return "-".join(parts) + ".zip"


def module_of(course: Course, identifier: str) -> Item:
    """The module of that identifier; :exc:`PackageError` names those there are."""
    for module in course.modules:
        if module.identifier == identifier:
            return module
    known = ", ".join(module.identifier for module in course.modules)
    raise PackageError(f"the course has no module {identifier!r}; its modules are {known}")

"""Write the instructor's handbook: a zip of what teachers get and students must not see.

It is no package for an LMS. Each part of it is a function that gives entries (path in the zip →
content), and :func:`contents` puts the parts together. The zip is as reproducible as a package.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scorm.packages import PackageReport
from scorm.packages.archive import Content, write_zip

_ENDING = "-instructor.zip"


def handbook_name(identifier: str) -> str:
    """The file's name, beside the packages of the course of that identifier."""
    return f"{identifier}{_ENDING}"


def is_handbook(path: Path) -> bool:
    """Whether a zip in ``dist/`` is a handbook, by its name, and so nothing for an LMS."""
    return path.name.endswith(_ENDING)


def contents(
    pages: Path, notebooks: Iterable[Path], folder: Path, cache: Path
) -> dict[str, Content]:
    """All parts of the handbook: the rendered ``pages``, and the ``notebooks`` in ``folder``."""
    return {**_pages(pages), **_labs(notebooks, folder, cache)}


def _pages(folder: Path) -> dict[str, Content]:
    """The notes for instructors, as Sphinx rendered them, without files that only a build needs."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    return {
        name: path
        for name, path in files.items()
        if path.is_file() and not name.startswith(".") and name != "objects.inv"
    }


def _labs(paths: Iterable[Path], folder: Path, cache: Path) -> dict[str, Content]:
    """Each lab twice: its solution with outputs, and the version that a student gets.

    Raises :class:`~scorm.errors.BuildError` where a lab has not been executed.
    """
    from scorm import notebooks

    entries: dict[str, Content] = {}
    for path in paths:
        text, name = path.read_text("utf-8"), path.relative_to(folder).as_posix()
        source = notebooks.parse(text)
        if notebooks.has_solutions(source):
            solved = notebooks.load_executed(text, cache)
            entries[f"solutions/{name}"] = notebooks.write(solved).encode()
            entries[f"students/{name}"] = notebooks.write(notebooks.student(source)).encode()
    return entries


def write(destination: Path, entries: dict[str, Content]) -> PackageReport:
    """Write the zip, atomically; raises :exc:`~scorm.errors.PackageError` as ``write_zip`` does."""
    written = write_zip(destination, entries)
    return PackageReport(destination, "handbook", 0, written.files, written.size, written.warnings)

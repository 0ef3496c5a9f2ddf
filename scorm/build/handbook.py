"""Write the instructor's handbook: a zip of what teachers get and students must not see.

It is no package for an LMS. Each part of it is a function that gives entries (path in the zip →
content), and :func:`contents` puts the parts together. The zip is as reproducible as a package.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from scorm.course import answer_key
from scorm.course.model import Course
from scorm.errors import ReportError
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
    course: Course, pages: Path, notebooks: Iterable[Path], folder: Path, cache: Path
) -> dict[str, Content]:
    """All parts of the handbook.

    They are the rendered ``pages``, the ``notebooks`` in ``folder``, and the key to what LMSs
    report of answers.
    """
    return {**_pages(pages), **_labs(notebooks, folder, cache), **_key(course)}


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

    With each version are the modules that it imports from the folder of notebooks.

    Raises :class:`~scorm.errors.BuildError` where a lab has not been executed.
    """
    entries: dict[str, Content] = {}
    for path in paths:
        from scorm import notebooks  # which takes seconds to load

        text, name = path.read_text("utf-8"), path.relative_to(folder).as_posix()
        source = notebooks.parse(text)
        if notebooks.has_solutions(source):
            solved = notebooks.load_executed(text, cache, folder)
            entries[f"solutions/{name}"] = notebooks.write(solved).encode()
            entries[f"students/{name}"] = notebooks.write(notebooks.student(source)).encode()
            for module in notebooks.files(source, folder):
                for version in ("solutions", "students"):
                    entries[str(PurePosixPath(version, name).with_name(module.name))] = module
    return entries


def _key(course: Course) -> dict[str, Content]:
    """The key of answers, which the command ``report`` reads, if the course asks anything."""
    key = answer_key.key_of(course)
    return {answer_key.FILE: answer_key.dump(key).encode()} if key.questions else {}


def read_key(path: Path) -> answer_key.AnswerKey:
    """The key in a handbook, or in a file of its own.

    :raises ReportError: if there is none.
    """
    try:
        if path.suffix == ".json":
            return answer_key.load(path.read_text("utf-8"))
        with zipfile.ZipFile(path) as archive:
            return answer_key.load(archive.read(answer_key.FILE).decode())
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror or error}") from error
    except KeyError:
        message = f"{path} holds no {answer_key.FILE}; give the instructor's zip of the course"
        raise ReportError(message) from None
    except (zipfile.BadZipFile, ValueError) as error:
        raise ReportError(f"{path} is no instructor's zip of this version: {error}") from error


def write(destination: Path, entries: dict[str, Content]) -> PackageReport:
    """Write the zip, atomically; raises :exc:`~scorm.errors.PackageError` as ``write_zip`` does."""
    written = write_zip(destination, entries)
    return PackageReport(destination, "handbook", 0, written.files, written.size, written.warnings)

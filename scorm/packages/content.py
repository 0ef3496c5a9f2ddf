"""Gather the rendered files that go into a package, whatever its format."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from scorm import limits
from scorm.errors import CourseError, Fault
from scorm.model import Course, Tree

#: Folders and files that serve the build or a reader of the source, and may show paths, answers
#: or environment values. What is hidden (``.buildinfo``, ``.doctrees``) stays out as well.
_LEFT_OUT_FOLDERS = frozenset(("__pycache__", "_sources"))
_LEFT_OUT_NAMES = frozenset(("objects.inv", "Thumbs.db", "desktop.ini"))
_LEFT_OUT_SUFFIXES = frozenset((".map", ".pyc", ".log"))


def collect(course: Course, build: Path, taken: Collection[str]) -> dict[str, Path]:
    """The files of the course's trees by their path in the package, in sorted order.

    ``build`` is the folder of ``course.json``; ``taken`` are the names that the package writes
    itself. A file without an extension, such as the LICENSE files of sphinx-revealjs, gets
    ``.txt``. Raises :exc:`CourseError` with every file that cannot travel and every page that is
    not there.
    """
    files: dict[str, Path] = {}
    faults: list[Fault] = []
    for tree in course.trees:
        folder = build / tree.folder
        if not folder.is_dir():
            message = "the folder does not exist; build the course before packaging it"
            faults.append(Fault(tree.folder, None, message, "tree-missing"))
        for path in _wanted(folder):
            place = path.relative_to(build).as_posix()
            name = _name_in_package(tree, path.relative_to(folder))
            if problem := limits.name_problem(name):
                faults.append(Fault(place, None, problem[1], problem[0]))
            if name in taken:
                message = "the package writes a file of this name itself; rename this one"
                faults.append(Fault(place, None, message, "name-taken"))
            if files.setdefault(name, path) != path:
                message = f"two files would be {name!r} in the package; rename one of them"
                faults.append(Fault(place, None, message, "name-twice"))
    faults += _case_faults(files, build)
    faults += _missing_pages(course, files)
    if faults:
        raise CourseError(faults)
    return dict(sorted(files.items()))


def _wanted(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        left_out = (
            any(part.startswith(".") for part in parts)
            or not _LEFT_OUT_FOLDERS.isdisjoint(parts)
            or path.name in _LEFT_OUT_NAMES
            or path.suffix in _LEFT_OUT_SUFFIXES
        )
        if not left_out and path.is_file():
            yield path


def _name_in_package(tree: Tree, relative: Path) -> str:
    name = PurePosixPath(relative.as_posix())
    return tree.prefix + str(name if name.suffix else name.with_name(f"{name.name}.txt"))


def _case_faults(files: dict[str, Path], build: Path) -> Iterator[Fault]:
    for names in limits.case_clashes(files):
        place = files[names[0]].relative_to(build).as_posix()
        message = f"{' and '.join(names)} differ by case only; rename one of them"
        yield Fault(place, None, message, "name-case")


def _missing_pages(course: Course, files: dict[str, Path]) -> Iterator[Fault]:
    for sco in course.scos():
        if sco.href not in files:
            message = (
                f"the page of {sco.identifier!r} is in none of the rendered folders; "
                "build the course again"
            )
            yield Fault(sco.href, None, message, "page-missing")

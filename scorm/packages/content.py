"""Gather the rendered files that go into a package, whatever its format."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import jinja2

from scorm.course.model import Course
from scorm.errors import CourseError, Fault
from scorm.layout import MEDIA
from scorm.packages.archive import Content, Packer
from scorm.packages.faults import course_faults
from scorm.packages.scope import SHELL_HREF, Scope
from scorm.packages.shell import shell_page
from scorm.standards import limits
from scorm.standards.hrefs import hint, path_of
from scorm.standards.pages import missing_files

#: Folders and files that serve the build or a reader of the source, and may show paths, answers
#: or environment values. What is hidden (``.buildinfo``, ``.doctrees``) stays out as well.
_LEFT_OUT_NAMES = frozenset(("__pycache__", "_sources", "objects.inv", "Thumbs.db", "desktop.ini"))
_LEFT_OUT_SUFFIXES = frozenset((".map", ".pyc", ".log"))

_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("scorm.packages"), autoescape=True, undefined=jinja2.StrictUndefined
)


class Rendered:
    """The rendered course: gathered once and deflated once, for however many packages.

    ``build`` is the folder of ``course.json``.
    """

    def __init__(self, course: Course, build: Path) -> None:
        self.course = course
        self.build = build
        self.packer = Packer()
        self._shown: dict[Path, frozenset[bytes]] = {}

    @cached_property
    def faults(self) -> list[Fault]:
        """What no package can carry of the course itself, whatever its format."""
        return course_faults(self.course)

    def content(self, scope: Scope, taken: Collection[str]) -> dict[str, Content]:
        """What a package of ``scope`` holds, besides the files of its format.

        ``taken`` are the names that the format writes itself. Raises :exc:`CourseError` with
        every file that cannot travel and every page that is not there.
        """
        files, faults = self._gathered
        ours = {*taken, SHELL_HREF} if scope.is_single else {*taken}
        message = "the package writes a file of this name itself; rename this one"
        faults = [
            *faults,
            *(
                Fault(self._place(path), None, message, "name-taken")
                for name, path in files.items()
                if name in ours
            ),
        ]
        if faults:
            raise CourseError(faults)
        elsewhere = _elsewhere(scope)
        content: dict[str, Content] = {**files}
        if elsewhere:
            content = self._without(files, elsewhere)
        if scope.is_single:
            content[SHELL_HREF] = shell_page(self.course, scope.modules)
        return content

    def _without(
        self, files: Mapping[str, Path], elsewhere: Mapping[str, bytes]
    ) -> dict[str, Content]:
        """The files without the pages of other modules and what only those show."""
        shown: set[bytes] = set()
        for name, path in files.items():
            if name not in elsewhere and path.suffix == ".html":
                shown |= self._media_of(path)
        stays: dict[str, Content] = {
            name: path
            for name, path in files.items()
            if not _is_media(name) or path.name.encode() in shown
        }
        return {**stays, **elsewhere}

    def _media_of(self, page: Path) -> frozenset[bytes]:
        """The names of the media that the page mentions, wherever it does."""
        if page not in self._shown:
            words = re.findall(rb"[A-Za-z0-9._-]+", page.read_bytes()) if self._media else ()
            self._shown[page] = self._media.intersection(words)
        return self._shown[page]

    @cached_property
    def _media(self) -> frozenset[bytes]:
        """The names of all files that only some pages show or offer."""
        files, _ = self._gathered
        return frozenset(path.name.encode() for name, path in files.items() if _is_media(name))

    @cached_property
    def _gathered(self) -> tuple[dict[str, Path], list[Fault]]:
        """The files of the course's trees by their path in a package, and what is wrong there.

        A file without an extension, such as the LICENSE files of sphinx-revealjs, gets ``.txt``.
        """
        files: dict[str, Path] = {}
        faults: list[Fault] = []
        launched = {path_of(sco.href) for sco in self.course.scos()}
        for tree in self.course.trees:
            try:
                found = list(_wanted(self.build / tree.folder))
            except OSError as error:
                message = f"cannot be read ({error.strerror}); build the course before packaging it"
                faults.append(Fault(tree.folder, None, message, "tree-missing"))
                continue
            for relative, path in found:
                name = tree.prefix + (relative if path.suffix else f"{relative}.txt")
                problem = limits.name_problem(name)
                if problem and name not in launched:  # of pages course_faults tells
                    faults.append(Fault(self._place(path), None, problem[1], problem[0]))
                if files.setdefault(name, path) != path:
                    message = f"two files would be {name!r} in the package; rename one of them"
                    faults.append(Fault(self._place(path), None, message, "name-twice"))
        faults += self._case_faults(files)
        faults += _missing_pages(self.course, files)
        faults += self._dead_links(files)
        return files, faults

    def _dead_links(self, files: Mapping[str, Path]) -> Iterator[Fault]:
        """What pages show, load or lead to that is not there."""
        names = frozenset(files)
        for name, page in files.items():
            if page.suffix == ".html":
                for href, path in missing_files(name, page.read_bytes(), names).items():
                    message = f"the page names {href!r}, which is not there{hint(names, path)}"
                    yield Fault(self._place(page), None, message, "file-missing")

    def _place(self, path: Path) -> str:
        return path.relative_to(self.build).as_posix()

    def _case_faults(self, files: Mapping[str, Path]) -> Iterator[Fault]:
        for names in limits.case_clashes(files):
            message = f"{' and '.join(names)} differ by case only; rename one of them"
            yield Fault(self._place(files[names[0]]), None, message, "name-case")


def _wanted(folder: Path, inside: str = "") -> Iterator[tuple[str, Path]]:
    """The files that travel, in order: the path below the first folder, and where each lies."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        name, path = entry.name, Path(entry.path)
        if name.startswith(".") or name in _LEFT_OUT_NAMES:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _wanted(path, f"{inside}{name}/")
        elif path.suffix not in _LEFT_OUT_SUFFIXES and entry.is_file():
            yield inside + name, path


def _missing_pages(course: Course, files: Mapping[str, Path]) -> Iterator[Fault]:
    for sco in course.scos():
        if path_of(sco.href) not in files:
            message = (
                f"the page of {sco.identifier!r} is in none of the rendered folders; "
                "build the course again"
            )
            yield Fault(sco.href, None, message, "page-missing")


def _elsewhere(scope: Scope) -> dict[str, bytes]:
    """The pages of other modules by path, each with what stands in its place.

    That page says where to find it: links to it stay alive, and nobody works on a page that this
    package does not record.
    """
    signs = {}
    for module in scope.course.modules:
        if module not in scope.modules:
            sign = _templates.get_template("elsewhere.html.j2").render(module=module).encode()
            signs.update({item.sco.href: sign for item in module.walk() if item.sco})
    return signs


def _is_media(name: str) -> bool:
    return not set(MEDIA).isdisjoint(name.split("/"))

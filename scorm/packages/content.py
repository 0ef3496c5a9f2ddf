"""Gather the rendered files that go into a package, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

import jinja2

from scorm import limits
from scorm.archive import Content, Packer
from scorm.errors import CourseError, Fault
from scorm.model import Course, Item, Tree
from scorm.packages.scope import SHELL_HREF, Scope
from scorm.packages.shell import shell_page

#: Folders and files that serve the build or a reader of the source, and may show paths, answers
#: or environment values. What is hidden (``.buildinfo``, ``.doctrees``) stays out as well.
_LEFT_OUT_FOLDERS = frozenset(("__pycache__", "_sources"))
_LEFT_OUT_NAMES = frozenset(("objects.inv", "Thumbs.db", "desktop.ini"))
_LEFT_OUT_SUFFIXES = frozenset((".map", ".pyc", ".log"))
#: Where Sphinx puts what single pages show or offer.
_MEDIA_FOLDERS = frozenset(("_images", "_downloads"))

_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("scorm"), autoescape=True, undefined=jinja2.StrictUndefined
)


class Rendered:
    """The rendered course: gathered once and deflated once, for however many packages.

    ``build`` is the folder of ``course.json``.
    """

    def __init__(self, course: Course, build: Path) -> None:
        self.course = course
        self.build = build
        self.packer = Packer()

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
        content: dict[str, Content] = _without(files, elsewhere) if elsewhere else {**files}
        if scope.is_single:
            content[SHELL_HREF] = shell_page(self.course, scope.modules)
        return content

    @cached_property
    def _gathered(self) -> tuple[dict[str, Path], list[Fault]]:
        """The files of the course's trees by their path in a package, and what is wrong there.

        A file without an extension, such as the LICENSE files of sphinx-revealjs, gets ``.txt``.
        """
        files: dict[str, Path] = {}
        faults: list[Fault] = []
        for tree in self.course.trees:
            folder = self.build / tree.folder
            if not folder.is_dir():
                message = "the folder does not exist; build the course before packaging it"
                faults.append(Fault(tree.folder, None, message, "tree-missing"))
            for path in _wanted(folder):
                name = _name_in_package(tree, path.relative_to(folder))
                if problem := limits.name_problem(name):
                    faults.append(Fault(self._place(path), None, problem[1], problem[0]))
                if files.setdefault(name, path) != path:
                    message = f"two files would be {name!r} in the package; rename one of them"
                    faults.append(Fault(self._place(path), None, message, "name-twice"))
        faults += self._case_faults(files)
        faults += _missing_pages(self.course, files)
        return files, faults

    def _place(self, path: Path) -> str:
        return path.relative_to(self.build).as_posix()

    def _case_faults(self, files: Mapping[str, Path]) -> Iterator[Fault]:
        for names in limits.case_clashes(files):
            message = f"{' and '.join(names)} differ by case only; rename one of them"
            yield Fault(self._place(files[names[0]]), None, message, "name-case")


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


def _missing_pages(course: Course, files: Mapping[str, Path]) -> Iterator[Fault]:
    for sco in course.scos():
        if sco.href not in files:
            message = (
                f"the page of {sco.identifier!r} is in none of the rendered folders; "
                "build the course again"
            )
            yield Fault(sco.href, None, message, "page-missing")


def _elsewhere(scope: Scope) -> dict[str, Item]:
    """The pages of other modules by path, each with its module."""
    return {
        item.sco.href: module
        for module in scope.course.modules
        if module not in scope.modules
        for item in module.walk()
        if item.sco is not None
    }


def _without(files: Mapping[str, Path], elsewhere: Mapping[str, Item]) -> dict[str, Content]:
    """The files without the pages of other modules and what only those show.

    In the place of each such page stands one that says where to find it: links to it stay
    alive, and nobody works on a page that this package does not record.
    """
    stays = [path for name, path in files.items() if name not in elsewhere]
    mentioned = _words(path for path in stays if path.suffix == ".html")
    content: dict[str, Content] = {}
    for name, path in files.items():
        if name in elsewhere:
            content[name] = _sign(elsewhere[name])
        elif not _is_media(name) or path.name.encode() in mentioned:
            content[name] = path
    return content


def _is_media(name: str) -> bool:
    return not _MEDIA_FOLDERS.isdisjoint(PurePosixPath(name).parts)


def _words(pages: Iterable[Path]) -> set[bytes]:
    """Everything in the pages that could be a file's name."""
    return {word for page in pages for word in re.findall(rb"[A-Za-z0-9._-]+", page.read_bytes())}


def _sign(module: Item) -> bytes:
    return _templates.get_template("elsewhere.html.j2").render(module=module).encode()

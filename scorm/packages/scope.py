"""What a package teaches, and the tree in which an LMS sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scorm.course.model import Course, Item, PageKind, Sco, Verdict, Weights
from scorm.packages import Layout, PackageOptions, module_of

#: The page of layout ``single`` and the identifier of its SCO, the only one of its package.
SHELL_HREF = "course.html"
SHELL_SCO = "course"

# Added to identifiers of the model. Those have underscores in pairs, around the code of an escaped
# character (see identifier_of), so that what comes out is the identifier of no page.
_ROOT_ID = "_root"
_SINGLE_ID = "_single"


@dataclass(frozen=True)
class Scope:
    """The part of ``course`` that goes into a package.

    ``identifier`` tells this package from the others of the course, and stays: identifiers of
    the manifest begin with it. ``root`` is the item above all others, or in layout ``single``
    the only one; ``modules`` are the items of the course that the package teaches.
    """

    course: Course
    identifier: str
    root: Item
    modules: tuple[Item, ...]
    linear: bool = False

    @property
    def title(self) -> str:
        """What the LMS calls the package: the course, or the module."""
        return self.root.title

    @property
    def is_single(self) -> bool:
        """Does the LMS launch one page that shows all others?"""
        return self.root.sco is not None

    @cached_property
    def minutes(self) -> int:
        """The typical learning time."""
        return sum(page.duration for page in self.pages())

    def pages(self) -> Iterator[Sco]:
        """The course's pages in the package, in reading order."""
        items = (item for module in self.modules for item in module.walk())
        return (item.sco for item in items if item.sco is not None)

    def scos(self) -> list[Sco]:
        """What the LMS launches, in reading order."""
        return [item.sco for item in self.root.walk() if item.sco is not None]

    def is_judged(self, sco: Sco) -> bool:
        """Does the SCO report passed or failed, and so need a score to reach?"""
        by_score = self.course.scoring.verdict is Verdict.PASS_FAIL
        return by_score and sco.kind is PageKind.QUIZ and bool(sco.questions)

    def weight(self, item: Item) -> float:
        """What the item counts in the package's score: points, or pages with questions."""
        return sum(self._weight(below.sco) for below in item.walk() if below.sco is not None)

    def _weight(self, sco: Sco) -> float:
        if self.course.scoring.weights is Weights.PAGES:
            return float(bool(sco.questions))
        return sum(self._points.get(label, 0.0) for label in sco.questions)

    @cached_property
    def _points(self) -> dict[str, float]:
        return {question.identifier: question.points for question in self.course.questions}


def scope_of(course: Course, options: PackageOptions) -> Scope:
    """What ``options`` take of the course; :exc:`PackageError` for a module it does not have."""
    if options.modules is None:
        modules, identifier = course.modules, course.identifier
        # With several items at the top, or one that launches, Moodle's navigation breaks.
        root = Item(course.identifier + _ROOT_ID, course.title, None, modules)
    else:
        root = module_of(course, options.modules)
        modules = (root,)
        identifier = f"{course.identifier}.{root.identifier.removeprefix('module.')}"
    if options.layout == Layout.SINGLE:
        root, identifier = _shell(root), identifier + _SINGLE_ID
    return Scope(course, identifier, root, modules, options.linear)


def _shell(root: Item) -> Item:
    """The single item of layout ``single``: no heading above it, as every player takes that."""
    pages = [item.sco for item in root.walk() if item.sco is not None]
    asked = tuple(label for page in pages for label in page.questions)
    # as in the runtime (work/course.js): a course without a quiz is neither passed nor failed
    is_judged = any(page.kind is PageKind.QUIZ and page.questions for page in pages)
    shell = Sco(
        identifier=SHELL_SCO,
        title=root.title,
        kind=PageKind.QUIZ if is_judged else PageKind.LESSON,
        href=SHELL_HREF,
        duration=sum(page.duration for page in pages),
        objectives=(),
        questions=asked,
    )
    return Item(SHELL_SCO, root.title, shell)

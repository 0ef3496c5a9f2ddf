"""What Sphinx remembers of the course between builds: pages, their questions and their decks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from scorm.sphinxext.pages.front_matter import PageMetadata

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Add the domain."""
    app.add_domain(CourseDomain)


@dataclass(frozen=True)
class QuestionPlace:
    """Where a question is written."""

    docname: str
    line: int


@dataclass(frozen=True)
class NamedFile:
    """A file that raw HTML names: the line, the address there, and the path from the root.

    ``is_source`` says that it lies at this path in the project, from where it is copied.
    """

    line: int
    href: str
    path: str
    is_source: bool


class CourseDomain(Domain):
    """Collects, document by document, what ``course.json`` will say of the course."""

    name = "course"
    label = "Course"
    data_version = 1
    initial_data: ClassVar[dict[str, Any]] = {
        "pages": {},  # docname -> PageMetadata
        "misread": {},  # docname -> True where the page's metadata have faults, told already
        "questions": {},  # label -> QuestionPlace
        "answered": {},  # docname -> labels of the questions answered there, in reading order
        "decks": {},  # lesson's docname -> its decks (see site/deck_links.py)
        "named": {},  # docname -> the files that its raw HTML names
        "shown": {},  # docname -> labels of the questions shown there and written elsewhere
    }

    @property
    def pages(self) -> dict[str, PageMetadata]:
        """The metadata of each page that has some, by document name."""
        return cast("dict[str, PageMetadata]", self.data["pages"])

    @property
    def misread(self) -> dict[str, bool]:
        """The pages whose metadata have faults, which were told where they were read."""
        return cast("dict[str, bool]", self.data["misread"])

    @property
    def questions(self) -> dict[str, QuestionPlace]:
        """Where each question is written, by label."""
        return cast("dict[str, QuestionPlace]", self.data["questions"])

    @property
    def answered(self) -> dict[str, list[str]]:
        """The labels of the questions that a page asks, in reading order."""
        return cast("dict[str, list[str]]", self.data["answered"])

    @property
    def named(self) -> dict[str, list[NamedFile]]:
        """The files that the raw HTML of a page names."""
        return cast("dict[str, list[NamedFile]]", self.data["named"])

    @property
    def shown(self) -> dict[str, list[str]]:
        """The labels of the questions that a page shows again."""
        return cast("dict[str, list[str]]", self.data["shown"])

    def add_question(self, label: str, docname: str, line: int) -> QuestionPlace | None:
        """Note a question, or return the place that has this label already."""
        if label in self.questions:
            return self.questions[label]
        self.questions[label] = QuestionPlace(docname, line)
        self.answered.setdefault(docname, []).append(label)
        return None

    def show_question(self, label: str, docname: str) -> None:
        """Note that a page shows a question written elsewhere."""
        self.shown.setdefault(docname, []).append(label)
        self.answered.setdefault(docname, []).append(label)

    def clear_doc(self, docname: str) -> None:
        """Forget a document that is about to be read again, or that is gone."""
        self.pages.pop(docname, None)
        self.misread.pop(docname, None)
        self.answered.pop(docname, None)
        self.named.pop(docname, None)
        self.shown.pop(docname, None)
        for label in [k for k, place in self.questions.items() if place.docname == docname]:
            del self.questions[label]

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found."""
        for docname in docnames:
            for kind in ("pages", "misread", "answered", "named", "shown"):
                if docname in otherdata[kind]:
                    self.data[kind][docname] = otherdata[kind][docname]
        for label, place in otherdata["questions"].items():
            if place.docname in docnames:
                taken = self.questions.setdefault(label, place)
                if taken != place:
                    warn_duplicate(label, place, taken, self.env)

    def resolve_any_xref(self, *args: Any) -> list[tuple[str, Any]]:
        """Find nothing, as no link leads to what is here; MyST wants each domain to say so."""
        return []


def warn_duplicate(
    label: str, place: QuestionPlace, taken: QuestionPlace, env: BuildEnvironment
) -> None:
    """Warn that two questions have the same label."""
    other = source_of(env, taken.docname)
    logger.warning(
        "the label '%s' is taken by the question at %s:%d; give this one another",
        label,
        other,
        taken.line,
        location=(place.docname, place.line),
        type="scorm",
        subtype="question",
    )


def course_domain(env: BuildEnvironment) -> CourseDomain:
    """The course's domain, with its own type, which Sphinx does not know."""
    return cast(CourseDomain, env.get_domain("course"))


def project_name(env: BuildEnvironment, docname: str) -> str:
    """The document's name as seen from the folder of ``conf.py``, which only it has in the course.

    Decks and handbook are read in runs of their own, whose source folders lie below that folder.
    So Sphinx's own names of a deck and of a text page may be the same.
    """
    below = Path(env.srcdir).relative_to(env.app.confdir).as_posix()
    return posixpath.normpath(posixpath.join(below, docname))


def source_of(env: BuildEnvironment, docname: str) -> str:
    """The path of a document's source file, relative to the folder of ``conf.py``."""
    return Path(env.doc2path(docname)).relative_to(env.app.confdir).as_posix()


def warn_faults(docname: str, faults: Iterable[tuple[int, str]], subtype: str) -> None:
    """Hand each fault, a line and a message, to Sphinx, which shows all and fails the build."""
    for line, message in faults:
        logger.warning("%s", message, location=(docname, line), type="scorm", subtype=subtype)


def line_of(node: nodes.Node) -> int:
    """The line of the node, or of the nearest around it that has one."""
    around: nodes.Node | None = node
    while around is not None and around.line is None:
        around = around.parent
    return 1 if around is None else around.line or 1

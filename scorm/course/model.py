"""The course as every exporter sees it: immutable, Sphinx-free, valid as a whole.

Words are the standards' own (SCORM 1.2 CAM, 2.1; SCORM 2004 CAM, 2.1): an *organization* is a
tree of *items*; an item launches a *SCO*; a SCO's files and the shared *assets* are listed by
*resources*. :mod:`scorm.course.course_json` reads a :class:`Course` from
``course.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class PageKind(StrEnum):
    """What a page is for; decides how the student completes it."""

    LESSON = "lesson"
    SLIDES = "slides"
    LAB = "lab"
    QUIZ = "quiz"


class QuestionKind(StrEnum):
    """How a question is answered: by choosing from a list, by typing, or by doing.

    A ``TASK`` is done in something else on the page, such as a simulated cluster, whose script
    judges what it finds there when the student asks for it (``scorm/runtime/view/task.js``).
    """

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true-false"
    NUMERIC = "numeric"
    TEXT = "text"
    TASK = "task"

    @property
    def has_choices(self) -> bool:
        """Does the student pick from a list?"""
        return self not in (QuestionKind.NUMERIC, QuestionKind.TEXT, QuestionKind.TASK)


@dataclass(frozen=True)
class Objective:
    """What the student can do afterwards; ``identifier`` is the author's own label."""

    identifier: str
    text: str


@dataclass(frozen=True)
class Choice:
    """One choice, or, where the student types, one answer the author foresaw.

    ``identifier`` is its letter, by its place in the source: one character of ``[a-z]``, as SCORM
    1.2 wants in a choice interaction (RTE 3.4.7). ``text`` is plain, ``html`` and
    ``feedback_html`` are fragments. ``was`` is the text that the choice goes on to be known by
    (:mod:`scorm.course.choices`), "" where that is its own. ``line`` is where it is written, in the
    file of its question, 0 where nobody knows.
    """

    identifier: str
    text: str
    html: str
    correct: bool
    feedback_html: str = ""
    was: str = ""
    line: int = 0


@dataclass(frozen=True)
class Question:
    """A question, written once and shown anywhere by its ``identifier`` (the author's label).

    ``points`` > 0; ``tolerance`` (absolute, ≥ 0) is for numeric questions; ``objective`` names
    an :class:`Objective` of the page it is written on; ``answer_link`` and ``answer_key`` are
    where a live audience votes. ``fixed_order`` says that the choices are never shuffled.
    ``source`` and ``line`` say where it is written, for whoever finds a fault in it.
    """

    identifier: str
    kind: QuestionKind
    points: float
    stem_text: str
    stem_html: str
    choices: tuple[Choice, ...]
    tolerance: float = 0.0
    unit: str = ""
    explanation_html: str = ""
    hint_html: str = ""
    objective: str = ""
    answer_link: str = ""
    answer_key: str = ""
    fixed_order: bool = False
    source: str = ""
    line: int = 0

    @property
    def is_shuffled(self) -> bool:
        """Does each student see the choices in an order of their own?"""
        has_order = self.fixed_order or self.kind is QuestionKind.TRUE_FALSE
        return self.kind.has_choices and not has_order


@dataclass(frozen=True)
class Sco:
    """A page that the LMS launches and that reports to it.

    ``identifier`` is an XML ``ID`` made from the document's name (see :func:`identifier_of`);
    ``href`` is the page's path in the package; ``duration`` is in minutes; ``questions`` are the
    identifiers of the questions that the student answers on this page, in reading order.
    ``source`` and ``line`` say where its title is written.
    """

    identifier: str
    title: str
    kind: PageKind
    href: str
    duration: int
    objectives: tuple[Objective, ...] = ()
    prerequisites: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    source: str = ""
    line: int = 0


@dataclass(frozen=True)
class Item:
    """A node of the organization: a heading with ``items``, or the place of a ``sco``.

    ``source`` and ``line`` say where a heading is written.
    """

    identifier: str
    title: str
    sco: Sco | None = None
    items: tuple[Item, ...] = ()
    source: str = ""
    line: int = 0

    def walk(self) -> Iterator[Item]:
        """This item and all below it, in reading order."""
        yield self
        for item in self.items:
            yield from item.walk()


class Weights(StrEnum):
    """What counts in the score of the whole course."""

    POINTS = "points"
    PAGES = "pages"


class Keep(StrEnum):
    """Which of several answers to a question counts."""

    BEST = "best"
    LAST = "last"


class Explain(StrEnum):
    """When a student sees feedback and explanation.

    With ``REQUEST``, feedback after each answer, and the explanation after a right one or when the
    student asks for the solution, which settles the question's points.
    """

    REQUEST = "request"
    ANSWER = "answer"
    LAST_ATTEMPT = "last-attempt"
    NEVER = "never"


class Verdict(StrEnum):
    """What a quiz reports at its end: passed or failed, or that it was done."""

    PASS_FAIL = "pass-fail"
    COMPLETION = "completion"


@dataclass(frozen=True)
class Scoring:
    """The course's scoring policy; the defaults are what serves practice in Moodle best.

    ``weights`` says whether a course's score weighs pages by their points or each page alike;
    ``attempts`` is how often a question may be answered, 0 for without limit; ``penalty`` is the
    share of a question's points (0 … 1) that each try before costs.
    """

    weights: Weights = Weights.POINTS
    attempts: int = 0
    keep: Keep = Keep.BEST
    penalty: float = 0.0
    explain: Explain = Explain.REQUEST
    verdict: Verdict = Verdict.PASS_FAIL


@dataclass(frozen=True)
class Tree:
    """A folder of rendered files and the place they take in the package.

    ``folder`` is relative to ``course.json``; ``prefix`` is ``""`` or ends in ``/``.
    """

    folder: str
    prefix: str


@dataclass(frozen=True)
class Course:
    """Everything that an exporter may know of the course.

    ``modules`` are the items below the course's root; ``trees`` are the folders of its files.

    ``date`` is ISO 8601; ``language`` a BCP 47 tag; ``mastery_score`` a whole number of 0 to 100.
    """

    identifier: str
    title: str
    description: str
    author: str
    date: str
    language: str
    version: str
    mastery_score: int
    modules: tuple[Item, ...]
    questions: tuple[Question, ...]
    trees: tuple[Tree, ...]
    keywords: tuple[str, ...] = ()
    scoring: Scoring = Scoring()

    def items(self) -> Iterator[Item]:
        """Every item of the organization, in reading order."""
        for module in self.modules:
            yield from module.walk()

    def scos(self) -> Iterator[Sco]:
        """Every SCO, in reading order."""
        return (item.sco for item in self.items() if item.sco is not None)


def item_identifier(item: Item) -> str:
    """The identifier under which the LMS keeps a student's work: the SCO's, where there is one."""
    return item.sco.identifier if item.sco else item.identifier


def identifier_of(name: str) -> str:
    """The XML ``ID`` of a document or label: stable, and different for different names.

    An LMS keeps a student's work under this identifier, so it comes from what the author wrote,
    never from a position. ``/`` becomes ``.``; anything else outside ``[A-Za-z0-9-]`` becomes
    ``_`` and its code point in hexadecimal and ``_``, so no two names share one identifier.
    """
    escaped = re.sub(r"[^A-Za-z0-9/-]", lambda m: f"_{ord(m[0]):x}_", name)
    identifier = escaped.replace("/", ".")
    return identifier if re.match(r"[A-Za-z_]", identifier) else f"_.{identifier}"

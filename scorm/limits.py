"""What SCORM 1.2, the zip format and careful players allow, each limit with its source.

Two readers share these rules: the packager asks before it writes, so that an author hears about
every fault at once and in the author's own words; :mod:`scorm.validate` asks of a finished
package. A course must fit SCORM 1.2, the strictest, in whatever format it leaves. Nothing is ever
cut to fit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from scorm.errors import Fault
from scorm.model import Course, Item, Question, QuestionKind, Sco

#: Characters of a title (imscp_rootv1p1p2.xsd, titleType).
TITLE = 200
#: Characters of an item's identifier: the width of Moodle's database column.
IDENTIFIER = 255
#: Characters of an href, and of a reference to an identifier (imscp_rootv1p1p2.xsd).
HREF = 2000
#: Characters of ``adlcp:datafromlms`` (adlcp_rootv1p2.xsd, datafromlmsType).
DATA_FROM_LMS = 255
#: Characters of ``adlcp:prerequisites`` (adlcp_rootv1p2.xsd, prerequisiteStringType).
PREREQUISITES = 200
#: Characters of an interaction's identifier (SCORM 1.2 RTE 3.4.7, CMIIdentifier).
INTERACTION_ID = 255
#: Characters of a fill-in response (SCORM 1.2 RTE 3.4.7, CMIFeedback).
FILL_IN = 255

#: A zip without the 64-bit extension, which not every player reads, stays below both of these.
ZIP_ENTRIES = 65_535
ZIP_BYTES = 4 * 1024**3
#: From here on (bytes) many LMSs refuse an upload in their stock settings.
ZIP_ADVISED_BYTES = 100 * 1024**2

#: The two characters that Open edX would take for HTML, and what a reader sees in their place.
_LOOKALIKES = str.maketrans("<>", "\u2039\u203a")

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z0-9._/-]+")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_INTERACTION_ID = re.compile(r"[!-~]+")
_CHOICE_ID = re.compile(r"[0-9a-z]")


def shown_title(title: str) -> str:
    """The title as the LMS's contents list shows it: one line, safe to insert as HTML.

    Open edX inserts titles as HTML, so ``<`` and ``>`` must not appear; single angle quotation
    marks keep ``RDD<T>`` readable, and the page itself shows what the author wrote.
    """
    return " ".join(title.split()).translate(_LOOKALIKES)


@lru_cache(maxsize=10_000)  # the same names in a package, in its manifest and in other packages
def name_problem(name: str) -> tuple[str, str] | None:
    """Why a path cannot stand in a package: a rule and a message; ``None`` for a good path.

    ADL's validator unzips names as CP437 and fails files without an extension, so only
    ``[A-Za-z0-9._/-]`` travels everywhere.
    """
    parts = name.split("/")
    if "\\" in name:
        return "name-backslash", "a backslash in a path; write / between folders"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "name-absolute", "an absolute path; write it relative to the package's root"
    if ".." in parts:
        return "name-parent", "'..' in a path leaves the package; write the path from its root"
    if "" in parts or "." in parts:
        return "name-parts", "an empty part or '.' in a path; write the plain path from the root"
    if not _NAME.fullmatch(name):
        bad = " ".join(sorted({repr(char) for char in name if not _NAME.fullmatch(char)}))
        return "name-characters", f"{bad} in a path; only A-Z a-z 0-9 . _ - and / are safe"
    stem, _, suffix = parts[-1].rpartition(".")
    if not (stem and suffix):
        return "name-extension", "a file name without an extension; add one, such as .txt"
    return None


def case_clashes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of paths that differ by case only, and would be one file on Windows or macOS."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[name.lower()].add(name)
    return [tuple(sorted(group)) for _, group in sorted(groups.items()) if len(group) > 1]


def course_faults(course: Course) -> list[Fault]:
    """Everything in the course that a SCORM 1.2 package cannot carry, all at once."""
    return [
        *_about(course),
        *(fault for item in course.items() for fault in _of_item(item)),
        *_identifiers(course),
        *_launch_paths(course),
        *(fault for question in course.questions for fault in _of_question(question)),
    ]


def prerequisite_faults(scos: Iterable[Sco]) -> list[Fault]:
    """SCOs that no other one can require, because their identifiers are too long for that."""
    message = f"a linear SCORM 1.2 course needs identifiers of at most {PREREQUISITES} characters"
    return [
        Fault(sco.href, None, f"{message}; shorten the document's path", "prerequisites-length")
        for sco in scos
        if len(sco.identifier) > PREREQUISITES
    ]


def _about(course: Course) -> Iterator[Fault]:
    yield from _title("course.json", "the course", course.title)
    said = {
        "description": course.description,
        "author": course.author,
        "date": course.date,
        "version": course.version,
        "keywords": "".join(course.keywords),
    }
    for what, text in said.items():
        if _NOT_XML.search(text):
            message = f"a control character in the course's {what}; remove it"
            yield Fault("course.json", None, message, "text-characters")
    if not _LANGUAGE.fullmatch(course.language):
        message = f"the language {course.language!r} is no language tag; write one such as 'en'"
        yield Fault("course.json", None, message, "language")
    if not 0 <= course.mastery_score <= 100:
        message = f"the mastery score is {course.mastery_score}; write a whole number of 0 to 100"
        yield Fault("course.json", None, message, "mastery-score")
    if next(course.scos(), None) is None:
        message = "the course has no page to launch; add a page to a module"
        yield Fault("course.json", None, message, "no-sco")


def _of_item(item: Item) -> Iterator[Fault]:
    path = _place(item)
    yield from _title(path, f"the item {item.identifier!r}", item.title)
    for objective in item.sco.objectives if item.sco else ():
        if _NOT_XML.search(objective.text):
            message = f"a control character in the objective {objective.identifier!r}; remove it"
            yield Fault(path, None, message, "text-characters")
    if (item.sco is None) != bool(item.items):
        state = "both a page and" if item.sco else "neither a page nor"
        message = f"the item {item.identifier!r} has {state} items below it; give it one of the two"
        yield Fault(path, None, message, "item-shape")


def _title(path: str, what: str, title: str) -> Iterator[Fault]:
    shown = shown_title(title)
    if _NOT_XML.search(title):
        message = f"the title of {what} holds a control character; remove it"
        yield Fault(path, None, message, "text-characters")
    elif not shown:
        yield Fault(path, None, f"{what} has no title; write one", "title-missing")
    elif len(shown) > TITLE:
        message = f"the title of {what} has {len(shown)} characters; write at most {TITLE}"
        yield Fault(path, None, message, "title-length")


def _identifiers(course: Course) -> Iterator[Fault]:
    seen: set[str] = set()
    places = [("course.json", course.identifier)]
    places += [(_place(item), item_identifier(item)) for item in course.items()]
    for path, identifier in places:
        if not _IDENTIFIER.fullmatch(identifier):
            message = (
                f"the identifier {identifier!r} is not allowed; begin with a letter or _ "
                "and go on with A-Z a-z 0-9 . _ -"
            )
            yield Fault(path, None, message, "identifier-characters")
        elif len(identifier) > IDENTIFIER:
            message = (
                f"the identifier {identifier[:40]}… has {len(identifier)} characters; "
                f"shorten the document's path so that it has at most {IDENTIFIER}"
            )
            yield Fault(path, None, message, "identifier-length")
        if identifier in seen:
            message = f"the identifier {identifier!r} is used twice; rename one of the two"
            yield Fault(path, None, message, "identifier-duplicate")
        seen.add(identifier)


def _launch_paths(course: Course) -> Iterator[Fault]:
    launched: dict[str, Sco] = {}
    for sco in course.scos():
        problem = name_problem(sco.href)
        if problem:
            yield Fault(sco.href, None, f"{sco.href!r}: {problem[1]}", problem[0])
        elif len(sco.href) > HREF:
            message = f"the path has {len(sco.href)} characters; shorten it to at most {HREF}"
            yield Fault(sco.href, None, message, "href-length")
        first = launched.setdefault(sco.href, sco)
        if first is not sco:
            message = (
                f"{first.identifier!r} and {sco.identifier!r} launch the same page; "
                "list the page once"
            )
            yield Fault(sco.href, None, message, "launch-twice")


def _of_question(question: Question) -> Iterator[Fault]:
    label = question.identifier
    if not _INTERACTION_ID.fullmatch(label) or len(label) > INTERACTION_ID:
        message = (
            f"the question label {label!r} cannot name an interaction; "
            f"write at most {INTERACTION_ID} ASCII characters without spaces"
        )
        yield Fault("course.json", None, message, "interaction-id")
    for choice in question.choices:
        if not _CHOICE_ID.fullmatch(choice.identifier):
            message = (
                f"the choice {choice.identifier!r} of the question {label!r} cannot be reported; "
                "a choice's identifier is one character of a-z and 0-9"
            )
            yield Fault("course.json", None, message, "choice-id")
        if question.kind is QuestionKind.TEXT and len(choice.text) > FILL_IN:
            message = (
                f"an answer of the question {label!r} has {len(choice.text)} characters; "
                f"an LMS records at most {FILL_IN}"
            )
            yield Fault("course.json", None, message, "fill-in-length")


def item_identifier(item: Item) -> str:
    """The identifier under which the LMS keeps a student's work: the SCO's, where there is one."""
    return item.sco.identifier if item.sco else item.identifier


def _place(item: Item) -> str:
    return item.sco.href if item.sco else "course.json"

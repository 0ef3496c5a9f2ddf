"""The key to reports of answers: what an LMS's report names, and what each answer says.

A report of an LMS holds identifiers and letters, such as ``closed-by-accident b``. The key says
which question and which choice these are, in one release of the course: letters may mean something
else in another one. The handbook shows it to people, and holds it as :data:`FILE` for the command
``report``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from scorm.course.choices import Sent, sent
from scorm.course.model import Course, Question, QuestionKind

#: The key's file in the instructor's zip.
FILE = "answer-key.json"

#: What SCORM 1.2 and 2004 call the two choices of a question with true and false.
_TRUTH = [("t", "true"), ("f", "false")]


@dataclass(frozen=True)
class KeyChoice:
    """A choice, or where the student types, an answer that the author foresaw.

    ``letter`` is what reports of SCORM 1.2 say, ``name`` what those of SCORM 2004 and cmi5 say;
    ``name`` stays when choices are reordered. Both are empty for a typed answer.
    """

    letter: str
    name: str
    text: str
    correct: bool


@dataclass(frozen=True)
class KeyQuestion:
    """A question; ``scorm12`` and ``scorm2004`` are the names that reports know it by.

    The first one changes with the choices, as letters then mean something else.
    """

    label: str
    scorm12: str
    scorm2004: str
    kind: QuestionKind
    points: float
    stem: str
    choices: tuple[KeyChoice, ...]


@dataclass(frozen=True)
class KeyPage:
    """A page and the labels of the questions that it asks."""

    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class AnswerKey:
    """The key of one release of a course; ``version`` is that of ``conf.py``."""

    course: str
    title: str
    version: str
    date: str
    pages: tuple[KeyPage, ...]
    questions: tuple[KeyQuestion, ...]


def key_of(course: Course) -> AnswerKey:
    """The key of a course."""
    return AnswerKey(
        course.identifier,
        course.title,
        course.version,
        course.date,
        tuple(KeyPage(sco.title, sco.questions) for sco in course.scos() if sco.questions),
        tuple(map(_question, course.questions)),
    )


def _question(question: Question) -> KeyQuestion:
    named = sent(question)
    return KeyQuestion(
        named.label,
        named.scorm12,
        named.scorm2004,
        question.kind,
        question.points,
        _line(question.stem_text),
        tuple(_choices(question, named)),
    )


def _choices(question: Question, named: Sent) -> Iterator[KeyChoice]:
    if not question.kind.has_choices:
        words = [("", "")] * len(question.choices)
    elif question.kind is QuestionKind.TRUE_FALSE:
        words = _TRUTH
    else:
        words = [(choice.letter, choice.name) for choice in named.choices]
    for choice, (letter, name) in zip(question.choices, words, strict=True):
        yield KeyChoice(letter, name, _line(choice.text), choice.correct)


def _line(text: str) -> str:
    return " ".join(text.split())


def picked(question: KeyQuestion, identifier: str, response: str) -> tuple[KeyChoice, ...] | None:
    """The choices that a report's response names; ``None`` where it names others, or none.

    ``b``, ``a,c`` and ``t`` are SCORM 1.2; ``map[,]reduce`` and ``true`` are SCORM 2004. The
    interaction's ``identifier`` tells which of the two it is.
    """
    by_word = {}
    for choice in question.choices:
        if identifier == question.scorm12:
            by_word[choice.letter] = choice
        if identifier == question.scorm2004:
            by_word[choice.name] = choice
    words = response.replace("[,]", ",").split(",")
    known = tuple(by_word[word] for word in words if word and word in by_word)
    return known if len(known) == len(words) else None


def dump(key: AnswerKey) -> str:
    """The key as the text of its file."""
    return json.dumps(asdict(key), ensure_ascii=False, indent=1) + "\n"


def load(text: str) -> AnswerKey:
    """The key in such a text; raises :exc:`ValueError` where it is none."""
    try:
        data = json.loads(text)
        return AnswerKey(
            **{
                **data,
                "pages": tuple(
                    KeyPage(page["title"], tuple(page["questions"])) for page in data["pages"]
                ),
                "questions": tuple(map(_loaded, data["questions"])),
            }
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no key of answers ({error})") from error


def _loaded(data: dict[str, Any]) -> KeyQuestion:
    return KeyQuestion(
        **{
            **data,
            "kind": QuestionKind(data["kind"]),
            "choices": tuple(KeyChoice(**choice) for choice in data["choices"]),
        }
    )

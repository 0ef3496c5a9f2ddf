"""A key, and made-up students who answer its questions, some better than others."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from scorm.course.answer_key import AnswerKey, KeyChoice, KeyPage, KeyQuestion
from scorm.course.model import QuestionKind
from tests.support.moodle_report import Cells, Row

LETTERS = "abcd"


def question(label: str, right: str = "b", revision: str = "") -> KeyQuestion:
    """A question with four choices, of which one is right."""
    choices = tuple(
        KeyChoice(letter, f"{label}_{letter}", f"Choice {letter} of {label}", letter == right)
        for letter in LETTERS
    )
    scorm12 = f"{label}.{revision}" if revision else label
    return KeyQuestion(
        label, scorm12, label, QuestionKind.SINGLE, 1.0, f"What is {label}?", choices
    )


def key(*questions: KeyQuestion, version: str = "1") -> AnswerKey:
    """A key of these questions, all of one page."""
    labels = tuple(it.label for it in questions)
    return AnswerKey("c", "Course", version, "2026-01-15", (KeyPage("Quiz", labels),), questions)


LABELS = [f"q{n}" for n in range(8)]
KEY = key(*map(question, LABELS))


def answer(label: str, letter: str, said_right: str = "b") -> Cells:
    """What the LMS holds of an answer; right is what the page said was right."""
    return (label, letter, said_right, "correct" if letter == said_right else "wrong")


def classroom(
    count: int, *, wrong_key: str = "", labels: Sequence[str] = LABELS, seed: int = 1
) -> list[Row]:
    """Students from weak to strong, the stronger the more often right, who try until they are.

    In the question ``wrong_key`` the page takes ``c`` for right, while ``b`` is.
    """
    random = Random(seed)
    rows = []
    for n in range(count):
        able = 0.2 + 0.75 * n / max(count - 1, 1)
        answers: list[Cells] = []
        for label in labels:
            said_right = "c" if label == wrong_key else "b"
            first = "b" if random.random() < able else random.choice("acd")
            answers.append(answer(label, first, said_right))
            if first != said_right:
                answers.append(answer(label, said_right, said_right))
        rows.append(Row(f"Student {n:03}", {0: answers}))
    random.shuffle(rows)
    return rows

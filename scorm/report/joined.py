"""Join the answers of an export with the keys of a course: whose answer is to which question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scorm.course.answer_key import AnswerKey, KeyChoice, KeyQuestion, picked
from scorm.report.moodle_export import Answer, Attempt


@dataclass(frozen=True)
class Try:
    """One answer to a question.

    ``mark`` is 0 to 1; ``response`` is what the student typed, or what the report says of it.
    ``choices`` are the names of those that were picked. There is ``None`` where the student types,
    and where no key at hand knows what the response names.
    """

    mark: float
    response: str
    choices: frozenset[str] | None


@dataclass(frozen=True)
class Asked:
    """A question, and each student's tries in their order.

    ``choices`` are all that any key has, by name, or where the student types by text.
    """

    question: KeyQuestion
    choices: dict[str, KeyChoice] = field(default_factory=dict)
    tries: dict[tuple[str, ...], list[Try]] = field(default_factory=dict)


@dataclass(frozen=True)
class Joined:
    """Everything that was asked, in the order of the key, and the number of students who answered.

    ``unknown`` are the identifiers of interactions that are in no key.
    """

    asked: tuple[Asked, ...]
    students: int
    unknown: tuple[str, ...]


def join(attempts: Iterable[Attempt], keys: Sequence[AnswerKey]) -> Joined:
    """What students answered, by question. What keys say differently is as the first one says."""
    named, asked = _named(keys), _asked(keys)
    students: set[tuple[str, ...]] = set()
    unknown: dict[str, None] = {}
    for attempt in attempts:
        for answer in attempt.answers:
            questions = named.get(answer.question, [])
            label = questions[0].label if questions else answer.question.rpartition(".")[0]
            if label in asked:
                tries = asked[label].tries.setdefault(attempt.student, [])
                tries.append(_try(questions, answer))
                students.add(attempt.student)
            else:
                unknown[answer.question] = None
    return Joined(tuple(asked.values()), len(students), tuple(unknown))


def _named(keys: Sequence[AnswerKey]) -> dict[str, list[KeyQuestion]]:
    """The questions that each identifier of an interaction may mean: one in each release."""
    found: defaultdict[str, list[KeyQuestion]] = defaultdict(list)
    for key in keys:
        for question in key.questions:
            for identifier in {question.scorm12, question.scorm2004}:
                found[identifier].append(question)
    return dict(found)


def _asked(keys: Sequence[AnswerKey]) -> dict[str, Asked]:
    """Every question by its label, first those of pages in their order."""
    found: dict[str, Asked] = {}
    for key in keys:
        by_label = {question.label: question for question in key.questions}
        in_order = dict.fromkeys(label for page in key.pages for label in page.questions)
        for label in (*in_order, *(by_label.keys() - in_order.keys())):
            asked = found.setdefault(label, Asked(by_label[label]))
            for choice in by_label[label].choices:
                asked.choices.setdefault(choice.name or choice.text, choice)
    return found


def _try(questions: Sequence[KeyQuestion], answer: Answer) -> Try:
    found = (picked(question, answer.question, answer.response) for question in questions)
    choices = next((choices for choices in found if choices is not None), None)
    names = None if choices is None else frozenset(choice.name for choice in choices)
    return Try(_mark(answer.result), answer.response, names)


def _mark(result: str) -> float:
    """A word, or for a partly right answer a number of 0 to 1 (SCORM 1.2 RTE 3.4.7, CMIResult)."""
    if result == "correct":
        return 1.0
    return min(max(float(result), 0.0), 1.0) if result[-1:].isdigit() else 0.0

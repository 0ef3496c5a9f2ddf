"""The figures of each question: how many tried it, how it went, who was drawn by which choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from scorm.course.answer_key import AnswerKey, KeyQuestion
from scorm.errors import ReportError
from scorm.report import statistics
from scorm.report.joined import Asked, Joined, Try

#: With fewer students figures say more about chance, and about single students, than about
#: questions.
FEWEST = 20
#: So many right and wrong answers there must be before a hint says that they lie oddly.
_FEWEST_OF_EACH = 3
#: So many students must have typed the same before a report repeats it: it may be anything.
_FEWEST_ALIKE = 2
_MOST_TYPED = 5


@dataclass(frozen=True)
class ChoiceFigures:
    """How many of the first tries picked a choice, or typed this.

    ``letter`` and ``text`` are those of the key; ``best`` is how many of the best third did.
    """

    letter: str
    text: str
    correct: bool
    count: int
    share: float
    best: int


@dataclass(frozen=True)
class QuestionFigures:
    """The figures of one question.

    ``right_first`` and ``right_end`` are numbers of students: at the first try, and at any.
    ``facility`` is of 0 to 1, ``discrimination`` and ``efficiency`` of -1 to 1; ``None`` where
    too few tried, or where all did alike. ``unread`` is the number of first tries of which no key
    tells what was picked; ``hints`` are sentences.
    """

    question: KeyQuestion
    tried: int
    right_first: int
    right_end: int
    facility: float | None = None
    discrimination: float | None = None
    efficiency: float | None = None
    choices: tuple[ChoiceFigures, ...] = ()
    unread: int = 0
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What an export tells of a course's questions.

    ``questions`` are those that somebody answered; ``unanswered`` are labels, ``unknown``
    identifiers of interactions that no key has.
    """

    title: str
    version: str
    students: int
    questions: tuple[QuestionFigures, ...]
    unanswered: tuple[str, ...]
    unknown: tuple[str, ...]


def report_of(joined: Joined, key: AnswerKey) -> Report:
    """The figures of all questions.

    :raises ReportError: where the export is of another course, or of too few students.
    """
    if not joined.students:
        raise ReportError(_nothing(joined, key))
    if joined.students < FEWEST:
        raise ReportError(
            f"{joined.students} {'student has' if joined.students == 1 else 'students have'} "
            f"answered, and a report needs {FEWEST}: with fewer its figures are chance, and tell "
            "of single students; wait for more, or give the exports of several groups together"
        )
    answered = [asked for asked in joined.asked if asked.tries]
    first = {asked.question.label: _first_marks(asked) for asked in answered}
    points = {asked.question.label: asked.question.points for asked in answered}
    return Report(
        key.title,
        key.version,
        joined.students,
        tuple(_figures(asked, _others(asked, first, points)) for asked in answered),
        tuple(asked.question.label for asked in joined.asked if not asked.tries),
        joined.unknown,
    )


def _nothing(joined: Joined, key: AnswerKey) -> str:
    if joined.unknown:
        return (
            f"no answer is to a question of '{key.title}' ({key.version}), but to "
            f"{', '.join(joined.unknown[:3])}; give the export of this course, or the "
            "instructor's zip of the course that students have, by --key"
        )
    return (
        "the export holds no answer: nobody has answered yet, or the package is of SCORM 2004, of "
        "which Moodle's report shows none; its package of SCORM 1.2 can be read"
    )


Students = dict[tuple[str, ...], float]


def _first_marks(asked: Asked) -> Students:
    return {student: tries[0].mark for student, tries in asked.tries.items()}


def _others(asked: Asked, first: dict[str, Students], points: dict[str, float]) -> Students:
    """What each student who tried the question has of the points of all others that they tried.

    Moodle adds up points, and counts a question that was left out as 0. Here students are often
    half-way, so it is the share of what they have tried. For whoever has answered everything the
    two say the same.
    """
    found: Students = {}
    rest = {label: marks for label, marks in first.items() if label != asked.question.label}
    for student in asked.tries:
        worth = sum(points[label] for label, marks in rest.items() if student in marks)
        got = sum(points[label] * marks.get(student, 0.0) for label, marks in rest.items())
        if worth:
            found[student] = got / worth
    return found


def _figures(asked: Asked, others: Students) -> QuestionFigures:
    tries = list(asked.tries.values())
    count = len(tries)
    plain = QuestionFigures(
        asked.question,
        count,
        sum(its[0].mark == 1 for its in tries),
        sum(any(one.mark == 1 for one in its) for its in tries),
    )
    if count < FEWEST:
        return plain
    marks = {student: its[0].mark for student, its in asked.tries.items()}
    both = [(marks[student], other) for student, other in others.items()]
    compared = [list(column) for column in zip(*both, strict=True)] or [[], []]
    is_enough = len(both) >= FEWEST
    best = _best_third(others) if is_enough else set()
    choices = tuple(_choices(asked, best))
    discrimination = statistics.discrimination(*compared) if is_enough else None
    return QuestionFigures(
        plain.question,
        plain.tried,
        plain.right_first,
        plain.right_end,
        statistics.facility(list(marks.values())),
        discrimination,
        statistics.efficiency(*compared) if is_enough else None,
        choices,
        sum(_is_unread(asked, its[0]) for its in tries),
        tuple(_hints(plain, discrimination, choices)),
    )


def _best_third(others: Students) -> set[tuple[str, ...]]:
    """The third of the students who do best in the other questions, and who is as good as they."""
    ranked = sorted(others.values(), reverse=True)
    least = ranked[max(len(ranked) // 3, 1) - 1]
    return {student for student, other in others.items() if other >= least}


def _is_unread(asked: Asked, first: Try) -> bool:
    return asked.question.kind.has_choices and first.choices is None


def _choices(asked: Asked, best: set[tuple[str, ...]]) -> Iterator[ChoiceFigures]:
    """Each choice; where the student types, what was typed most; of a task, what was found."""
    first = {student: tries[0] for student, tries in asked.tries.items()}

    def figures(
        letter: str, text: str, correct: bool, who: Iterable[tuple[str, ...]]
    ) -> ChoiceFigures:
        those = set(who)
        share = len(those) / len(first)
        return ChoiceFigures(letter, text, correct, len(those), share, len(those & best))

    if asked.question.kind.has_choices:
        for choice in asked.choices.values():
            who = (it for it, one in first.items() if one.choices and choice.name in one.choices)
            yield figures(choice.letter, choice.text, choice.correct, who)
        return
    right = [student for student, one in first.items() if one.mark == 1]
    accepted = ", ".join(choice.text for choice in asked.choices.values() if choice.correct)
    yield figures("", accepted or "the whole task", True, right)
    wrong = Counter(one.response for one in first.values() if one.mark < 1)
    for response, times in wrong.most_common(_MOST_TYPED):
        if times >= _FEWEST_ALIKE:
            who = (it for it, one in first.items() if one.mark < 1 and one.response == response)
            yield figures("", response, False, who)


def _hints(
    plain: QuestionFigures, discrimination: float | None, choices: Sequence[ChoiceFigures]
) -> Iterator[str]:
    """Why the key may be wrong, in sentences."""
    right, wrong = plain.right_first, plain.tried - plain.right_first
    # A correlation that is nothing strays by about this much.
    chance = 1 / sqrt(plain.tried)
    is_negative = discrimination is not None and discrimination < -chance
    if is_negative and min(right, wrong) >= _FEWEST_OF_EACH:
        yield (
            "Whoever does well elsewhere does worse here: is the key right, and the question clear?"
        )
    least_right = min((choice.best for choice in choices if choice.correct), default=0)
    wrong_ones = [choice for choice in choices if not choice.correct]
    drawing = max(wrong_ones, key=lambda choice: choice.best, default=None)
    if drawing and drawing.best > least_right and drawing.best >= _FEWEST_OF_EACH:
        yield (
            f"Of the best third of the students, more choose “{drawing.text}” ({drawing.best}) "
            f"than what the key says ({least_right}): is the key right?"
        )

"""The questions of the course: nobody does well who guesses without reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from scorm.course import course_json
from scorm.course.model import Choice, Question, QuestionKind

#: A guesser may do better than chance by as much, in points of a hundred, and not by more.
LEEWAY = 0.10
#: So many questions with several right choices say something about their number.
FEW = 5
#: No number of right choices may be that of more than this share of them.
MOST_ALIKE = 0.6

#: A choice that speaks of the other choices, and one that leaves no exception.
OF_THE_OTHERS = re.compile(
    r"\b(?:all|any|both|neither|none) of (?:the above|these|those|them)\b", re.IGNORECASE
)
ABSOLUTE = re.compile(r"\b(?:always|never|nobody|nothing|impossible)\b", re.IGNORECASE)

#: A guesser looks at the choices of a question and says among which places it picks one blindly.
Guesser = Callable[[Sequence[Choice]], Sequence[int]]


def longest(choices: Iterable[tuple[int, Choice]]) -> int:
    """The place of the longest of these choices."""
    return max(choices, key=lambda it: len(it[1].text))[0]


def middle(choices: Sequence[Choice]) -> list[tuple[int, Choice]]:
    """All choices but the first and the last, with their places."""
    return list(enumerate(choices))[1:-1] or list(enumerate(choices))


def of_middle_length(choices: Sequence[Choice]) -> list[int]:
    """The places of all choices but the longest and the shortest."""
    by_length = sorted(range(len(choices)), key=lambda place: len(choices[place].text))
    return by_length[1:-1]


def telling(words: re.Pattern[str], choices: Sequence[Choice]) -> list[int]:
    """The places of the choices that have such words."""
    return [place for place, choice in enumerate(choices) if words.search(choice.text)]


def without(words: re.Pattern[str], choices: Sequence[Choice]) -> list[int]:
    """The places of the choices that do not have such words."""
    return [place for place, choice in enumerate(choices) if not words.search(choice.text)]


#: Guessers by place, by length, by both, and by words.
GUESSERS: dict[str, Guesser] = {
    "the first": lambda choices: [0],
    "the second": lambda choices: [1],
    "the third": lambda choices: [min(2, len(choices) - 1)],
    "the last": lambda choices: [len(choices) - 1],
    "the longest": lambda choices: [longest(enumerate(choices))],
    "the shortest": lambda choices: [min(enumerate(choices), key=lambda it: len(it[1].text))[0]],
    "the longest in the middle": lambda choices: [longest(middle(choices))],
    "one of middle length": of_middle_length,
    "what speaks of the others": lambda choices: telling(OF_THE_OTHERS, choices),
    "what is absolute": lambda choices: telling(ABSOLUTE, choices),
    "what is not absolute": lambda choices: without(ABSOLUTE, choices),
}


def score(guess: Guesser, question: Question) -> float:
    """How often this guesser is right; where it finds nothing to go by, it picks among all."""
    choices = question.choices
    places = guess(choices) or range(len(choices))
    return sum(choices[place].correct for place in places) / len(places)


def scores(questions: Sequence[Question]) -> tuple[float, dict[str, float]]:
    """What chance alone brings in these questions with one right choice, and each guesser."""
    chance = sum(1 / len(question.choices) for question in questions) / len(questions)
    return chance, {
        name: sum(score(guess, question) for question in questions) / len(questions)
        for name, guess in GUESSERS.items()
    }


def faults_of(questions: Sequence[Question]) -> list[str]:
    """What lets somebody guess in these questions of one module, in words."""
    faults = []
    single = [it for it in questions if it.kind is QuestionKind.SINGLE]
    if single:
        chance, found = scores(single)
        faults += [
            f"who always picks {name} scores {score:.0%} of {len(single)}; chance is {chance:.0%}"
            for name, score in found.items()
            if score > chance + LEEWAY
        ]
    several = [
        sum(choice.correct for choice in it.choices)
        for it in questions
        if it.kind is QuestionKind.MULTIPLE
    ]
    ((number, times),) = Counter(several).most_common(1) or [(0, 0)]
    if len(several) >= FEW and times > MOST_ALIKE * len(several):
        faults.append(f"{times} of {len(several)} multiple questions have {number} right choices")
    truths = [it.choices[0].correct for it in questions if it.kind is QuestionKind.TRUE_FALSE]
    if len(truths) >= 2 and len(set(truths)) == 1:
        faults.append(f"all {len(truths)} true-false questions are {truths[0]}")
    return faults


def question(kind: QuestionKind, *choices: tuple[str, bool]) -> Question:
    """A question whose choices are texts, each with whether it is right."""
    made = (
        Choice("abcdefgh"[place], text, text, correct)
        for place, (text, correct) in enumerate(choices)
    )
    return Question("q", kind, 1, "Which?", "Which?", tuple(made))


def worded(right: str, others: str = "ff") -> Question:
    """A question whose right choice, of three, has these words, and the others have those."""
    return question(
        QuestionKind.SINGLE, (f"{others} b", False), (right, True), (f"{others} c", False)
    )


def single(place: int, length: int = 3) -> Question:
    """A question of four choices with the right one at a place, of that many letters."""
    texts = ["aaa", "bbbb", "ccc", "dddd"]
    texts[place] = "x" * length
    return question(QuestionKind.SINGLE, *((text, n == place) for n, text in enumerate(texts)))


def test_fair_questions_pass() -> None:
    """Do questions pass whose right choices lie everywhere, and are long as often as short?"""
    texts = ["aa", "bbb", "cccc", "ddddd"]
    fair = [
        question(
            QuestionKind.SINGLE,
            *((texts[(place + turn) % 4], place == right) for place in range(4)),
        )
        for right in range(4)
        for turn in range(4)
    ]
    assert faults_of(fair) == []
    several = [
        question(QuestionKind.MULTIPLE, *((letter, n < right) for n, letter in enumerate("abcd")))
        for right in (1, 2, 3, 4, 2, 3)
    ]
    truths = [
        question(QuestionKind.TRUE_FALSE, ("True", right), ("False", not right))
        for right in (True, False)
    ]
    assert faults_of([*several, *truths]) == []


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ([single(1, 3 + n % 3) for n in range(8)], "the second scores 100%"),
        ([single(n % 4, 9) for n in range(8)], "the longest scores 100%"),
        ([single(n % 4, 1) for n in range(8)], "the shortest scores 100%"),
        ([single(1 + n % 2, 9) for n in range(8)], "the longest in the middle scores 100%"),
        ([single(1)] * 2 + [single(2)] * 2, "one of middle length scores 50%"),
        ([worded("All of the above")] * 2, "what speaks of the others scores 100%"),
        ([worded("it is always so")] * 2, "what is absolute scores 100%"),
        ([worded("as a rule", "always")] * 2, "what is not absolute scores 100%"),
        (
            [question(QuestionKind.MULTIPLE, ("a", True), ("b", True), ("c", False))] * 5,
            "5 of 5 multiple questions have 2 right choices",
        ),
        (
            [question(QuestionKind.TRUE_FALSE, ("True", False), ("False", True))] * 2,
            "all 2 true-false questions are False",
        ),
    ],
)
def test_each_way_to_guess_is_told(questions: list[Question], words: str) -> None:
    """Is each thing told by which a question can be answered without being read?"""
    assert any(words in fault for fault in faults_of(questions))


def test_no_module_can_be_guessed(course_package: Path, project: Path) -> None:
    """Does a guesser do no better than chance in any module?"""
    course = course_json.load(project / "_build" / "course.json")
    known = {it.identifier: it for it in course.questions}
    found = {
        module.identifier: faults_of(
            [known[label] for item in module.walk() if item.sco for label in item.sco.questions]
        )
        for module in course.modules
    }
    assert not any(found.values()), found

"""Read the body of a question as its author wrote it: the stem, then the choices.

::

    What is the subject of this course?

    - [ ] Cloud computing
      > The cloud is where it runs, not what it is about.
    - [x] Data distribution
      > Yes: spreading data and the work on it over many machines.

``[x]`` marks a correct choice; the lines that start with ``>`` inside an item are the feedback
of that choice. A choice is known by its text. A line ``{was: the old text}`` inside the item lets
it be known by what it said before, so that students keep their pick when its words are mended.

Where the student types an answer, ``[x]`` items are the answers accepted and
``[ ]`` items are mistakes foreseen, each with its feedback. A task has a stem only. This module
knows nothing of Sphinx, only text and lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scorm.course.model import QuestionKind

_ITEM = re.compile(r"[-*+] \[(?P<mark>[^\]]*)\](?P<text> .*|)$")
_FEEDBACK = re.compile(r">( |$)")
_WAS = re.compile(r"\{was: *(?P<text>.*?) *\}\s*$")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Block:
    """Lines of Markdown and the number of the first one, counted from 0 in the body."""

    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as one string, without blank lines around them."""
        return "\n".join(self.lines).strip()


@dataclass
class SourceChoice:
    """One choice as written: its letter, whether it is correct, its text and feedback.

    ``was`` is what its author says that it is known by, if anything.
    """

    letter: str
    correct: bool
    content: Block
    feedback: Block
    was: str = ""


@dataclass
class QuestionSource:
    """The body of a question as written; ``faults`` are (line counted from 0, message)."""

    stem: Block
    choices: list[SourceChoice]
    faults: list[tuple[int, str]]


def read_body(lines: Sequence[str]) -> QuestionSource:
    """Split the lines of a question's body into stem, choices and feedback."""
    stem = Block(0)
    choices: list[SourceChoice] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        item = _ITEM.match(line)
        if item:
            choices.append(_start_choice(item, number, len(choices), faults))
        elif not choices:
            stem.lines.append(line)
        elif line.startswith("  ") or not line.strip():
            _continue_choice(choices[-1], line[2:], number, faults)
        else:
            faults.append(
                (
                    number,
                    "this text stands after the choices; put it before them, indent it by two "
                    "spaces to make it part of a choice, or move it to the option 'explanation'",
                )
            )
    return QuestionSource(stem, choices, faults)


def _start_choice(
    item: re.Match[str], number: int, position: int, faults: list[tuple[int, str]]
) -> SourceChoice:
    mark = item["mark"]
    if mark not in ("x", "X", " "):
        faults.append((number, f"'[{mark}]' marks nothing; write '[x]' (correct) or '[ ]'"))
    if position >= len(_LETTERS):
        faults.append((number, f"a question has at most {len(_LETTERS)} choices; remove some"))
    return SourceChoice(
        letter=_LETTERS[position % len(_LETTERS)],
        correct=mark in ("x", "X"),
        content=Block(number, [item["text"].strip()]),
        feedback=Block(number),
    )


def _continue_choice(
    choice: SourceChoice, line: str, number: int, faults: list[tuple[int, str]]
) -> None:
    was = _WAS.match(line)
    if was:
        if choice.was or not was["text"]:
            message = "write the old text of this choice once, as in '{was: the old text}'"
            faults.append((number, message))
        choice.was = was["text"]
        if not choice.feedback.lines:
            choice.content.lines.append("")  # keep the lines' numbers
    elif _FEEDBACK.match(line):
        if not choice.feedback.lines:
            choice.feedback.line = number
        choice.feedback.lines.append(line[2:])
    elif choice.feedback.lines and line.strip():
        # Markdown lets a quotation run on without its marker ("lazy continuation").
        choice.feedback.lines.append(line)
    elif not choice.feedback.lines:
        choice.content.lines.append(line)


def faults_of(
    kind: QuestionKind, source: QuestionSource, tolerance: float | None
) -> list[tuple[int, str]]:
    """Everything wrong with the body of a question of this kind, as (line from 0, message)."""
    faults = list(source.faults)
    if not source.stem.text:
        faults.append((0, "the question asks nothing; write its text before the choices"))
    if kind is QuestionKind.TASK:
        return faults + _faults_of_task(source, tolerance)
    if not source.choices:
        example = "'- [x] 42'" if not kind.has_choices else "'- [x] text' and '- [ ] text'"
        faults.append((0, f"the question has no answers; list them as {example}"))
        return faults
    for choice in source.choices:
        if not choice.content.text:
            faults.append((choice.content.line, "this choice is empty; write its text"))
    faults += _faults_of_correctness(kind, source)
    if kind is QuestionKind.TRUE_FALSE:
        faults += _faults_of_true_false(source)
    if kind is QuestionKind.NUMERIC:
        faults += _faults_of_numbers(source)
    elif tolerance is not None:
        faults.append((0, "only a numeric question has a tolerance; remove the option"))
    return faults


def _faults_of_task(source: QuestionSource, tolerance: float | None) -> list[tuple[int, str]]:
    faults = []
    if source.choices:
        message = (
            "a task has no answers, as the page itself sees what was done; remove the list, or "
            "write another kind"
        )
        faults.append((source.choices[0].content.line, message))
    if tolerance is not None:
        faults.append((0, "only a numeric question has a tolerance; remove the option"))
    return faults


def _faults_of_correctness(kind: QuestionKind, source: QuestionSource) -> list[tuple[int, str]]:
    correct = [choice for choice in source.choices if choice.correct]
    if not correct:
        return [(source.choices[0].content.line, "no choice is correct; mark one with '[x]'")]
    one_only = kind in (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE)
    if one_only and len(correct) > 1:
        return [
            (
                correct[1].content.line,
                f"{len(correct)} choices are marked correct in a question of kind '{kind}'; "
                "mark one, or write ':kind: multiple'",
            )
        ]
    if kind.has_choices and len(source.choices) < 2:
        return [(source.choices[0].content.line, "there is nothing to choose from; add a choice")]
    return []


def _faults_of_true_false(source: QuestionSource) -> list[tuple[int, str]]:
    texts = [choice.content.text.casefold() for choice in source.choices]
    if texts == ["true", "false"]:
        return []
    line = source.choices[0].content.line
    return [(line, "a true-false question has the choices 'True' and 'False', in this order")]


def _faults_of_numbers(source: QuestionSource) -> list[tuple[int, str]]:
    return [
        (
            choice.content.line,
            f"'{choice.content.text}' is not a number; write digits and a point, as in '3.5', "
            "and the unit in the option 'unit'",
        )
        for choice in source.choices
        if not is_number(choice.content.text)
    ]


def is_number(text: str) -> bool:
    """Is this a decimal number as SCORM writes it (1.2 RTE 3.4.7, CMIDecimal)?"""
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", text.strip()) is not None

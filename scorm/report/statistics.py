"""How well a question asks, by the formulas of Moodle's quiz statistics.

Source: Moodle 4.5, question/classes/statistics/questions/calculator.php
(``secondary_question_walker``); in words, docs.moodle.org/dev, "Quiz statistics calculations".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt


def facility(marks: Sequence[float]) -> float:
    """The mean of the marks, each of 0 to 1."""
    return sum(marks) / len(marks)


def discrimination(marks: Sequence[float], others: Sequence[float]) -> float | None:
    """The correlation of each student's mark with that student's marks in all other questions.

    ``None`` where all marks, or all others, are the same.
    """
    spread = _covariance(marks, marks) * _covariance(others, others)
    return _covariance(marks, others) / sqrt(spread) if spread > _NOTHING else None


def efficiency(marks: Sequence[float], others: Sequence[float]) -> float | None:
    """The covariance of the two, beside the greatest that marks like these could have.

    That is the one where the student with the best mark is the one who is best in the others, and
    so on. ``None`` where it is 0.
    """
    greatest = _covariance(sorted(marks), sorted(others))
    return _covariance(marks, others) / greatest if greatest > _NOTHING else None


#: What floating-point numbers leave of a spread of 0.
_NOTHING = 1e-12


def _covariance(first: Sequence[float], second: Sequence[float]) -> float:
    """The sample covariance; 0 for less than two values."""
    if len(first) < 2:
        return 0.0
    mean, other_mean = sum(first) / len(first), sum(second) / len(second)
    products = ((a - mean) * (b - other_mean) for a, b in zip(first, second, strict=True))
    return sum(products) / (len(first) - 1)

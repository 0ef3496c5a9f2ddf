"""What an LMS recorded of an item, in the same words for every standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An interaction; ``result`` is ``correct``, ``wrong`` or a number, whatever the standard."""

    question: str
    result: str
    response: str


@dataclass(frozen=True)
class Seen:
    """The state of an item; ``score`` is of 100, ``None`` where the LMS holds none."""

    status: str = ""
    score: float | None = None
    answers: tuple[Answer, ...] = ()
    left: bool = False

    @classmethod
    def of(cls, record: dict[str, Any]) -> Seen:
        """What the record of any standard says; ``left`` is true once the page has said goodbye."""
        if "verbs" in record:
            return _of_cmi5(record)
        return _of_2004(record) if "cmi.completion_status" in record else _of_12(record)


def interactions(record: dict[str, str]) -> list[dict[str, str]]:
    """The interactions of a SCORM record, in their order, each as field to text."""
    found: dict[int, dict[str, str]] = {}
    for element, value in record.items():
        if element.startswith("cmi.interactions."):
            index, _, name = element.removeprefix("cmi.interactions.").partition(".")
            found.setdefault(int(index), {})[name] = value
    return [found[index] for index in sorted(found)]


def _of_12(record: dict[str, str]) -> Seen:
    return Seen(
        record.get("cmi.core.lesson_status", ""),
        _number(record.get("cmi.core.score.raw")),
        tuple(
            Answer(it["id"], it.get("result", ""), it.get("student_response", ""))
            for it in interactions(record)
        ),
        record.get("cmi.core.exit") == "suspend",
    )


def _of_2004(record: dict[str, str]) -> Seen:
    success = record.get("cmi.success_status", "unknown")
    return Seen(
        success if success != "unknown" else record["cmi.completion_status"],
        _number(record.get("cmi.score.raw")),
        tuple(
            Answer(
                it["id"],
                it.get("result", "").replace("incorrect", "wrong"),
                it.get("learner_response", ""),
            )
            for it in interactions(record)
        ),
        record.get("cmi.exit") == "suspend",
    )


def _of_cmi5(record: dict[str, Any]) -> Seen:
    score = record["score"]
    return Seen(
        record["status"],
        None if score is None else round(100 * score, 2),
        tuple(
            Answer(
                one["object"]["id"],
                "correct" if one["result"].get("success") else "wrong",
                one["result"].get("response", ""),
            )
            for one in record["statements"]
            if one["verb"]["id"].endswith("/answered")
        ),
        record["verbs"][-1] == "terminated",
    )


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)

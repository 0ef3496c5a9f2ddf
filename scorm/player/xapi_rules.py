"""What xAPI 1.0.3 asks of every statement (part two, Data), whoever sends it.

What cmi5 asks on top is in :mod:`scorm.player.cmi5_rules`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

_PROPERTIES = {
    *("id", "actor", "verb", "object", "result", "context", "timestamp"),
    *("stored", "authority", "version", "attachments"),
}
_RESULTS = {"score", "success", "completion", "response", "duration", "extensions"}

#: An absolute IRI (RFC 3987): a scheme, and no character that has to be escaped.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"{}|\\^`\ud800-\udfff]+")

_NUMBER = r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
#: A choice's identifier: any text, as xAPI only advises against white space (2.4.4.1).
_ID = r"((?!\[,\]).)+"

_OBJECTS = {"Activity", "Agent", "Group", "SubStatement", "StatementRef"}
_LISTS = {"parent", "grouping", "category", "other"}

_TYPES = {
    *("true-false", "choice", "fill-in", "long-fill-in", "matching", "performance"),
    *("sequencing", "likert", "numeric", "other"),
}
#: Responses by those types that have a form (2.4.4.1, appendix C).
_RESPONSES = {
    "true-false": "true|false",
    "choice": rf"{_ID}(\[,\]{_ID})*",
    "fill-in": ".+",
    "numeric": _NUMBER,
}
#: Patterns where they differ from responses: a number is a range, which may be open.
_PATTERNS = {**_RESPONSES, "numeric": rf"({_NUMBER})?\[:\]({_NUMBER})?|{_NUMBER}"}


def broken(statement: dict[str, Any]) -> Iterator[str]:
    """Say which rules the statement breaks, each with its section."""
    strange = statement.keys() - _PROPERTIES
    if strange:
        yield f"a statement has no {', '.join(sorted(strange))} (xAPI 2.2)"
    if _has_nothing(statement):
        yield "no value is null, and no number NaN or infinite (xAPI 2.2)"
    if not is_iri(str(statement.get("verb", {}).get("id", ""))):
        yield "a verb's id is an IRI (xAPI 2.4.3)"
    target = statement.get("object", {})
    kind = target.get("objectType", "Activity")
    if kind not in _OBJECTS:
        yield f"“{kind}” is no type of object (xAPI 2.4.4)"
    elif kind == "Activity":
        yield from _activity(target)
    yield from _context(statement.get("context", {}))
    result = statement.get("result", {})
    yield from _result(result)
    yield from _interaction(target.get("definition", {}), result)


def is_iri(text: str) -> bool:
    """Is it an absolute IRI?"""
    return _IRI.fullmatch(text) is not None


def _activity(activity: dict[str, Any]) -> Iterator[str]:
    """The rules of an activity; ``objectType`` may be left out (2.4.4.1)."""
    if not is_iri(str(activity.get("id", ""))):
        yield f"“{activity.get('id', '')}”, an activity's id, is an IRI (xAPI 2.4.4.1)"


def _context(context: dict[str, Any]) -> Iterator[str]:
    """The rules of the context's lists of activities (2.4.6.2)."""
    for name, activities in context.get("contextActivities", {}).items():
        if name not in _LISTS:
            yield f"contextActivities has no {name} (xAPI 2.4.6.2)"
        for activity in activities:
            if activity.get("objectType", "Activity") != "Activity":
                yield f"{name} lists activities, not “{activity['objectType']}” (xAPI 2.4.6.2)"
            yield from _activity(activity)


def _has_nothing(value: object) -> bool:
    if isinstance(value, dict):
        # Extensions are free in this as well.
        return any(_has_nothing(one) for name, one in value.items() if name != "extensions")
    if isinstance(value, list):
        return any(map(_has_nothing, value))
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _result(result: dict[str, Any]) -> Iterator[str]:
    strange = result.keys() - _RESULTS
    if strange:
        yield f"a result has no {', '.join(sorted(strange))} (xAPI 2.4.5)"
    for name in ("success", "completion"):
        if not isinstance(result.get(name, True), bool):
            yield f"{name} is true or false (xAPI 2.4.5)"
    score = result.get("score", {})
    if not -1 <= score.get("scaled", 0) <= 1:
        yield "a scaled score lies between -1 and 1 (xAPI 2.4.5.1)"
    least, most = score.get("min", -math.inf), score.get("max", math.inf)
    if not least < most or not least <= score.get("raw", least) <= most:
        yield "a raw score lies between min and max, which differ (xAPI 2.4.5.1)"


def _interaction(definition: dict[str, Any], result: dict[str, Any]) -> Iterator[str]:
    kind = definition.get("interactionType")
    if kind is None:
        return
    if kind not in _TYPES:
        yield f"“{kind}” is no type of interaction (xAPI 2.4.4.1)"
    if kind not in _RESPONSES:
        return
    response = result.get("response", "")
    if response and not re.fullmatch(_RESPONSES[kind], response, re.DOTALL):
        yield f"“{response}” is no response of type {kind} (xAPI 2.4.4.1)"
    for pattern in definition.get("correctResponsesPattern", []):
        if not re.fullmatch(_PATTERNS[kind], pattern, re.DOTALL):
            yield f"“{pattern}” is no right response of type {kind} (xAPI 2.4.4.1)"

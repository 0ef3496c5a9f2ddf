"""What cmi5 asks of an assignable unit's statements, one question after the other.

The clauses are those of the cmi5 specification (Quartz, 1st edition); an LMS must refuse what
breaks them (6.3).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scorm.player import xapi_rules
from scorm.player.contents import ManifestItem
from scorm.player.lrs import Statement, identity_of

ADL_VERBS = "http://adlnet.gov/expapi/verbs/"
LMS_VERBS = "https://w3id.org/xapi/adl/verbs/"
CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
EXTENSIONS = "https://w3id.org/xapi/cmi5/context/extensions/"

_OF_AU = ("initialized", "completed", "passed", "failed", "terminated")
_OF_LMS = ("launched", "abandoned", "waived", "satisfied")

_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+]00(:?00)?)")
_N = r"\d+([.,]\d+)?"
#: ISO 8601, 4.4.3.2: only the smallest unit may have a fraction.
_DURATION = re.compile(
    rf"P(?=.)(?!.*[.,]\d+[A-Z].)({_N}W|({_N}Y)?({_N}M)?({_N}D)?(T(?=\d)({_N}H)?({_N}M)?({_N}S)?)?)"
)


@dataclass
class Session:
    """One launch of an AU; ``verbs`` are the last words of those of cmi5 that it has sent."""

    identifier: str
    item: ManifestItem
    activity: str
    registration: str
    actor: dict[str, Any]
    template: dict[str, Any]
    token: str
    token_given: bool = False
    launch_data_read: bool = False
    preferences_read: bool = False
    abandoned: bool = False
    verbs: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """May the AU still send statements?"""
        return not self.abandoned and "terminated" not in self.verbs


def verb_of(statement: Statement) -> str:
    """The last word of the statement's verb."""
    return str(statement.get("verb", {}).get("id", "")).rpartition("/")[2]


def session_of(statement: Statement) -> str:
    """The session that the statement belongs to (9.6.3.1)."""
    return str(statement.get("context", {}).get("extensions", {}).get(f"{EXTENSIONS}sessionid"))


def is_defined(statement: Statement) -> bool:
    """Is it one of the statements that cmi5 itself defines, not only allows (7.1.3)?"""
    return CMI5 in _activities(statement, "category")


def _activities(statement: Statement, name: str) -> set[str]:
    """The activities in a list of the context.

    An activity is known by its id, whatever else is written of it (xAPI 2.4.4.1): the default
    ``objectType`` may be there or not.
    """
    found = statement.get("context", {}).get("contextActivities", {}).get(name, [])
    return {activity["id"] for activity in found}


def broken(statement: Statement, session: Session, earlier: list[str]) -> list[str]:
    """Which rules the statement breaks; ``earlier`` are the AU's verbs in this registration."""
    problems = [*_form(statement), *_order(statement, session), *_context(statement, session)]
    if is_defined(statement):
        problems += _defined(statement, session, earlier)
    else:
        problems += _allowed(statement)
    return problems


def _form(statement: Statement) -> Iterator[str]:
    try:
        uuid.UUID(str(statement.get("id")))
    except ValueError:
        yield "a statement's id is a UUID that the AU makes (9.1)"
    if not _UTC.fullmatch(str(statement.get("timestamp", ""))):
        yield "a statement has a timestamp, in UTC (9.7)"
    if not statement.get("object"):
        yield "a statement has an object (9.4)"
    result = statement.get("result", {})
    if "duration" in result and not _DURATION.fullmatch(str(result["duration"])):
        yield f"“{result['duration']}” is no ISO 8601 duration (9.5.4)"
    yield from xapi_rules.broken(statement)


def _order(statement: Statement, session: Session) -> Iterator[str]:
    if not session.is_open:
        yield "the session is over: “terminated” is its last statement (9.3.8)"
    if "initialized" not in session.verbs:
        if verb_of(statement) != "initialized" or not is_defined(statement):
            yield "“initialized”, of the category cmi5, is a session's first statement (9.3.2)"
        if not session.launch_data_read:
            yield "LMS.LaunchData is read before “initialized” (10.2)"
        if not session.preferences_read:
            yield "cmi5LearnerPreferences are read before “initialized” (11)"


def _context(statement: Statement, session: Session) -> Iterator[str]:
    context = statement.get("context", {})
    if not _is_same(statement.get("actor"), session.actor):
        yield "the actor is not the one of the launch (9.2)"
    if context.get("registration") != session.registration:
        yield "the registration is not the one of the launch (9.6.1)"
    extensions = context.get("extensions", {})
    if not session.template["extensions"].items() <= extensions.items():
        yield "the context lacks the session id of the contextTemplate (9.6.3.1)"
    given = {one["id"] for one in session.template["contextActivities"]["grouping"]}
    if not given <= _activities(statement, "grouping"):
        yield "the context lacks the publisher id of the contextTemplate (9.6.2.3)"


def _is_same(actor: object, given: dict[str, Any]) -> bool:
    """Is it the same agent, whatever else than its account is written of it (xAPI 2.4.2.1)?"""
    try:
        return identity_of(actor) == identity_of(given)
    except ValueError:
        return False


def _allowed(statement: Statement) -> Iterator[str]:
    """What a statement may not do that cmi5 only allows; its verb is free (7.1.3, 9.3)."""
    if statement.get("verb", {}).get("id") == f"{ADL_VERBS}voided":
        yield "an AU voids no statement (6.3)"
    if MOVE_ON in _activities(statement, "category"):
        yield "only statements of the category cmi5 have the category moveon (9.6.2.2)"


def _defined(statement: Statement, session: Session, earlier: list[str]) -> Iterator[str]:
    verb, result = verb_of(statement), statement.get("result", {})
    if verb in _OF_LMS:
        yield f"only the LMS says “{verb}” (9.3)"
    elif verb not in _OF_AU or statement["verb"]["id"] != ADL_VERBS + verb:
        yield f"“{verb}” is no verb of cmi5; leave the category out (9.3)"
    if statement.get("object", {}).get("id") != session.activity:
        yield "the object is not the activity of the launch (9.4)"
    yield from _once(verb, session, earlier)
    expected = {"completed": ("completion", True), "passed": ("success", True)}
    expected["failed"] = ("success", False)
    said = {name: result[name] for name in ("completion", "success") if name in result}
    if said != dict([expected[verb]] if verb in expected else []):
        yield f"“{verb}” with the result {said or 'nothing'} (9.5.2, 9.5.3)"
    if (verb in expected) != (MOVE_ON in _activities(statement, "category")):
        yield f"“{verb}” has the category moveon when it completes or judges, only then (9.6.2.2)"
    if verb != "initialized" and "duration" not in result:
        yield f"“{verb}” tells a duration (9.5.4.1)"
    yield from _scored(statement, session, verb)


def _once(verb: str, session: Session, earlier: list[str]) -> Iterator[str]:
    if verb in session.verbs:
        yield f"“{verb}” comes once in a session (9.3)"
    elif verb in ("completed", "passed") and verb in earlier:
        yield f"“{verb}” comes once in a registration (9.3)"
    elif verb == "failed" and "passed" in earlier:
        yield "“failed” never follows “passed” (9.3)"
    elif verb in ("passed", "failed") and {"passed", "failed"} & {*session.verbs}:
        yield "a session passes or fails once (9.3)"


def _scored(statement: Statement, session: Session, verb: str) -> Iterator[str]:
    score = statement.get("result", {}).get("score")
    if score is not None and verb not in ("passed", "failed"):
        yield f"“{verb}” has no score (9.5.1)"
    if score and "raw" in score and not {"min", "max"} <= score.keys():
        yield "a raw score comes with min and max (9.5.1)"
    if score and score.get("scaled", 0) < 0:
        yield "a scaled score lies between 0 and 1 (9.5.1)"
    if score and session.item.mastery_score and "scaled" in score:
        mastery = float(session.item.mastery_score)
        if (score["scaled"] >= mastery) != (verb == "passed"):
            yield f"“{verb}” at {score['scaled']}, with a mastery score of {mastery} (9.5.1)"
        if statement["context"].get("extensions", {}).get(f"{EXTENSIONS}masteryscore") != mastery:
            yield f"“{verb}” names the mastery score in its context (9.6.3.2)"

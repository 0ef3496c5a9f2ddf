"""Whatever a student types and whatever the clock says: is each value in an accepted form?

Hypothesis makes up answers, labels, scores and times; the runtime turns them into calls or
requests, in one Node.js process, once by a store alone and once by a page's tracking, as in a
visit. Each value that reaches an LMS by SCORM is held against the narrowest form that all tried
players accept, written down here anew, from the standards' text; each request of cmi5 is made
to the LMS of ``scorm.player``, which refuses what xAPI and cmi5 forbid.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorm.build.node import command
from scorm.player.cmi5 import Cmi5Lms
from scorm.player.contents import ManifestItem
from scorm.player.requests import Request
from tests.conftest import ROOT

Values = dict[str, str]

# The forms

#: A decimal without exponent, leading point or "-0" (CMIDecimal, 1.2 RTE 3.4.2.1; real(10,7),
#: 2004 RTE 4.1.1.7).
DECIMAL = r"(?!-0$)-?(0|[1-9]\d*)(\.\d{1,7})?"
#: The same, not negative and at most 100 (1.2 RTE 3.4.4, score.raw).
PERCENT = r"100|[1-9]?\d(\.\d{1,7})?"
#: CMITimespan (1.2 RTE 3.4.2.1); Moodle wants four digits of hours and the hundredths.
TIMESPAN = r"\d{4}:[0-5]\d:[0-5]\d\.\d\d"
#: CMITime (1.2 RTE 3.4.2.1).
TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
#: timeinterval(second,10,2) (2004 RTE 4.1.1.7), hours, minutes, then seconds that are there.
DURATION = r"PT(\d{1,10}H)?([1-5]?\dM)?([1-5]?\d)(\.\d{1,2})?S"
#: time(second,10,0) (2004 RTE 4.1.1.7), in years 1970 to 2038, with hundredths where it ends in
#: Z, which no player may take for none.
TIMESTAMP = (
    r"(19[7-9]\d|20[0-2]\d|203[0-8])-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.(?!00)\d\dZ)?"
)
#: CMIIdentifier, also as a long identifier of SCORM 2004.
IDENTIFIER = r"[A-Za-z0-9_-]{1,255}"
#: One line that is not blank, does not begin with "{", and holds no control characters.
LINE = r"(?!\{)[^\x00-\x1f\x7f-\x9f\u2028\u2029]"

FORMS_12 = {
    "cmi.core.lesson_status": "passed|completed|failed|incomplete",
    "cmi.core.score.raw": PERCENT,
    "cmi.core.score.min": "0",
    "cmi.core.score.max": "100",
    "cmi.core.lesson_location": ".{0,255}",
    "cmi.suspend_data": r"[\x20-\x7e]{0,4096}",
    "cmi.core.exit": "|suspend|logout|time-out",
    "cmi.core.session_time": TIMESPAN,
    "cmi.interactions.n.id": IDENTIFIER,
    "cmi.interactions.n.type": "true-false|choice|fill-in|numeric",
    "cmi.interactions.n.time": TIME,
    "cmi.interactions.n.objectives.n.id": IDENTIFIER,
    "cmi.interactions.n.weighting": DECIMAL,
    "cmi.interactions.n.result": rf"correct|wrong|{DECIMAL}",
    "cmi.interactions.n.latency": TIMESPAN,
}

#: Responses and patterns by type of interaction (1.2 RTE 3.4.7).
RESPONSES_12 = {
    "true-false": "[01tf]",
    "choice": "[0-9a-z](,[0-9a-z]){0,25}",
    "fill-in": LINE + "{1,255}",
    "numeric": DECIMAL,
}

FORMS_2004 = {
    "cmi.completion_status": "completed|incomplete|unknown|not attempted",
    "cmi.success_status": "passed|failed|unknown",
    "cmi.score.scaled": r"-?(1|0(\.\d{1,7})?)",
    "cmi.score.raw": PERCENT,
    "cmi.score.min": "0",
    "cmi.score.max": "100",
    "cmi.location": ".{0,1000}",
    "cmi.suspend_data": r"[\x20-\x7e]{0,4096}",
    "cmi.exit": "|suspend|normal",
    "cmi.session_time": DURATION,
    "cmi.interactions.n.id": IDENTIFIER,
    "cmi.interactions.n.type": "true-false|choice|fill-in|numeric",
    "cmi.interactions.n.timestamp": TIMESTAMP,
    "cmi.interactions.n.objectives.n.id": IDENTIFIER,
    "cmi.interactions.n.weighting": DECIMAL,
    "cmi.interactions.n.result": rf"correct|incorrect|{DECIMAL}",
    "cmi.interactions.n.latency": DURATION,
}

_SMALL = r"(?!-0$)-?(0|[1-9]\d{0,3})(\.\d{1,7})?"

#: Responses by type of interaction (2004 RTE 4.2.9.1); at most 36 choices, 4 digits in Moodle.
RESPONSES_2004 = {
    "true-false": "true|false",
    "choice": r"[A-Za-z0-9_.]{1,250}(\[,\][A-Za-z0-9_.]{1,250}){0,35}",
    "fill-in": LINE + "{1,250}",
    "numeric": _SMALL,
}

#: Patterns where they differ from responses: a number is a range, with both its ends.
PATTERNS_2004 = {**RESPONSES_2004, "numeric": rf"{_SMALL}\[:\]{_SMALL}"}

STORES = {
    "scorm12": ("LMSSetValue", FORMS_12, RESPONSES_12, RESPONSES_12),
    "scorm2004": ("SetValue", FORMS_2004, RESPONSES_2004, PATTERNS_2004),
}


#: What a page keeps in an LRS for itself.
FORM_OF_STATE = r"[\x20-\x7e]{0,4096}"
STATUSES = ("incomplete", "completed", "passed", "failed")


def misfits(store: str, calls: list[list[str]]) -> list[str]:
    """The values that no careful player need accept, each as element and value."""
    method, forms, responses, patterns = STORES[store]
    sent = [(element, value) for name, element, value in _sets(method, calls)]
    types = {element.removesuffix(".type"): value for element, value in sent if _is_type(element)}
    found = []
    for element, value in sent:
        interaction = ".".join(element.split(".")[:3])
        if re.search(r"\.(student|learner)_response$", element):
            form = responses[types[interaction]]
        elif element.endswith(".pattern"):
            form = patterns[types[interaction]]
        else:
            form = forms[re.sub(r"\.\d+\.", ".n.", element)]
        if not re.fullmatch(form, _units(value)) or _has_half_character(value):
            found.append(f"{element} = {value!r}")
    return found


def _sets(method: str, calls: list[list[str]]) -> Iterator[list[str]]:
    return (call for call in calls if call[0] == method)


def _is_type(element: str) -> bool:
    return element.endswith(".type")


def _units(value: str) -> str:
    """One character for each UTF-16 unit, which is what players count."""
    data = value.encode("utf-16-le", "surrogatepass")
    return "".join(chr(data[at] + 256 * data[at + 1]) for at in range(0, len(data), 2))


def _has_half_character(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


BASE = "https://lms.example/"


class Registration:
    """A student's registration in a cmi5 course of one page, launched once.

    ``launch`` is what the page is told; ``mastery`` the page's mastery score of 100, if any.
    """

    def __init__(self, mastery: float | None = None) -> None:
        self._faults: list[str] = []
        score = "" if mastery is None else str(mastery / 100)
        move_on = "Completed" if mastery is None else "Passed"
        page = ManifestItem("urn:x:p", "P", "p.html", True, score, move_on=move_on)
        self._lms = Cmi5Lms([page], BASE, lambda _, fault: self._faults.append(fault))
        search = urlsplit(self._lms.launch(page.identifier)).query
        given = dict(parse_qsl(search))
        token = given["fetch"].rpartition("/")[2]
        self._token = json.loads(self._lms.fetch(token).body)["auth-token"]
        state = {name: given[name] for name in ("activityId", "registration")}
        query = {**state, "agent": given["actor"], "stateId": "LMS.LaunchData"}
        data = json.loads(self._ask("GET", "activities/state", query, "").body)
        self.launch = {"search": f"?{search}", "token": self._token, "data": data}

    def misfits(self, requests: list[list[Any]]) -> list[str]:
        """What an LMS must refuse of these requests, and what is wrong with the state kept."""
        found = []
        for method, address, headers, body in requests:
            parts = urlsplit(address)
            resource = parts.path.removeprefix("/xapi/")
            names = {name.lower(): value for name, value in headers.items()}
            assert names["authorization"] == f"Basic {self._token}"
            self._ask(method, resource, dict(parse_qsl(parts.query)), body)
            if method == "PUT":
                found += _misfits_of_state(json.loads(body))
        return found + self._faults

    def _ask(self, method: str, resource: str, query: dict[str, str], body: str) -> Any:
        headers = {
            "authorization": f"Basic {self._token}",
            "x-experience-api-version": "1.0.3",
            "content-type": "application/json",
        }
        return self._lms.answer(Request(method, resource, query, headers, body.encode()))


def _misfits_of_state(work: dict[str, Any]) -> list[str]:
    """What a document of a page's own must not hold."""
    fits = {
        "state": bool(re.fullmatch(FORM_OF_STATE, work["state"])),
        "status": work["status"] in STATUSES,
        "score": work["score"] is None or 0 <= work["score"] <= 100,
        "said": {*work["said"]} <= {"completed", "passed"},
    }
    return [f"{name} = {work[name]!r}" for name, fit in fits.items() if not fit]


# What students, authors and clocks come up with

#: Any text, with what is likely to hurt more often: quotes, brackets, lines, half characters.
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.text(
        st.sampled_from("{}[],:.;=|\"'<>&\\ \t\n\r\x00\x07\x85\u2028\ud83d\ude00e\u0301\u200da1")
    ),
    st.text(st.characters(), min_size=240, max_size=260),
)
NUMBERS = st.one_of(
    st.floats().map(repr),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.from_regex(r"[-+\u2212]?[0-9.,' ]{1,12}(e[-+]?\d{1,3})?( ?km)?", fullmatch=True),
    TEXTS,
)
LABELS = st.one_of(st.from_regex(r"[a-z][a-z0-9-]{0,59}", fullmatch=True), st.text(min_size=1))
POINTS = st.floats(min_value=0, exclude_min=True, max_value=1e6).map(repr)
#: Milliseconds on a clock that never goes back, of a computer that slept too.
ELAPSED = st.one_of(st.floats(0, 1e12), st.floats(0, 1e8)).map(repr)
#: Milliseconds: a clock that went back, one that never ran.
SPANS = st.one_of(
    ELAPSED, st.floats(-1e12, 0).map(repr), st.sampled_from(["Infinity", "-Infinity", "NaN"])
)
#: Milliseconds since 1970, to the end of 2037.
INSTANTS = st.integers(0, 2_145_916_799_999).map(str)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def answers(draw: st.DrawFn, spans: st.SearchStrategy[str] = SPANS) -> dict[str, Any]:
    """A question of any kind, and what a student answered."""
    kind = draw(st.sampled_from(["single", "multiple", "true-false", "numeric", "text"]))
    is_typed = kind in ("numeric", "text")
    most = {"true-false": 2, "numeric": 4, "text": 4}.get(kind, 26)
    size = draw(st.integers(1 if is_typed else 2, most))
    values = (
        TEXTS if kind == "text" else st.from_regex(r"[+-]?\d{1,20}(\.\d{1,20})?", fullmatch=True)
    )
    typed = draw(st.lists(values, min_size=size, max_size=size)) if is_typed else [""] * size
    right = draw(st.sets(st.integers(0, size - 1), min_size=1))
    if kind in ("single", "true-false"):
        right = {min(right)}
    choices = [
        {"id": letter, "correct": index in right, "value": value, "feedback": ""}
        for index, (letter, value) in enumerate(zip(LETTERS, typed, strict=False))
    ]
    picks = st.sets(st.sampled_from(LETTERS[:size]), min_size=1)
    if kind in ("single", "true-false"):
        picks = st.sampled_from(LETTERS[:size]).map(set)
    response = draw(NUMBERS if is_typed else picks.map(lambda ids: ",".join(sorted(ids))))
    question = {
        "kind": kind,
        "label": draw(LABELS),
        "points": draw(POINTS),
        "answers": {"choices": choices, "tolerance": draw(st.floats(0, 1e6)), "explanation": ""},
        "unit": "km",
        "objective": draw(st.one_of(st.just(""), LABELS)),
    }
    return {
        "question": question,
        "response": response,
        "latency": draw(spans),
        "at": draw(INSTANTS),
    }


@st.composite
def snapshots(draw: st.DrawFn) -> dict[str, Any]:
    """A student's work as tracking tells it: the score is of 100, a position names a section."""
    score = draw(st.one_of(st.none(), st.floats(0, 100)))
    return {
        "status": draw(st.sampled_from(["incomplete", "completed", "passed", "failed"])),
        "score": None if score is None else repr(score),
        "state": draw(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))),
        "position": draw(st.text(st.characters(exclude_categories=("C", "Z")), max_size=1200)),
        "elapsed": draw(SPANS),
    }


@st.composite
def visits(draw: st.DrawFn) -> dict[str, Any]:
    """What else a student does on a page, and what the author says of it."""
    return {
        "kind": draw(st.sampled_from(["lesson", "quiz"])),
        "title": draw(TEXTS),
        "mastery": draw(st.one_of(st.none(), st.integers(1, 100))),
        "position": draw(st.text(st.characters(exclude_categories=("C", "Z")), max_size=1200)),
        "span": draw(ELAPSED),
        "reads": draw(st.booleans()),
    }


class Driver:
    """The runtime in a Node.js process (see ``runtime/drive.js``)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*command("node"), str(ROOT / "tests" / "runtime" / "drive.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "TZ": "Asia/Kolkata"},
        )

    def told(self, store: str, given: list[dict[str, Any]], **rest: Any) -> list[list[Any]]:
        """What the LMS is told of these answers and the rest: a ``snapshot``, or a ``visit``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        message = {"store": store, "answers": given, **rest}
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        told: list[list[Any]] = json.loads(self._process.stdout.readline())
        return told

    def misfits(self, store: str, given: list[dict[str, Any]], **rest: Any) -> list[str]:
        """What an LMS may refuse of that."""
        if store in STORES:
            return misfits(store, self.told(store, given, **rest))
        mastery = rest.get("visit", {}).get("mastery")
        registration = Registration(mastery)
        told = self.told(store, given, launch=registration.launch, **rest)
        return registration.misfits(told)

    def close(self) -> None:
        """End the process; an error in it fails the test."""
        self._process.communicate()
        assert self._process.returncode == 0


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    """One process for all examples."""
    driver = Driver()
    yield driver
    driver.close()


EXAMPLES = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("store", [*STORES, "cmi5"])
def test_each_value_has_an_accepted_form(driver: Driver, store: str) -> None:
    """Does no made-up answer, label, score or time reach the LMS in a form that it may refuse?"""

    @settings(EXAMPLES, max_examples=500)
    @given(snapshots(), st.lists(answers(), min_size=1, max_size=3))
    def holds(snapshot: dict[str, Any], given_answers: list[dict[str, Any]]) -> None:
        assert driver.misfits(store, given_answers, snapshot=snapshot) == []

    holds()


@pytest.mark.parametrize("store", [*STORES, "cmi5"])
def test_each_visit_sends_accepted_forms(driver: Driver, store: str) -> None:
    """Does a student's visit, of any answers, places and times, bring nothing else to the LMS?"""

    @settings(EXAMPLES, max_examples=300)
    @given(visits(), st.lists(answers(ELAPSED), max_size=3, unique_by=_label))
    def holds(visit: dict[str, Any], given_answers: list[dict[str, Any]]) -> None:
        assert driver.misfits(store, given_answers, visit=visit) == []

    holds()


def _label(answer: dict[str, Any]) -> str:
    return str(answer["question"]["label"])


@pytest.mark.parametrize("store", STORES)
def test_identifier_and_type_come_first(driver: Driver, store: str) -> None:
    """Does each interaction begin with its id and type, as strict players demand (error 408)?"""

    @settings(EXAMPLES, max_examples=100)
    @given(snapshots(), answers())
    def holds(snapshot: dict[str, Any], answer: dict[str, Any]) -> None:
        calls = driver.told(store, [answer], snapshot=snapshot)
        sent = [element for _, element, _ in _sets(STORES[store][0], calls)]
        parts = [element.split(".", 3)[3] for element in sent if "interactions" in element]
        assert parts[:2] in ([], ["id", "type"])

    holds()


@pytest.mark.parametrize(
    ("store", "kind", "part", "value"),
    [
        ("scorm12", "numeric", "student_response", "1e-7"),
        ("scorm12", "numeric", "student_response", ".5"),
        ("scorm12", "choice", "student_response", "opt-1"),
        ("scorm12", "fill-in", "student_response", "two\nlines"),
        ("scorm12", "fill-in", "student_response", "\U0001f600" * 128),
        ("scorm12", "fill-in", "result", "incorrect"),
        ("scorm12", "fill-in", "latency", "1:02:03"),
        ("scorm12", "fill-in", "time", "24:00:00"),
        ("scorm2004", "choice", "learner_response", "opt-1"),
        ("scorm2004", "choice", "learner_response", ""),
        ("scorm2004", "fill-in", "learner_response", "{a"),
        ("scorm2004", "fill-in", "learner_response", "\ud83d"),
        ("scorm2004", "numeric", "learner_response", "12345"),
        ("scorm2004", "numeric", "correct_responses.0.pattern", "3"),
        ("scorm2004", "numeric", "correct_responses.0.pattern", "[:]5"),
        ("scorm2004", "numeric", "timestamp", "2026-11-22T10:00:00.123Z"),
        ("scorm2004", "numeric", "timestamp", "2026-11-22T10:00:00.00Z"),
        ("scorm2004", "numeric", "latency", "PT"),
        ("scorm2004", "numeric", "latency", "PT1.5H"),
        ("scorm2004", "numeric", "latency", "PT1.234S"),
        ("scorm2004", "numeric", "weighting", "-0"),
    ],
)
def test_what_players_refuse_is_no_accepted_form(
    store: str, kind: str, part: str, value: str
) -> None:
    """Would these tests notice the values that real players were seen to refuse?"""
    method = STORES[store][0]
    interaction = "cmi.interactions.0"
    calls = [[method, f"{interaction}.type", kind], [method, f"{interaction}.{part}", value]]
    assert len(misfits(store, calls)) == 1

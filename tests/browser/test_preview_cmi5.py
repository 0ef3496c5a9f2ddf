"""The local LMS and cmi5: does its LRS keep what it should, and refuse what cmi5 forbids?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from scorm.player import PreviewServer
from tests.support.assignable_unit import ADL, MASTERY, Unit

from .handmade import BARE_PAGE, Handmade, HandmadePage
from .support import Player

QUIZ, PAGE = "urn:x-handmade:quiz", "urn:x-handmade:one"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An AU that is satisfied by completion, and one that must be passed."""
    pages = [
        HandmadePage("one", "One", BARE_PAGE, parameters="?a=1", launch_data="hello"),
        HandmadePage("quiz", "Quiz", BARE_PAGE, mastery_score="70"),
    ]
    return Handmade(pages, standard="cmi5").write(tmp_path / "bare-cmi5.zip")


@pytest.fixture
def server(package: Path) -> Iterator[PreviewServer]:
    with PreviewServer(package) as server:
        yield server


def test_session(server: PreviewServer) -> None:
    """Does a well-behaved AU come through, and is it satisfied when it meets its criterion?"""
    unit = Unit(server, QUIZ).begin()
    assert unit.data["moveOn"] == "Passed"
    assert unit.data["masteryScore"] == 0.7
    assert unit.say(unit.statement("answered", response="b"), unit.completed()) == 200
    assert server.recorded(QUIZ)["satisfied"] is False
    assert unit.say(unit.passed()) == 200
    assert unit.say(unit.terminated()) == 200
    record = server.recorded(QUIZ)
    assert (record["status"], record["score"], record["satisfied"]) == ("passed", 0.8, True)
    assert record["verbs"] == [
        *("launched", "initialized", "answered", "completed", "passed", "satisfied", "terminated")
    ]
    assert server.faults == ()


def test_launch(server: PreviewServer) -> None:
    """Does the launch keep the AU's own parameters, and one activity and registration?"""
    address = json.loads(Unit(server, PAGE).post("lms/launch", {"identifier": PAGE}))
    assert "/course/one.html?a=1&endpoint=" in address
    units = [Unit(server, PAGE).begin() for _ in range(2)]
    assert units[0].data["launchParameters"] == "hello"
    assert units[0].data["contextTemplate"] != units[1].data["contextTemplate"]
    for name in ("activityId", "registration", "actor"):
        assert units[0].given[name] == units[1].given[name]
    assert "abandoned" in server.recorded(PAGE)["verbs"]
    assert units[0].say(units[0].terminated()) == 403


def test_fetch_once(server: PreviewServer) -> None:
    """Is the token given once only, and every other request refused?"""
    unit = Unit(server, PAGE).launch()
    again = json.loads(unit.post(urlsplit(unit.given["fetch"]).path))
    assert again["error-code"] == "1"
    unit.token = "another"
    assert unit.say(unit.statement("initialized")) == 401
    assert len(server.faults) == 1


def test_documents(server: PreviewServer) -> None:
    """Does the State resource keep, merge, list, guard and delete documents?"""
    unit = Unit(server, PAGE).launch()
    mine = unit.state("mine")
    assert unit.ask("GET", "activities/state", mine)[0] == 404
    assert unit.ask("PUT", "activities/state", mine, b'{"a": 1}', Content_Type="application/json")[
        0
    ] in (200, 204)
    status, body, etag = unit.ask("GET", "activities/state", mine)
    assert (status, body) == (200, b'{"a": 1}')
    assert etag
    unit.ask("POST", "activities/state", mine, b'{"b": 2}', Content_Type="application/json")
    assert json.loads(unit.ask("GET", "activities/state", mine)[1]) == {"a": 1, "b": 2}
    assert unit.ask("PUT", "activities/state", mine, b"{}", If_Match=etag)[0] == 412
    assert unit.ask("PUT", "activities/state", mine, b"{}", If_None_Match="*")[0] == 412
    assert json.loads(unit.ask("GET", "activities/state", unit.state())[1]) == [
        *("LMS.LaunchData", "mine")
    ]
    assert unit.ask("DELETE", "activities/state", mine)[0] == 204
    assert unit.ask("GET", "activities/state", mine)[0] == 404
    assert unit.ask("PUT", "activities/state", unit.state("LMS.LaunchData"), b"{}")[0] == 403


def test_twice(server: PreviewServer) -> None:
    """Is a statement that comes twice kept once, and another under its id refused?"""
    unit = Unit(server, PAGE).begin()
    once = unit.statement("answered", response="b")
    assert [unit.say(once), unit.say(once)] == [200, 200]
    assert server.recorded(PAGE)["verbs"].count("answered") == 1
    assert unit.say({**once, "result": {"response": "c"}}) == 409
    status, body, _ = unit.ask("GET", "statements", {"verb": ADL + "answered"})
    assert (status, len(json.loads(body)["statements"])) == (200, 1)


def without(statement: dict[str, Any], *path: str) -> dict[str, Any]:
    """The statement, less what the path leads to."""
    found = statement
    for name in path[:-1]:
        found = found[name]
    del found[path[-1]]
    return statement


EMPTY_PATTERN = {
    "id": "urn:x:question",
    "definition": {"interactionType": "fill-in", "correctResponsesPattern": [""]},
}

BROKEN: dict[str, tuple[Callable[[Unit], list[dict[str, Any]]], str]] = {
    "no id": (lambda it: [without(it.completed(), "id")], "9.1"),
    "no time": (lambda it: [without(it.completed(), "timestamp")], "9.7"),
    "local time": (lambda it: [it.completed() | {"timestamp": "2026-01-31T10:00:00+02:00"}], "9.7"),
    "no registration": (lambda it: [without(it.completed(), "context", "registration")], "9.6.1"),
    "no session": (lambda it: [without(it.completed(), "context", "extensions")], "9.6.3.1"),
    "no publisher id": (
        lambda it: [without(it.completed(), "context", "contextActivities", "grouping")],
        "9.6.2.3",
    ),
    "other actor": (lambda it: [it.completed() | {"actor": {"mbox": "mailto:a@b.example"}}], "9.2"),
    "other object": (lambda it: [it.completed() | {"object": {"id": "urn:x"}}], "9.4"),
    "no duration": (lambda it: [without(it.completed(), "result", "duration")], "9.5.4"),
    "bad duration": (lambda it: [it.statement("terminated", duration="1:00")], "9.5.4"),
    "not completed": (lambda it: [it.statement("completed", duration="PT1S")], "9.5.3"),
    "completed with a score": (
        lambda it: [
            it.statement("completed", completion=True, score={"scaled": 1}, duration="PT1S")
        ],
        "9.5.1",
    ),
    "passed too low": (lambda it: [it.passed(0.5)], "9.5.1"),
    "failed too high": (lambda it: [it.failed(0.9)], "9.5.1"),
    "no mastery score": (
        lambda it: [without(it.passed(), "context", "extensions", MASTERY)],
        "9.6",
    ),
    "raw alone": (
        lambda it: [it.statement("passed", success=True, score={"raw": 1}, duration="PT1S")],
        "9.5.1",
    ),
    "below nothing": (lambda it: [it.failed(-0.1)], "9.5.1"),
    "no difference of min and max": (
        lambda it: [it.statement("answered", score={"raw": 0, "min": 0, "max": 0})],
        "2.4.5.1",
    ),
    "null": (lambda it: [it.statement("answered", response=None)], "xAPI 2.2"),
    "a space in an id": (
        lambda it: [it.statement("answered") | {"object": {"id": "urn:a b"}}],
        "IRI",
    ),
    "no right answer": (
        lambda it: [it.statement("answered") | {"object": EMPTY_PATTERN}],
        "2.4.4.1",
    ),
    "completed twice": (lambda it: [it.completed(), it.completed()], "9.3"),
    "passed, then failed": (lambda it: [it.passed(), it.failed()], "9.3"),
    "failed, then passed": (lambda it: [it.failed(), it.passed()], "9.3"),
    "initialized twice": (lambda it: [it.statement("initialized")], "9.3"),
    "the LMS's verb": (lambda it: [it.statement("satisfied", duration="PT1S")], "9.3"),
    "after the end": (lambda it: [it.terminated(), it.statement("answered")], "9.3.8"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_refused(server: PreviewServer, name: str) -> None:
    """Is a statement that cmi5 forbids refused, with the clause, and held against the AU?"""
    make, clause = BROKEN[name]
    unit = Unit(server, QUIZ).begin()
    *good, bad = make(unit)
    assert [unit.say(one) for one in good] == [200] * len(good)
    before = server.recorded(QUIZ)["verbs"]
    assert unit.say(bad) == 403
    assert server.recorded(QUIZ)["verbs"] == before
    [fault] = server.faults
    assert fault.path == QUIZ
    assert clause in fault.message


def test_first_words(server: PreviewServer) -> None:
    """Must an AU have read its launch data, and begin with “initialized”?"""
    unit = Unit(server, PAGE).launch()
    assert unit.say(unit.completed()) == 403
    assert "9.3.2" in server.faults[0].message


def test_second_session(server: PreviewServer) -> None:
    """Does what holds for a registration hold in the next session too?"""
    first = Unit(server, QUIZ).begin()
    assert first.say(first.failed()) == 200
    assert first.say(first.terminated()) == 200
    second = Unit(server, QUIZ).begin()
    assert second.say(second.completed(), second.passed()) == 200
    assert second.say(second.terminated()) == 200
    third = Unit(server, QUIZ).begin()
    assert [third.say(third.completed()), third.say(third.failed())] == [403, 403]
    assert server.recorded(QUIZ)["status"] == "passed"


SPEAK = """async () => {
    const given = new URLSearchParams(location.search);
    const fetched = await (await fetch(given.get("fetch"), { method: "POST" })).json();
    const ask = (path, init) => fetch(given.get("endpoint") + path, { ...init, headers: {
        Authorization: `Basic ${fetched["auth-token"]}`, "X-Experience-API-Version": "1.0.3" } });
    const about = new URLSearchParams({ activityId: given.get("activityId"),
        agent: given.get("actor"), registration: given.get("registration"),
        stateId: "LMS.LaunchData" });
    await ask(`activities/state?${about}`);
    return (await ask("statements", { method: "POST", body: "[]" })).status;
}"""


def test_shown(play: Callable[[Path], Player], package: Path) -> None:
    """Does the author see the requests of an AU as they come?"""
    player = play(package)
    frame = player.open(PAGE)
    assert frame.evaluate(SPEAK) == 200
    calls = player.page.locator("#calls li")
    latest_first = ["POST statements", "GET activities/state LMS.LaunchData", "POST fetch"]
    expect(calls).to_have_text([f"{request} → 200 OK" for request in latest_first])
    expect(player.page.get_by_role("row", name="statements launched")).to_be_visible()

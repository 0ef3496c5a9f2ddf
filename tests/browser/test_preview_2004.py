"""The local LMS and SCORM 2004: does it play as the strictest of the known players?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, expect

from .handmade import BARE_PAGE, Handmade, HandmadePage
from .records import interactions
from .support import Player, eventually

Play = Callable[[Path], Player]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two SCOs without a runtime, one with a score to reach, and an asset."""
    pages = [
        HandmadePage("one", "One", BARE_PAGE, launch_data="hello"),
        HandmadePage("quiz", "Quiz", BARE_PAGE, mastery_score="70"),
        HandmadePage("paper", "Paper", BARE_PAGE, scorm_type="asset"),
    ]
    return Handmade(pages, standard="scorm2004").write(tmp_path / "bare2004.zip")


def say(frame: Frame, name: str, *args: str) -> str:
    """Call the API as a SCO does."""
    return frame.evaluate("([name, args]) => parent.API_1484_11[name](...args)", [name, list(args)])


def test_return(play: Play, package: Path) -> None:
    """Does each SCO have a session of its own, and get back what it left?"""
    player = play(package)
    frame = player.open("one")
    assert say(frame, "Initialize", "") == "true"
    assert say(frame, "GetValue", "cmi.entry") == "ab-initio"
    assert say(frame, "GetValue", "cmi.launch_data") == "hello"
    left = {
        "cmi.completion_status": "incomplete",
        "cmi.location": "p3",
        "cmi.score.scaled": "0.4",
        "cmi.score.raw": "40",
        "cmi.exit": "suspend",
        "cmi.session_time": "PT1M30S",
        "cmi.suspend_data": "x" * 64_000,
        "cmi.interactions.0.id": "q1",
        "cmi.interactions.0.type": "choice",
        "cmi.interactions.0.timestamp": "2026-01-31T10:00:00",
        "cmi.interactions.0.correct_responses.0.pattern": "a[,]b",
        "cmi.interactions.0.learner_response": "a",
        "cmi.interactions.0.result": "incorrect",
    }
    for element, value in left.items():
        assert say(frame, "SetValue", element, value) == "true", element
    assert say(frame, "Terminate", "") == "true"
    assert say(frame, "SetValue", "cmi.location", "p4") == "false"
    assert say(frame, "GetLastError") == "133"
    expect(player.page.locator("nav .detail").first).to_have_text("incomplete, score 40")
    frame = player.open("quiz")
    assert say(frame, "Initialize", "") == "true"
    assert say(frame, "GetValue", "cmi.scaled_passing_score") == "0.7"
    frame = player.open("one")
    assert say(frame, "Initialize", "") == "true"
    assert say(frame, "GetValue", "cmi.entry") == "resume"
    assert say(frame, "GetValue", "cmi.total_time") == "PT1M30S"
    assert say(frame, "GetValue", "cmi.suspend_data") == left["cmi.suspend_data"]
    assert say(frame, "GetValue", "cmi.interactions._count") == "1"
    [interaction] = interactions(player.server.recorded("one"))
    assert interaction["correct_responses.0.pattern"] == "a[,]b"
    player.server.forget()


def test_asset(play: Play, package: Path) -> None:
    """Is an asset completed when it is opened?"""
    player = play(package)
    player.open("paper")
    eventually(player.page, lambda: player.server.recorded("paper"))
    assert player.server.recorded("paper") == {"cmi.completion_status": "completed"}


IT = "cmi.interactions.0."


STRICT = {
    "cmi.suspend_data": ["x" * 64_001],
    "cmi.location": ["x" * 1001],
    "cmi.session_time": ["PT", "PT1.5H", "PT1.234S", "0000:01:00"],
    "cmi.score.scaled": ["1e-7", ".5", "1.1", "0.12345678"],
    "cmi.score.raw": ["12345", "1e2"],
    "cmi.completion_status": ["passed"],
    IT + "timestamp": ["2026-01-31T10:00:00.123Z", "2026-01-31T10:00:00Z", "10:00:00"],
    IT + "result": ["wrong", ""],
    IT + "learner_response": ["", "opt-1", "é", "a,b", "[,]".join("a" * 37)],
    IT + "description": ["x" * 251, "two\nlines", "{lang=en}x"],
}


def test_strict(play: Play, package: Path) -> None:
    """Is a value refused that one of the known players refuses, and shown as a fault?"""
    player = play(package)
    frame = player.open("one")
    assert say(frame, "Initialize", "") == "true"
    assert say(frame, "SetValue", IT + "id", "q") == "true"
    assert say(frame, "SetValue", IT + "type", "choice") == "true"
    for element, values in STRICT.items():
        for value in values:
            assert say(frame, "SetValue", element, value) == "false", (element, value)
            assert say(frame, "GetLastError") != "0"
    refused = sum(map(len, STRICT.values()))
    faults = eventually(player.page, lambda: player.server.faults[refused - 1 :])
    assert [fault.path for fault in faults] == ["one"]
    player.server.forget()


PATTERNS = [
    ("numeric", ["3[:]3", "0.5[:]1.5"], ["3", "[:]5", "a[:]b"]),
    ("true-false", ["true"], ["t", "1"]),
    ("fill-in", ["reduceByKey", "a[,]b"], ["two\nlines", "{a}", ""]),
]


def test_patterns(play: Play, package: Path) -> None:
    """Are right answers taken in the one form that all players accept?"""
    player = play(package)
    frame = player.open("one")
    assert say(frame, "Initialize", "") == "true"
    for number, (kind, good, bad) in enumerate(PATTERNS):
        interaction = f"cmi.interactions.{number}."
        assert say(frame, "SetValue", interaction + "id", f"q{number}") == "true"
        assert say(frame, "SetValue", interaction + "type", kind) == "true"
        pattern = interaction + "correct_responses.0.pattern"
        for value in bad:
            assert say(frame, "SetValue", pattern, value) == "false", (kind, value)
        for value in good:
            assert say(frame, "SetValue", pattern, value) == "true", (kind, value)
    # The player tells the server of each refusal, a moment later.
    refused = sum(len(bad) for _, _, bad in PATTERNS)
    eventually(player.page, lambda: len(player.server.faults) == refused)
    player.server.forget()

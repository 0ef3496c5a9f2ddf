"""The one number that the simulator's made-up releases share with the build."""

from __future__ import annotations

from scorm.course.choices import key_of


def test_key_of_a_choice() -> None:
    """Does the build know a choice by the number that the simulator knows it by?"""
    assert key_of("main-subject", "Data distribution") == 3962898196

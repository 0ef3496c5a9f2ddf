"""The limits: which paths and titles travel everywhere."""

from __future__ import annotations

import pytest

from scorm.standards import limits


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("docs/a.html", None),
        ("docs\\a.html", "name-backslash"),
        ("/docs/a.html", "name-absolute"),
        ("C:/docs/a.html", "name-absolute"),
        ("docs/../../a.html", "name-parent"),
        ("docs//a.html", "name-parts"),
        ("./a.html", "name-parts"),
        ("", "name-parts"),
        ("docs/a b.html", "name-characters"),
        ("docs/é.html", "name-characters"),
        ("docs/a.html\n", "name-characters"),
        ("docs/LICENSE", "name-extension"),
        ("v1.2/LICENSE", "name-extension"),
    ],
)
def test_names(name: str, rule: str | None) -> None:
    """Is each path that some player cannot unpack or serve told by its own rule?"""
    problem = limits.name_problem(name)
    assert (problem and problem[0]) == rule


def test_shown_title() -> None:
    """Does a title keep its meaning when it must not look like HTML?"""
    assert limits.shown_title("RDD<T>\n and  more") == "RDD\u2039T\u203a and more"

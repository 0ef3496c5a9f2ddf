"""The rulebook: each rule has its entry, and the page of the documentation is made from them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from scorm.errors import Fault
from scorm.standards.editions import Standard
from scorm.validate import rulebook
from tests.conftest import ROOT

#: Where the rules are asked; the names of files and addresses have theirs in the standards.
SOURCES = (*sorted((ROOT / "scorm/validate").glob("*.py")), ROOT / "scorm/standards/limits.py")


def words(path: Path) -> Iterator[str]:
    """Every text in a module that may be a rule."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def told(path: Path) -> Iterator[str]:
    """The rules with which a module makes its findings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {"at": 1, "_at": 1, "Fault": 3}.get(node.func.id)
            if place is not None and len(node.args) > place:
                rule = node.args[place]
                if isinstance(rule, ast.Constant):
                    yield str(rule.value)


def test_every_rule_has_its_entry() -> None:
    """Is each rule that a check can tell of in the rulebook?"""
    found = {rule for path in SOURCES for rule in told(path)}
    assert len(found) > 90
    assert found - rulebook.BOOK.keys() == set()


def test_every_entry_is_a_rule() -> None:
    """Does each entry stand for a rule that is still asked?"""
    said = {word for path in SOURCES if path.name != "rulebook.py" for word in words(path)}
    said |= set(words(ROOT / "scorm/standards/hrefs.py"))
    said |= {word.replace("name-", "href-") for word in said}
    assert rulebook.BOOK.keys() - said == set()


def test_the_page_says_where_a_rule_is_asked() -> None:
    """Does a line tell a fault, advice and what is not asked apart, and show every rule?"""
    lines = rulebook.table().splitlines()
    assert sum(line.startswith("| `") for line in lines) == len(rulebook.BOOK)
    (line,) = (line for line in lines if line.startswith("| `title-length`"))
    assert line.endswith("| fault: schema | advice | - |")


def test_faults_have_a_clause() -> None:
    """Is a finding a fault where a standard forbids it, and advice where none does?"""
    long = Fault("imsmanifest.xml", 1, "a title of 201 characters", "title-length")
    assert rulebook.sort([long], {Standard.SCORM12}) == ([long], [])
    assert rulebook.sort([long], {Standard.SCORM2004}) == ([], [long])
    assert rulebook.sort([long], {Standard.SCORM2004}, ours=True) == ([long], [])
    large = Fault("course.zip", None, "200 MB", "large")
    assert rulebook.sort([large], set(Standard), ours=True) == ([], [large])


def test_page_is_up_to_date() -> None:
    """Is the page that people read the one that the rules make?"""
    page = (ROOT / "CHECK.md").read_text(encoding="utf-8")
    assert page == rulebook.table(), "make the page again, as its third line says"

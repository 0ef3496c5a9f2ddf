"""Moodle's interactions report: what is read of it, and which files are refused in which words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorm.errors import ReportError
from scorm.report.moodle_export import Answer, read
from tests.support.moodle_report import ENGLISH, FRENCH, Language, Row, table, write

RIGHT = ("nap", "b", "b", "correct")
WRONG = ("nap", "a", "b", "wrong")
OTHER = ("size", "a,c", "a,c", "0.5")
SCOS = ("0 · Lesson", "Quiz 1")
ROWS = [
    Row("Ann", {0: [WRONG, RIGHT], 1: [OTHER]}),
    Row("Bob", attempt=None),
    Row("Cid", {1: [RIGHT]}),
    Row("Cid", {0: [OTHER]}, attempt=2),
]


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
@pytest.mark.parametrize("email", ["", "x@example.org"])
def test_answers(tmp_path: Path, language: Language, email: str) -> None:
    """Are all answers read in their order, whatever the language and whoever may see addresses?"""
    rows = [Row(row.name, row.answers, row.attempt, email) for row in ROWS]
    path = write(tmp_path / "export.txt", table(rows, SCOS, language=language))
    ann, bob, cid, again = read(path)
    assert ann.answers == (
        Answer("nap", "a", "wrong"),
        Answer("nap", "b", "correct"),
        Answer("size", "a,c", "0.5"),
    )
    assert bob.answers == ()
    assert cid.student == again.student != ann.student
    assert [answer.question for answer in (*cid.answers, *again.answers)] == ["nap", "size"]


def test_head_is_shorter_than_rows() -> None:
    """Do the tests write what Moodle writes: each cell's name once, for however many SCOs?"""
    head, row, *_ = table(ROWS, SCOS)
    assert len(row) - len(head) == 2 * 4


def test_two_of_one_name(tmp_path: Path) -> None:
    """Are two students of one name two, and the same student in two files one?"""
    rows = [Row("Ann", {0: [RIGHT]}), Row("Ann", {0: [WRONG]}), Row("Ann", {0: [WRONG]}, 2)]
    first, second, again = read(write(tmp_path / "one.txt", table(rows)))
    assert first.student != second.student
    assert again.student == first.student
    (elsewhere,) = read(write(tmp_path / "two.txt", table(rows[:1])))
    assert elsewhere.student == first.student


def test_escaped_text(tmp_path: Path) -> None:
    """Is a typed answer read as it was typed?"""
    typed = ("code", 'a < "b" &\té', "x", "wrong")
    (attempt,) = read(write(tmp_path / "export.txt", table([Row("Ann", {0: [typed]})])))
    assert attempt.answers == (Answer("code", 'a < "b" & é', "wrong"),)


def test_commands_of_a_terminal(tmp_path: Path) -> None:
    """Does nothing of a typed answer reach a terminal but characters that can be seen?"""
    typed = ("code", "a\x1b]0;title\x07\u202eb", "x", "wrong")
    (attempt,) = read(write(tmp_path / "export.txt", table([Row("Ann", {0: [typed]})])))
    assert attempt.answers[0].response == "a]0;titleb"


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_saved_again(tmp_path: Path, delimiter: str) -> None:
    """Is a report read that a spreadsheet has saved again, with rows of one length?"""
    cells = table(ROWS, SCOS)
    width = max(map(len, cells))
    padded = [[*row, *[""] * (width - len(row))] for row in cells]
    path = write(tmp_path / "export.csv", padded, delimiter=delimiter)
    assert [len(attempt.answers) for attempt in read(path)] == [3, 0, 1, 1]
    path.write_text(path.read_text("utf-8"), "utf-16")
    assert [len(attempt.answers) for attempt in read(path)] == [3, 0, 1, 1]


def moved(cells: list[list[str]]) -> list[list[str]]:
    """One row moved by one cell, as by hand in a spreadsheet."""
    return [cells[0], ["", *cells[1][:-1]], *cells[2:]]


REFUSED: dict[str, tuple[Sequence[Sequence[str]], str]] = {
    "another table": ([["Name", "Grade"], ["Ann", "12"]], "no interactions report"),
    "a table that ends with a number": ([["Name", "Quiz 1"], ["Ann", "12"]], "no interactions"),
    "an empty file": ([], "no interactions report"),
    "a table that ends with a large number": ([["Name", "In 2026"], ["Ann", "12"]], "no interact"),
    "a head without names": ([["", ""], ["Ann", "12"]], "no interactions report"),
    "nobody": (table(ROWS, SCOS)[:1], "no student"),
    "no answers yet": (table([Row("Ann", {0: []})], SCOS), "without any answer"),
    "responses only, as Moodle has it at first": (table(ROWS, SCOS, columns=[1]), "1 of the 4"),
    "responses only, of one answer": (table(ROWS[2:3], SCOS, columns=[1]), "1 of the 4"),
    "no question, of one answer": (table(ROWS[2:3], SCOS[1:] * 2, columns=[1, 2, 3]), "3 of the 4"),
    "no result": (table(ROWS, SCOS, columns=[0, 1, 2]), "3 of the 4"),
    "a column too few": ([row[1:] for row in table(ROWS, SCOS)], "do not fit"),
    "a column too many": (
        [table(ROWS, SCOS)[0], *([*row, "", "x"] for row in table(ROWS, SCOS)[1:])],
        "do not fit",
    ),
    "a row that was moved": (moved(table(ROWS, SCOS)), "where a result should"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(tmp_path: Path, name: str) -> None:
    """Is each file that is no such report refused in words, with its name?"""
    cells, words = REFUSED[name]
    path = write(tmp_path / "export.csv", cells)
    with pytest.raises(ReportError, match=words) as error:
        read(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04...", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0...", "spreadsheet"),
        ("Nom\tRéponse 0".encode("latin-1"), "no text as Moodle writes it"),
        (b"\x00" * 50, "no interactions report|no text"),
        (b"\xff\xfea", "no text as Moodle writes it"),
    ],
)
def test_other_files(tmp_path: Path, content: bytes, words: str) -> None:
    """Is the download in another format told as such, and any other file?"""
    path = tmp_path / "export"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=words):
        read(path)


def test_missing_file(tmp_path: Path) -> None:
    """Is a file that is not there told by its name?"""
    with pytest.raises(ReportError, match=r"nowhere\.txt cannot be read: No such file"):
        read(tmp_path / "nowhere.txt")


CELL = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8)


@given(
    names=st.lists(CELL.filter(bool), min_size=1, max_size=4, unique=True),
    scos=st.lists(CELL.map("P{}".format), min_size=1, max_size=3),
    data=st.data(),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_students(
    names: list[str], scos: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Are all answers found, however many pages, students and tries there are?"""
    tries = st.lists(st.sampled_from([RIGHT, WRONG, OTHER]), max_size=3)
    pages = st.dictionaries(st.sampled_from(range(len(scos))), tries)
    rows = [Row(name, {**data.draw(pages)}) for name in names]
    rows[0].answers[0] = [RIGHT]
    path = tmp_path_factory.getbasetemp() / "any.txt"
    write(path, table(rows, scos))
    found = [[answer.question for answer in attempt.answers] for attempt in read(path)]
    expected = [[c[0] for place in sorted(r.answers) for c in r.answers[place]] for r in rows]
    assert found == expected


@given(lines=st.lists(st.lists(CELL, max_size=12), max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_read_or_told(lines: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Is any other table read, or refused in words, and never a crash?"""
    path = write(tmp_path_factory.getbasetemp() / "any.txt", [["Name", *"0123"], *lines])
    with suppress(ReportError):
        read(path)

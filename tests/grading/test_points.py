"""The teacher's points for written answers: are they kept, and for what they were given for?"""

from __future__ import annotations

from pathlib import Path

import pytest

from scorm.errors import GradeError
from scorm.grading import points
from scorm.grading.results import Written

ADA = "Ada_1_assignsubmission_file"


def why(text: str) -> Written:
    return Written("why", "In words", 3, text)


def begun(path: Path, text: str = '=Because; of "disks"\nand, networks') -> None:
    """What the first run writes."""
    given = points.read(path)
    given.of(ADA, why(text))
    given.of("Tim_2_assignsubmission_file", why(""))
    path.write_text(given.text(), "utf-8", newline="")


def fill_in(path: Path, old: str, new: str) -> None:
    """What a teacher does."""
    text = path.read_text("utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_points_are_kept(tmp_path: Path) -> None:
    """Are points and comments there when grading runs again?"""
    path = tmp_path / "points.csv"
    begun(path)
    fill_in(path, f"{ADA},why,3,,,", f'{ADA},why,3,"2,5","Good, but short",')
    begun(path)
    row = points.read(path).of(ADA, why('=Because; of "disks"\nand, networks'))
    assert (row.points, row.comment, row.earlier) == (2.5, "Good, but short", "")


def test_an_empty_answer_is_worth_nothing(tmp_path: Path) -> None:
    """Need a teacher not look at what is not there?"""
    path = tmp_path / "points.csv"
    begun(path)
    assert points.read(path).of("Tim_2_assignsubmission_file", why("")).points == 0


def test_another_answer_waits_again(tmp_path: Path) -> None:
    """Do the points of an earlier answer not count for a new one, and are they not lost?"""
    path = tmp_path / "points.csv"
    begun(path)
    fill_in(path, f"{ADA},why,3,,,", f"{ADA},why,3,1,thin,")
    row = points.read(path).of(ADA, why("A second try"))
    assert (row.points, row.earlier) == (None, "1")


def test_a_spreadsheet_in_between(tmp_path: Path) -> None:
    """Is a file understood that a spreadsheet has saved with semicolons?"""
    path = tmp_path / "points.csv"
    path.write_text(f"folder;question;most;points;comment\n{ADA};why;3;2;ok\n", "utf-8-sig")
    assert points.read(path).of(ADA, why("text")).points == 2


@pytest.mark.parametrize(
    ("word", "told"), [("4", "0 to 3"), ("-1", "0 to 3"), ("good", "no number")]
)
def test_wrong_points_are_told(tmp_path: Path, word: str, told: str) -> None:
    """Is a slip told with its line, before anything runs?"""
    path = tmp_path / "points.csv"
    begun(path)
    fill_in(path, f"{ADA},why,3,,,", f"{ADA},why,3,{word},,")
    with pytest.raises(GradeError, match=rf"points.csv:2: .*{told}"):
        points.read(path)

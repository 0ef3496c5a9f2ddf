"""What was handed in: is each file given to the right student, however it comes?"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

from scorm.errors import GradeError
from scorm.grading import assignment, submissions
from tests.grading import handmade
from tests.grading.handmade import as_bytes, folder_of, handed_in


def names(found: list[submissions.Submission]) -> list[tuple[str, str, list[str]]]:
    return [(it.student, it.number, [file.name for file in it.files]) for it in found]


def test_moodles_zip(tmp_path: Path) -> None:
    """Are students known by Moodle's names of folders, with underscores and all letters?"""
    path = tmp_path / "all.zip"
    files = {
        f"{folder_of('Ünal Çelik', 7)}/a.ipynb": b"1",
        f"{folder_of('Ünal Çelik', 7)}/sub/b.py": b"2",
        f"{folder_of('van_der Berg', 8)}/c.ipynb": b"3",
        "Ünal Çelik_7_assignsubmission_onlinetext/onlinetext.html": b"<p>",
        "Grp 1-Participant_9_assignsubmission_file_d.ipynb": b"4",
        "__MACOSX/._x": b"",
    }
    path.write_bytes(handmade.moodle_zip(files))
    assert names(submissions.read(path, path / "out")) == [
        ("Grp 1-Participant", "9", ["d.ipynb"]),
        ("van_der Berg", "8", ["c.ipynb"]),
        ("Ünal Çelik", "7", ["a.ipynb", "sub/b.py"]),
    ]


def test_a_folder(tmp_path: Path) -> None:
    """Is an unpacked zip the same, and what lies beside it no submission?"""
    inner = tmp_path / "course" / unicodedata.normalize("NFD", folder_of("Ünal", 7))
    inner.mkdir(parents=True)
    (inner / "a.ipynb").write_bytes(b"1")
    (inner / "link.ipynb").symlink_to("/etc/hostname")
    (tmp_path / "evaluation.ipynb").write_bytes(b"2")
    found = submissions.read(tmp_path, tmp_path / "out")
    assert names(found) == [("Ünal", "7", ["a.ipynb"])]


def test_a_folder_without_moodle(tmp_path: Path) -> None:
    """Are folders and loose notebooks the students, and the folder of results is none?"""
    for name in ("Ada/a.ipynb", "tim.ipynb", "grades.csv", "out/pages/Ada.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
    found = submissions.read(tmp_path, tmp_path / "out")
    assert names(found) == [("Ada", "", ["a.ipynb"]), ("tim", "", ["tim.ipynb"])]


def test_names_without_a_flag(tmp_path: Path) -> None:
    """Is a name in UTF-8 read that its zip does not call so?"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"{folder_of('Zoë', 7)}/a.ipynb", b"1")
    data = bytearray(stream.getvalue())
    for mark, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.index(mark) + place] &= 0xF7  # the flag of UTF-8
    path = tmp_path / "all.zip"
    path.write_bytes(data)
    assert [it.student for it in submissions.read(path, path / "out")] == ["Zoë"]


def test_a_damaged_member(tmp_path: Path) -> None:
    """Does a file that cannot be unpacked spoil nobody else's?"""
    data = bytearray(
        handmade.moodle_zip(
            {
                f"{folder_of('A', 1)}/evaluation.ipynb": as_bytes(handed_in()),
                f"{folder_of('B', 2)}/evaluation.ipynb": as_bytes(handed_in()),
            }
        )
    )
    data[data.index(b"small evaluation")] ^= 1
    path = tmp_path / "all.zip"
    path.write_bytes(data)
    task = assignment.read(handmade.written(tmp_path / "evaluation.ipynb", handmade.assignment()))
    first, second = submissions.read(path, path / "out")
    assert "cannot be unpacked" in submissions.choose(first, task).problem
    assert submissions.choose(second, task).notebook is not None


@pytest.mark.parametrize("data", [b"", b"no zip", handmade.moodle_zip({})])
def test_nothing_to_grade(tmp_path: Path, data: bytes) -> None:
    """Is what holds no submissions refused in words?"""
    path = tmp_path / "all.zip"
    path.write_bytes(data)
    with pytest.raises(GradeError, match=r"no folder and no zip|Download all submissions"):
        submissions.read(path, path / "out")
    with pytest.raises(GradeError, match="cannot be read"):
        submissions.read(tmp_path / "gone", tmp_path)

"""The command ``report``: what a teacher gets to see, and in which words it refuses."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from scorm.build import handbook
from scorm.build.cli import main
from scorm.course import answer_key
from scorm.course.answer_key import KeyChoice
from tests.report.students import KEY, LABELS, classroom, key, question
from tests.support.moodle_report import Row, table, write
from tests.support.packages import TWO_MODULES


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the export of a class and the instructor's zip in ``dist/``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "dist").mkdir()
    with zipfile.ZipFile(tmp_path / "dist" / "c-instructor.zip", "w") as archive:
        archive.writestr(answer_key.FILE, answer_key.dump(KEY))
    write(tmp_path / "export.txt", table(classroom(30)))
    return tmp_path


@pytest.mark.parametrize("columns", [50, 80, 120])
def test_at_the_terminal(
    place: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
) -> None:
    """Does it fit a narrow and a wide terminal, and name every question and choice?"""
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["report", "export.txt"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= columns
    assert "Course (1): first tries of 30 students" in told
    assert all(f"What is {label}?" in told and f"Choice b of {label}" in told for label in LABELS)
    assert "Student" not in told.replace("students", "")
    assert "…" not in told


def test_page(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is the page whole by itself, without a name, and is an author's text no markup there?"""
    evil = replace(question("q0"), stem="<script>alert(1)</script>")
    (place / "key.json").write_text(answer_key.dump(key(evil, *KEY.questions[1:])), "utf-8")
    assert main(["report", "export.txt", "--key", "key.json", "--output", "out.html"]) == 0
    text = (place / "out.html").read_text("utf-8")
    page = BeautifulSoup(text, "lxml")
    assert [it["id"] for it in page.select("h2[id]")] == LABELS
    assert page.select("script, link, img") == []
    assert "<script>alert(1)</script>" in page.get_text()
    assert "Student 0" not in text
    assert "out.html tells of 8 questions" in capsys.readouterr().err


def test_table(place: Path) -> None:
    """Is there a row for each choice, and no cell that a spreadsheet would take for a formula?"""
    evil = replace(
        question("q0"),
        choices=(KeyChoice("a", "x", "=1+1", False), KeyChoice("b", "y", "-5", True)),
    )
    (place / "key.json").write_text(answer_key.dump(key(evil, *KEY.questions[1:])), "utf-8")
    assert main(["report", "export.txt", "--key", "key.json", "--output", "out.csv"]) == 0
    with (place / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 2 + 4 * (len(LABELS) - 1)
    assert [row["choice"] for row in rows[:2]] == ["'=1+1", "'-5"]
    assert [row["right"] for row in rows if row["question"] == "q1"] == ["no", "yes", "no", "no"]
    assert not any("Student" in cell for row in rows for cell in row.values())
    chosen = [int(row["chosen"]) for row in rows if row["question"] == "q1"]
    assert sum(chosen) == 30


def test_several_groups(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Do the exports of several groups make one report, where each alone has too few?"""
    rows = classroom(30)
    for name, part in (("a.txt", rows[:15]), ("b.txt", rows[12:])):
        write(place / name, table(part))
    assert main(["report", "a.txt"]) == 1
    assert "15 students have answered, and a report needs 20" in capsys.readouterr().err
    assert main(["report", "a.txt", "b.txt"]) == 0
    assert "first tries of 30 students" in capsys.readouterr().out


def test_all_faults_at_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Are all bad files told in one go, and once how to get good ones?"""
    write(place / "grades.csv", [["Name", "Grade"], ["Ann", "12"]])
    (place / "export.xlsx").write_bytes(b"PK\x03\x04")
    (place / "old.zip").write_bytes(b"no zip")
    words = ["report", "grades.csv", "export.txt", "export.xlsx", "nowhere.txt", "--key", "old.zip"]
    assert main(words) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert [line.split()[1].rstrip(":") for line in lines[:4]] == [
        "grades.csv", "export.xlsx", "nowhere.txt", "old.zip",
    ]  # fmt: skip
    assert "the four boxes" in lines[4]
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--output", "report.xls"], "ends in .html (a page) or .csv (a table)"),
        (["--output", "nowhere/report.csv"], "cannot be written: No such file"),
        (["--key", "package.zip"], "package.zip holds no answer-key.json"),
        (["--key", "empty.json"], "empty.json is no instructor's zip of this version"),
    ],
)
def test_refused(
    place: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """Is each mistake told in a line?"""
    with zipfile.ZipFile(place / "package.zip", "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
    (place / "empty.json").write_text("{}")
    assert main(["report", "export.txt", *words]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_which_key(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is a teacher told to name the key where dist/ holds none, or more than one?"""
    (place / "dist" / "c-instructor.zip").rename(place / "dist" / "d-instructor.zip")
    assert main(["report", "export.txt"]) == 0
    (place / "dist" / "c-instructor.zip").write_bytes(b"")
    assert main(["report", "export.txt"]) == 1
    assert "by --key; dist/ holds c-instructor.zip, d-instructor.zip" in capsys.readouterr().err


def test_key_of_the_handbook(tmp_path: Path) -> None:
    """Does the instructor's zip hold the key, the same bytes each time, if anything is asked?"""
    nothing = tmp_path / "nothing"
    written = []
    for name in ("one.zip", "two.zip"):
        entries = handbook.contents(TWO_MODULES, nothing, [], nothing, nothing)
        handbook.write(tmp_path / name, entries)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert handbook.read_key(tmp_path / "one.zip") == answer_key.key_of(TWO_MODULES)
    silent = replace(TWO_MODULES, questions=())
    assert handbook.contents(silent, nothing, [], nothing, nothing) == {}


def test_hint_is_seen(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Does a teacher see at the terminal and on the page where a key may be wrong?"""
    wrong = key(question("q0", right="c"), *KEY.questions[1:])
    (place / "key.json").write_text(answer_key.dump(wrong), "utf-8")
    rows: list[Row] = classroom(40, wrong_key="q0")
    write(place / "export.txt", table(rows))
    assert main(["report", "export.txt", "--key", "key.json"]) == 0
    told = capsys.readouterr().out
    assert told.count("(!)") >= 2
    assert main(["report", "export.txt", "--key", "key.json", "--output", "out.html"]) == 0
    page = BeautifulSoup((place / "out.html").read_text("utf-8"), "lxml")
    hints = [hint.get_text() for hint in page.select(".hint")]
    assert any("more choose “Choice b of q0”" in hint for hint in hints)

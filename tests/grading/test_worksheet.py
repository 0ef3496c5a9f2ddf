"""Moodle's grading worksheet: what is filled in, and is every other byte as it was?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from scorm.errors import GradeError
from scorm.grading import worksheet
from scorm.grading.worksheet import Grade

# the words are those of Moodle's language packs (assign.php, grades)
ENGLISH = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 4711","Ada Lovelace",ada@example.org,"Submitted for grading - Graded",,100.00,Yes,\
"Friday, 27 November 2026, 10:00 AM",-,
"Participant 4712","O'Neill, ""Tim"" T.",tim@example.org,"No submission - ",,100.00,Yes,-,-,
"Participant 4713","Ünal Çelik",unal@example.org,"Submitted for grading - ",55.50,100.00,Yes,\
"Friday, 27 November 2026, 11:30 AM","Friday, 27 November 2026, 3:00 PM","<p>Earlier
words, on two lines</p>"
"""
FRENCH = """\
Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",\
"La note peut être modifiée","Dernière modification (travail remis)",\
"Dernière modification (note)","Feedback par commentaires"
"Participant 4711","Ada Lovelace",ada@example.org,"Remis pour évaluation - ",,"20,00",Oui,\
"vendredi 27 novembre 2026, 10:00",-,
"Participant 4712",Tim,tim@example.org,"Pas de travail remis - ",-,"20,00",Oui,-,-,
"Participant 4713","Ünal Çelik",unal@example.org,"Remis pour évaluation - ","11,50","20,00",Oui,\
"vendredi 27 novembre 2026, 11:30",-,
"""
GRADES = {"4711": Grade(0.75, "9 of 12 points.<br>well, done"), "4713": Grade(1, "12 of 12.")}


def kept(folder: Path, text: str, *, lines: str = "\n", mark: str = "\ufeff") -> Path:
    path = folder / "Notes.csv"
    path.write_bytes((mark + text).replace("\n", lines).encode())
    return path


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize(("text", "grade"), [(ENGLISH, "75.00"), (FRENCH, "15,00")])
def test_only_grades_and_feedback_change(
    tmp_path: Path, text: str, grade: str, lines: str, mark: str
) -> None:
    """Are grades and feedback in their columns, in the language of the file, and nothing else?"""
    path = kept(tmp_path, text, lines=lines, mark=mark)
    filled = worksheet.read(path).filled(GRADES)
    before, after = cells(path.read_bytes()), cells(filled)
    assert after[1][4] == grade
    assert after[1][9] == GRADES["4711"].feedback
    assert after[2] == before[2]
    assert after[3][9] == "12 of 12."
    for old, new in zip(before, after, strict=True):
        assert old[:4] + old[5:9] == new[:4] + new[5:9]
    assert worksheet.read(path).filled({}) == path.read_bytes()


def test_every_other_byte_stays(tmp_path: Path) -> None:
    """Does the file differ from Moodle's by what was filled in alone, quotes and all?"""
    path = kept(tmp_path, ENGLISH)
    filled = worksheet.read(path).filled({"4712": Grade(0.5, "half")})
    row = b'"No submission - ",,100.00,Yes,-,-,\n'
    assert path.read_bytes().count(row) == 1
    expected = path.read_bytes().replace(row, b'"No submission - ",50.00,100.00,Yes,-,-,half\n')
    assert filled == expected


def test_without_feedback_column(tmp_path: Path) -> None:
    """Is the time of the last change left alone where the file has no column for feedback?"""
    rows = cells(ENGLISH.encode())
    stream = io.StringIO()
    csv.writer(stream).writerows(row[:-1] for row in rows)
    path = kept(tmp_path, stream.getvalue())
    after = cells(worksheet.read(path).filled(GRADES))
    assert [row[4] for row in after[1:]] == ["75.00", "", "100.00"]
    assert [row[8] for row in after] == [row[8] for row in rows]


def test_blind_marking(tmp_path: Path) -> None:
    """Is a file without names understood, also with one student only, all of whom have a grade?"""
    text = (
        "Bezeichner,Status,Bewertung,Bestwertung,Änderbar,Zuletzt,Kommentare\n"
        'Teilnehmer/in4711,Abgegeben,"100,00","100,00",Ja,-,\n'
    )
    after = cells(worksheet.read(kept(tmp_path, text)).filled(GRADES))
    assert after[1][2] == "75,00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no grading worksheet"),
        ("a,b,c,d\nx,y,z,1\n", "no grading worksheet"),
        (ENGLISH.replace("100.00", "Good"), "--grade-column"),
        (ENGLISH.replace("ada@example.org", "\udcff"), "UTF-8"),
    ],
)
def test_what_is_no_worksheet(tmp_path: Path, text: str, words: str) -> None:
    """Is a wrong file refused before anything runs, with what to do?"""
    path = tmp_path / "grades.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(GradeError, match=words):
        worksheet.read(path)


def test_columns_by_name(tmp_path: Path) -> None:
    """Can a teacher name the columns, and is a name that is not there told?"""
    path = kept(tmp_path, ENGLISH)
    sheet = worksheet.read(path, "Grade", "Feedback comments")
    assert (sheet.grade, sheet.feedback) == (4, 9)
    with pytest.raises(GradeError, match=r"no column 'Mark'.*Identifier"):
        worksheet.read(path, "Mark")

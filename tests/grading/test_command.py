"""The command ``grade``, from Moodle's files to what Moodle takes back."""

from __future__ import annotations

import csv
import io
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scorm.build import cli
from scorm.grading import grading
from tests.conftest import ROOT, made_once
from tests.grading import handmade
from tests.grading.handmade import as_bytes, folder_of, handed_in
from tests.grading.test_worksheet import ENGLISH, FRENCH

ADA, TIM, UNAL = (
    folder_of(name, number)
    for name, number in (("Ada Lovelace", 4711), ("Tim_O'Neill", 4712), ("Ünal Çelik", 4713))
)
QUICK = ("--cell-seconds", "20", "--memory", "1")


@pytest.fixture
def graded(shared_folder: Path, tmp_path: Path) -> Path:
    """A folder in which everything was graded once, to do with as one likes."""
    made = made_once(shared_folder / "graded", _graded)
    return Path(shutil.copytree(made, tmp_path / "graded"))


def _graded(folder: Path) -> None:
    folder.mkdir()
    handmade.written(folder / "evaluation.ipynb", handmade.assignment())
    (folder / "grades.csv").write_text(ENGLISH, "utf-8-sig")
    (folder / "Notes.csv").write_text(FRENCH, "utf-8-sig")
    files = {
        f"{ADA}/evaluation.ipynb": as_bytes(handed_in()),
        f"{TIM}/evaluation.ipynb": as_bytes(handmade.untouched()),
        f"{UNAL}/notes.txt": b"no notebook",
    }
    (folder / "all.zip").write_bytes(handmade.moodle_zip(files))
    assert run(folder, "grades.csv") == 0


def run(folder: Path, worksheet: str, *more: str) -> int:
    named = {
        "--worksheet": folder / worksheet,
        "--assignment": folder / "evaluation.ipynb",
        "--output": folder / "out",
    }
    words = [str(word) for pair in named.items() for word in pair]
    return cli.main(["grade", str(folder / "all.zip"), *words, *QUICK, *more])


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test fail that would start a kernel."""

    async def fail(*_: object) -> None:
        raise AssertionError("this was graded before")

    monkeypatch.setattr(grading, "grade", fail)


def grades(path: Path) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    return {row[0]: row[4] for row in rows[1:]}


def test_first_run(graded: Path) -> None:
    """Has everybody a grade but who waits for a teacher, and are Moodle's own files untouched?"""
    assert grades(graded / "out" / "grades.csv") == {
        "Participant 4711": "",
        "Participant 4712": "0.00",
        "Participant 4713": "0.00",
    }
    assert (graded / "grades.csv").read_text("utf-8-sig") == ENGLISH
    overview = (graded / "out" / "overview.html").read_text("utf-8")
    assert "Each submission ran" in overview
    assert "Rubric: 1 point for the network" in overview
    for page in (graded / "out" / "pages").iterdir():
        assert "Rubric" not in page.read_text("utf-8")


@pytest.mark.usefixtures("nothing_runs")
def test_points_of_the_teacher(graded: Path) -> None:
    """Do a teacher's points complete the grade, in either language, without running anything?"""
    points = graded / "points.csv"
    text = points.read_text("utf-8-sig")
    assert f"{ADA},why,3,,," in text
    points.write_text(text.replace(f"{ADA},why,3,,,", f"{ADA},why,3,2,Well said,"), "utf-8-sig")
    assert run(graded, "grades.csv") == run(graded, "Notes.csv") == 0
    assert grades(graded / "out" / "grades.csv")["Participant 4711"] == "91.67"
    assert grades(graded / "out" / "Notes.csv")["Participant 4711"] == "18,33"
    assert f"{ADA},why,3,2,Well said," in points.read_text("utf-8-sig")
    page = (graded / "out" / "pages" / "Ada Lovelace_4711.html").read_text("utf-8")
    assert "11 of 12 points" in page
    assert "Well said" in page


def moodles_reading(name: str) -> tuple[str, str, str, str] | None:
    """What Moodle makes of a path in the feedback zip (importziplib.php)."""
    parts = name.split("/")
    while parts:
        said = parts.pop(0).split("_", 4)
        if len(said) >= 4 and said[1].isdecimal():
            return said[1], said[2], said[3], "/".join([*said[4:], *parts])
    return None


def test_feedback_zip(graded: Path) -> None:
    """Does Moodle know whose each file is, also where a name has an underscore?"""
    with zipfile.ZipFile(graded / "out" / "feedback.zip") as archive:
        found = [moodles_reading(name) for name in archive.namelist()]
    file = ("assignfeedback", "file", "evaluation-feedback.html")
    assert found == [(number, *file) for number in ("4711", "4712", "4713")]


@pytest.mark.usefixtures("nothing_runs")
def test_another_submission_is_run(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is only that run again which has changed, and does what goes wrong there stop nothing?"""
    files = {
        f"{ADA}/evaluation.ipynb": as_bytes(handed_in()),
        f"{TIM}/evaluation.ipynb": as_bytes(handed_in({"longest": "longest = 'hdfs'"})),
    }
    (graded / "all.zip").write_bytes(handmade.moodle_zip(files))
    assert run(graded, "grades.csv") == 0
    told = capsys.readouterr().err
    assert f"{TIM}: The grader itself failed: AssertionError: this was graded before" in told
    assert grades(graded / "out" / "grades.csv")["Participant 4712"] == ""


def test_an_assignment_that_fails_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Is nobody graded by checks that the author's own solution does not pass?"""
    notebook = handmade.assignment()
    handmade.cell(notebook, "longest-check").source = 'assert longest == secret, "no"'
    handmade.written(tmp_path / "evaluation.ipynb", notebook)
    (tmp_path / "all.zip").write_bytes(
        handmade.moodle_zip({f"{ADA}/evaluation.ipynb": as_bytes(handed_in())})
    )
    (tmp_path / "grades.csv").write_text(ENGLISH, "utf-8-sig")
    assert run(tmp_path, "grades.csv") == 1
    told = capsys.readouterr().err
    assert "its own solution has 0 of 2 points in longest-check" in told
    assert "read-only cells" in told
    assert not (tmp_path / "out" / "grades.csv").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["gone.zip"], "cannot be read"),
        (["all.zip", "--worksheet", "gone.csv"], "cannot be read"),
        (["all.zip", "--assignment", "gone.ipynb"], "cannot be read"),
        (["all.zip"], "name the assignment by --assignment"),
        (["all.zip", "--assignment", "evaluation.ipynb", "--files", "gone"], "there is no gone"),
    ],
)
def test_what_is_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    """Is each missing file told in a line, before anything runs?"""
    monkeypatch.chdir(tmp_path)
    handmade.written(tmp_path / "evaluation.ipynb", handmade.assignment())
    (tmp_path / "all.zip").write_bytes(handmade.moodle_zip({f"{ADA}/a.ipynb": b""}))
    assert cli.main(["grade", *words]) == 1
    assert told in capsys.readouterr().err


def _waits_for(path: Path, count: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while len(list(path.glob("*.json"))) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _family(process: subprocess.Popen[str]) -> Iterator[psutil.Process]:
    yield from psutil.Process(process.pid).children(recursive=True)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_interrupted(tmp_path: Path, number: int, status: int) -> None:
    """Does the grader's end, by Ctrl-C or worse, end every kernel, and is what it found kept?"""
    handmade.written(tmp_path / "evaluation.ipynb", handmade.assignment())
    sleeps = as_bytes(handed_in({"longest": "import time\ntime.sleep(300)"}))
    for name, data in ((ADA, as_bytes(handed_in())), (TIM, sleeps)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "evaluation.ipynb").write_bytes(data)
    command = [sys.executable, str(ROOT / "build_scorm.py"), "grade", ".", "--together", "1"]
    command += ["--assignment", "evaluation.ipynb", "--cell-seconds", "200"]
    command += ["--sandbox", "rlimit"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    _waits_for(tmp_path / "graded" / ".results", 2, process)
    family: list[psutil.Process] = []
    while len(family) < 2:
        family = list(_family(process))
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == status, said
    assert ("goes on from there" in said) is (number == signal.SIGINT)
    assert not psutil.wait_procs(family, timeout=5)[1]
    assert len(list((tmp_path / "graded" / ".results").glob("*.json"))) == 2

"""What goes wrong outside the course's text ends in one line that says what to do."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat.v4 as v4
import pytest
from rich.console import Console

from scorm.build import cli, sphinx_runs, steps
from scorm.build.progress import NotebookProgress
from scorm.layout import Places
from tests.conftest import ROOT


def may_read_everything() -> bool:
    """Whether no mode of a file keeps this user out, as it is with root."""
    with tempfile.NamedTemporaryFile() as closed_file:
        os.fchmod(closed_file.fileno(), 0)
        return os.access(closed_file.name, os.R_OK)


CLOSED_DOORS = pytest.mark.skipif(may_read_everything(), reason="root is kept out of nothing")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The sources of a small course."""
    folder = tmp_path / "course"
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", folder)
    return folder


def run(folder: Path, *words: str) -> tuple[int, list[str]]:
    """The exit status of the command line in a folder, and the lines that it said."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "build_scorm.py"), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.splitlines() + done.stderr.splitlines()


def file(name: str) -> Callable[[Path], None]:
    """Put a file where a folder should be."""

    def put(course: Path) -> None:
        (course / name).write_text("", "utf-8")

    return put


def nothing(course: Path) -> None:
    """Leave the course as it is."""


@pytest.mark.parametrize(
    ("prepare", "words", "told"),
    [
        (nothing, ["--output", "conf.py"], ["conf.py is a file", "--output"]),
        (nothing, ["--output", "conf.py/below"], ["conf.py is a file", "--output"]),
        (nothing, ["--notebook-cache", "conf.py"], ["conf.py is a file", "--notebook-cache"]),
        (nothing, ["--project", "conf.py"], ["conf.py is a file", "--project"]),
        (nothing, ["--project", "nowhere"], ["nowhere does not exist", "--project"]),
        (nothing, ["--project", "docs"], ["there is no conf.py in", "--project"]),
        (file("dist"), [], ["dist is a file", "--output"]),
        (file("_build"), [], ["_build is a file", "move the file away"]),
        (nothing, ["preview", "a.zip", "--port", "99999"], ["no port 99999", "65535", "--port"]),
        (nothing, ["preview", "a.zip", "--port", "-1"], ["no port -1", "65535", "--port"]),
        (nothing, ["preview"], ["name the package to preview"]),
        (nothing, ["preview", "nowhere.zip"], ["nowhere.zip", "no such package"]),
        (nothing, ["preview", "docs"], ["docs", "Is a directory"]),
        (nothing, ["check", "nowhere.zip"], ["nowhere.zip", "No such file"]),
        (nothing, ["check", "docs"], ["docs", "Is a directory"]),
    ],
)
def test_one_line(
    course: Path, prepare: Callable[[Path], None], words: list[str], told: list[str]
) -> None:
    """Is each told in one line, with status 1 and the word to change?"""
    prepare(course)
    status, lines = run(course, *words)
    assert (status, len(lines)) == (1, 1), lines
    assert lines[0].startswith("error: ")
    for word in told:
        assert word in lines[0]


def test_every_package_is_checked(course: Path) -> None:
    """Does a missing file or a folder not keep `check` from the packages after it?"""
    (course / "a.zip").write_bytes(b"no zip")
    status, lines = run(course, "check", "nowhere.zip", "docs", "a.zip")
    assert status == 1
    assert sum("nowhere.zip" in line for line in lines) == 1
    assert sum("docs" in line for line in lines) == 1
    assert any(line.startswith("a.zip: not valid") for line in lines)


def pipe(course: Path) -> None:
    """Something in docs that is never read to its end."""
    os.mkfifo(course / "docs" / "pipe.md")


def latin(course: Path) -> None:
    """A name from a system that writes é as one byte."""
    lesson = os.fsencode(course / "docs" / "lesson.md")
    shutil.copy(lesson, os.fsencode(course / "docs") + b"/l\xe9ger.md")


def latin_text(course: Path) -> None:
    """A page from an editor that writes é as one byte."""
    with (course / "docs" / "lesson.md").open("r+b") as page:
        page.seek(page.read().index(b"One, two"))
        page.write(b"\xe9")


def closed(name: str) -> Callable[[Path], None]:
    """Let nobody read a file or folder."""
    return lambda course: (course / name).chmod(0)


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (pipe, "docs/pipe.md: this is neither a file nor a folder"),
        (latin, "docs/l\N{REPLACEMENT CHARACTER}ger.md: the name is not UTF-8"),
        (latin_text, "docs/lesson.md:10: this line is not UTF-8: save the file as UTF-8"),
        pytest.param(closed("docs/lesson.md"), "docs/lesson.md: cannot be", marks=CLOSED_DOORS),
        pytest.param(closed("docs"), "docs: cannot be read", marks=CLOSED_DOORS),
    ],
)
def test_sources_that_cannot_be_read(
    course: Path, prepare: Callable[[Path], None], told: str
) -> None:
    """Is the file named, before anything waits for it or stumbles over it?"""
    prepare(course)
    try:
        status, lines = run(course)
    finally:
        (course / "docs").chmod(0o700)
    assert status == 1
    assert lines[0].startswith(told)
    assert lines[1:] == ["1 fault; nothing was packaged."]
    assert not (course / "dist").exists()


@CLOSED_DOORS
@pytest.mark.parametrize("name", ["conf.py", "_build", "dist"])
def test_closed_doors(course: Path, name: str) -> None:
    """Is a file or folder of the project named that this user may not use?"""
    (course / "dist").mkdir()
    (course / "_build").mkdir()
    (course / name).chmod(0o500 if (course / name).is_dir() else 0)
    try:
        status, lines = run(course)
    finally:
        (course / name).chmod(0o700)
    assert status == 1
    assert "Permission denied" in lines[-1]
    assert lines[-1].startswith("error: ")


def test_settings_with_a_mistake(course: Path) -> None:
    """Is a mistake in the Python of conf.py told with its line?"""
    with (course / "conf.py").open("a") as settings:
        settings.write("\nthis is no Python\n")
    status, lines = run(course)
    assert status == 1
    assert any("conf.py" in line and "line" in line for line in lines), lines


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("_one_shape", "error: 'build' cannot go on: No space left on device (/disk/file)\n"),
        ("_inputs", "error: 'build' cannot go on: No space left on device (/disk/file)\n"),
        ("_part", "error: course.json: No space left on device (/disk/file)\n"),
    ],
)
def test_a_full_disk(
    course: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
    told: str,
) -> None:
    """Is whatever the system refuses, wherever, one line that says in which step?"""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/disk/file")

    monkeypatch.setattr(steps, step, full)
    monkeypatch.setattr(sphinx_runs, "run", lambda *_: [])
    assert cli.main(["--project", str(course)]) == 1
    assert capsys.readouterr().err.endswith(told)


def test_a_record_that_is_no_text(course: Path) -> None:
    """Does a build not trip over what a broken disk has left in its records?"""
    folder = course / "_build"
    folder.mkdir()
    for name in ("shape", "last-build.json"):
        (folder / name).write_bytes(b"\xff")
    status, lines = run(course)
    assert status == 0, lines


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_of_notebooks(tmp_path: Path, terminal: bool) -> None:
    """Has a log a line for each notebook that begins and ends, and a terminal each cell?"""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cells = [v4.new_code_cell(source) for source in ("1", "2")]
    (folder / "a.ipynb").write_text(json.dumps(v4.new_notebook(cells=cells)), "utf-8")
    places = Places(tmp_path, tmp_path / "cache", tmp_path / "dist")
    said = io.StringIO()
    console = Console(file=said, force_terminal=terminal, width=200, soft_wrap=True)
    steps._execute_notebooks(places, cli._Steps(console))
    end = r"Notebooks \(1 executed, 0 from the cache\): \d+\.\d s\n"
    if terminal:
        assert "a.ipynb: begins" not in said.getvalue()
    else:
        log = r"a\.ipynb: begins\na\.ipynb: \d+\.\d s\n" + end
        assert re.fullmatch(log, said.getvalue())
    said.truncate(0)
    said.seek(0)
    steps._execute_notebooks(places, cli._Steps(console))
    assert "a.ipynb" not in said.getvalue()  # nothing to execute, nothing to tell


def test_two_notebooks_at_a_time() -> None:
    """Does a terminal show how far each of those is that run together, and only of these?"""
    told: list[str] = []
    noted: list[str] = []
    progress = NotebookProgress(told.append, noted.append)
    a, b = Path("notebooks/a.ipynb"), Path("notebooks/b.ipynb")
    progress.begins(a)
    progress.begins(b)
    progress.cell_done(a, 1, 2)
    progress.ends(b, 1.25, failed=True)
    progress.ends(a, 61.0, failed=False)
    assert told == [
        "a.ipynb: starting",
        "a.ipynb: starting; b.ipynb: starting",
        "b.ipynb: starting; a.ipynb: cell 1 of 2",
        "a.ipynb: cell 1 of 2",
        "",
    ]
    assert noted == [
        "a.ipynb: begins",
        "b.ipynb: begins",
        "b.ipynb: failed after 1.2 s",
        "a.ipynb: 61.0 s",
    ]

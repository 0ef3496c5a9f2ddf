"""The zip writer: same content, same bytes; whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scorm.errors import PackageError
from scorm.packages import archive
from scorm.packages.archive import write_zip
from scorm.standards import limits

ENTRIES = {
    "b/page.html": b"<p>page</p>" * 100,
    "imsmanifest.xml": b"<manifest/>",
    "a.png": b"\x89P",
}


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_reproducible(tmp_path: Path) -> None:
    """Is the zip the same whatever the order, the place and the age of the files?"""
    source = tmp_path / "elsewhere" / "page.html"
    source.parent.mkdir()
    source.write_bytes(ENTRIES["b/page.html"])
    source.chmod(0o600)
    os.utime(source, (0, 0))
    backwards = dict(reversed(ENTRIES.items()))
    write_zip(tmp_path / "one.zip", ENTRIES)
    write_zip(tmp_path / "two.zip", {**backwards, "b/page.html": source})
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_order_and_methods(tmp_path: Path) -> None:
    """Does the manifest come first, and is only what shrinks deflated?"""
    report = write_zip(tmp_path / "course.zip", ENTRIES)
    with zipfile.ZipFile(tmp_path / "course.zip") as opened:
        entries = opened.infolist()
    assert [entry.filename for entry in entries] == ["imsmanifest.xml", "a.png", "b/page.html"]
    assert [entry.compress_type for entry in entries] == [8, 0, 8]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {oct(entry.external_attr >> 16) for entry in entries} == {"0o100644"}
    assert (report.files, report.warnings) == (3, ())
    assert report.size == (tmp_path / "course.zip").stat().st_size


def test_read_by_others(tmp_path: Path) -> None:
    """Does a zip reader that is not ours find nothing wrong?"""
    write_zip(tmp_path / "course.zip", ENTRIES)
    with zipfile.ZipFile(tmp_path / "course.zip") as opened:
        assert opened.testzip() is None
    unzip = shutil.which("unzip")
    if unzip:
        done = subprocess.run([unzip, "-t", tmp_path / "course.zip"], capture_output=True)
        assert done.returncode == 0, done.stdout


def test_refused_by_verify(tmp_path: Path) -> None:
    """Does the last good package stay when the new one is refused?"""
    destination = tmp_path / "course.zip"
    write_zip(destination, ENTRIES)
    good = destination.read_bytes()

    def refuse(written: Path) -> None:
        assert zipfile.is_zipfile(written)
        raise PackageError("not this one")

    with pytest.raises(PackageError, match="not this one"):
        write_zip(destination, {"a.html": b"bad"}, verify=refuse)
    assert destination.read_bytes() == good
    assert left_in(tmp_path) == ["course.zip"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Does a full disk or Ctrl-C in the middle leave the last good package and nothing else?"""
    destination = tmp_path / "course.zip"
    write_zip(destination, ENTRIES)
    good = destination.read_bytes()

    def fail(descriptor: int) -> None:
        raise error

    monkeypatch.setattr(f"{archive.__name__}.os.fsync", fail)
    expected = PackageError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_zip(destination, {"a.html": b"new"})
    assert destination.read_bytes() == good
    assert left_in(tmp_path) == ["course.zip"]


WRITING = """
import os, signal, sys
from pathlib import Path
from scorm.packages import archive

def killed(written):
    os.kill(os.getpid(), signal.SIGKILL)

def alive(written):
    print("written", flush=True)
    sys.stdin.read()

archive.write_zip(Path(sys.argv[1]), {"a.html": b"half"}, verify=globals()[sys.argv[2]])
"""


def test_what_a_killed_build_leaves_is_swept(tmp_path: Path) -> None:
    """Is the unfinished package of a killed build removed, and nobody else's?"""
    destination = tmp_path / "course.zip"
    destination.write_bytes(b"good")
    (tmp_path / ".scorm-package-of-somebody-else").mkdir()
    before = left_in(tmp_path)
    command = [sys.executable, "-c", WRITING, str(destination)]
    assert subprocess.run([*command, "killed"], check=False).returncode == -9
    assert len(left_in(tmp_path)) == len(before) + 1
    with subprocess.Popen(
        [*command, "alive"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as living:
        assert living.stdout
        assert living.stdout.readline() == b"written\n"
        assert len(left_in(tmp_path)) == len(before) + 2
        archive.sweep(tmp_path)
        assert len(left_in(tmp_path)) == len(before) + 1
        assert destination.read_bytes() == b"good"
        living.communicate()
    assert living.returncode == 0
    assert zipfile.is_zipfile(destination)
    assert left_in(tmp_path) == before


def test_source_vanished(tmp_path: Path) -> None:
    """Is a file that is gone by now named in the message?"""
    with pytest.raises(PackageError, match=r"course\.zip cannot be written.*gone\.html"):
        write_zip(tmp_path / "course.zip", {"gone.html": tmp_path / "gone.html"})


def test_folder_in_the_way(tmp_path: Path) -> None:
    """Is a folder at the destination left alone, with a message?"""
    (tmp_path / "course.zip").mkdir()
    with pytest.raises(PackageError, match=r"course\.zip cannot be written"):
        write_zip(tmp_path / "course.zip", ENTRIES)
    assert left_in(tmp_path) == ["course.zip"]


def test_too_many_entries(tmp_path: Path) -> None:
    """Is a zip that needs the 64-bit extension refused before it is written?"""
    entries = {f"{number}.txt": b"" for number in range(65_535)}
    with pytest.raises(PackageError, match=r"65,535 files.*split the course"):
        write_zip(tmp_path / "course.zip", entries)
    assert left_in(tmp_path) == []


def test_too_large(tmp_path: Path) -> None:
    """Is 4 GiB refused (here by a file of holes, which takes no room)?"""
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(4 * 1024**3)
    with pytest.raises(PackageError, match=r"4\.0 GiB.*media server"):
        write_zip(tmp_path / "course.zip", {"film.mp4": tmp_path / "film.mp4"})


def test_large_warns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a package that many LMSs refuse written, with a warning?"""
    monkeypatch.setattr(limits, "ZIP_ADVISED_BYTES", 1000)
    report = write_zip(tmp_path / "course.zip", {"film.mp4": bytes(2000)})
    assert (tmp_path / "course.zip").is_file()
    assert "many LMSs refuse" in report.warnings[0]

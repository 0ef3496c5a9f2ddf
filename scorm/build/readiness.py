"""Check whether a build can begin, before it reads or writes anything, in words for an author."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from scorm.errors import BuildError, CourseError, Fault
from scorm.layout import Places


def require_folders(places: Places) -> None:
    """Check that each place where a build needs a folder is one, or can become one.

    :raises BuildError: naming the first that cannot, and the flag with which to choose another.
    """
    if not places.project.is_dir():
        what = "is a file" if places.project.exists() else "does not exist"
        raise BuildError(f"{places.project} {what}: name the folder of conf.py with --project")
    if not places.settings.is_file():
        raise BuildError(
            f"there is no conf.py in {places.project}; run this in the course's folder, or name "
            "that folder with --project"
        )
    if not os.access(places.settings, os.R_OK):
        raise BuildError(f"{places.settings} {_unreadable('Permission denied')}")
    _require(places.build, "the build needs a folder there: move the file away")
    _require(places.dist, "packages go into a folder: name one with --output")
    _require(places.notebook_cache, "outputs are kept in a folder: name one with --notebook-cache")


def _require(folder: Path, help: str) -> None:
    """Refuse a file where the folder, or a folder above it, should be."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        raise BuildError(f"{there} is a file, and {help}")


def require_sources(places: Places) -> None:
    """Check that each source can be read, here and on every machine that builds the course.

    That is why the name of each must be UTF-8.

    :raises CourseError: naming every source that cannot be read.
    """
    folders = (places.project / "docs", places.notebooks_folder)
    found = [fault for folder in folders for fault in _faults(folder, places.project)]
    if found:
        raise CourseError(found)


def _faults(folder: Path, project: Path) -> Iterator[Fault]:
    failed: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=failed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *files):
            path = Path(parent, name)
            if name.startswith("."):
                continue
            shown = os.fsencode(path.relative_to(project)).decode(errors="replace")
            if message := _wrong(path):
                yield Fault(shown, None, message, "source-unreadable")
            elif path.suffix == ".md" and (line := _foreign_line(path)):
                message = "this line is not UTF-8: save the file as UTF-8 in your editor"
                yield Fault(shown, line, message, "source-unreadable")
    for error in failed:
        if not isinstance(error, FileNotFoundError):  # a course may do without notebooks
            name = Path(str(error.filename)).relative_to(project).as_posix()
            yield Fault(name, None, _unreadable(error.strerror), "source-unreadable")


def _wrong(path: Path) -> str:
    """What keeps a file or folder from being read; ``""`` where nothing does."""
    try:
        str(path.name).encode()
    except UnicodeEncodeError:
        return "the name is not UTF-8; rename it, best with plain letters, digits and '-'"
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""  # a link to nothing: Sphinx says so where a page uses it
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "this is neither a file nor a folder, and reading it may never end; move it away"
    if stat.S_ISREG(mode) and not os.access(path, os.R_OK):
        return _unreadable("Permission denied")
    return ""


def _foreign_line(path: Path) -> int:
    """The first line that is not UTF-8, as Sphinx wants every page; 0 where there is none."""
    text = path.read_bytes() if path.is_file() else b""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return 1 + text.count(b"\n", 0, error.start)
    return 0


def _unreadable(reason: str | None) -> str:
    return f"cannot be read: {reason}; let yourself read it (chmod u+rX), or move it away"


@contextmanager
def turn(places: Places, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other build is at work in this project's folder, and keep others out."""
    places.build.mkdir(exist_ok=True)
    lock = FileLock(places.build / "build.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        say(f"Another build is at work in {places.project}; waiting for it to end.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()

"""The submissions of a run: Moodle's zip of them, or a folder with what the zip holds.

Moodle names a student's folder ``Full Name_1234_assignsubmission_file``: the number is that of the
worksheet's identifier ("Participant 1234"). Source: Moodle, mod/assign/locallib.php
(download_submissions) and mod/assign/feedback/file/importziplib.php. If the setting "download
submissions in folders" is off, the same words stand before each file's name. Where nothing is named
so, each folder is a student, and so is each notebook that lies there by itself.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from scorm.errors import GradeError, reason
from scorm.grading.assignment import Assignment
from scorm.notebooks import parse, versions

#: No notebook that somebody wrote by hand is larger.
_LARGEST = 32 << 20
_MOODLE = re.compile(
    r"(?P<folder>(?P<name>[^/]*?)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+))_?(?P<rest>.*)"
)


@dataclass(frozen=True)
class File:
    """A file that was handed in; ``trouble`` says why its ``data`` could not be read."""

    name: str
    data: bytes = b""
    trouble: str = ""


@dataclass
class Submission:
    """All that one student handed in; ``number`` is Moodle's, empty where there is none."""

    folder: str
    student: str
    number: str
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True)
class Chosen:
    """The notebook that is graded, or the ``problem`` for which none is; ``notes`` are told."""

    file: str = ""
    notebook: NotebookNode | None = None
    data: bytes = b""
    problem: str = ""
    notes: tuple[str, ...] = ()


def read(path: Path, apart: Path) -> list[Submission]:
    """The submissions in a zip or folder, in the order of their folders' names.

    What lies in the folder ``apart`` is none: results are written there.

    :raises GradeError: if there are none.
    """
    try:
        files = list(_of_folder(path, apart)) if path.is_dir() else list(_of_zip(path))
    except zipfile.BadZipFile as error:
        raise GradeError(f"{path} is no folder and no zip of submissions: {error}") from error
    except OSError as error:
        raise GradeError(f"{path} cannot be read: {reason(error)}") from error
    found: dict[str, Submission] = {}
    for file in files:
        if not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(file.name).parts):
            _sort_in(file, found)
    if not found:
        raise GradeError(
            f"{path} holds no submissions; in Moodle, open the assignment's submissions and choose "
            "'Download all submissions'"
        )
    named = [it for it in found.values() if it.number]
    return sorted(named or found.values(), key=lambda it: it.folder)


def choose(submission: Submission, assignment: Assignment) -> Chosen:
    """The notebook of a submission: of several the one with most cells of the assignment."""
    names = {part.name for part in assignment.parts}
    notes: list[str] = []
    readable: list[tuple[int, bool, str, bytes, NotebookNode]] = []
    problems: list[str] = []
    for file in submission.files:
        if not file.name.lower().endswith(".ipynb"):
            continue
        try:
            notebook = _notebook(file)
        except GradeError as error:
            problems.append(f"{file.name}: {error}")
            continue
        shared = len(names & {str(versions.said(cell).get("grade_id")) for cell in notebook.cells})
        is_named = PurePosixPath(file.name).name == f"{assignment.name}.ipynb"
        readable.append((shared, is_named, file.name, file.data, notebook))
    if not readable:
        others = ", ".join(file.name for file in submission.files)
        return Chosen(
            problem=" ".join(problems) or f"No notebook (.ipynb) was handed in: {others}."
        )
    readable.sort(key=lambda it: it[:3], reverse=True)
    shared, _, name, data, notebook = readable[0]
    if len(readable) > 1:
        rest = ", ".join(it[2] for it in readable[1:])
        notes.append(f"Several notebooks were handed in: {name} was graded, not {rest}.")
    if not shared:
        return Chosen(
            name, problem=f"{name} has no cell of this assignment: is it another notebook?"
        )
    return Chosen(name, notebook, data, notes=(*notes, *problems))


def _notebook(file: File) -> NotebookNode:
    """The notebook in a file, in the format of today whatever it was.

    :raises GradeError: with the reason, as a sentence.
    """
    if file.trouble:
        raise GradeError(file.trouble)
    if not file.data.strip():
        raise GradeError("The file is empty.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = parse(file.data.decode("utf-8-sig"))
            for cell in notebook.cells:
                cell.source = _source(cell.source)
                cell.metadata = cell.get("metadata", {})
            return notebook
    except RecursionError:
        raise GradeError("The file is nested too deeply for a notebook.") from None
    except Exception as error:  # whatever a file holds, it stops nobody else's grading
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise GradeError(f"The file is not a notebook ({told[:200]}).") from error


def _source(source: object) -> str:
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return text.encode("utf-8", "replace").decode()  # half a character cannot be sent


def _of_folder(folder: Path, apart: Path) -> Iterator[File]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.resolve().is_relative_to(apart):
            continue
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if path.stat().st_size > _LARGEST:
            yield File(name, trouble=_TOO_LARGE)
            continue
        try:
            yield File(name, path.read_bytes())
        except OSError as error:
            yield File(name, trouble=f"The file cannot be read: {reason(error)}.")


def _of_zip(path: Path) -> Iterator[File]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = unicodedata.normalize("NFC", _decoded(info))
            try:
                with archive.open(info) as member:
                    data = member.read(_LARGEST + 1)
            except (
                zipfile.BadZipFile,
                OSError,
                RuntimeError,
                NotImplementedError,
                EOFError,
            ) as error:
                yield File(name, trouble=f"The file cannot be unpacked: {error}.")
                continue
            except Exception as error:  # zlib and lzma have exceptions of their own
                yield File(name, trouble=f"The file cannot be unpacked: {error}.")
                continue
            yield File(name, trouble=_TOO_LARGE) if len(data) > _LARGEST else File(name, data)


_TOO_LARGE = (
    f"The file is larger than {_LARGEST >> 20} MB: clear the outputs, and hand it in again."
)


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name of a member; some programs write UTF-8 without saying so."""
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            return info.filename.encode("cp437").decode("utf-8")
    return info.filename


def _sort_in(file: File, found: dict[str, Submission]) -> None:
    """Put a file to the submission that its path names."""
    parts = PurePosixPath(file.name).parts
    for at, part in enumerate(parts):
        if match := _MOODLE.fullmatch(part):
            if match["plugin"] != "file":
                return  # an online text, which is no notebook
            name = "/".join([match["rest"]] * bool(match["rest"]) + list(parts[at + 1 :]))
            whose = found.setdefault(
                match["number"], Submission(match["folder"], match["name"], match["number"])
            )
            whose.files.append(File(name, file.data, file.trouble))
            return
    if len(parts) == 1 and not file.name.lower().endswith(".ipynb"):
        return
    folder = parts[0] if len(parts) > 1 else PurePosixPath(parts[0]).stem
    whose = found.setdefault(f"/{folder}", Submission(folder, folder, ""))
    name = "/".join(parts[1:]) or parts[0]
    whose.files.append(File(name, file.data, file.trouble))


def count_of(assignment: Assignment, submissions: Iterable[Submission]) -> int:
    """In how many submissions there is a notebook of this assignment."""
    return sum(choose(it, assignment).notebook is not None for it in submissions)

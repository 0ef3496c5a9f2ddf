"""Read the interactions report of Moodle's SCORM activity, downloaded in text format.

Source: Moodle 4.5, mod/scorm/report/interactions/classes/report.php, and files that it wrote. Such
a file is a table whose columns are separated by tabs:

* the student's name, and whatever else tells who it is (as the site is set up);
* attempt, beginning, last access and score;
* for each SCO its score or status and, for each interaction, the four cells question, response,
  right answer and result.

The head of the table has the four names of each interaction only once, at its end, however many
SCOs there are. Its words are in the language of whoever downloaded the file, so this module goes
by the numbers: they count interactions from 0. Whoever downloads chooses which of the four cells
are there; all are needed. Cells of answers are HTML-escaped.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scorm.errors import ReportError

#: Question, response, right answer, result.
_CELLS = 4
#: Name, attempt, beginning, last access, score.
_FIXED = 5
#: A name with a number, of several the last one.
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d+)(?P<after>\D*)", re.DOTALL)
_RESULTS = re.compile(r"correct|incorrect|wrong|unanticipated|neutral|-?\d*\.?\d+|", re.ASCII)
#: How a teacher gets such a file.
HOW_TO = (
    "In Moodle, open the activity's Reports → Interactions report, tick under Preferences the four "
    "boxes 'Summary of question', 'of responses', 'of right answer' and 'of result', save, and "
    "choose 'Download in text format'."
)


@dataclass(frozen=True)
class Answer:
    """One interaction, as it was sent: the question's identifier, the response and the result."""

    question: str
    response: str
    result: str


@dataclass(frozen=True)
class Attempt:
    """The answers of one attempt at the activity, in the order of the SCOs and of sending.

    ``student`` tells the student from all others, also across files; it is for joining only.
    """

    student: tuple[str, ...]
    answers: tuple[Answer, ...]


def read(path: Path) -> list[Attempt]:
    """The attempts in the file.

    :raises ReportError: in words for a teacher, if it is not such a file.
    """
    rows = _rows(path)
    head = _without_empty_end(rows[0]) if rows else []
    count = _interactions(path, head)
    body = [row for row in rows[1:] if any(row)]
    if not body:
        raise ReportError(f"{path}: there is no student in this file")
    width = max(map(len, body))
    scos, rest = divmod(width - len(head), _CELLS * count)
    scos += 1
    fixed = len(head) - scos - _CELLS * count
    if rest or scos < 1 or fixed < _FIXED:
        raise ReportError(
            f"{path}: the rows do not fit the head of the table, as if another program had changed "
            "the file; download it again"
        )
    return list(_attempts(path, body, width, fixed, 1 + _CELLS * count))


def _rows(path: Path) -> list[list[str]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror or error}") from error
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ReportError(f"{path} is a file of a spreadsheet; download the report as text")
    try:
        is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
        beginning = text.partition("\n")[0]
        delimiter = max("\t;,", key=beginning.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (UnicodeError, csv.Error) as error:
        raise ReportError(f"{path} is no text as Moodle writes it: {error}") from error


def _without_empty_end(row: Sequence[str]) -> list[str]:
    """The head without the empty cells that a spreadsheet adds to make all rows equally long."""
    cells = list(row)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _interactions(path: Path, head: Sequence[str]) -> int:
    """How many interactions the table has room for, by the numbers at the end of its head."""
    numbered = [_NUMBERED.fullmatch(name) for name in head]
    count = int(numbered[-1]["number"]) + 1 if numbered and numbered[-1] else 0
    sizes = range(_CELLS, 0, -1) if 0 < count < len(head) else ()
    cells = [size for size in sizes if _ends_with(numbered, size, count)]
    if not cells:
        raise ReportError(f"{path} is no interactions report of Moodle, or one without any answer")
    if cells[0] < _CELLS:
        raise ReportError(f"{path} has {cells[0]} of the {_CELLS} columns that tell of an answer")
    return count


def _ends_with(numbered: Sequence[re.Match[str] | None], size: int, count: int) -> bool:
    """Does the head end with ``size`` names, repeated for each number from 0 on?"""
    names = [
        (found["before"], int(found["number"]), found["after"])
        for found in numbered[-size * count :]
        if found
    ]
    expected = [(before, n, after) for n in range(count) for before, _, after in names[:size]]
    return len(names) == size * count and names == expected


def _attempts(
    path: Path, body: Sequence[Sequence[str]], width: int, fixed: int, step: int
) -> Iterator[Attempt]:
    seen: Counter[tuple[str, ...]] = Counter()
    for line, row in enumerate(body, start=2):
        cells = [*row, *[""] * (width - len(row))]
        who, attempt = tuple(cells[: fixed - _FIXED + 1]), cells[fixed - _FIXED + 1]
        # Two of one name, where Moodle tells nothing else of them, have the same attempt twice.
        seen[*who, attempt] += 1
        student = (*who, str(seen[*who, attempt]))
        answers = tuple(
            answer
            for sco in _in_parts(cells[fixed:], step)
            for cells_of_one in _in_parts(sco[1:], _CELLS)
            if (answer := _answer(path, line, cells_of_one))
        )
        yield Attempt(student, answers)


def _plain(cell: str) -> str:
    """The cell as it was typed, in one line, without what could command a terminal."""
    line = " ".join(html.unescape(cell).split())
    return "".join(character for character in line if character.isprintable())


def _in_parts(cells: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (cells[start : start + size] for start in range(0, len(cells), size))


def _answer(path: Path, line: int, cells: Sequence[str]) -> Answer | None:
    question, response, _, result = map(_plain, cells)
    if not _RESULTS.fullmatch(result):
        raise ReportError(
            f"{path}:{line}: {result[:40]!r} stands where a result should, as if another program "
            "had changed the file; download it again"
        )
    return Answer(question, response, result) if question else None

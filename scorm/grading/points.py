"""The teacher's points for written answers: a table that grading writes and a teacher fills in.

Grading adds rows and never takes points away: they hold as long as the answer is the one that they
were given for, which ``answer`` tells by a few letters. If it is another one, the points move to
``earlier points``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scorm.errors import GradeError, reason
from scorm.grading.results import Written

COLUMNS = ("folder", "question", "most", "points", "comment", "begins", "answer", "earlier points")
_BEGINS = 120


@dataclass
class Row:
    """The points of one answer of one student; None where there are none yet."""

    folder: str
    question: str
    most: float
    points: float | None = None
    comment: str = ""
    begins: str = ""
    answer: str = ""
    earlier: str = ""


class Points:
    """All rows of the file, those that a teacher added included."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._rows = {(row.folder, row.question): row for row in rows}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def of(self, folder: str, answer: Written) -> Row:
        """The row of an answer, made if there is none; an empty answer is worth nothing."""
        row = self._rows.setdefault((folder, answer.name), Row(folder, answer.name, answer.most))
        mark = hashlib.sha256(answer.text.encode()).hexdigest()[:8]
        if row.answer not in ("", mark) and row.points is not None:
            row.earlier, row.points = _number(row.points), None
        row.answer, row.most = mark, answer.most
        row.begins = " ".join(answer.text.split())[:_BEGINS]
        if not answer.text and row.points is None:
            row.points, row.comment = 0.0, row.comment or "No answer."
        return row

    def text(self) -> str:
        """The file: what a spreadsheet opens, with the marks by which it knows UTF-8."""
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for row in sorted(self._rows.values(), key=lambda it: (it.question, it.folder)):
            points = "" if row.points is None else _number(row.points)
            cells = [row.folder, row.question, _number(row.most), points, row.comment]
            writer.writerow(map(_safe, [*cells, row.begins, row.answer, row.earlier]))
        return "\ufeff" + stream.getvalue()


def read(path: Path) -> Points:
    """The points in the file; none where there is no file yet.

    :raises GradeError: with every row that cannot be right.
    """
    if not path.exists():
        return Points()
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise GradeError(f"{path} cannot be read: {reason(error)}") from error
    except UnicodeDecodeError:
        raise GradeError(f"{path} is not in UTF-8: save it as 'CSV UTF-8'") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, restval="")
    if missing := set(COLUMNS[:5]) - set(reader.fieldnames or ()):
        raise GradeError(f"{path} lacks the columns {', '.join(sorted(missing))}")
    rows, faults = [], []
    for said in reader:
        try:
            rows.append(_row(said))
        except ValueError as error:
            faults.append(f"{path}:{reader.line_num}: {error}")
    if faults:
        raise GradeError("\n".join(faults))
    return Points(rows)


def _row(said: dict[str, str]) -> Row:
    most = float(said["most"].replace(",", "."))
    points = None
    if word := said["points"].strip():
        try:
            points = float(word.replace(",", "."))
        except ValueError:
            raise ValueError(f"{word!r} is no number of points") from None
        if not 0 <= points <= most:
            raise ValueError(f"{word} points, where 0 to {_number(most)} can be given")
    more = [
        _plain(said.get(name) or "") for name in ("comment", "begins", "answer", "earlier points")
    ]
    return Row(_plain(said["folder"]), said["question"], most, points, *more)


def _number(value: float) -> str:
    return f"{value:g}"


def _safe(text: str) -> str:
    """A spreadsheet takes text with these beginnings for a formula, so ``'`` goes first."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith(("'=", "'+", "'-", "'@")) else text

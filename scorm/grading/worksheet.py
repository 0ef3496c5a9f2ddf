"""Moodle's grading worksheet: fills in grades and feedback, and leaves every other byte alone.

The worksheet's headers are in the language of whoever downloaded it, and Moodle takes it back only
with these words. So columns are known by their place and content, which are the same in all
languages (Moodle, mod/assign/gradingtable.php): the identifier comes first and ends with a number;
the grade stands before the maximum grade, which is one number in every row; the last column, where
it is not the time of the last change, is for feedback. The decimal sign is that of the maximum.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scorm.errors import GradeError, reason

_BOM = "\ufeff"
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_IDENTIFIER = re.compile(r"\D*(\d+)")
#: A time of day, which each date of Moodle's has, in whatever language.
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")


@dataclass(frozen=True)
class Grade:
    """What goes into a student's row: a share of the maximum grade, and a text."""

    share: float
    feedback: str


@dataclass(frozen=True)
class _Field:
    """One cell, with its place in the text of the file, quotes included."""

    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Worksheet:
    """A worksheet and the columns that count; ``feedback`` is None where Moodle gave none."""

    path: Path
    text: str
    head: Sequence[str]
    rows: Sequence[Sequence[_Field]]
    grade: int
    feedback: int | None
    delimiter: str

    @property
    def numbers(self) -> list[str]:
        """Moodle's number of each student in it."""
        return [_number(row) for row in self.rows]

    def filled(self, grades: Mapping[str, Grade]) -> bytes:
        """The file with these grades, by Moodle's numbers; Moodle itself skips what is locked."""
        changes: list[tuple[_Field, str]] = []
        most = self._most()
        for row in self.rows:
            grade = grades.get(_number(row))
            if grade is not None:
                changes.append((row[self.grade], self._written(grade.share, most)))
                if self.feedback is not None:
                    changes.append((row[self.feedback], _cell(grade.feedback, self.delimiter)))
        parts, at = [], 0
        for field, value in sorted(changes, key=lambda it: it[0].start):
            parts += [self.text[at : field.start], value]
            at = field.end
        return "".join([*parts, self.text[at:]]).encode("utf-8")

    def _most(self) -> float:
        return float(self.rows[0][self.grade + 1].value.replace(",", "."))

    def _written(self, share: float, most: float) -> str:
        decimal = "," if "," in self.rows[0][self.grade + 1].value else "."
        return _cell(f"{share * most:.2f}".replace(".", decimal), self.delimiter)


def read(path: Path, grade_column: str = "", feedback_column: str = "") -> Worksheet:
    """The worksheet in a file; columns can be named where they are not found.

    :raises GradeError: if it is no such file, with what to do.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise GradeError(f"{path} cannot be read: {reason(error)}") from error
    except UnicodeDecodeError:
        raise GradeError(
            f"{path} is not in UTF-8, so a spreadsheet has written it: download the worksheet again"
        ) from None
    first = text.removeprefix(_BOM).partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = _fields(text, len(text) - len(text.removeprefix(_BOM)), delimiter)
    head = [field.value for field in table[0]] if table else []
    rows = [row for row in table[1:] if len(row) == len(head)]
    if len(head) < 4 or not rows or any(not _IDENTIFIER.fullmatch(row[0].value) for row in rows):
        raise GradeError(
            f"{path} is no grading worksheet of Moodle: in the assignment's settings, tick "
            "'Offline grading worksheet'; then choose 'Download grading worksheet' above all "
            "submissions"
        )
    grade = _named(path, head, grade_column) if grade_column else _grade_column(path, head, rows)
    feedback: int | None = None if _is_time(rows) else len(head) - 1
    if feedback_column:
        feedback = _named(path, head, feedback_column)
    if grade + 1 >= len(head) or not _NUMBER.fullmatch(rows[0][grade + 1].value):
        raise GradeError(f"{path}: behind the column {head[grade]!r} no maximum grade follows")
    return Worksheet(path, text, head, rows, grade, feedback, delimiter)


def _number(row: Sequence[_Field]) -> str:
    match = _IDENTIFIER.fullmatch(row[0].value)
    assert match is not None
    return match[1]


def _named(path: Path, head: Sequence[str], name: str) -> int:
    if name not in head:
        raise GradeError(f"{path} has no column {name!r}; its columns are: {', '.join(head)}")
    return head.index(name)


def _grade_column(path: Path, head: Sequence[str], rows: Sequence[Sequence[_Field]]) -> int:
    found = []
    for at in range(2, len(head)):
        most = {row[at].value for row in rows}
        before = [row[at - 1].value.strip() for row in rows]
        if len(most) != 1 or not _NUMBER.fullmatch(word := next(iter(most))):
            continue
        if float(word.replace(",", ".")) > 0 and all(
            value in ("", "-") or _NUMBER.fullmatch(value) for value in before
        ):
            found.append(at - 1)
    if len(found) == 1:
        return found[0]
    said = "has several columns" if found else "has no column"
    raise GradeError(
        f"{path} {said} that can be the grade (with the same maximum grade in every row behind "
        f"it; a scale is none): name it by --grade-column. The columns are: {', '.join(head)}"
    )


def _is_time(rows: Sequence[Sequence[_Field]]) -> bool:
    """Whether the last column is the time of the last change: a dash or a date in each row."""
    values = [row[-1].value.strip() for row in rows]
    return all(value == "-" or (len(value) < 60 and _TIME.search(value)) for value in values)


def _cell(value: str, delimiter: str) -> str:
    """A value as a cell, quoted where it has to be."""
    if any(sign in value for sign in (delimiter, '"', "\n", "\r", " ")):
        return '"' + value.replace('"', '""') + '"'
    return value


def _fields(text: str, start: int, delimiter: str) -> list[list[_Field]]:
    """The cells of a file with their places (RFC 4180; a quote is doubled within quotes)."""
    rows: list[list[_Field]] = []
    row: list[_Field] = []
    at = start
    while at < len(text):
        end, value = _field(text, at, delimiter)
        row.append(_Field(at, end, value))
        if end < len(text) and text[end] == delimiter:
            at = end + 1
            if at == len(text) or text[at] in "\r\n":
                row.append(_Field(at, at, ""))
                end = at
            else:
                continue
        rows.append(row)
        row = []
        at = end + (2 if text[end : end + 2] == "\r\n" else 1)
    return [row for row in rows if any(field.value for field in row)]


def _field(text: str, at: int, delimiter: str) -> tuple[int, str]:
    """Where the cell that begins here ends, and its value."""
    if text[at] != '"':
        end = at
        while end < len(text) and text[end] not in f"{delimiter}\r\n":
            end += 1
        return end, text[at:end]
    end = at + 1
    while end < len(text):
        if text[end] == '"':
            if text[end + 1 : end + 2] != '"':
                break
            end += 1
        end += 1
    return end + 1, text[at + 1 : end].replace('""', '"')


def as_html(sentences: Sequence[str]) -> str:
    """Lines as the HTML that Moodle's feedback column takes."""
    return "<br>".join(html.escape(sentence, quote=False) for sentence in sentences)

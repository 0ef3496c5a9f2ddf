"""Files in the form of Moodle's interactions report, as real exports of Moodle 4.5 have it."""

from __future__ import annotations

import csv
import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: Question, response, right answer, result.
Cells = tuple[str, str, str, str]

ENGLISH = (
    ("Name", "Attempt", "Started on", "Last accessed on", "Score"),
    ("Question {}", "Response {}", "Right answer {}", "Result {}"),
)
FRENCH = (
    ("Nom", "Tentative", "Démarré le", "Dernier accès le", "Résultat"),
    ("Question {}", "Réponse {}", "Réponse correcte {}", "Résultat {}"),
)
Language = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass
class Row:
    """An attempt of a student: the answers in each SCO that was opened, by its place."""

    name: str
    answers: dict[int, Sequence[Cells]] = field(default_factory=dict)
    attempt: int | None = 1
    email: str = ""


def table(
    rows: Sequence[Row],
    scos: Sequence[str] = ("Course",),
    *,
    language: Language = ENGLISH,
    columns: Sequence[int] = (0, 1, 2, 3),
) -> list[list[str]]:
    """The cells of the report; ``columns`` are those of an answer that the teacher ticked."""
    fixed, answer = language
    has_email = any(row.email for row in rows)
    count = max((len(cells) for row in rows for cells in row.answers.values()), default=0)
    head = [fixed[0], *(["Email address"] if has_email else []), *fixed[1:], *scos]
    head += [answer[column].format(n) for n in range(count) for column in columns]
    body = []
    for row in rows:
        line = [row.name, *([row.email] if has_email else [])]
        if row.attempt is None:
            line += ["-"] * 4
        else:
            line += [str(row.attempt), "Monday, 30 November 2026, 1:20 PM", "Tuesday", "50"]
        for place in range(len(scos)):
            given = row.answers.get(place)
            line.append("Not attempted" if given is None else "50")
            for n in range(count):
                cells = given[n] if given is not None and n < len(given) else [""] * 4
                line += [html.escape(cells[column]) for column in columns]
        body.append(line)
    return [head, *body]


def write(path: Path, cells: Sequence[Sequence[str]], *, delimiter: str = "\t") -> Path:
    """A file with these cells."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(cells)
    return path

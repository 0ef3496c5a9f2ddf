"""The directive ``coverage``: for each module, where every objective is taught and practised.

It reads ``course.json``, so it belongs on a page that is built after the course: the
instructor's handbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from scorm.course import course_json, coverage
from scorm.course.model import Item
from scorm.layout import Places

_HEADINGS = ("Objective", "Taught in", "Told in", "Practised in", "Checked by")
_HOLE = "Missing: "


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("coverage", CoverageDirective)


class CoverageDirective(SphinxDirective):
    """A table for each module, which says in words what is missing."""

    def run(self) -> list[nodes.Node]:
        """The tables; the page is read again when ``course.json`` changes."""
        path = Places.of(Path(self.env.app.confdir)).course_json
        self.env.note_dependency(str(path))
        whole = course_json.load(path)
        return [_table(module, coverage.of_module(whole, module)) for module in whole.modules]


def _table(module: Item, rows: Sequence[coverage.Coverage]) -> nodes.table:
    group = nodes.tgroup("", cols=len(_HEADINGS))
    group += [nodes.colspec(colwidth=1) for _ in _HEADINGS]
    group += nodes.thead("", nodes.row("", *(_cell([heading]) for heading in _HEADINGS)))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", nodes.title("", f"Objectives of {module.title}"), group)


def _row(row: coverage.Coverage) -> nodes.row:
    objective = [row.objective.text, *(f"{_HOLE}{words}." for words in row.holes)]
    practice = row.labs or (["its questions"] if row.questions else ())
    columns = (objective, row.lessons, row.decks, practice, row.questions)
    return nodes.row("", *map(_cell, columns))


def _cell(lines: Sequence[str]) -> nodes.entry:
    paragraphs = [
        nodes.paragraph(
            "", "", nodes.strong("", line) if line.startswith(_HOLE) else nodes.Text(line)
        )
        for line in lines or ("none",)
    ]
    return nodes.entry("", *paragraphs)

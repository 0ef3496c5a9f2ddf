"""The directive ``answer-key``: what the reports of an LMS say of each question, and what it means.

It reads ``course.json``, so it belongs on a page of the instructor's handbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from scorm.course import answer_key, course_json
from scorm.course.answer_key import KeyChoice, KeyQuestion
from scorm.layout import Places

_HEADINGS = ("In reports", "Question", "Answers")
_WIDTHS = (2, 3, 4)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("answer-key", AnswerKeyDirective)


class AnswerKeyDirective(SphinxDirective):
    """A table for each page that asks something; right answers are marked in words."""

    def run(self) -> list[nodes.Node]:
        """The tables; the page is read again when ``course.json`` changes."""
        path = Places.of(Path(self.env.app.confdir)).course_json
        self.env.note_dependency(str(path))
        key = answer_key.key_of(course_json.load(path))
        by_label = {question.label: question for question in key.questions}
        release = f"Release {key.version} of {key.date}."
        return [
            nodes.paragraph("", release),
            *(_table(page.title, [by_label[it] for it in page.questions]) for page in key.pages),
        ]


def _table(title: str, questions: Sequence[KeyQuestion]) -> nodes.table:
    group = nodes.tgroup("", cols=len(_HEADINGS))
    group += [nodes.colspec(colwidth=width) for width in _WIDTHS]
    head = (_cell([nodes.Text(heading)]) for heading in _HEADINGS)
    group += nodes.thead("", nodes.row("", *head))
    group += nodes.tbody("", *map(_row, questions))
    return nodes.table("", nodes.title("", title), group)


def _row(question: KeyQuestion) -> nodes.row:
    return nodes.row(
        "",
        _cell([nodes.literal("", question.scorm12)]),
        _cell([nodes.Text(question.stem)]),
        _cell(*([_answer(choice)] for choice in question.choices)),
    )


def _answer(choice: KeyChoice) -> nodes.inline:
    """A choice: its letter and what it says. Its name in SCORM 2004 and cmi5 says the same."""
    answer = nodes.inline()
    if choice.letter:
        answer += [nodes.literal("", choice.letter), nodes.Text(" ")]
    answer += nodes.Text(choice.text)
    if choice.correct:
        answer += [nodes.Text(" "), nodes.strong("", "(right)")]
    return answer


def _cell(*lines: Sequence[nodes.Node]) -> nodes.entry:
    return nodes.entry("", *(nodes.paragraph("", "", *line) for line in lines))

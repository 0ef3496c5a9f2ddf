"""Show a report: at the terminal, as a page of HTML, or as a table for a spreadsheet (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import jinja2
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scorm.report.figures import FEWEST, ChoiceFigures, QuestionFigures, Report

#: From this many columns on, a terminal has room for the whole words.
_WIDE = 90
_WORDS = ("Tried", "Right at first", "In the end", "Facility", "Discrimination", "Efficiency")
_SHORT = ("Tried", "First", "End", "Facil.", "Discr.", "Effic.")

_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("scorm.report"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_COLUMNS = (
    "question", "text", "kind", "tried", "right at first", "right in the end", "facility",
    "discrimination", "efficiency", "letter", "choice", "right", "chosen", "share",
    "chosen by the best third", "hints",
)  # fmt: skip


def percent(share: float | None) -> str:
    """A share as a whole number of percent; a dash for none."""
    return "–" if share is None else f"{100 * share:.0f} %"  # noqa: RUF001 - a dash, not a minus


def index(value: float | None) -> str:
    """A value of -1 to 1 with two decimals; a dash for none."""
    return "–" if value is None else f"{value:.2f}"  # noqa: RUF001


_templates.filters |= {"percent": percent, "index": index}


def notes(report: Report) -> Iterator[str]:
    """What the figures leave out, in sentences."""
    few = [it.question.label for it in report.questions if it.facility is None]
    if few:
        yield f"Fewer than {FEWEST} students tried: {', '.join(few)}."
    unread = sum(it.unread for it in report.questions)
    if unread:
        yield (
            f"{unread} first tries are counted as right or wrong only: what they picked is in the "
            "key of another release. Give that release's instructor's zip by --key as well."
        )
    if report.unanswered:
        yield f"Nobody has answered: {', '.join(report.unanswered)}."
    if report.unknown:
        yield (
            f"In no key, and left out: {', '.join(report.unknown[:5])}"
            f"{' …' if len(report.unknown) > 5 else ''}."
        )


def print_report(report: Report, console: Console) -> None:
    """The report at a terminal, as wide as that is."""
    summary = f"{report.title} ({report.version}): first tries of {report.students} students"
    console.print(Text(summary, "bold"))
    console.print(_overview(report, is_wide=console.width >= _WIDE))
    for figures in report.questions:
        if figures.choices:
            console.print(_heading(figures))
            console.print(Padding(_choices(figures), (0, 0, 1, 2)))
    for note in notes(report):
        console.print(Text(note))


def _overview(report: Report, *, is_wide: bool) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("Question", overflow="fold")
    for heading in _WORDS if is_wide else _SHORT:
        table.add_column(heading, justify="right", no_wrap=True)
    for it in report.questions:
        table.add_row(
            Text(it.question.label + (" (!)" if it.hints else "")),
            str(it.tried),
            str(it.right_first),
            str(it.right_end),
            percent(it.facility),
            index(it.discrimination),
            index(it.efficiency),
        )
    return table


def _heading(figures: QuestionFigures) -> Text:
    heading = Text(figures.question.label, "bold")
    heading.append(f"  {figures.question.stem}", "not bold")
    for hint in figures.hints:
        heading.append(f"\n(!) {hint}", "bold red")
    return heading


def _choices(figures: QuestionFigures) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for name in ("mark", "letter"):
        table.add_column(name, no_wrap=True)
    table.add_column("text", overflow="fold", ratio=1)
    for name in ("count", "share"):
        table.add_column(name, justify="right", no_wrap=True)
    for choice in figures.choices:
        table.add_row(
            "right" if choice.correct else "",
            choice.letter,
            Text(choice.text),
            str(choice.count),
            percent(choice.share),
            style="bold" if choice.correct else "",
        )
    return table


def as_html(report: Report) -> str:
    """The report as one page that needs no other file."""
    template = _templates.get_template("report.html.j2")
    return template.render(report=report, notes=list(notes(report)), fewest=FEWEST)


def as_csv(report: Report) -> str:
    """The report as a table with a row for each choice, or for a question without figures."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for figures in report.questions:
        for choice in figures.choices or [None]:
            writer.writerow(map(_cell, _row(figures, choice)))
    return stream.getvalue()


def _row(it: QuestionFigures, choice: ChoiceFigures | None) -> Iterator[object]:
    yield from (it.question.label, it.question.stem, it.question.kind)
    yield from (it.tried, it.right_first, it.right_end)
    yield from (it.facility, it.discrimination, it.efficiency)
    if choice is None:
        yield from [None] * 6
    else:
        yield from (choice.letter, choice.text, "yes" if choice.correct else "no")
        yield from (choice.count, choice.share, choice.best)
    yield " ".join(it.hints)


def _cell(value: object) -> str:
    """A cell. A spreadsheet takes text with these beginnings for a formula, so ``'`` goes first."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

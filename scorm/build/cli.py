"""The command line: ``build`` (the default), ``check``, ``preview``, ``report`` and ``grade``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from scorm import __version__
from scorm.build import readiness, steps
from scorm.build.handbook import is_handbook
from scorm.errors import BuildError, CourseError, PackageError, ScormError, reason
from scorm.layout import Places
from scorm.packages import Layout, presets
from scorm.system import processes

_COMMANDS = ("build", "check", "preview", "report", "grade")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 only when everything was well."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "build")
    parser = _parser()
    options = parser.parse_args(words)
    if options.run is _build:
        options.orders = _orders(parser, options)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        return int(options.run(options, console))
    except CourseError as error:
        for fault in error.faults:
            console.print(str(fault), markup=False)
        count = len(error.faults)
        console.print(f"{count} {'fault' if count == 1 else 'faults'}; nothing was packaged.")
    except ScormError as error:
        console.print(f"error: {error}", markup=False)
    except OSError as error:
        console.print(f"error: '{words[0]}' cannot go on: {reason(error)}", markup=False)
    except KeyboardInterrupt:
        console.print("interrupted; the packages of the last build are still in place.")
        return 130
    except processes.Stopped as stopped:
        console.print(f"ended by {stopped.name}; the packages of the last build are in place.")
        return stopped.status
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build_scorm.py",
        description="Build the course and its packages for any LMS (without a command: build).",
    )
    parser.add_argument("--version", action="version", version=f"scorm {__version__}")
    commands = parser.add_subparsers(metavar="{" + ",".join(_COMMANDS) + "}", required=True)

    building = commands.add_parser("build", help="build all packages into dist/ (the default)")
    building.add_argument(
        "--project", type=Path, default=Path(), help="the folder of conf.py (default: this one)"
    )
    building.add_argument("--output", type=Path, help="where packages go (default: dist)")
    building.add_argument(
        "--notebook-cache",
        type=Path,
        help="where the outputs of executed notebooks are kept (default: SCORM_NOTEBOOK_CACHE, "
        "else _build/notebooks)",
    )
    building.add_argument("--force", action="store_true", help="build even if nothing changed")
    _add_choices(building)
    building.set_defaults(run=_build)

    checking = commands.add_parser("check", help="say whether packages are valid, or why not")
    checking.add_argument("packages", type=Path, nargs="+", metavar="PACKAGE.zip")
    checking.add_argument(
        "--all", action="store_true", help="list every fault, not only some of each kind"
    )
    checking.set_defaults(run=_check)

    previewing = commands.add_parser("preview", help="play a package in a local LMS")
    previewing.add_argument(
        "package",
        type=Path,
        nargs="?",
        metavar="PACKAGE.zip",
        help="the package (default: SCORM 1.2 of the whole course, from dist/)",
    )
    previewing.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
    previewing.add_argument("--no-browser", action="store_true", help="open no browser")
    previewing.set_defaults(run=_preview)

    reporting = commands.add_parser(
        "report", help="say what an LMS's export tells of the questions (see PACKAGES.md)"
    )
    reporting.add_argument(
        "exports", type=Path, nargs="+", metavar="EXPORT", help="Moodle's interactions report"
    )
    reporting.add_argument(
        "--key",
        type=Path,
        action="append",
        metavar="ZIP",
        help="the instructor's zip of the release that students have; several, newest first, if "
        "they have several (default: that of dist/)",
    )
    reporting.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write a file: a page (.html), or a table (.csv)",
    )
    reporting.set_defaults(run=_report)

    _add_grade(commands.add_parser("grade", help="grade the notebooks that students handed in"))
    return parser


def _add_grade(grading: argparse.ArgumentParser) -> None:
    grading.add_argument(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help="the zip of Moodle's 'Download all submissions', or a folder",
    )
    grading.add_argument(
        "--worksheet",
        type=Path,
        metavar="CSV",
        help="Moodle's grading worksheet; a filled copy is written into the output folder",
    )
    grading.add_argument(
        "--assignment",
        type=Path,
        metavar="NOTEBOOK",
        help="the author's notebook, with solutions (default: the one in notebooks/ that fits)",
    )
    grading.add_argument(
        "--files",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder that notebooks find beside them; may be given several times",
    )
    grading.add_argument(
        "--output", type=Path, metavar="FOLDER", help="where results go (default: graded)"
    )
    grading.add_argument(
        "--points",
        type=Path,
        metavar="CSV",
        help="your points for written answers (default: points.csv beside the worksheet)",
    )
    grading.add_argument(
        "--sandbox",
        choices=("auto", "bwrap", "rlimit"),
        default="auto",
        help="how submissions are kept apart (default: bwrap where it works)",
    )
    grading.add_argument(
        "--together", type=int, default=2, metavar="N", help="how many run at once (default: 2)"
    )
    grading.add_argument(
        "--cell-seconds", type=float, default=60, help="for one cell or check (default: 60)"
    )
    grading.add_argument(
        "--seconds", type=float, default=1800, help="for one submission (default: 1800)"
    )
    grading.add_argument(
        "--memory", type=float, default=4, help="for one submission, in GiB (default: 4)"
    )
    grading.add_argument("--again", action="store_true", help="run what was graded before, too")
    grading.add_argument("--grade-column", default="", help="the worksheet's column, if not found")
    grading.add_argument("--feedback-column", default="", help="the same for the feedback")
    grading.set_defaults(run=_grade)


def _add_choices(building: argparse.ArgumentParser) -> None:
    """Add the flags that choose packages; without them there is something for every LMS."""
    choosing = building.add_argument_group(
        "packages", "what to build; without these, something for every LMS (see PACKAGES.md)"
    )
    choosing.add_argument(
        "--for", dest="preset", choices=presets.PRESETS, help="what serves this LMS best"
    )
    choosing.add_argument(
        "--format", choices=("scorm12", "scorm2004", "cmi5"), help="(default: scorm12)"
    )
    choosing.add_argument("--edition", choices=("3rd", "4th"), help="of SCORM 2004 (default: 4th)")
    choosing.add_argument(
        "--layout",
        choices=[str(layout) for layout in Layout],
        help="one SCO a page, or one for the whole (default: single for SCORM 2004, else multi)",
    )
    choosing.add_argument(
        "--scope",
        choices=[str(extent) for extent in presets.Extent],
        help="one package for the course, or one a module (default: course)",
    )
    choosing.add_argument(
        "--linear", action="store_true", help="pages open in their order only (multi)"
    )


def _orders(
    parser: argparse.ArgumentParser, options: argparse.Namespace
) -> Sequence[presets.Order]:
    try:
        return presets.orders(
            preset=options.preset,
            format=options.format,
            edition=options.edition,
            layout=options.layout,
            extent=options.scope,
            linear=options.linear,
        )
    except PackageError as error:
        parser.error(str(error))


def _build(options: argparse.Namespace, console: Console) -> int:
    project = options.project.resolve()
    cache = options.notebook_cache or os.environ.get("SCORM_NOTEBOOK_CACHE")
    places = Places.of(
        project,
        notebook_cache=Path(cache).resolve() if cache else None,
        dist=options.output.resolve() if options.output else None,
    )
    readiness.require_folders(places)
    readiness.require_sources(places)
    with processes.signals_raise(), readiness.turn(places, console.print):
        packages = [] if options.force else steps.already_built(places, options.orders)
        built = [] if packages else steps.build(places, _Steps(console), options.orders)
    if packages:
        console.print("Nothing changed since the last build; these packages are up to date:")
        for path in packages:
            console.print(f"  {_shown(path)}", markup=False)
        return 0
    console.print(_table(built))
    for one in built:
        for warning in one.report.warnings:
            console.print(f"{one.report.path.name}: {warning}", markup=False)
    return 0


def _shown(path: Path) -> str:
    """The path as a person in this folder would write it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _table(built: Sequence[steps.Built]) -> Table:
    folder = _shown(built[0].report.path.parent)
    table = Table(
        title=f"Packages in {folder}", title_justify="left", box=box.SIMPLE, pad_edge=False
    )
    table.add_column("Package", no_wrap=True)
    table.add_column("Format", min_width=9)
    for heading in ("SCOs", "Files", "Size", "Time"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in built:
        report = one.report
        table.add_row(
            report.path.name,
            report.format,
            str(report.scos or "none"),
            str(report.files),
            f"{report.size / 1e6:.2f} MB",
            f"{one.seconds:.1f} s",
        )
    return table


class _Steps:
    """Shows each step as a line; at a terminal it has a spinner while it runs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show the step, what it tells, and how long it took; say in which step it failed."""
        told = ""
        start = time.perf_counter()

        def tell(more: str) -> None:
            nonlocal told
            told = f" ({more})" if more else ""
            status.update(f"{title}{told}")

        with self._console.status(title) as status:
            try:
                yield tell
            except OSError as error:
                raise BuildError(f"{title}: {reason(error)}") from error
        seconds = time.perf_counter() - start
        self._console.print(f"{title}{told}: {seconds:.1f} s", markup=False)

    def note(self, line: str) -> None:
        """Print the line in a log; at a terminal the spinner of the step tells as much."""
        if not self._console.is_terminal:
            self._console.print(line, markup=False)


def _check(options: argparse.Namespace, console: Console) -> int:
    from scorm import validate

    invalid = 0
    for path in options.packages:
        try:
            verdict = validate.examine(path)
        except PackageError as error:
            console.print(f"error: {error}", markup=False)
            invalid += 1
            continue
        for line in verdict.lines(sys.maxsize) if options.all else verdict.lines():
            print(f"{_shown(path)}: {line}")
        invalid += not verdict.valid
    return 1 if invalid else 0


def _preview(options: argparse.Namespace, console: Console) -> int:
    from scorm.player import run_preview

    package = options.package or _usual_package()
    run_preview(package, options.port, open_browser=not options.no_browser)
    return 0


def _report(options: argparse.Namespace, console: Console) -> int:
    from scorm.build import reporting

    report, complaints = reporting.make(options.exports, options.key or [_usual_handbook()])
    for line in complaints:
        console.print(line, markup=False)
    if report is None:
        return 1
    if options.output is None:
        reporting.show(report)
    else:
        reporting.write(report, options.output)
        console.print(f"{_shown(options.output)} tells of {len(report.questions)} questions")
    return 0


def _grade(options: argparse.Namespace, console: Console) -> int:
    from scorm.build import grading
    from scorm.grading.sandbox import Limits

    beside = options.worksheet or options.submissions.absolute()
    order = grading.Order(
        submissions=options.submissions,
        worksheet=options.worksheet,
        assignment=options.assignment,
        files=options.files,
        output=options.output or Path("graded"),
        points=options.points or beside.with_name("points.csv"),
        sandbox=options.sandbox,
        together=max(1, options.together),
        limits=Limits(
            cell_seconds=options.cell_seconds,
            seconds=options.seconds,
            memory=int(options.memory * 2**30),
        ),
        again=options.again,
        grade_column=options.grade_column,
        feedback_column=options.feedback_column,
    )
    try:
        outcomes = grading.make(order, console)
    except KeyboardInterrupt:
        console.print(
            "interrupted; what is graded is kept, and the same command goes on from there."
        )
        return 130
    console.print(grading.table(outcomes))
    console.print(f"{_shown(order.output)} holds the results: open overview.html.", markup=False)
    return 0


def _usual_handbook() -> Path:
    found = sorted(filter(is_handbook, Places.of(Path()).dist.glob("*.zip")))
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found) or "none"
    raise ScormError(f"name the instructor's zip by --key; dist/ holds {names}")


def _usual_package() -> Path:
    """The package in ``dist/``; of several, the whole course as SCORM 1.2, which shows most."""
    found = sorted(path for path in Places.of(Path()).dist.glob("*.zip") if not is_handbook(path))
    # The shortest name is the whole course's: those of its modules say more.
    whole = sorted((path for path in found if path.name.endswith("-scorm12.zip")), key=_length)
    if len(found) == 1 or whole:
        return (whole or found)[0]
    names = ", ".join(path.name for path in found) or "none"
    raise ScormError(f"name the package to preview; dist/ holds {names}")


def _length(path: Path) -> int:
    return len(path.name)

"""The command line: ``build`` (the default), ``check`` and ``preview``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scorm import __version__, build
from scorm.errors import CourseError, ScormError

_COMMANDS = ("build", "check", "preview")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 only when everything was well."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "build")
    options = _parser().parse_args(words)
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
    except KeyboardInterrupt:
        console.print("interrupted; the packages of the last build are still in place.")
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build_scorm.py",
        description="Build the course and its SCORM package (without a command: build).",
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
    building.set_defaults(run=_build)

    checking = commands.add_parser("check", help="say whether packages are valid, or why not")
    checking.add_argument("packages", type=Path, nargs="+", metavar="PACKAGE.zip")
    checking.set_defaults(run=_check)

    previewing = commands.add_parser("preview", help="play a package in a local LMS")
    previewing.add_argument(
        "package",
        type=Path,
        nargs="?",
        metavar="PACKAGE.zip",
        help="the package (default: the only one in dist/)",
    )
    previewing.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
    previewing.add_argument("--no-browser", action="store_true", help="open no browser")
    previewing.set_defaults(run=_preview)
    return parser


def _build(options: argparse.Namespace, console: Console) -> int:
    project = options.project.resolve()
    cache = options.notebook_cache or os.environ.get("SCORM_NOTEBOOK_CACHE")
    places = build.Places(
        project=project,
        notebook_cache=Path(cache).resolve() if cache else project / "_build" / "notebooks",
        dist=(options.output or project / "dist").resolve(),
    )
    packages = [] if options.force else build.already_built(places)
    if packages:
        console.print("Nothing changed since the last build; these packages are up to date:")
        for path in packages:
            console.print(f"  {_shown(path)}", markup=False)
        return 0
    built = build.build(places, _Steps(console))
    console.print(_table(built))
    for one in built:
        for warning in one.report.warnings:
            console.print(f"{one.report.path.name}: {warning}", markup=False)
    return 0


def _shown(path: Path) -> str:
    """The path as a person in this folder would write it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _table(built: Sequence[build.Built]) -> Table:
    table = Table(title="Packages", title_justify="left")
    for heading in ("Package", "Format"):
        table.add_column(heading, overflow="fold")
    for heading in ("SCOs", "Files", "Size", "Time"):
        table.add_column(heading, justify="right")
    for one in built:
        report = one.report
        table.add_row(
            _shown(report.path),
            report.format,
            str(report.scos),
            str(report.files),
            f"{report.size / 1e6:.2f} MB",
            f"{one.seconds:.1f} s",
        )
    return table


class _Steps:
    """Each step as a line: at a terminal with a spinner while it runs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show the step, what it tells, and how long it took."""
        told = ""
        start = time.perf_counter()

        def tell(more: str) -> None:
            nonlocal told
            told = f" ({more})"
            status.update(f"{title}{told}")

        with self._console.status(title) as status:
            yield tell
        seconds = time.perf_counter() - start
        self._console.print(f"{title}{told}: {seconds:.1f} s", markup=False)


def _check(options: argparse.Namespace, console: Console) -> int:
    from scorm import validate

    invalid = 0
    for path in options.packages:
        verdict = validate.examine(path)
        for fault in verdict.faults:
            print(f"{_shown(path)}: {fault}")
        for advice in verdict.advice:
            print(f"{_shown(path)}: advice: {advice}")
        count = len(verdict.faults)
        word = "valid" if not count else f"not valid, {count} fault{'s' if count > 1 else ''}"
        print(f"{_shown(path)}: {word}")
        invalid += bool(count)
    return 1 if invalid else 0


def _preview(options: argparse.Namespace, console: Console) -> int:
    from scorm.player import run_preview

    package = options.package or _only_package()
    run_preview(package, options.port, open_browser=not options.no_browser)
    return 0


def _only_package() -> Path:
    found = sorted(Path("dist").glob("*.zip"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise ScormError(f"name the package to preview; dist/ holds {names}")
    return found[0]

"""How much time a package takes beside a plain zip, and what an answer costs on the wire.

::

    .venv/bin/python benchmarks/package.py            # the course, a made-up one, the wire
    .venv/bin/python benchmarks/package.py --sphinx   # and Sphinx with and without this project

Prints ratios; ``README.md`` says how to read them. Run ``build_scorm.py`` first.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from make_course import write as make_course

from scorm import course, sphinx_runs
from scorm.model import Course
from scorm.node import command
from scorm.packages import Format, Layout, PackageOptions, formats, package_name
from scorm.packages.content import Rendered
from scorm.packages.presets import DEFAULT

ROOT = Path(__file__).parents[1]
#: What scorm.archive stores instead of deflating it, in the words of Info-ZIP.
_STORED = ".gif:.gz:.jpeg:.jpg:.mp3:.mp4:.png:.webm:.webp:.woff:.woff2"
_LEVEL = "-6"
#: Packages to measure one by one, too.
_ALONE = (
    PackageOptions(Format.SCORM12),
    PackageOptions(Format.SCORM12, Layout.SINGLE),
    PackageOptions(Format.SCORM2004, Layout.SINGLE),
    PackageOptions(Format.CMI5),
)
#: Pages and questions on each page of a small and a large course on the wire.
_WIRE = ((12, 3), (200, 3))


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=200, help="of the made-up course")
    parser.add_argument("--rounds", type=int, default=5, help="the best of so many counts")
    parser.add_argument("--sphinx", action="store_true", help="measure Sphinx as well (minutes)")
    parser.add_argument("--profile", action="store_true", help="show where packaging spends time")
    arguments = parser.parse_args()
    if shutil.which("zip") is None:
        raise SystemExit("This needs Info-ZIP's zip: apt-get install zip")
    if not (ROOT / "_build" / "course.json").exists():
        raise SystemExit("This measures the built course: run build_scorm.py first")
    with tempfile.TemporaryDirectory() as folder:
        made_up = build_made_up(Path(folder) / "course", arguments.pages)
        for title, build in (("the course", ROOT / "_build"), ("made up", made_up)):
            measure_packages(title, build, Path(folder), arguments.rounds, arguments.profile)
        measure_wire()
        if arguments.sphinx:
            for pages in (12, arguments.pages):
                measure_sphinx(pages, Path(folder))


def build_made_up(folder: Path, pages: int) -> Path:
    """Generate a course and let Sphinx render it; the folder of its ``course.json``."""
    make_course(folder, pages)
    build = folder / "_build"
    faults = sphinx_runs.run(sphinx_runs.PAGES, folder, build, build / "notebooks")
    if faults:
        raise SystemExit("\n".join(map(str, faults)))
    part = json.loads((build / "doctrees" / "parts" / "html.json").read_text("utf-8"))
    (build / "course.json").write_text(course.dump(course.assemble(part)), "utf-8")
    return build


def measure_packages(title: str, build: Path, folder: Path, rounds: int, profile: bool) -> None:
    """Write packages and zip the same files, by turns; print the ratio of the best times."""
    whole = course.load(build / "course.json")
    print(f"\nPackaging, {title}: {sum(1 for _ in whole.scos())} pages")
    print(
        f"{'packages':<30}{'files':>7}{'MB':>7}{'ours, s':>9}{'zip, s':>9}{'ratio':>7}{'size':>7}"
    )
    everything = [options for order in DEFAULT for options in order.packages(whole)]
    for options in _ALONE:
        measure_set(f"{options.format} {options.layout}", whole, build, folder, [options], rounds)
    measure_set(f"all {len(everything)} of a build", whole, build, folder, everything, rounds)
    if profile:
        profiler = cProfile.Profile()
        profiler.runcall(write_all, whole, build, folder, everything)
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(25)


def measure_set(
    name: str,
    whole: Course,
    build: Path,
    folder: Path,
    wanted: Sequence[PackageOptions],
    rounds: int,
) -> None:
    """One line of the table: packages that one build writes, which share their files' work."""
    packages = write_all(whole, build, folder, wanted)
    unpacked = [unpack(package, folder / "files" / package.stem) for package in packages]
    plain = folder / "plain.zip"
    sizes = []

    def zip_all() -> None:
        sizes.clear()
        for files in unpacked:
            plain.unlink(missing_ok=True)
            words = ["zip", "-r", "-q", "-X", _LEVEL, "-n", _STORED, str(plain), "."]
            subprocess.run(words, cwd=files, check=True)
            sizes.append(plain.stat().st_size)

    ours, theirs = best_of(rounds, lambda: write_all(whole, build, folder, wanted), zip_all)
    found = [path for files in unpacked for path in files.rglob("*") if path.is_file()]
    raw = sum(path.stat().st_size for path in found)
    size = sum(package.stat().st_size for package in packages) / sum(sizes)
    print(
        f"{name:<30}{len(found):>7}{raw / 1e6:>7.1f}{ours:>9.2f}{theirs:>9.2f}"
        f"{ours / theirs:>7.2f}{size:>7.2f}"
    )
    shutil.rmtree(folder / "files")


def write_all(
    whole: Course, build: Path, folder: Path, wanted: Sequence[PackageOptions]
) -> list[Path]:
    """Write the packages, as one build does."""
    rendered = Rendered(whole, build)
    paths = []
    for options in wanted:
        path = folder / package_name(whole, options)
        paths.append(formats.write(whole, build, path, options, rendered=rendered).path)
    return paths


def unpack(package: Path, folder: Path) -> Path:
    """The files of a package in a folder of their own."""
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def best_of(rounds: int, *actions: Callable[[], object]) -> list[float]:
    """The shortest time in seconds of each action; they take turns, so that all share the noise."""
    times = []
    for _ in range(rounds):
        times.append([seconds(action) for action in actions])
    return [min(column) for column in zip(*times, strict=True)]


def seconds(action: Callable[[], object]) -> float:
    """How long the action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def measure_wire() -> None:
    """Count what an LMS is told of each answer, in a small and a large course."""
    print("\nOn the wire, for each answered question (SCORM 1.2): mean, and the most")
    print(f"{'layout':<9}{'pages':>6}{'questions':>11}{'bytes':>15}{'elements':>13}{'commits':>11}")
    for layout in Layout:
        for pages, questions in _WIRE:
            script = str(ROOT / "benchmarks" / "wire.js")
            words = [*command("node"), script, layout, str(pages), str(questions)]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout)
            shown = {
                name: f"{found[name]['mean']:.1f}, {found[name]['most']}"
                for name in ("bytes", "elements", "commits")
            }
            print(
                f"{layout:<9}{pages:>6}{pages * questions:>11}{shown['bytes']:>15}"
                f"{shown['elements']:>13}{shown['commits']:>11}"
            )


def measure_sphinx(pages: int, folder: Path) -> None:
    """Build the same pages with this project and with Sphinx and the theme alone."""
    times = []
    for name, plain in (("ours", False), ("floor", True)):
        source = folder / f"sphinx-{name}-{pages}"
        make_course(source, pages, plain=plain)
        words = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source)]
        words.append(str(source / "_build"))
        environment = sphinx_runs.environment()
        times.append(
            seconds(
                lambda words=words, environment=environment: subprocess.run(
                    words, check=True, env=environment
                )
            )
        )
    ours, floor = times
    print(
        f"\nSphinx, {pages} pages: {ours:.1f} s with questions and tracking, {floor:.1f} s plain; "
        f"ratio {ours / floor:.2f}"
    )


if __name__ == "__main__":
    main()

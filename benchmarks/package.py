"""How much time and memory a package takes beside a plain zip, and what an answer costs.

::

    .venv/bin/python benchmarks/package.py            # the course, a made-up one, the wire
    .venv/bin/python benchmarks/package.py --sphinx   # and Sphinx with and without this project

Run ``build_scorm.py`` first. Packaging is all but Sphinx and notebooks: read ``course.json``,
collect the files, write manifest and zip, check the package. It takes turns with ``zip -r -6`` of
the very files that are in the packages. Of each line of the table:

- ``ratio``, which should be at most 1.5, is the shortest time of ours over the shortest of zip;
- ``median`` is that of the rounds' own ratios: far from ``ratio``, the machine was busy and both
  are worth little (run again, or with more ``--rounds``);
- ``CPU`` compares the processor time of both, which other programs disturb least; above ``ratio``
  it shows what several processors gain;
- ``size`` compares the zips in bytes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from make_course import write as make_course

from scorm.build import sphinx_runs
from scorm.build.node import command
from scorm.course import course_json
from scorm.layout import Places
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
#: Pages of a small, a larger and a large course on the wire, with so many questions on each.
_WIRE_PAGES = (10, 50, 200)
_WIRE_QUESTIONS = 3


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=200, help="of the made-up course")
    parser.add_argument("--rounds", type=int, default=7, help="the best of so many counts")
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
            measure_memory(build)
        measure_wire()
        if arguments.sphinx:
            for pages in (12, arguments.pages):
                measure_sphinx(pages, Path(folder))


def build_made_up(folder: Path, pages: int) -> Path:
    """Generate a course and let Sphinx render it; the folder of its ``course.json``."""
    make_course(folder, pages)
    places = Places.of(folder)
    faults = sphinx_runs.run(sphinx_runs.PAGES, places)
    if faults:
        raise SystemExit("\n".join(map(str, faults)))
    part = json.loads(places.part("html").read_text("utf-8"))
    places.course_json.write_text(course_json.dump(course_json.assemble(part)), "utf-8")
    return places.build


def measure_packages(title: str, build: Path, folder: Path, rounds: int, profile: bool) -> None:
    """Write packages and zip the same files, by turns; print the ratio of the best times."""
    everything = of_a_build(build)
    pages = sum(1 for _ in course_json.load(build / "course.json").scos())
    print(f"\nPackaging, {title}: {pages} pages")
    print(
        f"{'packages':<20}{'files':>7}{'MB':>7}{'ours, s':>9}{'zip, s':>9}"
        f"{'ratio':>7}{'median':>8}{'CPU':>7}{'size':>7}"
    )
    for options in _ALONE:
        measure_set(f"{options.format} {options.layout}", build, folder, [options], rounds)
    measure_set(f"all {len(everything)} of a build", build, folder, everything, rounds)
    if profile:
        profiler = cProfile.Profile()
        profiler.runcall(write_all, build, folder, everything)
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(25)


def of_a_build(build: Path) -> list[PackageOptions]:
    """The packages that ``build_scorm.py`` writes without flags."""
    whole = course_json.load(build / "course.json")
    return [options for order in DEFAULT for options in order.packages(whole)]


def measure_set(
    name: str, build: Path, folder: Path, wanted: Sequence[PackageOptions], rounds: int
) -> None:
    """One line of the table: packages that one build writes, which share their files' work."""
    packages = write_all(build, folder, wanted)
    unpacked = [unpack(package, folder / "files" / package.stem) for package in packages]
    plain = folder / "plain.zip"
    sizes: list[int] = []

    def zip_all() -> None:
        sizes.clear()
        for files in unpacked:
            plain.unlink(missing_ok=True)
            words = ["zip", "-r", "-q", "-X", _LEVEL, "-n", _STORED, str(plain), "."]
            subprocess.run(words, cwd=files, check=True)
            sizes.append(plain.stat().st_size)

    rows = by_turns(rounds, lambda: write_all(build, folder, wanted), zip_all)
    ours, theirs = (min(cost.wall for cost in column) for column in zip(*rows, strict=True))
    ours_cpu, theirs_cpu = (min(cost.cpu for cost in column) for column in zip(*rows, strict=True))
    median = statistics.median(one.wall / other.wall for one, other in rows)
    found = [path for files in unpacked for path in files.rglob("*") if path.is_file()]
    raw = sum(path.stat().st_size for path in found)
    size = sum(package.stat().st_size for package in packages) / sum(sizes)
    print(
        f"{name:<20}{len(found):>7}{raw / 1e6:>7.1f}{ours:>9.3f}{theirs:>9.3f}"
        f"{ours / theirs:>7.2f}{median:>8.2f}{ours_cpu / theirs_cpu:>7.2f}{size:>7.2f}"
    )
    shutil.rmtree(folder / "files")


def write_all(build: Path, folder: Path, wanted: Sequence[PackageOptions]) -> list[Path]:
    """Write the packages, as one build does."""
    whole = course_json.load(build / "course.json")
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


@dataclass(frozen=True)
class Cost:
    """Seconds that passed, and seconds that processors worked for us."""

    wall: float
    cpu: float


def by_turns(rounds: int, *actions: Callable[[], object]) -> list[list[Cost]]:
    """What each action cost in each round; they take turns, so that all share the noise."""
    return [[cost_of(action) for action in actions] for _ in range(rounds)]


def cost_of(action: Callable[[], object]) -> Cost:
    """What the action costs, with the processes that it starts."""
    start, worked = time.perf_counter(), processor_seconds()
    action()
    return Cost(time.perf_counter() - start, processor_seconds() - worked)


def processor_seconds() -> float:
    """How long processors have worked so far for this process and those that it waited for."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure_memory(build: Path) -> None:
    """Say how much memory the packages of a build take, written by a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        idle, peak = pool.submit(memory_of_all, build).result()
    print(f"Peak memory (RSS), all packages: {peak:.0f} MB, before the first: {idle:.0f} MB")


def memory_of_all(build: Path) -> tuple[float, float]:
    """Megabytes that this process had at most before it wrote all packages, and at the end."""
    idle = peak_memory()
    with tempfile.TemporaryDirectory() as folder:
        write_all(build, Path(folder), of_a_build(build))
    return idle, peak_memory()


def peak_memory() -> float:
    """Megabytes. Linux counts in ``ru_maxrss`` what a parent process had as well, here not."""
    words = Path("/proc/self/status").read_text("ascii").split()
    return int(words[words.index("VmHWM:") + 1]) * 1024 / 1e6


def measure_wire() -> None:
    """Count what an LMS is told of each answer: first of the same answers, then of all."""
    print("\nOn the wire, for each answered question (SCORM 1.2): mean, and the most")
    print(f"{'layout':<9}{'pages':>6}{'answers':>9}{'bytes':>15}{'elements':>13}{'commits':>11}")
    same = _WIRE_PAGES[0] * _WIRE_QUESTIONS
    for layout in Layout:
        for pages in _WIRE_PAGES:
            for answers in sorted({same, pages * _WIRE_QUESTIONS}):
                measure_answers(layout, pages, answers)


def measure_answers(layout: Layout, pages: int, answers: int) -> None:
    """Print what the first so many answers cost in a course of so many pages."""
    script = str(ROOT / "benchmarks" / "wire.js")
    numbers = [str(pages), str(_WIRE_QUESTIONS), str(answers)]
    words = [*command("node"), script, layout, *numbers]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    shown = {
        name: f"{found[name]['mean']:.1f}, {found[name]['most']}"
        for name in ("bytes", "elements", "commits")
    }
    print(
        f"{layout:<9}{pages:>6}{answers:>9}{shown['bytes']:>15}"
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
        build = partial(subprocess.run, words, check=True, env=environment)
        times.append(cost_of(build).wall)
    ours, floor = times
    print(
        f"\nSphinx, {pages} pages: {ours:.1f} s with questions and tracking, {floor:.1f} s plain; "
        f"ratio {ours / floor:.2f}"
    )


if __name__ == "__main__":
    main()

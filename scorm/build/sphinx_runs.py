"""Run Sphinx for text pages, decks and the instructor's handbook, and read its complaints."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scorm.errors import BuildError, Fault
from scorm.layout import Places
from scorm.system import processes

_COMPLAINT = re.compile(
    r"^(?P<path>[^\s:][^:\n]*?)(:(?P<line>\d+))?: (WARNING|ERROR|CRITICAL|SEVERE): (?P<text>.*)$"
)
_NO_PLACE = re.compile(r"^(WARNING|ERROR|CRITICAL|SEVERE): (?P<text>.*)$")
_REPORTED = re.compile(
    r"^(?P<before> *)(?:[\w.]+\.)?\w+(?:Error|Exception): (?P<words>.*?)(?=\n\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
#: What Sphinx says when it stops begins with such a line: "Extension error!", "Recursion error!".
_STOPPED = re.compile(r"^[A-Z][A-Za-z ]*!$", re.MULTILINE)
#: What Sphinx says, with a traceback, where the Python of conf.py stops with an error.
_SETTINGS_STOPPED = "There is a programmable error in your configuration file"
_FRAME = re.compile(r'^ *File "([^"]+)", line (\d+)', re.MULTILINE)
_RULE = re.compile(r"(?P<message>.*?) ?\[(?P<rule>[a-z][\w.-]*)\]$", re.DOTALL)

#: The rules whose faults name a line of a notebook's own file.
_OF_NOTEBOOKS = ("scorm.front-matter",)


@dataclass(frozen=True)
class SphinxRun:
    """One run of Sphinx: which builder reads which folder of a project, and where it writes."""

    title: str
    builder: str
    source: Callable[[Places], Path]
    output: Callable[[Places], Path]
    tags: tuple[str, ...] = ()


PAGES = SphinxRun(
    "text pages and notebooks", "html", lambda places: places.project, lambda places: places.site
)
DECKS = SphinxRun(
    "slides",
    "revealjs",
    lambda places: places.slides_folder,
    lambda places: places.decks,
    ("slides",),
)
#: For whoever teaches, and not in the packages. It reads ``course.json``, so it comes last.
HANDBOOK = SphinxRun(
    "instructor's handbook",
    "html",
    lambda places: places.instructor_folder,
    lambda places: places.handbook,
    ("handbook",),
)
#: The runs that ``course.json`` is made of, in this order: the decks show questions that the run
#: of the text pages hands on.
RUNS = (PAGES, DECKS)


def run(sphinx_run: SphinxRun, places: Places) -> list[Fault]:
    """Run Sphinx; every warning is a fault.

    If the last run was killed before its end, alone or together with the build, what it has left
    is thrown away first.

    :raises BuildError: if Sphinx stopped for a reason that is no fault of a document.
    """
    project, output = places.project, sphinx_run.output(places)
    doctrees = places.doctrees_of(output)
    unfinished = doctrees.with_suffix(".unfinished")
    if unfinished.exists():
        _throw_away(output, places)
    doctrees.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", "--no-color"]
    command += ["-b", sphinx_run.builder, "-c", str(project), "-d", str(doctrees)]
    command += [word for tag in sphinx_run.tags for word in ("-t", tag)]
    command += ["-D", f"scorm_notebook_cache={places.notebook_cache}"]
    command += [str(sphinx_run.source(places)), str(output)]
    ended = processes.run(command, folder=project, environ=environment())
    if ended.returncode < processes.SIGNALLED:
        unfinished.unlink(missing_ok=True)
    complaints, end = _parts(ended.stderr)
    faults = faults_of(complaints, project)
    if ended.returncode == 0 and not faults:
        return []
    # Sphinx would not complain again of a page that it has read: make it read all of them.
    (doctrees / "environment.pickle").unlink(missing_ok=True)
    if faults:
        return faults + ([Fault("", None, _stopped(sphinx_run, end), "sphinx")] if end else [])
    if fault := _of_settings(ended.stderr, places):
        return [fault]
    said = ended.stderr.strip() or ended.stdout.strip() or f"exit status {ended.returncode}"
    raise BuildError(_stopped(sphinx_run, said))


def _of_settings(stderr: str, places: Places) -> Fault | None:
    """The fault of conf.py, if Python stopped in it; Sphinx gives a whole traceback."""
    said = in_short(stderr)
    if not said.startswith(_SETTINGS_STOPPED):
        return None
    where = [int(line) for path, line in _FRAME.findall(said) if Path(path) == places.settings]
    message = f"Python stops here: {said.splitlines()[-1]}"
    return Fault(places.settings.name, where[-1] if where else None, message, "settings")


def _parts(stderr: str) -> tuple[str, str]:
    """Sphinx's complaints of documents; and, if it stopped, what it says of the reason."""
    stopped = _STOPPED.search(stderr)
    return (stderr[: stopped.start()], stderr[stopped.start() :]) if stopped else (stderr, "")


def _stopped(sphinx_run: SphinxRun, said: str) -> str:
    return f"Sphinx could not build the {sphinx_run.title}:\n{in_short(said)}"


def _throw_away(output: Path, places: Places) -> None:
    """Remove what a run has written, and what other runs have written into the same folder."""
    for other in (*RUNS, HANDBOOK):
        if other.output(places).is_relative_to(output):
            shutil.rmtree(places.doctrees_of(other.output(places)), ignore_errors=True)
    shutil.rmtree(output, ignore_errors=True)


def in_short(said: str) -> str:
    """What Sphinx said when it stopped; where it gives a long report, the error's own words."""
    error = _REPORTED.search(said)
    if not error:
        return said
    lines = textwrap.dedent(error["before"] + error["words"]).strip().splitlines()
    return "\n".join(lines)


def environment() -> dict[str, str]:
    """The environment of Sphinx, in which two machines write the same pages.

    Its time zone, language and hash seed are always the same. Where the system has no pandoc,
    ``PATH`` leads to the one of the wheel ``pypandoc-binary``.
    """
    variables = {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "315532800"),
        "TZ": "UTC",
    }
    if shutil.which("pandoc") is None:
        import pypandoc

        pandoc = Path(pypandoc.get_pandoc_path()).parent
        variables["PATH"] = f"{pandoc}{os.pathsep}{variables.get('PATH', '')}"
    return variables


def faults_of(stderr: str, project: Path) -> list[Fault]:
    """Sphinx's complaints as faults, with paths relative to the project."""
    faults: list[Fault] = []
    for line in stderr.splitlines():
        place = _COMPLAINT.match(line) or _NO_PLACE.match(line)
        if place:
            found = place.groupdict()
            faults.append(_fault(found["text"], found.get("path"), found.get("line"), project))
        elif faults and line.strip():
            last = faults[-1]
            faults[-1] = Fault(last.path, last.line, f"{last.message}\n  {line.strip()}", last.rule)
    return list(dict.fromkeys(faults))


def _fault(text: str, path: str | None, line: str | None, project: Path) -> Fault:
    found = _RULE.match(text)
    message, rule = (found["message"], found["rule"]) if found else (text, "sphinx")
    place = path or ""
    if place.startswith(f"{project}{os.sep}"):
        place = Path(place).relative_to(project).as_posix()
    if place.endswith(".ipynb") and rule not in _OF_NOTEBOOKS:
        line = None  # of the text that nbsphinx made of the notebook, which no author ever sees
    return Fault(place, int(line) if line else None, message, rule)

"""Executing notebooks: once for each content, with clear faults, and nothing left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat.v4 as v4
import psutil
import pytest

from scorm.errors import BuildError, CourseError, SetupError
from scorm.notebooks import cache, execute, executed_path, faults, load_executed, load_page
from scorm.notebooks.java import find_java
from tests.conftest import ROOT

#: A program that executes one notebook, as a build does.
EXECUTE = (
    "import sys; from pathlib import Path; from scorm.notebooks import execute\n"
    "path, cache, root = map(Path, sys.argv[1:]); execute([path], cache, root)"
)
COUNTING = "with open({log!r}, 'a') as log:\n    log.write('x')"


class Project:
    """A folder with notebooks, and a cache beside it."""

    def __init__(self, root: Path, cache: Path) -> None:
        self.root = root
        self.cache = cache
        self.log = root / "executions.txt"

    def write(self, name: str, *sources: str, **metadata: Any) -> Path:
        """A notebook with these code cells, each preceded by a heading."""
        cells = []
        for number, source in enumerate(sources, 1):
            heading = v4.new_markdown_cell(f"# Step {number}")
            heading.id = f"heading-{number}"
            code = v4.new_code_cell(source)
            code.id = f"step-{number}"
            cells += [heading, code]
        return self.save(name, v4.new_notebook(cells=cells, metadata=metadata))

    def save(self, name: str, notebook: dict[str, Any]) -> Path:
        """The notebook as a file."""
        path = self.root / name
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    def counting(self) -> str:
        """Source that leaves a mark each time it is executed."""
        return COUNTING.format(log=str(self.log))

    @property
    def executions(self) -> int:
        """How many times :meth:`counting` source was executed."""
        return len(self.log.read_text()) if self.log.exists() else 0

    def execute(self, *paths: Path) -> list[bool]:
        """Which of the notebooks had to be executed."""
        return [result.executed for result in execute(paths, self.cache, self.root)]


@pytest.fixture
def workshop(tmp_path: Path) -> Project:
    root = tmp_path / "course"
    root.mkdir()
    return Project(root, tmp_path / "cache")


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a notebook as an author would, and save it."""
    notebook = json.loads(path.read_text())
    change(notebook)
    path.write_text(json.dumps(notebook))


def test_executed_once(workshop: Project) -> None:
    """Does a second build find everything done?"""
    path = workshop.write("a.ipynb", workshop.counting())
    assert workshop.execute(path) == [True]
    assert workshop.execute(path) == [False]
    assert workshop.executions == 1


def test_measured_alone(workshop: Project) -> None:
    """Is nothing else executed while a notebook measures time?"""
    measuring = workshop.write("a.ipynb", "import time; print(time.time())")
    edit(measuring, lambda it: it["cells"][1]["metadata"].update(tags=["measures-time"]))
    others = [
        workshop.write(f"{name}.ipynb", f"import time; time.sleep(1); print(time.time(), {name!r})")
        for name in "bc"
    ]
    workshop.execute(measuring, *others)
    began, *ended = (
        float(load_executed(path.read_text(), workshop.cache).cells[1].outputs[0].text.split()[0])
        for path in (measuring, *others)
    )
    assert max(ended) < began


def test_modules_beside_notebooks(workshop: Project) -> None:
    """Does a notebook find the modules beside it, and is it executed again after they change?"""
    beside = workshop.root
    helper, deeper, other = (beside / f"{name}.py" for name in ("helper", "deeper", "other"))
    helper.write_text("from deeper import number\n\ndouble = 2 * number\n")
    deeper.write_text("number = 21\n")
    other.write_text("number = 0\n")
    path = workshop.write("a.ipynb", "import helper, os\nprint(helper.double, os.listdir())")

    def run() -> tuple[bool, str]:
        [result] = execute([path], workshop.cache, workshop.root, beside=beside)
        executed = load_executed(path.read_text(), workshop.cache, beside)
        return result.executed, executed.cells[1].outputs[0].text

    was_executed, printed = run()
    assert was_executed
    assert printed.startswith("42 ")
    assert "other" not in printed
    other.write_text("number = 1\n")
    assert run() == (False, printed)
    deeper.write_text("number = 50\n")
    was_executed, printed = run()
    assert was_executed
    assert printed.startswith("100 ")


def test_changed_code_is_executed_again(workshop: Project) -> None:
    """Is a notebook executed again after its code changed, and not after its text did?"""
    path = workshop.write("a.ipynb", workshop.counting())
    workshop.execute(path)
    edit(path, lambda notebook: notebook["cells"][0].update(source="# Another heading"))
    assert workshop.execute(path) == [False]
    edit(path, lambda notebook: notebook["cells"][1].update(source=workshop.counting() + "\n2"))
    assert workshop.execute(path) == [True]
    assert workshop.executions == 2


def test_cluster_has_outputs_of_its_own(workshop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are outputs made here not shown as those of the cluster, nor the other way round?"""
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    path = workshop.write("a.ipynb", workshop.counting(), course={"engine": "dask"})
    other = workshop.write("b.ipynb", "1")
    workshop.execute(path, other)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://scheduler:8786")
    assert workshop.execute(path, other) == [True, False]
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS")
    assert workshop.execute(path, other) == [False, False]


def test_stored_at_the_same_moment(workshop: Project) -> None:
    """Is every notebook found that several threads store at once?"""
    notebooks = []
    for number in range(60):
        cell = v4.new_code_cell(f"{number}", execution_count=1)
        notebooks.append(v4.new_notebook(cells=[cell]))
    with ThreadPoolExecutor(6) as pool:
        for stored in [
            pool.submit(cache.store, one, f"{number}.ipynb", workshop.cache)
            for number, one in enumerate(notebooks)
        ]:
            stored.result()
    assert all(cache.find(one, workshop.cache) for one in notebooks)


def test_loaded_with_source_text_and_cached_outputs(workshop: Project) -> None:
    """Does the page show the text as it is written now, with the outputs of its code?"""
    path = workshop.write("a.ipynb", "print('out')\n6 * 7")
    workshop.execute(path)
    edit(path, lambda notebook: notebook["cells"][0].update(source="# New words"))
    edit(path, lambda notebook: notebook["cells"][1]["metadata"].update(tags=["new"]))
    notebook = load_executed(path.read_text(), workshop.cache)
    text, code = notebook.cells
    assert (text.id, text.source) == ("heading-1", "# New words")
    assert (code.id, code.execution_count, code.metadata.tags) == ("step-1", 1, ["new"])
    printed, result = code.outputs
    assert printed.text == "out\n"
    assert result.data["text/plain"] == "42"
    assert executed_path(path.read_text(), workshop.cache).is_file()


def test_not_executed_yet(workshop: Project) -> None:
    """Is somebody who runs Sphinx alone told what to run instead?"""
    path = workshop.write("a.ipynb", "1")
    with pytest.raises(BuildError, match=r"build_scorm\.py"):
        load_executed(path.read_text(), workshop.cache)


def test_failing_cells_are_all_named(workshop: Project) -> None:
    """Does the author read of every failing notebook: cell, line, exception and code?"""
    good = workshop.write("good.ipynb", "1")
    first = workshop.write(
        "first.ipynb", "x = 1", "y = 0\nprint('dividing')\nx / y\nmore = 1\nyet = 2"
    )
    second = workshop.write("second.ipynb", "def f():\n    raise KeyError('lost')\n\nf()")
    with pytest.raises(CourseError) as caught:
        workshop.execute(good, first, second)
    one, two = caught.value.faults
    assert (one.path, two.path) == ("first.ipynb", "second.ipynb")
    assert "code cell 2 (step-2), line 3: ZeroDivisionError: division by zero" in one.message
    assert "    y = 0\n    print('dividing')\n" in one.message
    assert "code cell 1 (step-1), line 4: KeyError: 'lost'" in two.message
    assert "Traceback" not in str(caught.value)
    assert workshop.execute(good) == [False]
    with pytest.raises(CourseError):
        workshop.execute(first)


def test_dead_kernel_is_a_fault(workshop: Project) -> None:
    """Is a kernel that the system kills (no memory left) a message and not a hang?"""
    path = workshop.write("a.ipynb", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(CourseError, match=r"code cell 1 .*the kernel died"):
        workshop.execute(path)


def test_nothing_of_the_machine_is_kept(workshop: Project, tmp_path: Path) -> None:
    """Do executions in two folders, into two caches, leave the same bytes?"""
    source = (
        "import getpass, os, sys, tempfile\n"
        "print(os.getcwd(), os.listdir(), sys.executable, tempfile.mkdtemp())\n"
        "print(getpass.getuser(), f'pid={os.getpid()}', set('abcdefghijkl'))\n"
        "print(object(), __import__('inspect').currentframe().f_code.co_filename)"
    )
    kept = []
    for name in ("here", "there"):
        root = tmp_path / name
        root.mkdir()
        elsewhere = Project(root, tmp_path / f"{name}-cache")
        path = elsewhere.write("a.ipynb", source)
        elsewhere.execute(path)
        kept.append(executed_path(path.read_text(), elsewhere.cache).read_bytes())
    assert kept[0] == kept[1]
    assert str(tmp_path).encode() not in kept[0]
    assert b"/course []" in kept[0]


def test_picture_needs_a_text_alternative(workshop: Project) -> None:
    """Is a picture without words a fault, and do the words reach the page?"""
    drawing = "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"
    path = workshop.write("a.ipynb", drawing)
    with pytest.raises(CourseError, match=r'a\.ipynb: code cell 1 .*"alt"'):
        workshop.execute(path)
    alt = 'A "rising" line & a dot'
    edit(path, lambda notebook: notebook["cells"][1]["metadata"].update(alt=alt))
    assert workshop.execute(path) == [False]
    [output] = load_page(path.read_text(), workshop.cache).cells[1].outputs
    assert list(output.data) == ["text/html"]
    assert 'src="data:image/svg+xml;base64,' in output.data["text/html"]
    assert 'alt="A &#34;rising&#34; line &amp; a dot"' in output.data["text/html"]


def test_progress_is_told(workshop: Project) -> None:
    """Can the command line show when a notebook begins, how far it is, and when it ends?"""
    told: list[tuple[object, ...]] = []

    class Listener:
        def begins(self, path: Path) -> None:
            told.append((path.name, "begins"))

        def cell_done(self, path: Path, done: int, total: int) -> None:
            told.append((path.name, done, total))

        def ends(self, path: Path, seconds: float, *, failed: bool) -> None:
            assert seconds > 0
            told.append((path.name, "failed" if failed else "ends"))

    good, bad = workshop.write("a.ipynb", "1", "2"), workshop.write("b.ipynb", "3", "1 / 0")
    execute([good], workshop.cache, workshop.root, Listener())
    assert told == [
        ("a.ipynb", "begins"),
        ("a.ipynb", 1, 2),
        ("a.ipynb", 2, 2),
        ("a.ipynb", "ends"),
    ]
    told.clear()
    with pytest.raises(CourseError):
        execute([good, bad], workshop.cache, workshop.root, Listener())
    # the cell that fails was executed, too
    assert told == [
        ("b.ipynb", "begins"),
        ("b.ipynb", 1, 2),
        ("b.ipynb", 2, 2),
        ("b.ipynb", "failed"),
    ]


def test_a_user_without_a_name(workshop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Can a number build that has neither a name nor a home, as containers run programs?"""

    def unknown(number: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    path = workshop.write("a.ipynb", "print('me@there', '/home/me')")
    assert workshop.execute(path) == [True]
    [output] = load_executed(path.read_text(), workshop.cache).cells[1].outputs
    assert output.text == "me@there /home/me\n"


def test_no_kernel_starts(workshop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a kernel that ends before its first cell told with its own last words?"""
    monkeypatch.setenv("PYTHONPATH", str(workshop.root))
    (workshop.root / "ipykernel_launcher.py").write_text("raise SystemExit('no kernel today')")
    with pytest.raises(SetupError, match=r"a\.ipynb does not start \(no kernel today\)"):
        workshop.execute(workshop.write("a.ipynb", "1"))


@pytest.mark.parametrize("failures", [2, 3])
def test_a_port_that_is_taken(
    workshop: Project, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    """Is a kernel whose port another program took started again, but not for ever?"""
    monkeypatch.setenv("PYTHONPATH", str(workshop.root))
    told = workshop.root / "told"
    launcher = f"""
import os, sys
with open({str(told)!r}, "a") as file:
    file.write("x")
if os.path.getsize({str(told)!r}) <= {failures}:
    raise SystemExit("zmq.error.ZMQError: Address already in use (addr='tcp://127.0.0.1:1')")
sys.path.remove({str(workshop.root)!r})
from ipykernel import kernelapp
kernelapp.launch_new_instance()
"""
    (workshop.root / "ipykernel_launcher.py").write_text(launcher)
    path = workshop.write("a.ipynb", "1")
    if failures < 3:
        workshop.execute(path)
    else:
        with pytest.raises(SetupError, match="Address already in use"):
            workshop.execute(path)


def test_what_a_killed_build_leaves_is_swept(
    workshop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does the next build remove the folder of a kernel whose build was killed, and no other's?"""
    waste = workshop.root / "waste"
    waste.mkdir()
    monkeypatch.setenv("TMPDIR", str(waste))
    monkeypatch.setattr("tempfile.tempdir", None)
    started = workshop.root / "started"
    cells = (f"open({str(started)!r}, 'w').close()", "import time; time.sleep(600)")
    path = workshop.write("a.ipynb", *cells)
    build = subprocess.Popen([sys.executable, "-c", EXECUTE, path, workshop.cache, workshop.root])
    try:
        while not started.exists():
            assert build.poll() is None
            time.sleep(0.05)
        (folder,) = waste.iterdir()
        other = waste / "scorm-notebook-of-somebody-else"
        other.mkdir()
        assert workshop.execute(workshop.write("b.ipynb", "1")) == [True]
        assert {*waste.iterdir()} == {folder, other}
    finally:
        build.kill()
        build.wait()
    execute([], workshop.cache, workshop.root)
    assert [*waste.iterdir()] == [other]


def test_java_is_looked_for_only_by_spark(
    workshop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Can a machine without Java build a course without Spark, or with Spark Connect?"""

    def none() -> Path:
        raise SetupError("Spark needs Java")

    monkeypatch.setattr("scorm.notebooks.execution.find_java", none)
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    plain = workshop.write("plain.ipynb", "1")
    spark = workshop.write("spark.ipynb", "2", course={"engine": "spark"})
    assert workshop.execute(plain) == [True]
    with pytest.raises(SetupError):
        workshop.execute(spark)
    monkeypatch.setenv("SPARK_REMOTE", "sc://server:15002")
    assert workshop.execute(spark) == [True]


def test_kernel_finds_java_and_dot(workshop: Project) -> None:
    """Does a Spark notebook get JAVA_HOME, and a drawing notebook a dot that needs no system?"""
    source = (
        "import os, shutil\nprint(os.environ['JAVA_HOME'])\nprint(os.readlink(shutil.which('dot')))"
    )
    path = workshop.write("a.ipynb", source, course={"engine": "spark"})
    workshop.execute(path)
    [output] = load_executed(path.read_text(), workshop.cache).cells[1].outputs
    assert find_java()
    assert output.text.startswith("/java\n")
    assert output.text.endswith("/graphviz-pure\n")


STRAY = """\
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", {mark!r}], process_group=0)
"""


def _marked(mark: str) -> list[psutil.Process]:
    processes = psutil.process_iter(["cmdline"])
    return _alive(process for process in processes if mark in (process.info["cmdline"] or []))


def _alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those still running; one that ended and waits for its parent to notice is not."""
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


def test_strays_are_ended(workshop: Project) -> None:
    """Is a process that a cell started and forgot gone after the build?"""
    mark = f"stray of {workshop.root}"
    path = workshop.write("a.ipynb", STRAY.format(mark=mark))
    workshop.execute(path)
    assert not _marked(mark)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, -2), (signal.SIGTERM, 143)])
def test_interrupt_leaves_nothing(workshop: Project, number: signal.Signals, status: int) -> None:
    """Do Ctrl-C and a CI's SIGTERM end the build at once, with its kernels and their children?"""
    mark = f"stray of {workshop.root}"
    started = workshop.root / "started"
    source = STRAY.format(mark=mark) + f"open({str(started)!r}, 'w').close()"
    path = workshop.write("a.ipynb", source, "import time; time.sleep(600)")
    build = subprocess.Popen(
        [sys.executable, "-c", EXECUTE, path, workshop.cache, workshop.root],
        stderr=subprocess.DEVNULL,
    )
    try:
        while not started.exists():
            assert build.poll() is None
            time.sleep(0.05)
        children = psutil.Process(build.pid).children(recursive=True)
        assert _marked(mark)
        os.kill(build.pid, number)
        assert build.wait(timeout=60) == status
    finally:
        build.kill()
        build.wait()
    assert not _marked(mark)
    assert not _alive(children)
    with pytest.raises(BuildError):
        executed_path(path.read_text(), workshop.cache)


def test_clean_source_has_no_faults(workshop: Project) -> None:
    """Is a notebook that is committed as it should be accepted?"""
    assert faults(workshop.write("a.ipynb", "1", course={"engine": "dask"}), workshop.root) == []


def test_course_notebooks_have_no_faults() -> None:
    """Are the course's own notebooks committed without outputs, and valid?"""
    root = ROOT
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    assert len(paths) >= 2
    assert [fault for path in paths for fault in faults(path, root)] == []


def test_outputs_in_the_source_are_faults(workshop: Project) -> None:
    """Is the author told of every cell saved with outputs, and of what else is wrong?"""
    path = workshop.write("a.ipynb", "1", "2", course={"engine": "flink"})
    output = v4.new_output("stream", text="1")

    def run(notebook: dict[str, Any]) -> None:
        notebook["cells"][1].update(outputs=[output])
        notebook["cells"][3].update(execution_count=2)

    edit(path, run)
    rules = [fault.rule for fault in faults(path, workshop.root)]
    assert rules == ["notebook-engine", "notebook-outputs", "notebook-outputs"]
    with pytest.raises(CourseError, match="clear all outputs"):
        workshop.execute(path)


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ('{\n "cells": [,]}', "notebook-invalid", 2),
        ("[]", "notebook-format", None),
        (
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}',
            "notebook-format",
            None,
        ),
        (
            '{"cells": [{}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "notebook-invalid",
            None,
        ),
    ],
)
def test_broken_file_is_a_fault(workshop: Project, text: str, rule: str, line: int | None) -> None:
    """Is a file that is no notebook told by name and, where there is one, by line?"""
    path = workshop.root / "a.ipynb"
    path.write_text(text)
    found = faults(path, workshop.root)
    assert {(fault.path, fault.rule, fault.line) for fault in found} == {("a.ipynb", rule, line)}

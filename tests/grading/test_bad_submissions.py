"""Submissions that go wrong, by accident or on purpose: each has its result, and harms no other.

All of them are graded in one run, in the real sandbox, several at once, beside right ones.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from nbformat import NotebookNode, v4

from scorm.errors import GradeError
from scorm.grading import assignment, grading, outcome, pages
from scorm.grading.outcome import Outcome
from scorm.grading.points import Points
from scorm.grading.results import Store
from scorm.grading.run import Setting
from scorm.grading.sandbox import Limits, Sandbox, choose
from scorm.grading.submissions import File, Submission
from tests.conftest import made_once
from tests.grading import handmade
from tests.grading.handmade import as_bytes, cell, handed_in

LIMITS = Limits(
    cell_seconds=5, seconds=60, memory=512 << 20, disk=48 << 20, output=100_000, processes=40
)
#: Without a written answer's points, which a teacher gives.
CHECKED = 9


def _sandboxes() -> Iterator[Sandbox]:
    with suppress(GradeError):
        yield choose("bwrap")
    yield choose("rlimit")


SANDBOXES = [*_sandboxes()]
RLIMIT = SANDBOXES[-1]


@dataclass
class Traps:
    """What the hostile submissions try to reach."""

    secret: Path
    target: Path
    port: int


class Silence:
    """Progress that nobody watches."""

    def begins(self, student: str) -> None:
        """Nothing."""

    def at(self, student: str, place: str) -> None:
        """Nothing."""

    def ends(self, student: str) -> None:
        """Nothing."""


@dataclass
class Bad:
    """What is handed in, and what comes of it: points of the checks, and words that are told."""

    files: Callable[[Traps], dict[str, bytes]]
    points: float
    words: str = ""
    is_isolation: bool = False


def answers(**given: str) -> Callable[[Traps], dict[str, bytes]]:
    """A notebook with these answers; ``SECRET``, ``TARGET`` and ``PORT`` stand for the traps."""

    def files(traps: Traps) -> dict[str, bytes]:
        filled = {
            name.replace("_", "-"): text.replace("SECRET", repr(str(traps.secret)))
            .replace("TARGET", repr(str(traps.target)))
            .replace("PORT", str(traps.port))
            for name, text in given.items()
        }
        return {"evaluation.ipynb": as_bytes(handed_in(filled))}

    return files


def changed(change: Callable[[NotebookNode], None]) -> Callable[[Traps], dict[str, bytes]]:
    """A right notebook that was changed by hand."""

    def files(traps: Traps) -> dict[str, bytes]:
        notebook = handed_in()
        change(notebook)
        return {"evaluation.ipynb": as_bytes(notebook)}

    return files


def raw(**named: bytes) -> Callable[[Traps], dict[str, bytes]]:
    """Files as they are; ``_`` stands for the dot."""
    return lambda traps: {name.replace("_", "."): data for name, data in named.items()}


def _without(*names: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        for name in names:
            notebook.cells.remove(cell(notebook, name))

    return change


def _rename(notebook: NotebookNode) -> None:
    cell(notebook, "mean").metadata["nbgrader"]["grade_id"] = "my-mean"
    cell(notebook, "longest-check").metadata["nbgrader"]["grade_id"] = "longest-check-2"


def _duplicate(notebook: NotebookNode) -> None:
    for name in ("mean", "mean-check"):
        twin = v4.new_code_cell(
            cell(notebook, name).source, id=f"{name}-2", metadata=cell(notebook, name).metadata
        )
        notebook.cells.append(twin)


def _tamper(notebook: NotebookNode) -> None:
    cell(notebook, "mean").source = "def mean(values):\n    return 0"
    cell(notebook, "mean-check").source = "3"
    cell(notebook, "setup").source = "WORDS = ['kubernetes']"


_NO_ASSERTS = """\
import ast, builtins, sys
class Gone(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Gone())
builtins.AssertionError = ZeroDivisionError
class Always:
    def __eq__(self, other): return True
    def __bool__(self): return True
def mean(values): return Always()
def evens(numbers): return Always()
longest = Always()
"""
_FORGE = """\
import sys
for module in list(sys.modules.values()):
    if hasattr(module, 'answer') and hasattr(module, '_keep'):
        module.answer = lambda question: '{"value": {"tuple": [3, 3]}}'
longest = 'nothing'
"""
_SPY = """\
seen = []
def mean(values):
    seen.append(values)
    if not values:
        raise ValueError
    print('SPY', values)
    return sum(values) / len(values) if len(values) < 5 else 1 / 0
"""
_TELLS = """\
def mean(values):
    if len(values) != 2:
        raise ValueError(f'SPY {values}')
    return 3
"""
_NEVER_BACK = """\
import time
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
"""
_ORPHAN = """\
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import signal
        for number in range(1, 30):
            if number not in (9, 19):
                signal.signal(number, signal.SIG_IGN)
        os.execv('/bin/sleep', ['sleep', '98765'])
    os._exit(0)
longest = 'kubernetes'
"""
_BOMB = """\
import os, time
try:
    for _ in range(300):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        time.sleep(0.01)
except OSError:
    pass
time.sleep(3)
"""
_READ = "longest = open(SECRET).read()\nprint(longest)"
_LOOK = """\
import glob, os
tops = ['/tmp', os.path.dirname(SECRET)]
found = [name for top in tops for name in glob.glob(top + '/**', recursive=True)]
print([name for name in found if 'solution' in name or 'assignsubmission' in name])
"""
_WRITE = "open(TARGET, 'w').write('was here')"
_NETWORK = """\
import socket
socket.create_connection(('127.0.0.1', PORT), 1).sendall(b'here I am')
"""
_KILL = """\
import os
for name in os.listdir('/proc'):
    try:
        if name.isdigit() and b'54321' in open(f'/proc/{name}/cmdline', 'rb').read():
            os.kill(int(name), 9)
    except OSError as error:
        print(type(error).__name__)
longest = 'kubernetes'
"""

BAD: dict[str, Bad] = {
    "right": Bad(answers(), CHECKED),
    "untouched": Bad(raw(evaluation_ipynb=as_bytes(handmade.untouched())), 0, "Nothing is written"),
    "endless loop": Bad(answers(longest="while True:\n    pass"), 7, "never ends"),
    "endless function": Bad(answers(evens="def evens(n):\n    while True: pass"), 5, "never ends"),
    "never comes back": Bad(answers(longest=_NEVER_BACK), 7, "could not be interrupted"),
    "memory": Bad(answers(longest="hog = [b'x' * 2**26 for _ in range(10**4)]"), 7, "emory"),
    "memory of many": Bad(
        answers(
            longest="import os, time\nfor _ in range(10):\n    if not os.fork():\n"
            "        hog = b'x' * 2**26\n        time.sleep(60)\ntime.sleep(60)"
        ),
        7,
        "memory",
    ),
    "syntax error": Bad(answers(longest="longest = = 3"), 7, "SyntaxError"),
    "cells missing": Bad(changed(_without("setup", "mean", "longest-check")), 6, "is missing"),
    "cells renamed": Bad(changed(_rename), CHECKED, "not one of this assignment"),
    "cells duplicated": Bad(changed(_duplicate), CHECKED, "is there 2 times"),
    "checks tampered with": Bad(changed(_tamper), 6, "ran as it was handed out"),
    "asserts taken out": Bad(answers(mean=_NO_ASSERTS, longest="", evens="", why=""), 0),
    "answers forged": Bad(answers(longest=_FORGE), 0),
    "spies on hidden tests": Bad(
        answers(mean=_SPY, why="", evens="print(seen)"), 2, "more numbers"
    ),
    "tells of hidden tests": Bad(answers(mean=_TELLS), 6, "more numbers"),
    "solution read": Bad(answers(longest=_READ), 7, is_isolation=True),
    "others looked for": Bad(answers(longest=_LOOK), 7, is_isolation=True),
    "file outside written": Bad(answers(longest=_WRITE), 7, is_isolation=True),
    "network used": Bad(answers(longest=_NETWORK), 7, is_isolation=True),
    "others killed": Bad(answers(longest=_KILL), CHECKED, is_isolation=True),
    "sys.exit": Bad(answers(longest="import sys\nsys.exit()"), 7, "SystemExit"),
    "exit in a function": Bad(
        answers(evens="import sys\ndef evens(n):\n    sys.exit()"), 5, "called exit or sys.exit"
    ),
    "exit of the notebook": Bad(answers(longest="longest = 'kubernetes'\nexit()"), CHECKED),
    "kernel killed": Bad(
        answers(longest="import os\nos.kill(os.getpid(), 9)"), 7, "ended the kernel"
    ),
    "kernel killed by a check": Bad(
        answers(mean="def mean(values):\n    import os\n    os._exit(0)"), 6, "ended the kernel"
    ),
    "output of 1 GB": Bad(
        answers(longest="for _ in range(10**6):\n    print('x' * 1000)"), 7, "printed more"
    ),
    "output past Python": Bad(
        answers(longest="import os\nfor _ in range(10**4):\n    os.write(1, b'x' * 10**5)"), 7
    ),
    "answer too large": Bad(answers(longest="longest = 'x' * 6 * 10**7"), 7, "more data"),
    "not a notebook": Bad(raw(evaluation_ipynb=b"%PDF-1.7 \xff"), 0, "is not a notebook"),
    "JSON, but no notebook": Bad(raw(evaluation_ipynb=b"[1, 2]"), 0, "is not a notebook"),
    "nested too deeply": Bad(raw(evaluation_ipynb=b"[" * 10**6), 0, "not"),
    "another kind of file": Bad(raw(evaluation_docx=b"PK"), 0, "No notebook"),
    "another notebook": Bad(
        raw(other_ipynb=as_bytes(v4.new_notebook())), 0, "no cell of this assignment"
    ),
    "older format": Bad(raw(evaluation_ipynb=handmade.old_format(handed_in())), CHECKED),
    "empty file": Bad(raw(evaluation_ipynb=b""), 0, "is empty"),
    "two files": Bad(
        lambda traps: {
            "draft.ipynb": as_bytes(handmade.untouched()),
            "evaluation.ipynb": as_bytes(handed_in()),
        },
        CHECKED,
        "Several notebooks",
    ),
    "Größe 日本": Bad(lambda traps: {"évaluation 評価.ipynb": as_bytes(handed_in())}, CHECKED),
    "processes left behind": Bad(answers(longest=_ORPHAN), CHECKED, is_isolation=True),
    "too many processes": Bad(answers(longest=_BOMB), 7, is_isolation=True),
    "disk filled": Bad(
        answers(
            longest="for n in range(30):\n    open(f'{n}.bin', 'wb').write(bytes(4 * 2**20))\n"
            "import time\ntime.sleep(60)"
        ),
        7,
    ),
    "input asked for": Bad(answers(longest="longest = input()"), 7, "input"),
    "script in words": Bad(answers(why="<script>alert(1)</script>", longest="print('<b>')"), 7),
}


def _listening(called: list[object]) -> tuple[socket.socket, int]:
    """A server on this machine that a submission must not reach."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            while True:
                connection, _ = server.accept()
                called.append(connection.recv(100))
                connection.close()
        except OSError:
            return

    threading.Thread(target=serve, daemon=True).start()
    return server, server.getsockname()[1]


@dataclass
class Run:
    """What came of all of them, and what was reached meanwhile."""

    outcomes: dict[str, Outcome]
    was_called: bool
    was_killed: bool
    was_written: bool


def _chosen(sandbox: Sandbox) -> dict[str, Bad]:
    """All of them once, and in the other sandbox those that try to get out."""
    is_first = sandbox is SANDBOXES[0]
    return {name: bad for name, bad in BAD.items() if is_first or bad.is_isolation}


def _grade(sandbox: Sandbox, folder: Path) -> Run:
    source = handmade.written(folder / "evaluation.ipynb", handmade.assignment())
    secret, target = folder / "solution.txt", folder / "outside.txt"
    secret.write_text("kubernetes")
    called: list[object] = []
    server, port = _listening(called)
    traps = Traps(secret, target, port)
    found = [
        Submission(name, name, "", [File(file, data) for file, data in bad.files(traps).items()])
        for name, bad in _chosen(sandbox).items()
    ]
    for submission in found:  # what an isolated kernel must not see
        (folder / f"{submission.folder}_assignsubmission_file").mkdir()
    task = assignment.read(source)
    setting = Setting(task, sandbox, LIMITS)
    decoy = subprocess.Popen(["sleep", "54321"])
    with server:
        results = asyncio.run(
            grading.grade_all(setting, found, Store(folder / "k"), together=5, progress=Silence())
        )
    was_killed = decoy.poll() is not None
    decoy.kill()
    decoy.wait()
    outcomes = {
        submission.folder: outcome.of(task, submission, result, Points())
        for submission, result in zip(found, results, strict=True)
    }
    return Run(outcomes, bool(called), was_killed, target.exists())


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest, shared_folder: Path) -> Run:
    """All of one sandbox, graded by the first worker that asks."""
    sandbox: Sandbox = request.param

    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "run.pickle").write_bytes(pickle.dumps(_grade(sandbox, folder)))

    made = made_once(shared_folder / f"bad-submissions-{sandbox.kind}", make)
    found: Run = pickle.loads((made / "run.pickle").read_bytes())
    return found


in_each_sandbox = pytest.mark.parametrize(
    "run", SANDBOXES, indirect=True, ids=[sandbox.kind for sandbox in SANDBOXES]
)


def test_bubblewrap_is_used() -> None:
    """Is bubblewrap what submissions run in where it works?"""
    if len(SANDBOXES) == 1:
        pytest.skip("bubblewrap is not installed, or does not work here")
    assert choose("auto").kind == "bwrap"


@pytest.mark.parametrize(
    ("run", "name"),
    [
        pytest.param(sandbox, name, id=f"{sandbox.kind}-{name}")
        for sandbox in SANDBOXES
        for name in _chosen(sandbox)
    ],
    indirect=["run"],
)
def test_each_has_its_result(run: Run, name: str) -> None:
    """Does each get the points for what is right in it, and words on what is not?"""
    it = run.outcomes[name]
    if it.result.sandbox == "rlimit" and name == "solution read" and not RLIMIT.is_locked:
        pytest.skip("this kernel has no Landlock, and the report says so")
    assert not it.result.alarms
    assert it.result.checked == BAD[name].points, [
        check for check in it.result.checks if check.message
    ]
    assert BAD[name].words in told_of(it)


def told_of(it: Outcome) -> str:
    """All that is said of a submission, without what the student wrote."""
    result = it.result
    said = [result.problem, *result.notes, *(check.message for check in result.checks)]
    return "\n".join([*said, *(f"{cell.told} {cell.error}" for cell in result.cells)])


@in_each_sandbox
def test_nothing_outside_was_reached(run: Run) -> None:
    """Did the hostile ones reach a file, another submission, a server or another process?"""
    reached = run.outcomes["network used"].result.sandbox
    sandbox = next(it for it in SANDBOXES if it.kind == reached)
    looked = run.outcomes["others looked for"].result.cells
    saw = any("assignsubmission" in it.printed for it in looked)
    is_walled = sandbox.kind == "bwrap"
    if is_walled or sandbox.is_locked:
        assert not run.was_written
        assert not saw
    if is_walled or not sandbox.is_tcp_open:
        assert not run.was_called
    if is_walled or "could not end other processes" in sandbox.told:
        assert not run.was_killed


@in_each_sandbox
@pytest.mark.usefixtures("run")
def test_nothing_is_left() -> None:
    """Does no process of a submission outlive it?"""
    every = psutil.process_iter(["cmdline"])
    assert not [it for it in every if "98765" in (it.info["cmdline"] or ())]


@in_each_sandbox
def test_hidden_tests_stay_hidden(run: Run) -> None:
    """Does no page of a student show a hidden test, nor the data of one?"""
    data = str(_secret_numbers()[:4])[1:-1]
    for name, it in run.outcomes.items():
        page = pages.of_student("evaluation", it)
        assert "secret_numbers" not in page, name
        assert data not in page, name


def _secret_numbers() -> list[int]:
    """The data of the hidden test."""
    space: dict[str, Callable[[int], list[int]]] = {}
    exec(cell(handmade.assignment(), "setup").source, space)
    return space["some_numbers"](4711)


@pytest.mark.parametrize("run", SANDBOXES[:1], indirect=True)
def test_pages_run_nothing(run: Run) -> None:
    """Is what students write shown as text?"""
    page = pages.of_student("evaluation", run.outcomes["script in words"])
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<b>" not in page

"""The judge and a student's kernel: do checks see what the student wrote as if it were theirs?"""

from __future__ import annotations

import asyncio
import pickle
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4

from scorm.errors import GradeError
from scorm.grading import assignment, run
from scorm.grading.results import Result
from scorm.grading.sandbox import Limits, choose
from scorm.notebooks import parse
from tests.conftest import made_once
from tests.grading.handmade import Shelf

STUDENT = """\
import numpy as np
import pandas as pd


class Account:
    def __init__(self):
        self.entries = []

    def add(self, amount):
        self.entries.append(amount)
        return self

    def __len__(self):
        return len(self.entries)


class Odd(Exception):
    pass


def identity(value):
    return value


def counts(last):
    while last:
        yield last
        last -= 1


def fails():
    raise Odd("told")


def wants_text(text):
    return text.upper()


def call(function, value):
    return function(value)


def later():
    return LATER


account = Account().add(3)
numbers = np.arange(6).reshape(2, 3)
table = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=[5, 6])
model = {"fit": Account, "sizes": (1, 2)}
LATER = "before"
open("mine.txt", "w").write("made")
open("beside.txt", "w").write("spoilt")
open("helping.py", "w").write("VALUE = 4")
import helping
print("what a student prints is no answer")
"""

#: Checks with what they are worth; each must pass.
PASS = {
    "plain": "for it in (None, True, 7, 10**30, 1.5, float('inf'), 'ä', b'x', [1], (1, 2),\n"
    "           {1, 2}, frozenset('a'), {'a': [1], (1, 2): None}, 1j):\n"
    "    assert identity(it) == it and type(identity(it)) is type(it), it",
    "not a number": "value = identity(float('nan'))\nassert value != value",
    "generators": "import inspect\nfound = counts(2)\nassert inspect.isgenerator(found)\n"
    "assert list(found) == [2, 1] and identity(range(2)) == range(2)",
    "objects": "assert len(account) == 1\naccount.add(4)\nassert account.entries == [3, 4]\n"
    "assert Account().add(1).add(2).entries == [1, 2]",
    "kept inside": "assert len(model['fit']()) == 0 and model['sizes'] == (1, 2)",
    "sent back": "assert identity(account).entries[0] == 3",
    "arrays": "import numpy as np\nassert numbers.sum() == 15 and numbers.shape == (2, 3)\n"
    "assert (identity(np.array([1.5, 2])) == [1.5, 2]).all() and identity(np.int64(3)) == 3",
    "tables": "import pandas as pd\nassert list(table.index) == [5, 6] and table.a.sum() == 3\n"
    "pd.testing.assert_frame_equal(identity(table), table)\n"
    "assert identity(table['a']).tolist() == [1, 2]",
    "exceptions": "try:\n    wants_text(3)\nexcept AttributeError as error:\n"
    "    assert 'upper' in str(error)\nelse:\n    raise AssertionError",
    "own exceptions": "try:\n    fails()\nexcept Exception as error:\n"
    "    assert type(error).__name__ == 'Odd' and str(error) == 'told'",
    "in functions": "def twice(value):\n    return [identity(value) for _ in range(2)]\n"
    "assert twice(1) == [1, 1]",
    "in classes": "class Own(int):\n    value = identity(1)\n    def twice(self):\n"
    "        return identity(2)\nassert Own.value == 1 and Own().twice() == 2",
    "ask": "assert ask('sum(map(identity, given))', given=[1, 2]) == 3",
    "helpers": "assert helper(1) == 2",
    "functions of a check": "def plus(value, more=2):\n    return helper(value) + more\n"
    "assert call(plus, 4) == 7 and call(lambda value: value * 2, 'a') == 'aa'",
    "functions of both": "assert call(helper, 4) == 5",
    "files": "assert open('beside.txt').read() == 'data'",
    "files of the student": "assert (submitted / 'mine.txt').read_text() == 'made'\n"
    "assert (submitted / 'beside.txt').read_text() == 'spoilt'",
    "modules": "import helping\nassert helping.VALUE == 3 and ask('helping.VALUE') == 4",
}

#: Checks that must not pass, with words of what is told.
FAIL = {
    "a message": ("assert identity(1) == 2, 'one is not two'", "one is not two"),
    "no message": ("assert identity(1) == 2", "This does not hold: assert identity(1) == 2"),
    "raised": (
        "wants_text(3)",
        "AttributeError: 'int' object has no attribute 'upper' (at the line",
    ),
    "without an end": ("counts(-1)", "gives more than"),
    "of no use": ("identity(None) + 1", "could not use what your code gives: TypeError"),
    "a closure": (
        "def made(n):\n    return lambda: n\nidentity(made(1))",
        "send plain data",
    ),
    "not written": ("empty()", "Nothing is written here yet"),
    "prints": ("import sys\nprint('x' * 99999)\nsys.exit()", "could not use"),
}


@pytest.fixture(scope="module")
def result(shared_folder: Path) -> Result:
    """All of these checks, run in one notebook."""

    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "result.pickle").write_bytes(pickle.dumps(_judged(folder)))

    made = made_once(shared_folder / "judging", make)
    found: Result = pickle.loads((made / "result.pickle").read_bytes())
    return found


def _judged(folder: Path) -> Result:
    (folder / "beside.txt").write_text("data")
    (folder / "helping.py").write_text("VALUE = 3")
    shelf = Shelf()
    shelf.add("given", "def helper(value):\n    return value + 1", locked=True)
    shelf.add("all", f"{STUDENT}\ndef empty():\n    raise NotImplementedError", solution=True)
    for name, source in {**PASS, **{name: source for name, (source, _) in FAIL.items()}}.items():
        shelf.add(name.replace(" ", "-"), source, grade=True, locked=True, points=1)
    shelf.add("made", "made = [identity(it) for it in 'ab']\ncount = len(made)", locked=True)
    shelf.add("from-made", "assert made == ['a', 'b'] and count == 2", grade=True, points=1)
    part = "right = [identity(it) == it for it in (1, 2, 3)]\nsum(right) / 2"
    shelf.add("partial", part, grade=True, locked=True, points=2)
    hidden = "pass\n### BEGIN HIDDEN TESTS\nassert later() == 'after' and LATER == 'before'\n"
    shelf.add("late", f"{hidden}### END HIDDEN TESTS", grade=True, locked=True, points=1)
    shelf.add("more", "LATER = 'after'", solution=True)
    path = folder / "judged.ipynb"
    path.write_text(v4.writes(v4.new_notebook(cells=shelf.cells)), "utf-8")
    task = assignment.read(path)
    limits = Limits(cell_seconds=30, memory=2 << 30)
    setting = run.Setting(
        task, choose("auto"), limits, [folder / "beside.txt", folder / "helping.py"]
    )
    return asyncio.run(run.grade(setting, parse(task.text), lambda place: None))


def of(result: Result, name: str) -> tuple[float, str]:
    check = next(it for it in result.checks if it.name == name.replace(" ", "-"))
    return check.points, check.message


@pytest.mark.parametrize("name", PASS)
def test_right_answers_pass(result: Result, name: str) -> None:
    """Can a check ask for this of what lies in another process?"""
    assert of(result, name) == (1, "")


@pytest.mark.parametrize("name", FAIL)
def test_what_is_told(result: Result, name: str) -> None:
    """Does a student read what is wrong, and with what?"""
    points, message = of(result, name)
    assert points == 0
    assert FAIL[name][1] in message


def test_read_only_code_on_an_answer(result: Result) -> None:
    """Can a check use what a read-only cell has made of the student's answer?"""
    assert of(result, "from-made") == (1, "")


def test_partial_credit(result: Result) -> None:
    """Does a check that ends with a number give that many points, as in nbgrader?"""
    assert of(result, "partial") == (1.5, "")


def test_hidden_tests_see_the_answer_of_their_place(result: Result) -> None:
    """Do hidden tests, which run last, get the values that names had at their check?"""
    assert of(result, "late") == (1, "")


def test_prints_are_shown(result: Result) -> None:
    """Does a page have what the student printed, and not what a check prints?"""
    printed = "".join(cell.printed for cell in result.cells)
    assert "no answer" in printed
    assert "xxxx" not in printed


def test_no_alarm(result: Result) -> None:
    """Is none of this the author's fault?"""
    assert result.alarms == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": None}, "points"),
        ({"grade_id": "all"}, "grade_id"),
        ({"grade": False}, "nothing to grade"),
    ],
)
def test_a_wrong_assignment(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    """Is an assignment refused that is not well-formed, or has no points?"""
    shelf = Shelf()
    shelf.add("all", "x = 1", solution=True)
    said: dict[str, Any] = {"grade": True, "locked": True, "points": 1, **change}
    shelf.add("check", "assert x", **said)
    path = tmp_path / "wrong.ipynb"
    path.write_text(v4.writes(v4.new_notebook(cells=shelf.cells)), "utf-8")
    with pytest.raises(GradeError, match=words):
        assignment.read(path)

"""Node's own tests (``*.test.js``), each a test here; and that none of them is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, made_once
from tests.support import coverage_figures, node_tests
from tests.support.node_tests import Run

FILES = sorted((ROOT / "tests").rglob("*.test.js"))
DECLARED = [(path, name) for path in FILES for name in node_tests.declared(path)]

Runner = Callable[[Path], Run]


def place(path: Path) -> str:
    return path.relative_to(ROOT / "tests").as_posix()


@pytest.fixture(scope="module")
def ran(shared_folder: Path) -> Runner:
    """Gives the run of a file, which the first worker that needs it has made."""

    def run(path: Path) -> Run:
        record = shared_folder / f"node-{place(path).replace('/', '-')}"
        return node_tests.read(made_once(record, lambda record: node_tests.run(path, record)))

    return run


def check(run: Run, name: str) -> None:
    """Fail or skip as the test of that name did."""
    results = run.of(name)
    assert results, f"Node does not report this test\n{run.said}"
    failed = [it for it in results if it.outcome == "failed"]
    if failed:
        pytest.fail("\n\n".join(f"{it.name}\n{it.words}" for it in failed), pytrace=False)
    if all(it.outcome == "skipped" for it in results):
        pytest.skip(results[0].words)


def check_rest(run: Run, names: list[str]) -> None:
    """Fail if the file itself did, or has tests beside those of these names."""
    beside = run.beside(names)
    if beside or not run.results:
        words = [f"{it.name}: {it.outcome} {it.words}" for it in beside]
        pytest.fail("\n".join(["not among the tests that are known:", *words, run.said]), False)


@pytest.mark.parametrize(("path", "name"), DECLARED, ids=[f"{place(p)}: {n}" for p, n in DECLARED])
def test_in_node(path: Path, name: str, ran: Runner) -> None:
    """Does this test pass in Node?"""
    check(ran(path), name)


@pytest.mark.parametrize("path", FILES, ids=map(place, FILES))
def test_whole_file(
    path: Path, ran: Runner, record_property: Callable[[str, object], None]
) -> None:
    """Does the file run to its end, and has it no test that is not asked for above?"""
    run = ran(path)
    record_property(coverage_figures.PROPERTY, coverage_figures.lines_of(run))
    check_rest(run, node_tests.declared(path))


SOME = """
import assert from "node:assert/strict";
import { test } from "node:test";
test("does it hold?", () => {});
test('does "this" fail?', () => assert.equal("left", "right", "they differ"));
test("is it put off?", { skip: "later" }, () => assert.fail());
for (const n of [1, 2]) {
  test(`is ${n} even?`, () => assert.equal(n % 2, 0));
  test(`is ${n + 1} more?`, () => {});
}
test("do its parts pass?", async (t) => {
  await t.test("a part", () => assert.fail("broken part"));
});
"""


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[str]]:
    """The run of a file that has tests of every kind, and their names."""
    return run_text(tmp_path_factory.mktemp("node"), SOME)


def run_text(folder: Path, text: str) -> tuple[Run, list[str]]:
    path, record = folder / "some.test.mjs", folder / "record"
    path.write_text(text, encoding="utf-8")
    node_tests.run(path, record)
    return node_tests.read(record), node_tests.declared(path)


@pytest.mark.parametrize("name", ["does it hold?", "is ${n + 1} more?"])
def test_passed_in_node(name: str, some: tuple[Run, list[str]]) -> None:
    """Does a test pass here that passed in Node, though others beside it failed?"""
    run, names = some
    assert name in names
    check(run, name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ('does "this" fail?', "they differ"),
        ("is ${n} even?", "1 !== 0"),
        ("do its parts pass?", "broken part"),
        ("is it there?", "does not report"),
    ],
)
def test_failed_in_node(name: str, words: str, some: tuple[Run, list[str]]) -> None:
    """Does a test that failed in Node fail here, with Node's own words, and one that never ran?"""
    run, _ = some
    with pytest.raises((pytest.fail.Exception, AssertionError), match=words):
        check(run, name)


def test_skipped_in_node(some: tuple[Run, list[str]]) -> None:
    """Is a test skipped here that Node skipped, with the reason?"""
    run, _ = some
    with pytest.raises(pytest.skip.Exception, match="later"):
        check(run, "is it put off?")


def test_no_result_is_lost(some: tuple[Run, list[str]]) -> None:
    """Does a result that belongs to no known test fail, and only such a one?"""
    run, names = some
    check_rest(run, names)
    with pytest.raises(pytest.fail.Exception, match="does it hold"):
        check_rest(run, names[1:])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import {", "SyntaxError"),
        ('import { test } from "node:test"; test("well", () => {}); throw Error("late");', "late"),
        ('import { test } from "node:test"; [].forEach(test);', "known"),
    ],
)
def test_broken_file(text: str, words: str, tmp_path: Path) -> None:
    """Does a file fail that cannot be read, breaks off, or has no tests?"""
    run, names = run_text(tmp_path, text)
    with pytest.raises(pytest.fail.Exception, match=words):
        check_rest(run, names)


def test_lines_of_all_runs() -> None:
    """Does a line count that any file's tests run, of a script that several use?"""
    first = {"page.js": [True, False, False], "lib/keys.js": [True]}
    second = {"page.js": [False, True, False]}
    lines = coverage_figures.together([first, second])
    assert lines == {"page.js": [True, True, False], "lib/keys.js": [True]}
    assert coverage_figures.share(lines) == 75
    assert coverage_figures.of_javascript({}) == "JavaScript not measured"


def test_lines_of_the_runtime_alone(ran: Runner) -> None:
    """Are the lines known that a file's tests run, and those of tests and libraries left out?"""
    lines = coverage_figures.lines_of(ran(ROOT / "tests" / "runtime" / "view" / "seal.test.js"))
    assert set(lines) == {"view/seal.js", "lib/hash.js"}
    assert coverage_figures.share(lines) > 90

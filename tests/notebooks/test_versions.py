"""Student and solution versions of labs: what a student gets, and what the author is told."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as v4
import pytest

from scorm.build import handbook
from scorm.errors import CourseError
from scorm.notebooks import (
    execute,
    faults,
    has_solutions,
    load_executed,
    load_page,
    parse,
    student,
    write,
)
from tests.support.labs import CANARIES, cells, nbgrader, write_lab
from tests.support.packages import COURSE


def sources(path: Path) -> dict[str, str]:
    """The source of each cell of the student version."""
    return {cell.id: cell.source for cell in student(parse(path.read_text("utf-8"))).cells}


def test_student_gets_stubs(tmp_path: Path) -> None:
    """Is each solution a stub at its indentation, and all else as the author wrote it?"""
    got = sources(write_lab(tmp_path / "lab.ipynb"))
    assert got["title"] == "# Doubling"
    assert got["double"] == (
        'def double(number):\n    """Twice the number."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert got["check-double"].endswith('multiply?"\nprint("double is right")')
    assert got["why"] == "YOUR ANSWER HERE"


def test_student_version_is_a_notebook_for_nbgrader(tmp_path: Path) -> None:
    """Is it valid, without outputs, with its metadata, and are check cells locked?"""
    path = write_lab(tmp_path / "lab.ipynb")
    execute([path], tmp_path / "cache", tmp_path)
    solved = load_executed(path.read_text("utf-8"), tmp_path / "cache")
    assert [output.text for output in solved.cells[2].outputs] == ["double is right\n"]
    version = student(solved)
    nbformat.validate(version)
    assert version.cells[2].outputs == []
    assert version.cells[2].execution_count is None
    assert version.cells[2].metadata.nbgrader == solved.cells[2].metadata.nbgrader
    locks = [
        (cell.metadata.get("deletable"), cell.metadata.get("editable")) for cell in version.cells
    ]
    assert locks == [(None, None), (False, None), (False, False), (False, None)]
    assert solved.cells[1].source.count("canarysechs") == 2


def test_whole_cell_is_the_solution_where_nothing_is_marked(tmp_path: Path) -> None:
    """Does a solution cell without BEGIN and END become a stub as a whole, pictures included?"""
    made = cells()
    made[1]["source"] = "canarysechs = 2"
    made[3].update(source="![](attachment:a.png)", attachments={"a.png": {"image/png": "AAAA"}})
    path = write_lab(tmp_path / "lab.ipynb", made)
    assert sources(path)["double"] == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert "AAAA" not in write(student(parse(path.read_text("utf-8"))))


def test_notebook_without_exercises_is_left_alone(tmp_path: Path) -> None:
    """Is a notebook that has nothing to fill in its own student version?"""
    path = write_lab(tmp_path / "plain.ipynb", cells()[:1])
    notebook = parse(path.read_text("utf-8"))
    assert not has_solutions(notebook)
    assert student(notebook) == notebook


def test_page_shows_stubs_with_the_outputs_of_the_solution(tmp_path: Path) -> None:
    """Does a reader see what to expect, and nothing of how?"""
    path = write_lab(tmp_path / "lab.ipynb")
    execute([path], tmp_path / "cache", tmp_path)
    page = load_page(path.read_text("utf-8"), tmp_path / "cache")
    assert [output.text for output in page.cells[2].outputs] == ["double is right\n"]
    assert [word for word in CANARIES if word in write(page)] == []


def test_output_that_tells_the_solution_is_a_fault(tmp_path: Path) -> None:
    """Is the author told of a traceback that shows students what they are to write?"""
    made = cells()
    made[2]["source"] += "\nimport traceback\ntry:\n    double({})\nexcept TypeError:\n"
    made[2]["source"] += "    print(traceback.format_exc())"
    path = write_lab(tmp_path / "lab.ipynb", made)
    with pytest.raises(CourseError, match=r"code cell 2 \(check-double\) .*canarysechs \* number"):
        execute([path], tmp_path / "cache", tmp_path)


def unmarked(made: list[dict[str, Any]]) -> None:
    del made[1]["metadata"]["nbgrader"]


def unclosed(made: list[dict[str, Any]]) -> None:
    made[1]["source"] = made[1]["source"].replace("    ### END SOLUTION", "")


def unopened(made: list[dict[str, Any]]) -> None:
    made[1]["source"] = made[1]["source"].replace("    ### BEGIN SOLUTION", "")


def nested(made: list[dict[str, Any]]) -> None:
    made[1]["source"] = made[1]["source"].replace("SOLUTION", "SOLUTION\n### BEGIN SOLUTION", 1)


def misspelt(made: list[dict[str, Any]]) -> None:
    made[1]["source"] = made[1]["source"].replace("### BEGIN SOLUTION", "# begin_solution")


def nameless(made: list[dict[str, Any]]) -> None:
    del made[2]["metadata"]["nbgrader"]["grade_id"]


def pointless(made: list[dict[str, Any]]) -> None:
    del made[2]["metadata"]["nbgrader"]["points"]


def twice(made: list[dict[str, Any]]) -> None:
    made[3]["metadata"]["nbgrader"]["grade_id"] = "double"


def ungraded(made: list[dict[str, Any]]) -> None:
    made[3]["metadata"] = nbgrader("why", solution=True)


def outdated(made: list[dict[str, Any]]) -> None:
    made[2]["metadata"]["nbgrader"]["schema_version"] = 2


CODE, CHECK, TEXT = "code cell 1 (double) ", "code cell 2 (check-double) ", "text cell (why) "
METADATA = "has nbgrader metadata that are not right: "


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (unmarked, [CODE + "line 3: BEGIN SOLUTION, but the cell's metadata do not say"]),
        (unclosed, [CODE + "BEGIN SOLUTION without END SOLUTION"]),
        (unopened, [CODE + "line 6: END SOLUTION without BEGIN SOLUTION"]),
        (nested, [CODE + "line 4: BEGIN SOLUTION inside of SOLUTION"]),
        (
            misspelt,
            [
                CODE + "line 3: write BEGIN SOLUTION in capitals",
                CODE + "line 6: END SOLUTION without BEGIN SOLUTION",
            ],
        ),
        (nameless, [CHECK + METADATA + "grade_id"]),
        (pointless, [CHECK + METADATA + "points"]),
        (
            twice,
            [
                CODE + "has the grade_id 'double', and so has another cell",
                TEXT + "has the grade_id 'double', and so has another cell",
            ],
        ),
        (ungraded, [TEXT + "has text, and text is either not graded or"]),
        (outdated, [CHECK + METADATA + "schema_version"]),
    ],
)
def test_malformed_lab_is_told(
    tmp_path: Path, spoil: Callable[[list[dict[str, Any]]], None], told: list[str]
) -> None:
    """Is each mistake named with its cell, and is nothing of a solution shown all the same?"""
    made = cells()
    spoil(made)
    path = write_lab(tmp_path / "lab.ipynb", made)
    found = [fault.message for fault in faults(path, tmp_path)]
    assert len(found) == len(told)
    for message, words in zip(found, told, strict=True):
        assert message.startswith(words)
    if spoil not in (misspelt, unopened):
        assert "canarysechs" not in sources(path)["double"]


def test_all_mistakes_of_all_labs_at_once(tmp_path: Path) -> None:
    """Does one build name every mistake of every lab, before anything is executed?"""
    first, second = cells(), cells()
    for spoil in (unclosed, nameless, ungraded):
        spoil(first)
    twice(second)
    paths = [write_lab(tmp_path / "a.ipynb", first), write_lab(tmp_path / "b.ipynb", second)]
    with pytest.raises(CourseError) as caught:
        execute(paths, tmp_path / "cache", tmp_path)
    assert [fault.path for fault in caught.value.faults] == ["a.ipynb"] * 3 + ["b.ipynb"] * 2
    assert not (tmp_path / "cache").exists()


def test_modules_come_with_labs(tmp_path: Path) -> None:
    """Does the handbook hold the modules that a lab imports, beside each of its versions?"""
    folder, cache = tmp_path / "notebooks", tmp_path / "cache"
    imported = v4.new_code_cell("import helper", id="importing")
    lab = write_lab(folder / "part" / "lab.ipynb", [*cells(), imported])
    for name in ("helper.py", "unused.py"):
        (folder / name).write_text("number = 1\n", "utf-8")
    execute([lab], cache, tmp_path, beside=folder)
    entries = handbook.contents(COURSE, tmp_path / "pages", [lab], folder, cache)
    modules = {name: entry for name, entry in entries.items() if name.endswith(".py")}
    wanted = folder / "helper.py"
    assert modules == {"solutions/part/helper.py": wanted, "students/part/helper.py": wanted}


def test_instructor_gets_solutions(tmp_path: Path) -> None:
    """Does the handbook hold the solved lab with outputs, the same bytes each time?"""
    folder, cache = tmp_path / "notebooks", tmp_path / "cache"
    lab = write_lab(folder / "part" / "lab.ipynb")
    plain = write_lab(folder / "plain.ipynb", cells()[:1])
    execute([lab, plain], cache, tmp_path)
    written = []
    silent = replace(COURSE, questions=())
    for name in ("one.zip", "two.zip"):
        entries = handbook.contents(silent, tmp_path / "pages", [lab, plain], folder, cache)
        handbook.write(tmp_path / name, entries)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == ["solutions/part/lab.ipynb", "students/part/lab.ipynb"]
        solved = json.loads(archive.read("solutions/part/lab.ipynb"))
        given = archive.read("students/part/lab.ipynb").decode()
    assert solved["cells"][2]["outputs"][0]["text"] == ["double is right\n"]
    assert all(word in json.dumps(solved) for word in CANARIES)
    assert [word for word in CANARIES if word in given] == []

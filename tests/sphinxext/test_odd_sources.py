"""Sources that Sphinx or a parser would stumble over: one clear fault each, and no traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scorm.errors import Fault
from scorm.notebooks import faults
from scorm.sphinxext.pages.front_matter import read_markdown, read_notebook
from tests.conftest import ROOT

from .conftest import Project

HEAD = "---\nkind: quiz\nduration: 1\n"

#: Lines of front matter after the three of HEAD, the line of the fault, words of its message.
ODD = [
    ("x: 2024-13-45\n", 4, "'2024-13-45' is no timestamp; put it between quotes"),
    ("myst:\n  deep: [1, 2024-02-30]\n", 5, "'2024-02-30' is no timestamp"),
    ("x: !!int many\n", 4, "'many' is no int"),
    ("x: !!bool perhaps\n", 4, "'perhaps' is no bool"),
    ("x: !!timestamp today\n", 4, "'today' is no timestamp"),
    ("x: !!float wide\n", 4, "'wide' is no float"),
    ('lesson: "a\x07b"\n', 4, "U+0007; remove it"),
    ('lesson: "a\x0cb"\n', 4, "U+000C; remove it"),
    ('lesson: "a"\n\x1b: b\n', 5, "U+001B; remove it"),
    ("? [a, b]\n: c\n", 4, "found unhashable key"),
    ("x: *nowhere\n", 4, "found undefined alias"),
    ("x: !!python/object:os.system ls\n", 4, "could not determine a constructor"),
    ("x: {a: b\n", 4, "not YAML: while parsing a flow mapping, expected"),
    ("x: &one 1\ny: &one 2\n", 5, "not YAML: found duplicate anchor"),
    ("objectives: &all\n  again: *all\n", 4, "'objectives'"),
    ("objectives: {1: One}\n", 4, "'objectives': 1 is not of type 'string'"),
    ("x: 1\nkind: lab\n", 5, "'kind' stands here a second time; keep one"),
    ("x: " + "[" * 2000 + "\n", 1, "nested too deeply"),
]


@pytest.mark.parametrize(("lines", "line", "words"), ODD)
def test_odd_front_matter(lines: str, line: int, words: str) -> None:
    """Is YAML that cannot be what was meant told with its line?"""
    found = read_markdown(f"{HEAD}{lines}---\n# Page\n")
    assert found.metadata is None
    ((at, text),) = found.faults
    assert (at, words in text) == (line, True), text
    assert "\n" not in text


@pytest.mark.parametrize(
    "lines",
    [
        'x: "2024-13-45"\n',
        "x: 2024-02-29\n",
        "x: é 漢 🎓\n",
        "x: &a [1]\ny: *a\n",
    ],
)
def test_usual_yaml_is_read(lines: str) -> None:
    """Is right YAML left alone, however seldom it is written so?"""
    found = read_markdown(
        f"---\nkind: quiz\nduration: 1\nmyst:\n  {lines.replace('y:', '  y:')}---\n"
    )
    assert found.faults == ()


@pytest.mark.parametrize("values", ["[kind, quiz]", "quiz", "12"])
def test_front_matter_without_keys(values: str) -> None:
    """Is front matter that is no list of keys told in words?"""
    ((line, text),) = read_markdown(f"---\n{values}\n---\n").faults
    assert (line, text) == (1, "this must say 'key: value', for each of kind, duration")


@pytest.mark.parametrize(
    "source",
    ["[]", "1", '"text"', "null", '{"metadata": []}', '{"metadata": null}', "{}", "[" * 100_000],
)
def test_json_that_is_no_notebook(source: str) -> None:
    """Is a file told to be no notebook, whatever JSON it is?"""
    ((line, text),) = read_notebook(source).faults
    assert line == 1
    assert text.startswith("this is not a notebook")


def notebook(ids: str = "a", **metadata: Any) -> str:
    """A notebook's file with a cell for each of these ids, and these metadata."""
    cell = {"cell_type": "markdown", "metadata": {}, "source": "# Title"}
    cells = [{**cell, "id": name} for name in ids]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (notebook(course=["lab"]), 'course in its metadata is no object: write "course": {'),
        (notebook(course=None), "course in its metadata is no object"),
        (notebook(course={"engine": ["spark"]}), "course.engine is"),
        (notebook(title="\ud83d"), "has half a character"),
        (notebook("abaca"), "3 cells have the id 'a': give each its own"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_odd_notebook_is_a_fault(tmp_path: Path, source: str, words: str) -> None:
    """Does the check of notebooks before their execution say it in one line?"""
    path = tmp_path / "a.ipynb"
    path.write_text(source, "utf-8")
    (fault,) = faults(path, tmp_path)
    assert words in fault.message
    assert "\n" not in fault.message


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> list[Fault]:
    """What Sphinx says of a course with several such pages."""
    project = Project(tmp_path_factory.mktemp("odd") / "course")
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", project.folder)
    index = (project.folder / "docs/index.md").read_text("utf-8")
    pages = {
        "bell": f'{HEAD}lesson: "a\x07"\n---\n# Bell\n',
        "date": f"{HEAD}x: 2024-13-45\n---\n# Date\n",
        "itself": f"{HEAD}---\n# Itself\n\n```{{include}} itself.md\n```\n",
        "circle": f"{HEAD}---\n# Circle\n\n```{{include}} figures/a.txt\n```\n",
        "twice": f"{HEAD}---\n# Twice\n" + "\n```{include} figures/c.txt\n```\n" * 2,
        "deck": "---\nduration: 1\nkind: slides\nlesson: docs/lesson\n---\n# Deck\n",
        "wrong": f"{HEAD}---\n# Wrong\n\n{{nope}}`x`\n",
    }
    names = "\n".join(pages)
    project.write("docs/index.md", index.replace("summary\n", f"summary\n{names}\n"))
    for name, text in pages.items():
        project.write(f"docs/{name}.md", text)
    (project.folder / "docs/figures").mkdir(exist_ok=True)
    project.write("docs/figures/a.txt", "```{include} figures/b.txt\n```\n")
    project.write("docs/figures/b.txt", "```{include} figures/a.txt\n```\n")
    project.write("docs/figures/c.txt", "Words.\n")
    return project.run(decks=False)


@pytest.mark.parametrize(
    ("path", "line", "words"),
    [
        ("docs/bell.md", 4, "U+0007; remove it"),
        ("docs/date.md", 4, "is no timestamp"),
        ("docs/itself.md", 7, "docs/itself.md includes itself"),
        ("docs/circle.md", 7, "docs/figures/a.txt includes itself"),
        ("docs/deck.md", 3, "which lie in docs/slides: move this file there, or write one of l"),
        ("docs/wrong.md", 7, '"nope"'),
    ],
)
def test_odd_pages_are_all_named(odd: list[Fault], path: str, line: int | None, words: str) -> None:
    """Does one build name each, and nothing else, although Sphinx alone would stop at the first?"""
    (fault,) = [fault for fault in odd if fault.path == path]
    assert (fault.line, words in fault.message) == (line, True), fault
    assert len(odd) == 6, odd

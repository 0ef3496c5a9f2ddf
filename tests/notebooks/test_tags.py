"""The tags of Jupyter Book: what a page shows of a cell that has them."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat.v4 as v4
import pytest
from nbformat import NotebookNode

from scorm.notebooks import faults
from scorm.notebooks.tags import KNOWN, obeyed, tags_of

OUT = v4.new_output("stream", name="stdout", text="out")
ERR = v4.new_output("stream", name="stderr", text="err")


def shown(*tags: str) -> list[str]:
    """What the page has of a code cell with these tags, word by word."""
    cell = v4.new_code_cell("code", outputs=[OUT, ERR], metadata={"tags": list(tags)}, id="a")
    found: list[str] = []
    for part in obeyed(v4.new_notebook(cells=[cell])).cells:
        found += words(part)
    return found


def words(part: NotebookNode) -> list[str]:
    if part.cell_type == "raw":
        return ["(" if part.source.startswith("<details") else ")"]
    code = [] if part.metadata.get("transient", {}).get("remove_source") else [part.source]
    return code + [output.text for output in part.outputs]


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ([], "code out err"),
        (["remove-cell"], ""),
        (["remove-input"], "out err"),
        (["remove-output"], "code"),
        (["remove-stderr"], "code out"),
        (["remove-stdout"], "code err"),
        (["hide-cell"], "( code out err )"),
        (["hide-input"], "( code ) out err"),
        (["hide-output"], "code ( out err )"),
        (["hide-input", "hide-output"], "( code ) ( out err )"),
        (["hide-input", "remove-output"], "( code )"),
        (["hide-output", "remove-input"], "( out err )"),
        (["hide-output", "remove-output"], "code"),
        (["hide-cell", "remove-input", "remove-stderr"], "( out )"),
        (["hide_input"], "( code ) out err"),
        (["remove_cell"], ""),
        (["parameters", "measures-time"], "code out err"),
    ],
)
def test_what_a_page_shows(tags: list[str], told: str) -> None:
    """Is what a tag removes gone, and what it hides behind a button?"""
    assert " ".join(shown(*tags)) == told


def test_text_cells() -> None:
    """Does a text cell go with remove-cell, and stay with any other tag?"""
    cells = [v4.new_markdown_cell(tag, metadata={"tags": [tag]}) for tag in KNOWN]
    found = [cell.source for cell in obeyed(v4.new_notebook(cells=cells)).cells]
    assert found == [tag for tag in KNOWN if tag != "remove-cell"]


@pytest.mark.parametrize("tag", ["hide-code", "remove-outputs", "Hide-Input", "hideinput"])
def test_tag_that_is_nearly_right(tmp_path: Path, tag: str) -> None:
    """Is an author told that such a tag hides nothing, with the cell and what to write?"""
    (message,) = told(tmp_path, tag)
    assert message.startswith(f"code cell 1 (a) has the tag {tag!r}, which hides nothing: write")
    assert "hide-input" in message


@pytest.mark.parametrize("tag", [*KNOWN, "hide_output", "removed", "hide-and-seek", "exercise"])
def test_other_tags_are_nobodys_business(tmp_path: Path, tag: str) -> None:
    """May a cell have tags for other purposes, and those that are obeyed?"""
    assert told(tmp_path, tag) == []


def told(tmp_path: Path, tag: str) -> list[str]:
    """What the check of a notebook says of a code cell with this tag."""
    cell = v4.new_code_cell("code", metadata={"tags": [tag]}, id="a")
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(v4.new_notebook(cells=[cell])), "utf-8")
    return [fault.message for fault in faults(path, tmp_path)]


def test_the_old_spelling_is_that_of_today() -> None:
    """Is only the spelling of known tags changed?"""
    cell = v4.new_code_cell("", metadata={"tags": ["hide_cell", "my_tag"]})
    assert tags_of(cell) == {"hide-cell", "my_tag"}

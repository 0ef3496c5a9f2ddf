"""Obey the tags with which Jupyter Book hides or removes parts of cells.

Source: Jupyter Book's documentation, "Hide or remove content" (version 1). ``remove-…`` leaves
something out of the page; ``hide-…`` shows it when the student asks for it. Notebooks that students
download have every cell. Early versions of Jupyter Book wrote ``_`` for ``-``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from nbformat import NotebookNode, v4

_REMOVE = ("cell", "input", "output", "stdout", "stderr")
_HIDE = ("cell", "input", "output")
KNOWN = (*(f"hide-{part}" for part in _HIDE), *(f"remove-{part}" for part in _REMOVE))
#: What looks like one of these tags. Something that its author wanted hidden must not be shown.
_NEARLY = re.compile(r"(hide|remove)[-_ ]?(cell|input|code|source|output|stdout|stderr)s?", re.I)
#: What a student reads on the button that shows what is hidden.
_BUTTONS = {
    "hide-cell": "Show this cell",
    "hide-input": "Show the code",
    "hide-output": "Show the output",
}


def obeyed(notebook: NotebookNode) -> NotebookNode:
    """A copy of the notebook as its page shows it."""
    shown = copy.deepcopy(notebook)
    shown.cells = [
        part
        for index, cell in enumerate(shown.cells)
        if "remove-cell" not in tags_of(cell)
        for part in _parts(cell, index)
    ]
    return shown


def tags_of(cell: NotebookNode) -> set[str]:
    """The tags of a cell, those of early versions of Jupyter Book in today's spelling."""
    tags = {str(tag) for tag in cell.metadata.get("tags", ())}
    return {tag.replace("_", "-") if tag.replace("_", "-") in KNOWN else tag for tag in tags}


def outputs_of(cell: NotebookNode) -> list[NotebookNode]:
    """The outputs of a cell that the page has, at once or when the student asks for them."""
    tags = tags_of(cell)
    if tags & {"remove-cell", "remove-output"}:
        return []
    gone = {name for name in ("stdout", "stderr") if f"remove-{name}" in tags}
    return [output for output in cell.get("outputs", ()) if output.get("name") not in gone]


def faults(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """Tags that look like those that are obeyed, but are none: the cell's index, a message."""
    for index, cell in enumerate(notebook.cells):
        for tag in sorted(tags_of(cell)):
            if tag not in KNOWN and _NEARLY.fullmatch(tag):
                yield (
                    index,
                    f"has the tag {tag!r}, which hides nothing: write one of " + ", ".join(KNOWN),
                )


def _parts(cell: NotebookNode, index: int) -> Iterator[NotebookNode]:
    """The cells that stand for a cell: code and outputs apart where one of the two is hidden."""
    if cell.cell_type != "code":
        yield cell
        return
    tags = tags_of(cell)
    outputs = outputs_of(cell)
    whole = _changed(cell, outputs=outputs)
    if "remove-input" in tags:
        whole = _without_code(whole)
    if "hide-cell" in tags:
        yield from _hidden([whole], index, "hide-cell")
    elif not tags & {"hide-input", "hide-output"}:
        yield whole
    else:
        code = [] if "remove-input" in tags else [_changed(cell, outputs=[])]
        below = [_without_code(whole)] if outputs else []
        yield from _hidden(code, index, "hide-input") if "hide-input" in tags else code
        yield from _hidden(below, index, "hide-output") if "hide-output" in tags else below


def _without_code(cell: NotebookNode) -> NotebookNode:
    """The cell without its source, which nbconvert leaves out for this word in its metadata."""
    metadata = _changed(cell.metadata, transient={"remove_source": True})
    return _changed(cell, metadata=metadata)


def _changed(node: NotebookNode, **values: object) -> NotebookNode:
    changed = copy.copy(node)
    for name, value in values.items():
        changed[name] = value
    return changed


def _hidden(cells: list[NotebookNode], index: int, tag: str) -> Iterator[NotebookNode]:
    """The cells behind a button; nothing where there is nothing to hide."""
    if cells:
        yield _html(
            f'<details class="notebook-hidden"><summary>{_BUTTONS[tag]}</summary>',
            f"{tag}-{index}-begin",
        )
        yield from cells
        yield _html("</details>", f"{tag}-{index}-end")


def _html(text: str, name: str) -> NotebookNode:
    cell: NotebookNode = v4.new_raw_cell(text, metadata={"raw_mimetype": "text/html"}, id=name)  # type: ignore[no-untyped-call]
    return cell

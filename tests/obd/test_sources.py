"""What the lessons say: no number with a unit without a word on where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scorm.sphinxext.pages.front_matter import read_markdown
from tests.conftest import ROOT

LESSONS = [
    path
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if (found := read_markdown(path.read_text("utf-8")).metadata) and found.kind == "lesson"
]

_UNITS = (
    r"[kKMGTPEZ]i?B(?:/s)?",
    r"(?:kilo|mega|giga|tera|peta|exa|zetta|gibi|tebi|pebi)(?:byte|bit)s?",
    r"bytes?",
    r"bits?",
    r"[MGT]b(?:/s|it/s)?",
    r"%",
    r"percent",
    r"(?:milli|micro|nano)?seconds?",
    r"minutes?",
    r"hours?",
    r"days?",
    r"[kMG]?W",
    r"[kMG]?Wh",
    r"[kMGTPE]?FLOP/s",
    r"[kMGTPE]FLOPS",
    r"[MG]Hz",
    r"km²",
    r"(?:kilo)?metres?",
    r"euros?",
    r"dollars?",
    r"€",
)
# "2000s" is no time: a unit of one letter stands apart
_MEASURE = re.compile(
    rf"(?:[€$]\s?\d|\d(?:\s?(?:{'|'.join(_UNITS)})|\s(?:[mµn]?s|h|k?m))(?![\w/]))"
)
_SHOWN = ("figure", "note", "stepped-figure", "table")
_EXEMPT = re.compile(r"^(?:#|\[\^[\w-]+\]:|:\w|\$\$)")


def blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each run of lines without a blank one, and the number of its first line.

    A figure is one with the lines right above it. Front matter, questions and code are left out.
    """
    lines = text.splitlines()
    fence, shown = "", False
    block: list[str] = []
    for number, line in enumerate(lines, 1):
        mark = re.match(r"(`{3,}|:{3,})(?:\{([\w-]+)\})?", line)
        if mark and not fence:
            fence, shown = mark[1], mark[2] in _SHOWN
        elif fence and line.rstrip() == fence:
            fence, shown = "", False
        if shown or (line.strip() and not fence and number > lines.index("---", 1)):
            block.append(line)
            continue
        if block:
            yield number - len(block), block
            block = []
    if block:
        yield len(lines) + 1 - len(block), block


def unsourced(text: str) -> Iterator[tuple[int, str]]:
    """The line and the words of each number with a unit that nobody answers for."""
    for start, block in blocks(text):
        if any(line.startswith("% source:") or "[^" in line for line in block):
            continue
        for number, line in enumerate(block, start):
            if not _EXEMPT.match(line) and (measure := _MEASURE.search(line)):
                yield number, line[max(0, measure.start() - 20) : measure.end() + 10]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_numbers_say_where_they_come_from(path: Path) -> None:
    """Has each number with a unit a footnote in its block, or a line `% source: …` above it?"""
    name = path.relative_to(ROOT)
    assert [f"{name}:{line}: {words}" for line, words in unsourced(path.read_text("utf-8"))] == []


LESSON = """---
kind: lesson
duration: 4
---

# Of 3 GB

It takes 5 minutes.

% source: assumed for the example
It takes 6 minutes.

It takes 7 minutes.[^clock]

| a | 8 TB |
|---|------|

```{figure} x.svg
:alt: 9 TB

All 10 TB of it.
```

% source: counted
```{figure} y.svg

All 13 TB of it.
```

```{question} x
- [ ] 11 TB
```

[^clock]: Somebody, 12 s.
"""


def test_a_number_without_source_is_found() -> None:
    """Does the search see a number in prose, a table and a caption, and spare all the others?"""
    assert [line for line, _ in unsourced(LESSON)] == [8, 15, 21]

"""Write the sources of a made-up course of any size, to measure and to test with.

::

    .venv/bin/python benchmarks/make_course.py FOLDER --pages 200 --questions 3
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

#: Pages in a module.
_MODULE = 10
_PARAGRAPHS = 8
_WORDS = [
    "block",
    "cluster",
    "column",
    "copy",
    "data",
    "disk",
    "driver",
    "executor",
    "file",
    "graph",
    "hash",
    "job",
    "lazy",
    "map",
    "memory",
    "network",
    "node",
    "partition",
    "query",
    "record",
    "reduce",
    "replica",
    "row",
    "shard",
    "shuffle",
    "skew",
    "sort",
    "split",
    "stage",
    "table",
    "task",
    "worker",
]

_CONF = '''"""Configuration of a made-up course."""

project = "Made up"
language = "en"
extensions = ["myst_parser", "nbsphinx", "sphinx_revealjs", "scorm.sphinxext"]
scorm_course = {{
    "identifier": "made-up",
    "title": "Made up: {pages} pages",
    "description": "A course to measure with.",
    "author": "Nobody",
    "date": "2026-11-22",
    "language": "en",
    "version": "1",
    "mastery_score": 70,
}}
root_doc = "docs/index"
include_patterns = ["docs/**.md"]
html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
html_sidebars = {{"**": ["sidebar/search.html", "scorm/contents.html"]}}
'''

#: The same pages without this project: what Sphinx and the theme take by themselves.
_PLAIN_CONF = '''"""Configuration of a made-up course, as plain pages."""

project = "Made up"
language = "en"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["docs/**.md"]
html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
'''

_FRONT_MATTER = """---
kind: {kind}
duration: 10
objectives:
  see: See what page {number} is about
---

"""

_QUESTION = """```{{question}} question-{number}-{place}
:kind: {kind}
:objective: see
:explanation: {explanation}

{stem}?

{choices}
```
"""

_CHOICES = {
    "single": "- [x] {0}\n  > Yes: {1}.\n- [ ] {2}\n- [ ] {3}\n  > No: {4}.",
    "multiple": "- [x] {0}\n- [x] {1}\n- [ ] {2}\n  > No: {3}.",
    "text": "- [x] {0}\n- [ ] {1}\n  > Nearly: {2}.",
    "numeric": "- [x] 42\n- [ ] 41\n  > Nearly: {0}.",
}


def write(folder: Path, pages: int = 200, questions: int = 3, *, plain: bool = False) -> None:
    """Write ``pages`` pages with ``questions`` questions each, the same for the same numbers.

    ``plain`` leaves questions and front matter to be plain text, for Sphinx without
    ``scorm.sphinxext``.
    """
    docs = folder / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    conf = _PLAIN_CONF if plain else _CONF.format(pages=pages)
    (folder / "conf.py").write_text(conf, "utf-8")
    numbers = range(1, pages + 1)
    modules = [numbers[at : at + _MODULE] for at in range(0, pages, _MODULE)]
    toctrees = [_toctree(place, module) for place, module in enumerate(modules, 1)]
    (docs / "index.md").write_text("\n".join(["# Made up", *toctrees]), "utf-8")
    for number in numbers:
        page = _page(number, questions, plain=plain)
        (docs / f"page-{number}.md").write_text(page, "utf-8")


def _toctree(place: int, pages: range) -> str:
    names = "\n".join(f"page-{number}" for number in pages)
    return f"\n```{{toctree}}\n:name: module-{place}\n:caption: Module {place}\n\n{names}\n```\n"


def _page(number: int, questions: int, *, plain: bool) -> str:
    dice = random.Random(number)
    kind = "quiz" if number % _MODULE == 0 else "lesson"
    parts = [] if plain else [_FRONT_MATTER.format(kind=kind, number=number)]
    parts.append(f"# Page {number}: {_sentence(dice, 3)}\n")
    for place in range(_PARAGRAPHS):
        if place % 3 == 0:
            parts.append(f"## {_sentence(dice, 4)}\n")
        parts.append(f"{_sentence(dice, 60)}.\n")
    parts += [_question(dice, number, place, plain=plain) for place in range(questions)]
    return "\n".join(parts)


def _question(dice: random.Random, number: int, place: int, *, plain: bool) -> str:
    kind = list(_CHOICES)[(number + place) % len(_CHOICES)]
    choices = _CHOICES[kind].format(*(_sentence(dice, 4) for _ in range(5)))
    stem = _sentence(dice, 12)
    if plain:
        return f"{stem}?\n\n{choices}\n"
    explanation = _sentence(dice, 15)
    return _QUESTION.format(
        number=number, place=place, kind=kind, explanation=explanation, stem=stem, choices=choices
    )


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(_WORDS, k=words)).capitalize()


def main() -> None:
    """Write a course where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--questions", type=int, default=3, help="on each page")
    arguments = parser.parse_args()
    write(arguments.folder, arguments.pages, arguments.questions)


if __name__ == "__main__":
    main()

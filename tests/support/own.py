"""Give the small projects of the tests what only this course has: its own Sphinx extensions."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ROOT

#: The laws of Amdahl and Gustafson, under a name that tests look for.
FIGURE = "```{speedup-figure}\n:name: laws\n:caption: The laws of *Amdahl* and Gustafson\n```\n"


def add_own_extensions(project: Path) -> None:
    """Let ``conf.py`` of a project load this course's own Sphinx extensions."""
    conf, folder = project / "conf.py", ROOT / "docs" / "extensions"
    known = f"import sys\n\nsys.path.insert(0, {str(folder)!r})\n"
    added = 'extensions += ["cluster_lab", "speedup_figure"]\n'
    conf.write_text(known + conf.read_text("utf-8") + added, "utf-8")


def add_laws(project: Path) -> None:
    """In a copy of ``test-figures`` put the figure behind the lesson, and on a slide of its own."""
    add_own_extensions(project)
    for name in ("lesson", "slides/moving"):
        path = project / "docs" / f"{name}.md"
        path.write_text(f"{path.read_text('utf-8')}\n## The laws\n\n{FIGURE}", "utf-8")

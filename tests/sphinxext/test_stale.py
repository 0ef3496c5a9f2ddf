"""What stays in the output folder from one run to the next, and what goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Project

#: An extension as sphinx.ext.graphviz is: it draws while pages are written, once for each content.
_DRAWING = """
import hashlib
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class drawing(nodes.General, nodes.Element):
    pass


class Drawing(SphinxDirective):
    required_arguments = 1

    def run(self):
        return [drawing(text=self.arguments[0])]


def visit(self, node):
    name = f"drawing-{hashlib.sha256(node['text'].encode()).hexdigest()[:8]}.svg"
    path = Path(self.builder.outdir) / "_images" / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    self.body.append(f'<object data="{self.builder.imgpath}/{name}"></object>')
    raise nodes.SkipNode


def setup(app):
    app.add_node(drawing, html=(visit, None))
    app.add_directive("drawing", Drawing)
    return {}
"""
_CONF = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
extensions.append("drawing")
if not tags.has("slides"):
    html_extra_path = ["extra"]
"""
_LESSON = """
```{drawing} boxes
```

```{py:module} counting
```

![A picture](picture.svg)

<a href="../rules.html">Rules</a>, <a href="../notebooks/data.ipynb">numbers</a>
"""
_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><title>{}</title></svg>'


@pytest.fixture
def project(make_project: Callable[[str], Project]) -> Project:
    """A course with another extension, files of its author's own and an index of Python modules."""
    project = make_project("course")
    project.write("drawing.py", _DRAWING)
    for name in ("conf.py", "docs/lesson.md"):
        text = (project.folder / name).read_text("utf-8")
        project.write(name, text + (_CONF if name == "conf.py" else _LESSON))
    (project.folder / "extra" / "notebooks").mkdir(parents=True)
    project.write("extra/rules.html", "<!doctype html><title>Rules</title>")
    project.write("extra/notebooks/data.ipynb", "{}")
    project.write("docs/picture.svg", _PICTURE.format("one"))
    project.write("docs/second.svg", _PICTURE.format("two"))
    summary = (project.folder / "docs" / "summary.md").read_text("utf-8")
    project.write("docs/summary.md", f"{summary}\n![A second picture](second.svg)\n")
    assert project.run() == []
    return project


def files(project: Project) -> set[str]:
    """What lies in the output, but for what is the same for every course."""
    site = project.build / "html"
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    return {name for name in names if "_static/" not in name}


def test_what_others_wrote_stays(project: Project) -> None:
    """Are drawings, files of the author's own and other indices there after the first run, and
    after one that writes no page?"""
    first = files(project)
    (drawing,) = (name for name in first if "drawing-" in name)
    assert {
        drawing,
        "rules.html",
        "notebooks/data.ipynb",
        "py-modindex.html",
        "_images/picture.svg",
        "docs/lesson.html",
    } <= first
    assert project.run() == []
    assert files(project) == first


def test_what_no_page_shows_any_more_goes(
    project: Project, make_project: Callable[[str], Project]
) -> None:
    """Is the output that of a clean folder after pictures, drawings and pages were changed?"""
    before = files(project)
    lesson = (project.folder / "docs" / "lesson.md").read_text("utf-8")
    changed = lesson.replace("{drawing} boxes", "{drawing} circles")
    changed = changed.replace("![A picture](picture.svg)", "")
    project.write("docs/lesson.md", changed.replace("```{py:module} counting\n```\n", ""))
    (project.folder / "docs" / "summary.md").unlink()
    index = (project.folder / "docs" / "index.md").read_text("utf-8")
    project.write("docs/index.md", index.replace("summary\n", ""))
    assert project.run() == []
    after = files(project)
    gone = before - after
    pictures = {"_images/picture.svg", "_images/second.svg"}
    assert {"docs/summary.html", "py-modindex.html", *pictures} < gone
    assert len(gone) == 5
    assert len([name for name in after if "drawing-" in name]) == 1
    project.build.rename(project.folder / "old")
    assert project.run() == []
    assert files(project) == after


def test_a_run_broken_off_leaves_nothing_for_ever(project: Project) -> None:
    """Does a page go that a run wrote before it was broken off, when its source is gone?"""
    first = files(project)
    conf = (project.folder / "conf.py").read_text("utf-8")
    broken = (
        "\ndef setup(app):\n    app.connect('build-finished', stop, priority=1)\n"
        "def stop(app, exception):\n    import os; os._exit(9)\n"
    )
    page = "---\nkind: lesson\nduration: 1\n---\n\n# Short\n\n![A picture](other.svg)\n"
    project.write("docs/short.md", page)
    project.write("docs/other.svg", _PICTURE.format("other"))
    index = (project.folder / "docs" / "index.md").read_text("utf-8")
    project.write("docs/index.md", index.replace("summary\n", "summary\nshort\n"))
    project.write("conf.py", conf + broken)
    with pytest.raises(Exception, match="could not build"):
        project.run(decks=False)
    assert {"docs/short.html", "_images/other.svg"} <= files(project)
    project.write("conf.py", conf)
    project.write("docs/index.md", index)
    (project.folder / "docs" / "short.md").unlink()
    assert project.run() == []
    assert files(project) == first

"""When a build has something to do: all that Sphinx read, and all that shaped its pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from scorm.build import fingerprint, steps
from scorm.build.handbook import read_key
from scorm.layout import Places
from scorm.packages.presets import Order, orders
from tests.conftest import ROOT

ORDERS: Sequence[Order] = orders(format="scorm12")

CONF = """
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "extensions"))
import one_file

extensions += ["speedup_figure", "one_file"]
if tags.has("handbook"):
    root_doc, include_patterns = "index", ["**"]
elif not tags.has("slides"):
    include_patterns += ["lessons/**.md"]
    exclude_patterns += ["docs/instructor"]
html_static_path = ["_static"]
revealjs_static_path = ["_static"]
html_css_files = ["own.css"]
html_extra_path = ["extra"]
templates_path = ["_templates"]
html_favicon = "icon.svg"
"""

LESSON = """\
---
kind: lesson
duration: 1
---

# A lesson elsewhere

```{include} ../parts/words.txt
```

![A picture](picture.svg)

{download}`Numbers <numbers.csv>`

```{speedup-figure}
:name: speedup
:caption: More workers
```
"""

#: Files beside those of the tiny course.
FILES = {
    "lessons/far.md": LESSON,
    "lessons/picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "lessons/numbers.csv": "1,2\n",
    "parts/words.txt": "Words that another file holds.\n",
    "extensions/one_file.py": "def setup(app):\n    return {}\n",
    "_static/own.css": "p { color: black }\n",
    "_templates/page.html": '{% extends "furo/page.html" %}\n',
    "extra/robots.txt": "User-agent: *\n",
    "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "docs/slides/deep/second.md": (
        "---\nkind: slides\nduration: 1\nlesson: lessons/far\norphan: true\n---\n\n# Far\n"
    ),
    "docs/instructor/index.md": "# Notes\n\nOnly for teachers.\n\n```{answer-key}\n```\n",
    "README.md": "# Nobody reads this\n",
}

#: A change of each of these is to be seen in what is built.
READ = [
    "docs/lesson.md",
    "lessons/far.md",
    "lessons/picture.svg",
    "lessons/numbers.csv",
    "parts/words.txt",
    "docs/slides/counting.md",
    "docs/slides/deep/second.md",
    "docs/instructor/index.md",
    "conf.py",
    "_static/own.css",
    "_templates/page.html",
    "extra/robots.txt",
    "icon.svg",
    "extensions/one_file.py",
    "extensions/speedup_figure/__init__.py",
    "extensions/speedup_figure/figure.html.j2",
    "extensions/speedup_figure/static/speedup-figure.css",
]
#: So is a new file at each of these places.
NEW = [
    "lessons/new.md",
    "docs/slides/deep/third.md",
    "notebooks/new.ipynb",
    "notebooks/new.csv",
    "_static/new.css",
    "_templates/new.html",
    "extra/new.txt",
    "extensions/speedup_figure/new.j2",
    "constraints.txt",
]
#: A change of these, or a new one, is nobody's business.
OTHER = [
    "README.md",
    "notes.txt",
    "_build/notes.md",
    "dist/notes.md",
    ".git/notes.md",
    "node_modules/a/README.md",
    ".venv/lib/notes.md",
    "extensions/speedup_figure/__pycache__/x.pyc",
]


class Quiet:
    """Shows nobody what is going on."""

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        yield lambda _: None

    def note(self, line: str) -> None:
        """Nothing."""


def build(places: Places) -> list[Path]:
    """Build the project; the packages."""
    return [one.report.path for one in steps.build(places, Quiet(), ORDERS)]


def built(places: Places) -> list[Path]:
    """The packages, where nothing has changed."""
    return steps.already_built(places, ORDERS)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A project with sources in many folders, built; each test leaves it as it was."""
    folder = tmp_path_factory.mktemp("inputs") / "course"
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", folder)
    extension = ROOT / "docs" / "extensions" / "speedup_figure"
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(extension, folder / "extensions" / extension.name, ignore=left_out)
    for name, text in FILES.items():
        write(folder / name, text)
    conf = folder / "conf.py"
    conf.write_text(conf.read_text("utf-8") + CONF, "utf-8")
    index = folder / "docs" / "index.md"
    listed = "summary\n/lessons/far\n"
    index.write_text(index.read_text("utf-8").replace("summary\n", listed), "utf-8")
    places = Places.of(folder)
    build(places)
    return places


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@contextmanager
def changed(path: Path) -> Iterator[None]:
    """The file with a further line, or a new file; then as it was."""
    before = path.read_bytes() if path.exists() else None
    write(path, f"{(before or b'').decode()}\n")
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def test_key_of_answers(places: Places) -> None:
    """Can a teacher look up on a page, and a program in a file, what reports of an LMS say?"""
    handbook = next(path for path in built(places) if path.name == "tiny-instructor.zip")
    with zipfile.ZipFile(handbook) as archive:
        page = BeautifulSoup(archive.read("index.html"), "lxml")
    told = [" ".join(row.get_text(" ").split()) for row in page.select("table tbody tr")]
    key = read_key(handbook)
    by_label = {question.label: question for question in key.questions}
    asked = [by_label[label] for page in key.pages for label in page.questions]
    assert {question.label for question in asked} == by_label.keys()
    for row, question in zip(told, asked, strict=True):
        assert row.startswith(question.label)
        assert question.stem in row
        for choice in question.choices:
            shown = f"{choice.letter} {choice.text}".strip()
            assert (shown in row, f"{shown} (right)" in row) == (True, choice.correct)


@pytest.mark.parametrize("name", READ)
def test_a_change_of_what_was_read_is_seen(places: Places, name: str) -> None:
    """Is a build due after a change of anything that shows in the packages, and only then?"""
    assert len(built(places)) == 2
    with changed(places.project / name):
        assert built(places) == []
    assert len(built(places)) == 2


@pytest.mark.parametrize("name", NEW)
def test_a_new_file_is_seen(places: Places, name: str) -> None:
    """Is a build due when there is a page, a notebook, a template that was not there?"""
    with changed(places.project / name):
        assert built(places) == []
    assert len(built(places)) == 2


def test_a_removed_page_is_seen(places: Places) -> None:
    """Is a build due when a page is gone?"""
    page = places.project / "docs" / "summary.md"
    text = page.read_text("utf-8")
    page.unlink()
    assert built(places) == []
    page.write_text(text, "utf-8")
    assert len(built(places)) == 2


@pytest.mark.parametrize("name", OTHER)
def test_other_files_are_nobodys_business(places: Places, name: str) -> None:
    """Is there nothing to do after a change of what no page shows?"""
    with changed(places.project / name):
        assert len(built(places)) == 2


def test_strange_files_are_no_traceback(places: Places) -> None:
    """Is there nothing to do beside a link that leads back, or a name that is no UTF-8?"""
    loop = places.project / "lessons" / "loop"
    loop.symlink_to("..")
    strange = places.project / os.fsdecode(b"strange-\xff.txt")
    strange.write_text("", "utf-8")
    try:
        assert len(built(places)) == 2
        document = strange.rename(strange.with_suffix(".md"))
        assert built(places) == []
        document.unlink()
        assert len(built(places)) == 2
    finally:
        loop.unlink()


def test_the_whole_package_counts(places: Places) -> None:
    """Is a build due after a change of any part of this package, as after a new version of it?"""
    files = fingerprint.walk(fingerprint.PACKAGE, places)
    read = {path.relative_to(ROOT / "scorm").parts[0] for path in files}
    assert {"runtime", "sphinxext", "packages", "layout.py"} <= read


def test_the_environment_counts(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a build due where notebooks would run elsewhere, or packages get another date?"""
    monkeypatch.setenv("SPARK_MASTER", "spark://127.0.0.1:7077")
    assert built(places) == []


def test_a_lost_or_touched_package_is_built_again(places: Places) -> None:
    """Is a build due when a package of the last one is gone, or another one?"""
    package = built(places)[0]
    good = package.read_bytes()
    package.write_bytes(b"touched")
    assert built(places) == []
    package.unlink()
    assert built(places) == []
    package.write_bytes(good)
    assert len(built(places)) == 2


def test_sphinx_is_not_loaded_to_see_that_nothing_changed(places: Places) -> None:
    """Does a build with nothing to do stay quick, whatever records Sphinx has left?"""
    code = (
        "import sys; from pathlib import Path; from scorm.build import steps\n"
        "from scorm.layout import Places; from scorm.packages.presets import orders\n"
        "assert steps.already_built(Places.of(Path(sys.argv[1])), orders(format='scorm12'))\n"
        "assert not {'sphinx', 'docutils', 'nbformat'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code, places.project], check=True, cwd=ROOT)


def test_what_changes_during_a_build_is_built_again(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a page that its author saves while Sphinx runs not taken for built?"""
    page = places.project / "docs" / "lesson.md"
    text = page.read_text("utf-8")
    assemble = fingerprint.of_inputs

    def saved_meanwhile(*words: Any) -> fingerprint.Fingerprint:
        page.write_text(text.replace("One, two", "One, one, two"), "utf-8")
        return assemble(*words)

    with monkeypatch.context() as patch:
        patch.setattr(fingerprint, "of_inputs", saved_meanwhile)
        build(places)
    assert built(places) == []
    page.write_text(text, "utf-8")
    build(places)
    assert len(built(places)) == 2


def test_what_shapes_pages_shapes_all_of_them(places: Places) -> None:
    """Do all pages follow a template, a static file and an extension of the project's own?"""
    pages = [places.site / name for name in ("docs/lesson.html", "lessons/far.html")]
    before = [page.read_text("utf-8") for page in pages]
    template = places.project / "_templates" / "page.html"
    write(
        template,
        '{% extends "furo/page.html" %}{% block content %}A new frame{{ super() }}{% endblock %}\n',
    )
    figure = places.project / "extensions" / "speedup_figure" / "figure.html.j2"
    write(figure, f"<!-- A new chart -->{figure.read_text('utf-8')}")
    write(places.project / "_static" / "own.css", "p { color: navy }\n")
    build(places)
    after = [page.read_text("utf-8") for page in pages]
    assert all("A new frame" in text for text in after)
    assert "A new chart" in after[1]
    sheets = [text.partition("own.css?v=")[2][:8] for text in (before[0], after[0])]
    assert sheets[0] != sheets[1]
    assert len(built(places)) == 2


def test_packages_of_a_clean_folder_are_the_same(places: Places, tmp_path: Path) -> None:
    """Does all that changed and went leave nothing in the packages?"""
    lesson = places.project / "lessons" / "far.md"
    kept = "![A picture](picture.svg)\n\n{download}`Numbers <numbers.csv>`\n\n"
    write(lesson, lesson.read_text("utf-8").replace(kept, ""))
    for name in ("docs/slides", "docs/instructor"):
        shutil.rmtree(places.project / name)
    here = build(places)
    # without notes for instructors there is still the key to what students answer
    assert [path.name for path in here] == ["tiny-scorm12.zip", "tiny-instructor.zip"]
    sources = shutil.ignore_patterns("_build", "dist")
    shutil.copytree(places.project, tmp_path / "clean", ignore=sources)
    there = build(Places.of(tmp_path / "clean"))
    assert [path.read_bytes() for path in here] == [path.read_bytes() for path in there]

"""A small course and its files on disk, as Sphinx runs leave them, and packages made of it.

Its decks are a tree of files of their own, unlike those of a course that Sphinx has built, whose
decks lie inside the site. So the tests see a package that is put together of two folders.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from lxml import etree

from scorm import validate
from scorm.course.model import (
    Choice,
    Course,
    Item,
    Objective,
    PageKind,
    Question,
    QuestionKind,
    Sco,
    Tree,
)
from scorm.errors import Fault
from scorm.packages import PackageOptions, formats, package_name

CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4

#: What Sphinx and sphinx-revealjs leave in their output folders; some of it no package may hold.
FILES = {
    "html/docs/welcome/index.html": b"<!doctype html><title>Welcome</title>",
    "html/docs/welcome/quiz.html": b"<!doctype html><title>Quiz</title>",
    "html/genindex.html": b"<!doctype html><title>Index</title>",
    "html/_static/scorm/page.js": b"export {};\n",
    "html/_static/styles/furo.css": b"body { margin: 0 }\n" * 50,
    "html/_static/styles/furo.css.map": b"{}",
    "html/_images/plan.png": PNG,
    "html/_sources/docs/welcome/index.md.txt": b"the answer is b",
    "html/_sources/docs/welcome/quiz.ipynb.txt": b"{}",
    "html/.buildinfo": b"config: 0",
    "html/.doctrees/docs/welcome/index.doctree": b"/home/somebody",
    "html/.ipynb_checkpoints/lab-checkpoint.html": b"old",
    "html/__pycache__/helper.cpython-311.pyc": b"",
    "html/objects.inv": b"# Sphinx inventory version 2",
    "html/reports/lab.err.log": b"Traceback: /home/somebody",
    "slides/welcome.html": b"<!doctype html><title>Slides</title>",
    "slides/_static/revealjs/LICENSE": b"MIT\n",
}

QUESTION = Question(
    identifier="shuffle-cost",
    kind=QuestionKind.SINGLE,
    points=1.0,
    stem_text="What is costly?",
    stem_html="<p>What is costly?</p>",
    choices=(Choice("a", "map", "map", False), Choice("b", "a shuffle", "a shuffle", True)),
)


def sco(name: str, title: str, kind: PageKind, href: str, *questions: str) -> Item:
    """An item with its SCO, both under the same identifier."""
    page = Sco(name, title, kind, href, duration=45, questions=questions)
    return Item(name, title, page)


COURSE = Course(
    identifier="obd-course",
    title="Data Distribution & Big Data Processing",
    description="How data is split, moved and computed with on many machines.",
    author="A Teacher",
    date="2026-01-15",
    language="en",
    version="0.1.0",
    mastery_score=70,
    modules=(
        Item(
            "welcome",
            "Welcome",
            items=(
                sco("docs.welcome", "Welcome", PageKind.LESSON, "docs/welcome/index.html"),
                sco("slides.welcome", "The deck", PageKind.SLIDES, "slides/welcome.html"),
                sco(
                    "docs.welcome.quiz",
                    "Quiz: RDD<T> & friends — Überblick",
                    PageKind.QUIZ,
                    "docs/welcome/quiz.html",
                    "shuffle-cost",
                ),
            ),
        ),
    ),
    questions=(QUESTION,),
    trees=(Tree("html", ""), Tree("slides", "slides/")),
)


#: The page of a second module, with an image, a question and two objectives.
LAB = Item(
    "notebooks.lab",
    "Lab",
    Sco(
        "notebooks.lab",
        "Lab",
        PageKind.LAB,
        "notebooks/lab.html",
        duration=30,
        objectives=(Objective("see-plan", "Read a plan"), Objective("save", "Save & load")),
        questions=("lab-lines",),
    ),
)
#: The course with that second module.
TWO_MODULES = replace(
    COURSE,
    keywords=("big data", "Spark"),
    modules=(*COURSE.modules, Item("module.labs", "2 · Labs", items=(LAB,))),
    questions=(QUESTION, replace(QUESTION, identifier="lab-lines", points=3.0)),
)
TWO_MODULES_FILES = FILES | {
    "html/notebooks/lab.html": b"<!doctype html><img src='../_images/result.png'>",
    "html/_images/result.png": PNG[::-1],
}


def with_title(course: Course, title: str) -> Course:
    """The course with another title for its first page."""
    module = course.modules[0]
    items = (replace(module.items[0], title=title), *module.items[1:])
    return replace(course, modules=(replace(module, items=items),))


def lay_out(build: Path, files: dict[str, bytes] = FILES) -> Path:
    """Write ``files`` below ``build``, as the Sphinx runs do."""
    for name, content in files.items():
        path = build / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return build


def build_package(
    folder: Path,
    course: Course = COURSE,
    options: PackageOptions | None = None,
    files: dict[str, bytes] = FILES,
) -> Path:
    """A real package of the course, in ``folder``; by default SCORM 1.2 with all pages."""
    options = options or PackageOptions()
    destination = folder / "dist" / package_name(course, options)
    formats.write(course, lay_out(folder / "build", files), destination, options)
    return destination


def build_two(
    folder: Path, options: PackageOptions | None = None, course: Course = TWO_MODULES
) -> Path:
    """A real package of the course with two modules, in ``folder``."""
    return build_package(folder, course, options, TWO_MODULES_FILES)


def findings(package: Path) -> tuple[Fault, ...]:
    """The faults and the advice that ``scorm.validate`` has for the package."""
    verdict = validate.examine(package)
    return (*verdict.faults, *verdict.advice)


def read(package: Path, name: str) -> etree._Element:
    """An XML document of the package."""
    with zipfile.ZipFile(package) as archive:
        return etree.fromstring(archive.read(name))

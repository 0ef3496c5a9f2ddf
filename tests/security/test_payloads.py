"""Hostile text in every place where an author writes: is it shown as text, wherever it goes?"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from scorm import validate
from scorm.build import sphinx_runs
from scorm.course import course_json
from scorm.course.model import Item
from scorm.errors import Fault
from scorm.layout import Places
from scorm.packages import Format, Layout, PackageOptions, formats, scorm12
from scorm.standards import limits
from tests.conftest import made_once
from tests.support.payloads import PAGE, PAYLOADS, write_course

OPTIONS = [
    PackageOptions(Format.SCORM12, Layout.SINGLE),
    PackageOptions(Format.SCORM12, modules="module.module-0"),
    PackageOptions(Format.SCORM2004),
    PackageOptions(Format.SCORM2004, Layout.SINGLE),
    PackageOptions(Format.SCORM2004_3RD),
    PackageOptions(Format.CMI5),
]

#: What could run or fetch: elements that no rendered part of a question needs, and attributes.
_ACTIVE = {"script", "style", "iframe", "object", "embed", "form", "svg", "img", "link", "base"}
_ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "srcset", "ping")


def build_hostile(folder: Path) -> None:
    """Write the hostile course into a folder, build it there and package it."""
    write_course(folder)
    build = folder / "_build"
    for run in sphinx_runs.RUNS:
        assert sphinx_runs.run(run, Places.of(folder)) == []
    parts = build / "doctrees" / "parts"
    whole = course_json.assemble(*(json.loads(path.read_text("utf-8")) for path in _parts(parts)))
    (build / "course.json").write_text(course_json.dump(whole), "utf-8")
    scorm12.write(whole, build, folder / "dist" / "hostile-scorm12.zip")


def _parts(folder: Path) -> list[Path]:
    return [folder / f"{run.builder}.json" for run in sphinx_runs.RUNS]


@pytest.fixture(scope="session")
def hostile(shared_folder: Path) -> Path:
    """The built hostile course."""
    return made_once(shared_folder / "hostile", build_hostile)


@pytest.fixture(scope="session")
def questions(hostile: Path) -> dict[str, Any]:
    """The questions as the packagers see them, by label."""
    data = json.loads((hostile / "_build" / "course.json").read_text("utf-8"))
    return {question["identifier"]: question for question in data["questions"]}


def fragments(question: dict[str, Any]) -> list[str]:
    """Every piece of HTML of a question."""
    own = [question[name] for name in ("stem_html", "hint_html", "explanation_html")]
    return own + [choice[name] for choice in question["choices"] for name in _CHOICE_HTML]


_CHOICE_HTML = ("html", "feedback_html")

#: Undoes Sphinx's curly quotes, which what is no HTML tag but text gets.
_STRAIGHT = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")


def dangers(markup: str) -> list[str]:
    """Elements that run or fetch, event handlers, and addresses that are none, in HTML."""
    found = []
    for element in BeautifulSoup(f"<body>{markup}</body>", "lxml").body.find_all(True):
        if element.name in _ACTIVE:
            found.append(str(element))
        for name, value in element.attrs.items():
            is_address = name.split(":")[-1] in _ADDRESSES
            if name.startswith("on") or (is_address and not re.match(r"(https?:|#)", str(value))):
                found.append(str(element))
    return found


def test_payloads_are_many() -> None:
    """Are there at least 100 different payloads?"""
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_no_part_of_a_question_is_active(questions: dict[str, Any], number: int) -> None:
    """Can stem, choices, feedback, hint and explanation neither run nor fetch anything?"""
    for kind in ("choice", "number", "text"):
        for fragment in fragments(questions[f"{kind}-{number}"]):
            assert dangers(fragment) == []


def test_raw_html_in_a_question_is_shown_as_text(questions: dict[str, Any]) -> None:
    """Does a student read the very tags that the author typed, but for HTML comments?"""
    for number, payload in enumerate(PAYLOADS):
        if not re.match(r"</?[a-z][\w-]*[\s/>]", payload, re.IGNORECASE) or "`" in payload:
            continue
        typed = " ".join(html.unescape(payload).split())
        shown = questions[f"choice-{number}"]["choices"][0]
        text = BeautifulSoup(shown["html"], "lxml").get_text()
        assert " ".join(html.unescape(text).translate(_STRAIGHT).split()) == typed, payload
    number = PAYLOADS.index("<!-- <script>top.__ran=1</script> -->text")
    assert "script" not in questions[f"choice-{number}"]["stem_html"]


def test_titles_reach_the_manifest_as_text(hostile: Path) -> None:
    """Is the manifest well-formed and valid, with each title, caption and description in it?"""
    package = hostile / "dist" / "hostile-scorm12.zip"
    assert validate.check(package) == []
    with zipfile.ZipFile(package) as archive:
        root = etree.fromstring(archive.read("imsmanifest.xml"))
    titles = {title.text for title in root.iter("{*}title")}
    data = json.loads((hostile / "_build" / "course.json").read_text("utf-8"))
    whole = course_json.load(hostile / "_build" / "course.json")
    assert {limits.shown_title(item.title) for item in whole.items()} <= titles
    assert not [title for title in titles if title and re.search("[<>]", title)]
    assert data["title"] == PAYLOADS[0]
    described = next(root.iter("{*}description"))
    said = "".join(map(str, described.itertext())).strip()
    assert said == "\n".join(PAYLOADS)


def titled(item: Item, titles: Iterator[str]) -> Item:
    """The item, and all below it, called by the next titles."""
    return replace(
        item, title=next(titles), items=tuple(titled(below, titles) for below in item.items)
    )


def test_every_payload_can_be_a_title(hostile: Path, tmp_path: Path) -> None:
    """Is the manifest well-formed, with each payload in it as text, when items are called so?"""
    build = hostile / "_build"
    whole = course_json.load(build / "course.json")
    titles, shown = cycle(PAYLOADS), set[str | None]()
    while len(shown) < len({limits.shown_title(payload) for payload in PAYLOADS}):
        called = replace(whole, modules=tuple(titled(module, titles) for module in whole.modules))
        package = scorm12.write(called, build, tmp_path / "titled.zip").path
        assert validate.check(package) == []
        with zipfile.ZipFile(package) as archive:
            root = etree.fromstring(archive.read("imsmanifest.xml"))
        found = {title.text for title in root.iter("{*}title")}
        expected = {limits.shown_title(item.title) for item in called.items()}
        assert expected <= found
        shown |= expected


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_every_format_takes_hostile_text(
    hostile: Path, tmp_path: Path, options: PackageOptions
) -> None:
    """Is each kind of package valid, its XML well-formed, and its shell free of foreign tags?"""
    build = hostile / "_build"
    whole = course_json.load(build / "course.json")
    package = formats.write(whole, build, tmp_path / "package.zip", options).path
    assert validate.check(package) == []
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith(".xml"):
                etree.fromstring(archive.read(name))
        if "course.html" in names:
            shell = BeautifulSoup(archive.read("course.html").decode(), "lxml")
            assert {script.get("type") for script in shell.find_all("script")} <= {
                "application/json",
                "module",
            }
            (told,) = shell.select("script#scorm-course")
            assert json.loads(told.string)["title"] == limits.shown_title(PAYLOADS[0])


def test_pages_stay_whole(hostile: Path) -> None:
    """Has each page its own forms, its end, and no script, frame or handler too many?"""
    site = hostile / "_build" / "html"
    plain = BeautifulSoup((site / "docs" / "index.html").read_text("utf-8"), "lxml")
    scripts = [script.get("src", script.get("id")) for script in plain.find_all("script")]
    for first in range(0, len(PAYLOADS), PAGE):
        payload = PAYLOADS[first : first + PAGE]
        text = (site / "docs" / f"page-{first}.html").read_text("utf-8")
        page = BeautifulSoup(text, "lxml")
        assert len(page.select("form.scorm-question")) == 3 * len(payload), payload
        assert page.select_one("#scorm-end"), payload
        assert page.select("iframe, object, embed, base") == [], payload
        own = [script.get("src", script.get("id")) for script in page.find_all("script")]
        assert {*own} - {*scripts} <= {"scorm-page", "../_static/scorm/page.js"}, payload
        handlers = {name for tag in page.find_all(True) for name in tag.attrs if name[:2] == "on"}
        assert handlers == set(), payload


#: Other ways to write HTML into a question, which MyST hands to docutils.
_WAYS = """
Which one?

```{raw} html
<script>top.__ran=1</script>
```

```{eval-rst}
.. role:: raw-html(raw)
   :format: html

A :raw-html:`<script>top.__ran=2</script>`
```
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The hostile course with one harmless page."""
    write_course(tmp_path)
    for page in (tmp_path / "docs").glob("page-*.md"):
        page.unlink()
    (tmp_path / "docs" / "index.md").write_text(
        "# Contents\n\n```{toctree}\n:name: one\n:caption: One\n\npage\n```\n", "utf-8"
    )
    return tmp_path


def build_page(folder: Path, stem: str) -> list[Fault]:
    """Ask a question with this stem, from line 8 on, and tell what Sphinx complains of."""
    head = "---\nkind: quiz\nduration: 1\n---\n\n# Quiz\n"
    source = f"{head}`````{{question}} asked\n{stem}\n- [x] This\n- [ ] That\n`````\n"
    (folder / "docs" / "page.md").write_text(source, "utf-8")
    return sphinx_runs.run(sphinx_runs.PAGES, Places.of(folder))


def test_directives_bring_no_html_into_a_question(small: Path) -> None:
    """Is HTML that a directive or a role writes shown as text, too?"""
    assert build_page(small, _WAYS) == []
    page = (small / "_build" / "html" / "docs" / "page.html").read_text("utf-8")
    for number in (1, 2):
        assert f"&lt;script&gt;top.__ran={number}&lt;/script&gt;" in page
        assert f"<script>top.__ran={number}" not in page


@pytest.mark.parametrize("scheme", ["javascript", "JavaScript", "data", "vbscript", "file"])
def test_a_link_in_a_question_has_an_address(small: Path, scheme: str) -> None:
    """Is an author told of a link that runs something, with its line?"""
    stem = f"\nWhich?\n\n```{{eval-rst}}\n`x <{scheme}:top.__ran=1>`_\n```\n"
    (fault,) = build_page(small, stem)
    assert (fault.path, fault.line) == ("docs/page.md", 12)
    assert f"links to '{scheme}:top.__ran=1'" in fault.message


def test_a_choice_is_more_than_a_comment(small: Path) -> None:
    """Is an author told of a choice that nobody can see or type, with its line?"""
    (fault,) = build_page(small, "\nWhich?\n\n- [ ] <!-- later -->")
    assert (fault.path, fault.line) == ("docs/page.md", 11)
    assert "shows nothing but a comment" in fault.message


def test_an_answer_to_type_stays_as_typed(small: Path) -> None:
    """Can a student type an answer with quotes and dashes, as the author wrote it?"""
    typed = 'don\'t "quote" --force...'
    stem = f':kind: text\n\nWhich option isn\'t "safe"?\n\n- [x] {typed}'
    assert build_page(small, stem) == []
    part = json.loads(_parts(small / "_build" / "doctrees" / "parts")[0].read_text("utf-8"))
    asked = part["questions"]["asked"]
    assert asked["choices"][0]["text"] == typed
    assert asked["stem_text"] == "Which option isn\u2019t \u201csafe\u201d?"


def test_a_page_keeps_its_own_html(small: Path) -> None:
    """Is HTML that an author writes in a page's own text left alone?"""
    assert build_page(small, "\nWhich?\n") == []
    page = small / "docs" / "page.md"
    page.write_text(page.read_text("utf-8") + "\n<details><b>more</b></details>\n", "utf-8")
    places = Places.of(small)
    assert sphinx_runs.run(sphinx_runs.PAGES, places) == []
    shown = (places.site / "docs" / "page.html").read_text("utf-8")
    assert "<details><b>more</b></details>" in shown

"""The cmi5 packager: what an LMS with a record store makes of the package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from scorm import validate
from scorm.course.model import Course, Item, Scoring, Verdict
from scorm.packages import Format, PackageOptions, cmi5
from scorm.packages.scope import scope_of
from tests.support.packages import LAB, TWO_MODULES, build_two, findings, read

C = "{https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd}"
OPTIONS = PackageOptions(Format.CMI5)


def structure(course: Course = TWO_MODULES) -> etree._Element:
    return etree.fromstring(cmi5.structure(scope_of(course, OPTIONS)))


def units(root: etree._Element) -> dict[str, etree._Element]:
    """The assignable units by the page they launch."""
    return {au.findtext(f"{C}url"): au for au in root.iter(f"{C}au")}


@pytest.mark.parametrize("module", [None, "module.labs"])
def test_valid(tmp_path: Path, module: str | None) -> None:
    """Does our check accept the package, and recognise what it is?"""
    package = build_two(tmp_path, PackageOptions(Format.CMI5, modules=module))
    assert findings(package) == ()
    assert validate.examine(package).format == "cmi5"


def test_contents_tree(tmp_path: Path) -> None:
    """Does the LMS show a block a module, in it each page, which lies in the package?"""
    package = build_two(tmp_path, OPTIONS)
    assert package.name == "obd-course-cmi5.zip"
    root = read(package, "cmi5.xml")
    assert [
        (
            block.findtext(f"{C}title/{C}langstring"),
            [au.findtext(f"{C}url") for au in list(block)[2:]],
        )
        for block in root.findall(f"{C}block")
    ] == [
        ("Welcome", ["docs/welcome/index.html", "slides/welcome.html", "docs/welcome/quiz.html"]),
        ("2 · Labs", ["notebooks/lab.html"]),
    ]
    title = units(root)["docs/welcome/quiz.html"].find(f"{C}title/{C}langstring")
    assert title.text == "Quiz: RDD<T> & friends — Überblick"
    assert title.get("lang") == "en"


def test_headings_within_a_module() -> None:
    """Does a heading below a module become a block in its block?"""
    heading = Item("heading.deep", "Deeper", items=(LAB,))
    module = Item("module.deep", "Deep", items=(heading,))
    root = structure(replace(TWO_MODULES, modules=(module,)))
    inner = root.find(f"{C}block/{C}block")
    assert inner.get("id") == "urn:x-scorm:obd-course:heading.deep"
    assert inner.find(f"{C}au/{C}url").text == "notebooks/lab.html"


def test_what_satisfies() -> None:
    """Does a judged quiz have to be passed with the mastery score, and any other page be done?"""
    found = {
        page: (au.get("moveOn"), au.get("masteryScore"), au.get("activityType").rpartition("/")[2])
        for page, au in units(structure()).items()
    }
    assert found == {
        "docs/welcome/index.html": ("CompletedOrPassed", None, "lesson"),
        "slides/welcome.html": ("CompletedOrPassed", None, "lesson"),
        "docs/welcome/quiz.html": ("Passed", "0.70", "assessment"),
        "notebooks/lab.html": ("CompletedOrPassed", None, "lesson"),
    }


def test_completion_only() -> None:
    """Where the course only wants to be done, is no unit judged?"""
    root = structure(replace(TWO_MODULES, scoring=Scoring(verdict=Verdict.COMPLETION)))
    assert {au.get("moveOn") for au in units(root).values()} == {"CompletedOrPassed"}
    assert {au.get("masteryScore") for au in units(root).values()} == {None}


def test_identifiers_stay() -> None:
    """Does a page keep its identifier when it moves, so that its records stay its own?"""
    first = {page: au.get("id") for page, au in units(structure()).items()}
    moved = replace(TWO_MODULES, modules=TWO_MODULES.modules[::-1], title="Another title")
    assert {page: au.get("id") for page, au in units(structure(moved)).items()} == first
    assert first["notebooks/lab.html"] == "urn:x-scorm:obd-course:notebooks.lab"
    everything = [element.get("id") for element in structure().iter(etree.Element)]
    identifiers = [identifier for identifier in everything if identifier]
    assert len(identifiers) == len(set(identifiers))


def test_objectives() -> None:
    """Does every reference to an objective lead to one that the structure describes?"""
    root = structure()
    texts = {
        objective.get("id"): objective.findtext(f"{C}description/{C}langstring")
        for objective in root.findall(f"{C}objectives/{C}objective")
    }
    lab = units(root)["notebooks/lab.html"]
    referred = [ref.get("idref") for ref in lab.findall(f"{C}objectives/{C}objective")]
    assert [texts[reference] for reference in referred] == ["Read a plan", "Save & load"]


def test_reproducible(tmp_path: Path) -> None:
    """Are packages built in two folders identical?"""
    one, two = (build_two(tmp_path / name, OPTIONS) for name in ("one", "another one"))
    assert one.read_bytes() == two.read_bytes()

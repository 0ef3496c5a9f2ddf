"""The SCORM 2004 packager: what an LMS that sequences makes of the package."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from scorm.course.model import Course, Keep, Scoring, Verdict, Weights
from scorm.packages import Format, Layout, PackageOptions, scorm2004
from scorm.packages.scope import scope_of
from scorm.standards import schemas
from scorm.standards.editions import FOURTH, THIRD
from tests.support.packages import COURSE, TWO_MODULES, build_two, findings, read
from tests.support.validate import SCHEMA_LOCATION

CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
ADL = "{http://www.adlnet.org/xsd/adlcp_v1p3}"
SEQ = "{http://www.adlnet.org/xsd/adlseq_v1p3}"
SS = "{http://www.imsglobal.org/xsd/imsss}"
LOM = "{http://ltsc.ieee.org/xsd/LOM}"
FREE = {"choice": "true", "flow": "true"}
SET_BY_CONTENT = {"completionSetByContent": "true", "objectiveSetByContent": "true"}


def manifest(course: Course, **options: Any) -> etree._Element:
    chosen = PackageOptions(**{"format": Format.SCORM2004, **options})
    return etree.fromstring(scorm2004.manifest(scope_of(course, chosen), ()))


def sequencing(root: etree._Element) -> dict[str, etree._Element]:
    """The rules of the organization and of each item, by identifier."""
    found = {}
    for element in root.iter(f"{CP}organization", f"{CP}item"):
        (rules,) = element.findall(f"{SS}sequencing")
        found[element.get("identifier")] = rules
    return found


def weights(root: etree._Element) -> dict[str, float]:
    return {
        name: float(rules.find(f"{SS}rollupRules").get("objectiveMeasureWeight"))
        for name, rules in sequencing(root).items()
        if rules.find(f"{SS}rollupRules") is not None
    }


@pytest.mark.parametrize("module", [None, "module.labs"])
@pytest.mark.parametrize(
    ("layout", "linear"), [(Layout.MULTI, False), (Layout.MULTI, True), (Layout.SINGLE, False)]
)
@pytest.mark.parametrize(("format", "edition"), [("scorm2004", "4th"), ("scorm2004-3rd", "3rd")])
def test_valid(
    tmp_path: Path, format: str, edition: str, layout: Layout, linear: bool, module: str | None
) -> None:
    """Do the edition's own schemas and our rules accept every kind of package?"""
    package = build_two(tmp_path, PackageOptions(Format(format), layout, module, linear))
    assert {finding.rule for finding in findings(package)} <= {"several-scos"}
    root = read(package, "imsmanifest.xml")
    assert root.findtext(f"{CP}metadata/{CP}schemaversion") == f"2004 {edition} Edition"
    schema = schemas.schema(FOURTH if edition == "4th" else THIRD)
    assert schema.validate(root), schema.error_log


def test_schemas_at_the_root(tmp_path: Path) -> None:
    """Can the package be validated offline, with what it brings and nothing else?"""
    package = build_two(tmp_path, PackageOptions(Format.SCORM2004))
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
        assert set(schemas.files(FOURTH)) <= set(archive.namelist())
    root = etree.parse(folder / "imsmanifest.xml").getroot()
    pairs = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation").split()
    located = dict(zip(pairs[::2], pairs[1::2], strict=True))
    used = {etree.QName(element).namespace for element in root.iter(etree.Element)}
    assert used <= located.keys()
    together = etree.Element("{http://www.w3.org/2001/XMLSchema}schema")
    for namespace, name in located.items():
        attributes = {"namespace": namespace, "schemaLocation": (folder / name).as_uri()}
        etree.SubElement(together, "{http://www.w3.org/2001/XMLSchema}import", attributes)
    parser = etree.XMLParser(no_network=True)
    assert etree.XMLSchema(etree.fromstring(etree.tostring(together), parser)).validate(root)


def test_free_navigation() -> None:
    """May the student go anywhere, and does the LMS believe what the pages say of themselves?"""
    root = manifest(TWO_MODULES)
    (organization,) = root.iter(f"{CP}organization")
    assert organization.get(f"{SEQ}objectivesGlobalToSystem") == "false"
    headings = {"obd-course_organization", "obd-course_root", "welcome", "module.labs"}
    for name, rules in sequencing(root).items():
        control = rules.find(f"{SS}controlMode")
        assert (None if control is None else dict(control.attrib.items())) == (
            FREE if name in headings else None
        )
        assert dict(rules.find(f"{SS}deliveryControls").attrib.items()) == SET_BY_CONTENT
    assert not list(root.iter(f"{SS}mapInfo"))


def test_weighted_score() -> None:
    """Does each page count by its points, and a page without questions nothing?"""
    assert weights(manifest(TWO_MODULES)) == {
        "obd-course_root": 1,
        "welcome": 0.25,
        "docs.welcome": 0,
        "slides.welcome": 0,
        "docs.welcome.quiz": 0.25,
        "module.labs": 0.75,
        "notebooks.lab": 0.75,
    }
    by_page = replace(TWO_MODULES, scoring=Scoring(weights=Weights.PAGES, keep=Keep.LAST))
    assert weights(manifest(by_page))["notebooks.lab"] == 0.5
    assert weights(manifest(by_page))["docs.welcome"] == 0


def test_many_pages_share_the_score() -> None:
    """Are the weights of very many pages still told apart from nothing, and sum up to one?"""
    (quiz,) = (item for item in COURSE.modules[0].items if item.identifier == "docs.welcome.quiz")
    pages = tuple(
        replace(quiz, identifier=f"p{n}", sco=replace(quiz.sco, identifier=f"p{n}"))
        for n in range(300)
    )
    course = replace(COURSE, modules=(replace(COURSE.modules[0], items=pages),))
    found = weights(manifest(course))
    assert sum(found[f"p{n}"] for n in range(300)) == pytest.approx(1, abs=1e-3)


def test_course_without_questions() -> None:
    """Is nothing to be passed where nothing is asked?"""
    lesson, slides, _ = COURSE.modules[0].items
    course = replace(COURSE, modules=(replace(COURSE.modules[0], items=(lesson, slides)),))
    root = manifest(course)
    assert set(weights(root).values()) == {0}
    assert not list(root.iter(f"{SS}minNormalizedMeasure"))


def primary(rules: etree._Element) -> tuple[str | None, str | None]:
    """Does a measure satisfy the primary objective, and which?"""
    objective = rules.find(f"{SS}objectives/{SS}primaryObjective")
    measure = objective.findtext(f"{SS}minNormalizedMeasure")
    return objective.get("satisfiedByMeasure"), measure


def test_passing() -> None:
    """Do the course and its quiz pass by score, and no other page; and only the course by sum?"""
    found = sequencing(manifest(TWO_MODULES))
    pages = ("docs.welcome", "slides.welcome", "docs.welcome.quiz", "notebooks.lab")
    assert primary(found["obd-course_organization"]) == ("true", "0.7")
    assert {page: primary(found[page]) for page in pages} == {
        "docs.welcome": (None, None),
        "slides.welcome": (None, None),
        "docs.welcome.quiz": ("true", "0.7"),
        "notebooks.lab": (None, None),
    }
    for page in pages:
        assert found[page].find(f"{SS}rollupRules").get("rollupObjectiveSatisfied") == "false"


def test_completion_only() -> None:
    """Where the course only wants to be done, does no score decide?"""
    course = replace(TWO_MODULES, scoring=Scoring(verdict=Verdict.COMPLETION))
    root = manifest(course)
    assert not list(root.iter(f"{SS}minNormalizedMeasure"))
    assert weights(root)["notebooks.lab"] == 0.75


def test_learning_objectives() -> None:
    """Does the LMS know each page's objectives, under identifiers that no other page has?"""
    root = manifest(TWO_MODULES)
    found = sequencing(root)
    assert [
        objective.get("objectiveID")
        for objective in found["notebooks.lab"].find(f"{SS}objectives").findall(f"{SS}objective")
    ] == ["notebooks.lab.see-plan", "notebooks.lab.save"]
    identifiers = [
        objective.get("objectiveID")
        for objective in root.iter(f"{SS}primaryObjective", f"{SS}objective")
    ]
    assert len(identifiers) == len(set(identifiers))


def test_linear() -> None:
    """Can the student of a linear course only go forward and back?"""
    root = manifest(TWO_MODULES, linear=True)
    modes = {(mode.get("choice"), mode.get("flow")) for mode in root.iter(f"{SS}controlMode")}
    assert modes == {("false", "true")}


def test_completion_threshold() -> None:
    """Does a page weigh by its time, and decide itself when it is completed; in the 4th only?"""
    items = manifest(TWO_MODULES).iter(f"{CP}item")
    thresholds = {item.get("identifier"): item.find(f"{ADL}completionThreshold") for item in items}
    for threshold in thresholds.values():
        assert threshold.get("completedByMeasure") == "false"
        assert threshold.text is None
    assert float(thresholds["notebooks.lab"].get("progressWeight")) == pytest.approx(30 / 165)
    third = scorm2004.manifest(
        scope_of(TWO_MODULES, PackageOptions(Format.SCORM2004_3RD)), (), THIRD
    )
    assert b"completionThreshold" not in third


def test_launch_data() -> None:
    """Is each SCO told its name, as in SCORM 1.2?"""
    items = manifest(TWO_MODULES).iter(f"{CP}item")
    for item in items:
        launches = item.get("identifierref") is not None
        expected = item.get("identifier") if launches else None
        assert item.findtext(f"{ADL}dataFromLMS") == expected


def test_metadata_file(tmp_path: Path) -> None:
    """Does the manifest name a file with title, author, keywords, version and learning time?"""
    package = build_two(tmp_path, PackageOptions(Format.SCORM2004))
    root = read(package, "imsmanifest.xml")
    place = root.findtext(f"{CP}metadata/{ADL}location")
    lom = read(package, place)
    assert lom.findtext(f"{LOM}general/{LOM}title/{LOM}string") == TWO_MODULES.title
    keywords = lom.findall(f"{LOM}general/{LOM}keyword/{LOM}string")
    assert [keyword.text for keyword in keywords] == ["big data", "Spark"]
    assert lom.findtext(f"{LOM}lifeCycle/{LOM}version/{LOM}string") == "0.1.0"
    assert "FN:A Teacher" in lom.findtext(f"{LOM}lifeCycle/{LOM}contribute/{LOM}entity")
    assert lom.findtext(f".//{LOM}contribute/{LOM}date/{LOM}dateTime") == "2026-01-15"
    assert lom.findtext(f".//{LOM}typicalLearningTime/{LOM}duration") == "PT2H45M"
    assert place in [file.get("href") for file in root.iter(f"{CP}file")]
    assert schemas.lom_schema().validate(lom)
    assert lom.get(SCHEMA_LOCATION) == "http://ltsc.ieee.org/xsd/LOM lom.xsd"
    with zipfile.ZipFile(package) as archive:
        assert archive.read("lom.xsd") == schemas.LOM_FILE.read_bytes()


@pytest.mark.parametrize("layout", Layout)
def test_reproducible(tmp_path: Path, layout: Layout) -> None:
    """Are packages built in two folders identical?"""
    options = PackageOptions(Format.SCORM2004, layout)
    one, two = (build_two(tmp_path / name, options) for name in ("one", "another one"))
    assert one.read_bytes() == two.read_bytes()

"""The validator on SCORM 2004: every deliberate damage is found by its own rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from scorm import validate
from scorm.packages import Format
from tests.support.validate import (
    SCHEMA_LOCATION,
    XML_BASE,
    Damage,
    Opened,
    add,
    advice_of,
    damaged,
    drop,
    lose,
    package_of,
    put,
    remove,
    rename,
    rewrite,
    rules_of,
    same,
    write,
)

HREF = "docs/welcome/index.html"
PAGE = "docs.welcome"
QUIZ = "docs.welcome.quiz"
GLOBAL = "urn:x-test:global"


@pytest.fixture(scope="module")
def fourth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_of(tmp_path_factory.mktemp("fourth"), Format.SCORM2004)


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_of(tmp_path_factory.mktemp("third"), Format.SCORM2004_3RD)


def sequencing_of(parts: Opened, identifier: str) -> etree._Element:
    found = parts.one("cp:item", identifier=identifier).find(parts.name("ss:sequencing"))
    assert found is not None
    return found


def objectives_of(parts: Opened, identifier: str) -> etree._Element:
    found = sequencing_of(parts, identifier).find(parts.name("ss:objectives"))
    assert found is not None
    return found


def rule_about_another_objective(parts: Opened) -> None:
    rules = etree.Element(parts.name("ss:sequencingRules"))
    sequencing_of(parts, PAGE).insert(0, rules)
    rule = parts.add(rules, "ss:preConditionRule")
    conditions = parts.add(rule, "ss:ruleConditions")
    parts.add(conditions, "ss:ruleCondition", referencedObjective="nobody", condition="satisfied")
    parts.add(rule, "ss:ruleAction", action="skip")


def collection(*identifiers: str) -> Damage:
    def damage(parts: Opened) -> None:
        holder = parts.add(parts.root, "ss:sequencingCollection")
        for identifier in identifiers:
            parts.add(holder, "ss:sequencing", ID=identifier)

    return damage


def another_sequencing(parts: Opened) -> None:
    parts.add(parts.one("cp:item", identifier=PAGE), "ss:sequencing")


def misplaced_sequencing(parts: Opened) -> None:
    parts.add(parts.one("cp:metadata"), "ss:sequencing")


def no_primary(parts: Opened) -> None:
    objectives = objectives_of(parts, PAGE)
    objectives.remove(objectives[0])


def mapped(parts: Opened, objective: etree._Element) -> None:
    attributes = {"targetObjectiveID": GLOBAL, "writeSatisfiedStatus": "true"}
    parts.add(objective, "ss:mapInfo", **attributes)


def mapped_without_id(parts: Opened) -> None:
    primary = objectives_of(parts, PAGE)[0]
    del primary.attrib["objectiveID"]
    mapped(parts, primary)


def one_target(parts: Opened) -> None:
    for objective in list(objectives_of(parts, PAGE))[1:3]:
        mapped(parts, objective)


def same_objectives(parts: Opened) -> None:
    _, first, second = objectives_of(parts, PAGE)
    second.set("objectiveID", first.get("objectiveID", ""))


def foreign_objective(parts: Opened) -> None:
    objectives = parts.add(sequencing_of(parts, PAGE), "seq:objectives")
    objective = parts.add(objectives, "seq:objective", objectiveID="nobody")
    parts.add(objective, "seq:mapInfo", targetObjectiveID=GLOBAL)


def unreachable(parts: Opened) -> None:
    mode = parts.one("ss:controlMode")
    mode.set("choice", "false")
    mode.set("flow", "false")


def metadata_inline(parts: Opened) -> None:
    etree.SubElement(parts.one("cp:metadata"), "{http://ltsc.ieee.org/xsd/LOM}lom")


def in_metadata(parts: Opened, old: bytes, new: bytes) -> None:
    text = parts.files["metadata.xml"]
    assert old in text
    parts.files["metadata.xml"] = text.replace(old, new)


def wrong_spelling(parts: Opened) -> None:
    resource = parts.one("cp:resource")
    resource.set(parts.name("adl:scormtype"), resource.attrib.pop(parts.name("adl:scormType")))


def unlisted_launch_file(parts: Opened) -> None:
    resource = parts.one("cp:resource")
    resource.remove(resource[0])


def untitled_item(parts: Opened) -> None:
    item = parts.one("cp:item", identifier=PAGE)
    item.remove(item[0])


def heading(parts: Opened) -> etree._Element:
    return next(item for item in parts.all("cp:item") if "identifierref" not in item.attrib)


FOURTH: dict[str, Damage] = {
    # the document
    "not-well-formed": rewrite("</manifest>", "</manifes>"),
    "namespace-missing": rewrite(' xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"', ""),
    "edition-unknown": rewrite("xsd/imscp_v1p1", "xsd/imscp_v1p2"),
    "edition": rewrite("xsd/adlcp_v1p3", "xsd/adlcp_rootv1p2"),
    "schema": put("cp:item", "colour", "red"),
    "schema-name": write("cp:schema", "adl scorm"),
    "schemaversion": write("cp:schemaversion", "2004 4th edition"),
    "identifier-characters": put("cp:item", "identifier", "1 course"),
    "identifier-duplicate": same("cp:item", "identifier"),
    "metadata-missing": lose("metadata.xml"),
    "element-of-1.2": lambda parts: parts.add(parts.one("cp:item"), "adl:masteryscore", "70"),
    # the schemas
    "schema-missing": lose("imsss_v1p0.xsd"),
    "schema-part-missing": lose("imsss_v1p0util.xsd"),
    "schema-location": lambda parts: parts.root.attrib.pop(SCHEMA_LOCATION),
    "namespace-undefined": metadata_inline,
    "metadata-schema": lambda parts: in_metadata(parts, b"LOM lom.xsd", b"LOM lomLoose.xsd"),
    # the organizations
    "default-missing": drop("cp:organizations", "default"),
    "default-dangling": put("cp:organizations", "default", "nobody"),
    "item-title": untitled_item,
    "item-reference": put("cp:item", "identifierref", "nobody", identifier=QUIZ),
    "item-unlaunchable": put("cp:item", "identifierref", "obd-course_assets", identifier=QUIZ),
    "item-empty": drop("cp:item", "identifierref", identifier=QUIZ),
    "heading-launches": lambda parts: heading(parts).set("identifierref", f"{PAGE}_resource"),
    "leaf-only": lambda parts: parts.add(heading(parts), "adl:timeLimitAction", "exit,message"),
    "completion-threshold-text": write("adl:completionThreshold", "0.8"),
    "completion-threshold": put("adl:completionThreshold", "minProgressMeasure", "2"),
    # the resources
    "scormtype-spelling": wrong_spelling,
    "scormtype-value": put("cp:resource", "adl:scormType", "SCO"),
    "scormtype-missing": drop("cp:resource", "adl:scormType"),
    "sco-href": drop("cp:resource", "href"),
    "launch-unlisted": unlisted_launch_file,
    "launch-missing": lose(HREF),
    "file-missing": lose("genindex.html"),
    "href-parent": put("cp:resource", "href", f"../{HREF}"),
    "dependency-dangling": put("cp:dependency", "identifierref", "nobody"),
    # the sequencing
    "sequencing-place": misplaced_sequencing,
    "sequencing-twice": another_sequencing,
    "sequencing-reference": put("ss:sequencing", "IDRef", "nobody"),
    "sequencing-id": collection("common", "common"),
    "primary-objective": no_primary,
    "objective-id": mapped_without_id,
    "objective-duplicate": same_objectives,
    "objective-dangling": rule_about_another_objective,
    "adlseq-objective": foreign_objective,
    "map-target": one_target,
    "measure": write("ss:minNormalizedMeasure", "70"),
    "weight": put("ss:rollupRules", "objectiveMeasureWeight", "30"),
}

#: What only some players mind: advice to others, and a fault of what we write ourselves.
OURS: dict[str, Damage] = {
    "prefix": lambda parts: (
        rewrite("imsss:", "ss:")(parts),
        rewrite("xmlns:imsss", "xmlns:ss")(parts),
    ),
    "xml-base": put("cp:resource", XML_BASE, "docs/"),
    "sub-manifest": add("cp:manifest", "cp:manifest", identifier="inner"),
    "identifier-length": put("cp:item", "identifier", "x" * 256),
    "title-length": write("cp:title", "x" * 201),
    "parameters-length": put("cp:item", "parameters", "?" + "x" * 1000, identifier=PAGE),
    "data-from-lms": write("adl:dataFromLMS", "x" * 4001),
    "resource-type": put("cp:resource", "type", "text/html"),
    "file-unlisted": remove("cp:file", href="genindex.html"),
    "href-external": put("cp:resource", "href", "https://example.org/page.html"),
    "name-case": rename("genindex.html", "Docs/welcome/Index.html"),
    "control-mode": unreachable,
}

THIRD: dict[str, Damage] = {
    "schemaversion": write("cp:schemaversion", "2004 3rd edition"),
    "element-of-4th": lambda parts: parts.add(parts.one("cp:item", identifier=PAGE), "adl:data"),
    "completion-threshold-text": lambda parts: parts.add(
        parts.one("cp:item", identifier=PAGE), "adl:completionThreshold", minProgressMeasure="0.8"
    ),
    "schema": lambda parts: sequencing_of(parts, PAGE).append(
        etree.Element(parts.name("seq:objectives"))
    ),
}


@pytest.mark.parametrize("rule", FOURTH)
def test_damage(fourth: Path, rule: str) -> None:
    """Is each damage to a package of the 4th edition found by its own rule?"""
    faults = {fault.rule: fault for fault in validate.check(damaged(fourth, FOURTH[rule]))}
    assert rule in faults
    assert faults[rule].message


@pytest.mark.parametrize("rule", OURS)
def test_ours(fourth: Path, rule: str) -> None:
    """Is what some players mind advice in a package of others, and a fault in one of ours?"""
    path = damaged(fourth, OURS[rule])
    assert rule in advice_of(path)
    assert rule not in rules_of(path)
    assert rule in {fault.rule for fault in validate.check(path, fresh=True)}


@pytest.mark.parametrize("rule", THIRD)
def test_damage_third(third: Path, rule: str) -> None:
    """Is what the 3rd edition does not allow found, where the 4th allows it?"""
    assert rule in rules_of(damaged(third, THIRD[rule]))


def test_own_messages(fourth: Path) -> None:
    """Does each rule say something of its own, so that a message leads to one thing to mend?"""
    messages = set()
    for rule, damage in FOURTH.items():
        faults = validate.check(damaged(fourth, damage))
        messages.add(next(fault.message for fault in faults if fault.rule == rule))
    assert len(messages) == len(FOURTH)


@pytest.mark.parametrize(
    "rule",
    ["measure", "weight", "completion-threshold", "scormtype-value", "primary-objective"],
)
def test_said_once(fourth: Path, rule: str) -> None:
    """Is a value out of its range told in one line, not by the schema and by a rule?"""
    assert rules_of(damaged(fourth, FOURTH[rule])) == {rule}


def test_editions(fourth: Path, third: Path) -> None:
    """Does the verdict name the edition that the manifest says, and hold it to that one?"""
    second = damaged(third, write("cp:schemaversion", "CAM 1.3"))
    for path, name in ((fourth, "4th"), (third, "3rd"), (second, "2nd")):
        verdict = validate.examine(path)
        assert (verdict.faults, verdict.format) == ((), f"SCORM 2004 {name} Edition")
        assert list(verdict.lines())[-1] == f"valid SCORM 2004 {name} Edition"


def test_threshold_of_the_third(third: Path) -> None:
    """Is the threshold of the 3rd edition, a number as text, valid there?"""

    def threshold(text: str) -> Damage:
        return lambda parts: parts.one("cp:item", identifier=PAGE).insert(
            1, _element(parts, "adl:completionThreshold", text)
        )

    assert rules_of(damaged(third, threshold("0.8"))) == set()
    assert rules_of(damaged(third, threshold("80"))) == {"completion-threshold-text"}


def _element(parts: Opened, tag: str, text: str) -> etree._Element:
    element = etree.Element(parts.name(tag))
    element.text = text
    return element


def test_collection(fourth: Path) -> None:
    """Do an item's rules know the objectives of the sequencing that the item refers to?"""

    def damage(parts: Opened, own: bool = False) -> None:
        rule_about_another_objective(parts)
        if not own:
            sequencing_of(parts, PAGE).remove(objectives_of(parts, PAGE))
        holder = parts.add(parts.root, "ss:sequencingCollection")
        common = parts.add(holder, "ss:sequencing", ID="common")
        objectives = parts.add(common, "ss:objectives")
        parts.add(objectives, "ss:primaryObjective", objectiveID="nobody")
        sequencing_of(parts, PAGE).set("IDRef", "common")

    assert rules_of(damaged(fourth, damage)) == set()
    # An item's own objectives replace those of the collection (CAM 5.1.1).
    assert rules_of(damaged(fourth, partial(damage, own=True))) == {"objective-dangling"}


@pytest.mark.parametrize(
    ("base", "rules"),
    [("docs/", set()), ("/docs/", {"xml-base-form"}), ("docs", {"xml-base-form"})],
)
def test_base(fourth: Path, base: str, rules: set[str]) -> None:
    """Is a well-written xml:base valid and followed, and only advised against?"""

    def damage(parts: Opened) -> None:
        resource = parts.one("cp:resource")
        resource.set(XML_BASE, base)
        for element in (resource, resource[0]):
            element.set("href", element.get("href", "").removeprefix("docs/"))

    path = damaged(fourth, damage)
    assert rules_of(path) - {"launch-missing", "file-missing", "href-absolute"} == rules
    assert "xml-base" in advice_of(path)
    assert bool(rules_of(path)) == bool(rules)


SAID = b' xsi:schemaLocation="http://ltsc.ieee.org/xsd/LOM lom.xsd"'


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (SAID, b"", {"metadata-schema"}),
        (b"<general>", b"<general><x:y xmlns:x='urn:x'/>", {"metadata-schema"}),
        (b"</lom>", b"", {"not-well-formed"}),
        (b"LOM lom.xsd", b"LOM ./lom.xsd", set()),
        (SAID + b">", SAID + b">\n<!-- another comment -->", set()),
    ],
)
def test_metadata(fourth: Path, old: bytes, new: bytes, rules: set[str]) -> None:
    """Are metadata that ADL's validator fails told, at their own file, and no others?"""
    path = damaged(fourth, lambda parts: in_metadata(parts, old, new))
    assert rules_of(path) == rules
    assert {fault.path for fault in validate.check(path)} <= {"metadata.xml"}


def test_metadata_in_a_folder(fourth: Path) -> None:
    """Is the schema looked for from the place of the metadata, as a relative address is?"""

    def damage(parts: Opened) -> None:
        rename("metadata.xml", "about/metadata.xml")(parts)
        rewrite("metadata.xml", "about/metadata.xml")(parts)

    def mended(parts: Opened) -> None:
        damage(parts)
        text = parts.files["about/metadata.xml"]
        parts.files["about/metadata.xml"] = text.replace(b"LOM lom.xsd", b"LOM ../lom.xsd")

    assert rules_of(damaged(fourth, damage)) == {"metadata-schema"}
    assert rules_of(damaged(fourth, mended)) == set()


def test_without_metadata(fourth: Path) -> None:
    """Is a package without a file of metadata as valid?"""

    def damage(parts: Opened) -> None:
        for step in (
            remove("adl:location"),
            remove("cp:file", href="metadata.xml"),
            lose("metadata.xml"),
            lose("lom.xsd"),
        ):
            step(parts)

    assert rules_of(damaged(fourth, damage)) == set()


def weightless(parts: Opened) -> None:
    for rules in parts.all("ss:rollupRules"):
        rules.set("objectiveMeasureWeight", "0")


ADVICE: dict[str, Callable[[Opened], object]] = {
    "several-scos": lambda parts: None,
    "map-info": lambda parts: mapped(parts, objectives_of(parts, PAGE)[1]),
    "weights-zero": weightless,
    "measure-unused": lambda parts: parts.one(
        "ss:primaryObjective", satisfiedByMeasure="true"
    ).attrib.pop("satisfiedByMeasure"),
    "item-visible": drop("cp:item", "isvisible"),
    "title-markup": write("cp:title", "<b>Course</b>"),
    "title-cut": write("cp:title", "0 · Course"),
    "litter": lambda parts: parts.files.update({"__MACOSX/page.html": b""}),
}


@pytest.mark.parametrize("rule", ADVICE)
def test_advice(fourth: Path, rule: str) -> None:
    """Is what only some LMSs handle badly told as advice?"""
    assert rule in advice_of(damaged(fourth, ADVICE[rule]))


def test_advice_is_no_fault(fourth: Path) -> None:
    """Does advice leave the package valid?"""
    for rule in ADVICE:
        assert rules_of(damaged(fourth, ADVICE[rule])) == set(), rule

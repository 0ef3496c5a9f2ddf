"""The validator on what it did not make: other formats, other tools' packages, and anything."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scorm import validate
from scorm.build.node import command
from scorm.errors import Fault
from scorm.packages import Format
from scorm.standards import schemas
from scorm.standards.editions import SCORM12, THIRD
from scorm.validate.findings import Findings
from scorm.validate.recognise import recognise
from tests.conftest import ROOT
from tests.support.validate import Opened, damaged, opened, pack, package_of, rules_of

MANIFEST_12 = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<manifest identifier="com.example.golf" version="1"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd
    http://www.imsglobal.org/xsd/imsmd_rootv1p2p1 imsmd_rootv1p2p1.xsd
    http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="B0">
    <organization identifier="B0">
      <title>Explaining golf</title>
      <item identifier="i1" identifierref="r1" parameters="?content=playing">
        <title>Playing</title>
      </item>
      <item identifier="i2" identifierref="r1" parameters="?content=etiquette">
        <title>Etiquette</title>
        <adlcp:prerequisites type="aicc_script">i1="passed"</adlcp:prerequisites>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="shared/launch.html">
      <file href="shared/launch.html"/>
      <dependency identifierref="common"/>
    </resource>
    <resource identifier="common" type="webcontent" adlcp:scormtype="asset">
      <file href="shared/style.css"/>
    </resource>
  </resources>
</manifest>
"""

MANIFEST_2004 = """<?xml version="1.0" standalone="no" ?>
<manifest identifier="CaptivateLike" version="1"
  xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
  xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
  xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"
  xmlns:imsss="http://www.imsglobal.org/xsd/imsss"
  xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd
    http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd
    http://www.adlnet.org/xsd/adlseq_v1p3 adlseq_v1p3.xsd
    http://www.adlnet.org/xsd/adlnav_v1p3 adlnav_v1p3.xsd
    http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 3rd Edition</schemaversion></metadata>
  <organizations default="ORG">
    <organization identifier="ORG">
      <title>Fire safety</title>
      <item identifier="SCO" identifierref="RES" isvisible="true">
        <title>Fire safety</title>
        <adlcp:completionThreshold>1.0</adlcp:completionThreshold>
        <imsss:sequencing>
          <imsss:objectives>
            <imsss:primaryObjective satisfiedByMeasure="true">
              <imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure>
            </imsss:primaryObjective>
          </imsss:objectives>
          <imsss:deliveryControls tracked="true" completionSetByContent="true"/>
        </imsss:sequencing>
        <adlnav:presentation><adlnav:navigationInterface>
          <adlnav:hideLMSUI>continue</adlnav:hideLMSUI>
        </adlnav:navigationInterface></adlnav:presentation>
      </item>
      <imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>
    </organization>
  </organizations>
  <resources>
    <resource identifier="RES" type="webcontent" adlcp:scormType="sco" href="index.html?lang=en">
      <file href="index.html"/>
    </resource>
  </resources>
</manifest>
"""


def schema_bytes(files: dict[str, Path]) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files.items()}


def test_well_made_strangers(tmp_path: Path) -> None:
    """Are packages as other tools write them valid, with what is only unusual as advice?"""
    files = {
        "imsmanifest.xml": MANIFEST_12.encode(),
        "shared/launch.html": b"",
        "shared/style.css": b"",
        **schema_bytes(schemas.files(SCORM12)),
    }
    verdict = validate.examine(pack(tmp_path / "golf.zip", files))
    assert (verdict.faults, verdict.format) == ((), "SCORM 1.2")
    assert {advice.rule for advice in verdict.advice} == {"item-visible", "several-roots"}

    files = {
        "imsmanifest.xml": MANIFEST_2004.encode(),
        "index.html": b"",
        **schema_bytes(schemas.files(THIRD)),
    }
    verdict = validate.examine(pack(tmp_path / "fire.zip", files))
    assert (verdict.faults, verdict.advice) == ((), ())
    assert verdict.format == "SCORM 2004 3rd Edition"


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("1.2", "SCORM 1.2"),
        ("2004 3rd Edition", "SCORM 2004 3rd Edition"),
        ("2004 4th Edition", "SCORM 2004 4th Edition"),
    ],
)
def test_simple_scorm_packager(tmp_path: Path, version: str, name: str) -> None:
    """Is a package of npm's packager, with hundreds of findings, told in a few lines?"""
    source = tmp_path / "source"
    (source / "media").mkdir(parents=True)
    for number in range(200):
        (source / "media" / f"page {number}.html").write_text("<!doctype html>")
    (source / "index.html").write_text("<!doctype html>")
    settings = {
        "version": version,
        "title": "Course",
        "organization": "Somebody",
        "identifier": "00",
        "source": str(source),
        "package": {"zip": True, "outputFolder": str(tmp_path / "out")},
    }
    script = f"require('simple-scorm-packager')({json.dumps(settings)}, () => {{}})"
    subprocess.run(
        [*command("node"), "--input-type=commonjs", "-e", script],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = (tmp_path / "out").glob("*.zip")
    verdict = validate.examine(path)
    # its metadata of SCORM 2004 come without their schemas
    of_2004 = set() if version == "1.2" else {"metadata-schema"}
    assert {fault.rule for fault in verdict.faults} == of_2004 | {
        "schema",  # <metadata> in an item before its extensions, and in <resources>
        "identifier-characters",  # "00"
    }
    assert len([advice for advice in verdict.advice if advice.rule == "name-characters"]) == 200
    lines = list(verdict.lines())
    assert len(lines) < 15
    assert any("(and 195 more)" in line for line in lines)
    assert lines[-1] == f"not valid {name}, {len(verdict.faults)} faults"


@pytest.mark.parametrize(
    ("name", "format_", "words"),
    [
        ("course.crs", "AICC", "AICC"),
        ("tincan.xml", "xAPI (Tin Can)", "Tin Can"),
        ("h5p.json", "H5P", "H5P activity"),
        ("moodle_backup.xml", "Moodle course backup", "restore"),
        ("[Content_Types].xml", "Word, Excel or PowerPoint", "document"),
        ("META-INF/container.xml", "EPUB", "book"),
        ("index.html", "", "web pages that were zipped"),
        ("course.zip", "", "another one, 'course.zip'"),
        ("notes.txt", "", "no imsmanifest.xml"),
    ],
)
def test_other_formats(tmp_path: Path, name: str, format_: str, words: str) -> None:
    """Is a zip of another format named, with what to do instead?"""
    verdict = validate.examine(pack(tmp_path / "course.zip", {name: b""}))
    assert verdict.format == format_
    assert any(words in fault.message for fault in verdict.faults)


@pytest.mark.parametrize(
    ("manifest", "format_"),
    [
        (
            '<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1" identifier="m"/>',
            "IMS Common Cartridge",
        ),
        (
            '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m">'
            "<metadata><schema>IMS Content</schema></metadata></manifest>",
            "IMS Content Package",
        ),
    ],
)
def test_other_manifests(tmp_path: Path, manifest: str, format_: str) -> None:
    """Is a manifest that is not SCORM's told in one line?"""
    verdict = validate.examine(pack(tmp_path / "c.zip", {"imsmanifest.xml": manifest.encode()}))
    (fault,) = verdict.faults
    assert (fault.rule, verdict.format) == ("format-unsupported", format_)


def test_lines() -> None:
    """Does the verdict read well: few of a kind, advice apart, the sum at the end?"""
    missing = tuple(
        Fault("imsmanifest.xml", line, f"the file 'page{line}.html' is not there", "file-missing")
        for line in range(1, 101)
    )
    twins = (Fault("a", 1, "Element 'x': wrong", "schema"), Fault("a", 2, "Element 'y': wrong"))
    advice = (Fault("", None, "1 MB; large", "large"),)
    assert list(Findings((*missing, *twins), advice, "SCORM 1.2").lines(shown=2)) == [
        "imsmanifest.xml:1: the file 'page1.html' is not there [file-missing]",
        "imsmanifest.xml:2: the file 'page2.html' is not there (and 98 more) [file-missing]",
        "a:1: Element 'x': wrong [schema]",
        "a:2: Element 'y': wrong",
        "advice: 1 MB; large [large]",
        "not valid SCORM 1.2, 102 faults",
    ]
    assert list(Findings((), (), "cmi5").lines()) == ["valid cmi5"]
    assert Findings(missing[:1]).summary() == "not valid package, 1 fault"


def test_thousands_of_faults(tmp_path: Path) -> None:
    """Are 20,000 missing files found, and told in a few lines?"""
    package = package_of(tmp_path, Format.SCORM12)

    def damage(parts: Opened) -> None:
        assets = parts.one("cp:resource", identifier="obd-course_assets")
        for number in range(20_000):
            parts.add(assets, "cp:file", href=f"page{number}.html")

    verdict = validate.examine(damaged(package, damage))
    assert len(verdict.faults) == 20_000
    assert len(list(verdict.lines())) < 10


def test_broken_schema(tmp_path: Path) -> None:
    """Is a file told that bears the name of a schema and is none?"""
    package = package_of(tmp_path, Format.SCORM2004)
    for content in (
        b"",
        b"\x00\xff",
        b"<xs:sch",
        b"<html><include schemaLocation='b.xsd'/></html>",
    ):

        def damage(parts: Opened, content: bytes = content) -> None:
            parts.files["imsss_v1p0.xsd"] = content

        assert rules_of(damaged(package, damage)) == {"schema-broken"}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Opened]:
    """One package of each format, without the schemas, so that they are soon written."""
    made = []
    for format_ in Format:
        parts = opened(package_of(tmp_path_factory.mktemp(format_), format_))
        parts.files = {n: c for n, c in parts.files.items() if not n.endswith((".xsd", ".dtd"))}
        made.append(parts)
    return made


WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xD7FF), max_size=12)
VALUES = st.one_of(
    WORDS,
    st.sampled_from(["", " ", "true", "-1", "1e9", "٣", "//", "https://[", "urn:x:y", "../a", "#"]),
    st.integers().map(str),
    st.floats().map(str),
)


def mutate(root: etree._Element, data: st.DataObject) -> None:
    """Change one thing in the document."""
    elements = list(root.iter(etree.Element))
    element = data.draw(st.sampled_from(elements), label="element")
    other = data.draw(st.sampled_from(elements), label="other")
    parent = element.getparent()
    match data.draw(st.sampled_from(["text", "set", "drop", "remove", "tag", "copy"])):
        case "text":
            element.text = data.draw(VALUES)
        case "set":
            names = [*element.attrib, *other.attrib, "unknown"]
            element.set(data.draw(st.sampled_from(names)), data.draw(VALUES))
        case "drop" if element.attrib:
            del element.attrib[data.draw(st.sampled_from(list(element.attrib)))]
        case "remove" if parent is not None:
            parent.remove(element)
        case "tag":
            element.tag = other.tag
        case "copy":
            other.append(etree.fromstring(etree.tostring(element)))


def refused_by_schema(root: etree._Element) -> bool:
    known = recognise(root)
    return known.edition is not None and not schemas.schema(known.edition).validate(root)


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_elements(
    packages: list[Opened], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Does any change to a manifest give a verdict that can be printed, and is never missed?"""
    parts = data.draw(st.sampled_from(packages))
    root = etree.fromstring(parts.files[parts.manifest])
    for _ in range(data.draw(st.integers(1, 4))):
        mutate(root, data)
    files = parts.files | {parts.manifest: etree.tostring(root)}
    verdict = validate.examine(pack(tmp_path_factory.getbasetemp() / "any.zip", files))
    assert all(line.isprintable() for line in verdict.lines())
    if refused_by_schema(etree.fromstring(files[parts.manifest])):
        assert {fault.rule for fault in verdict.faults} - {"schema-missing", "schema-location"}


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_manifest(
    packages: list[Opened], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Does a manifest with any bytes give a verdict, in a zip and on its own?"""
    parts = data.draw(st.sampled_from(packages))
    content = bytearray(parts.files[parts.manifest])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        content[place : place + length] = data.draw(st.binary(max_size=20))
    path = tmp_path_factory.getbasetemp() / "any.zip"
    pack(path, parts.files | {parts.manifest: bytes(content)})
    assert all(line.isprintable() for line in validate.examine(path).lines())
    path.write_bytes(content)
    assert all(line.isprintable() for line in validate.examine(path).lines())


def test_zip_of_nothing(tmp_path: Path) -> None:
    """Is an empty zip told to have no manifest?"""
    path = tmp_path / "course.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    assert rules_of(path) == {"manifest-missing"}

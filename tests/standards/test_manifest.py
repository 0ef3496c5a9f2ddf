"""Reading a manifest: which address an item launches, and what else the LMS is told of it."""

from __future__ import annotations

import pytest
from lxml import etree

from scorm.standards.editions import FOURTH, SCORM12, SECOND, THIRD, Edition
from scorm.standards.manifest import Manifest, edition_of, with_parameters

IMSSS = "http://www.imsglobal.org/xsd/imsss"


def manifest(
    edition: Edition,
    *,
    item: str = "",
    resource: str = 'href="page.html"',
    bases: tuple[str, str, str] = ("", "", ""),
    inside: str = "",
    behind: str = "",
) -> Manifest:
    """One item and its resource; ``bases`` are those of manifest, resources and resource."""
    base = [f'xml:base="{place}"' if place else "" for place in bases]
    text = f"""
    <manifest xmlns="{edition.imscp}" xmlns:adlcp="{edition.adlcp}" xmlns:imsss="{IMSSS}" {base[0]}>
      <metadata><schemaversion>{edition.versions[0]}</schemaversion></metadata>
      <organizations default="O"><organization identifier="O">
        <item identifier="I" identifierref="R" {item}><title>One</title>{inside}</item>
      </organization></organizations>
      <resources {base[1]}>
        <resource identifier="R" {base[2]} {resource}>
          <file href="page.html"/><file xml:base="deep/" href="page.html"/>
        </resource>
      </resources>
      {behind}
    </manifest>"""
    return Manifest(etree.fromstring(text), edition)


def the_item(read: Manifest) -> etree._Element:
    return next(read.items())


@pytest.mark.parametrize(
    ("address", "parameters", "launched"),
    [
        ("page.html", "", "page.html"),
        ("page.html", "a=1", "page.html?a=1"),
        ("page.html", "?a=1", "page.html?a=1"),
        ("page.html", "&a=1", "page.html?a=1"),
        ("page.html", "?&?a=1&b=2", "page.html?a=1&b=2"),
        ("page.html", "?", "page.html"),
        ("page.html?b=2", "?a=1", "page.html?b=2&a=1"),
        ("page.html?b=2", "a=1", "page.html?b=2&a=1"),
        ("page.html?b=2", "&", "page.html?b=2"),
        ("page.html", "#end", "page.html#end"),
        ("page.html", "?#end", "page.html#end"),
        ("page.html#top", "#end", "page.html#top"),
        ("page.html?b=2", "#end", "page.html?b=2"),
        ("page.html", "a=1#end", "page.html?a=1#end"),
    ],
)
def test_parameters(address: str, parameters: str, launched: str) -> None:
    """Are an address and an item's parameters joined as SCORM 2004 says (CAM, 3.4.1)?"""
    assert with_parameters(address, parameters) == launched


@pytest.mark.parametrize(
    ("bases", "path"),
    [
        (("", "", ""), "page.html"),
        (("", "", "sub/"), "sub/page.html"),
        (("", "all/", ""), "all/page.html"),
        (("root/", "", ""), "root/page.html"),
        (("root/", "all/", "sub/"), "root/all/sub/page.html"),
    ],
)
def test_bases(bases: tuple[str, str, str], path: str) -> None:
    """Is a file found below every xml:base that stands above it, of the file's own as well?"""
    read = manifest(FOURTH, bases=bases, item='parameters="?a=1"')
    assert read.launch_address(the_item(read)) == f"{path}?a=1"
    folder = path.removesuffix("page.html")
    assert [read.path_of(file) for file in read.files()] == [path, f"{folder}deep/page.html"]


def test_headings_launch_nothing() -> None:
    """Does an item launch nothing whose resource has no address, whatever its parameters?"""
    read = manifest(SCORM12, resource="", item='parameters="?a=1"')
    assert read.launch_address(the_item(read)) == ""


@pytest.mark.parametrize("edition", [SCORM12, SECOND, THIRD, FOURTH])
def test_editions(edition: Edition) -> None:
    """Is each edition known by its namespace together with its schemaversion?"""
    root = manifest(edition).root
    assert edition_of(root) == edition
    version = root.find(".//{*}schemaversion")
    assert version is not None
    version.text = f"\n {version.text} "
    assert edition_of(root) == edition
    version.text = "2004 5th Edition"
    assert edition_of(root) is None
    version.text = (FOURTH if edition is SCORM12 else SCORM12).versions[0]
    assert edition_of(root) is None


def test_mastery_of_1_2() -> None:
    """Is the mastery score of SCORM 1.2 the text of its element?"""
    read = manifest(SCORM12, inside="<adlcp:masteryscore> 70 </adlcp:masteryscore>")
    assert read.mastery_of(the_item(read)) == "70"
    assert manifest(SCORM12).mastery_of(the_item(manifest(SCORM12))) == ""


def objective(satisfied: str, measure: str) -> str:
    return (
        f"<imsss:objectives><imsss:primaryObjective {satisfied}>{measure}"
        "</imsss:primaryObjective></imsss:objectives>"
    )


COUNTS = 'satisfiedByMeasure="true"'
MEASURE = "<imsss:minNormalizedMeasure> 0.7 </imsss:minNormalizedMeasure>"


@pytest.mark.parametrize("edition", [THIRD, FOURTH])
@pytest.mark.parametrize(
    ("satisfied", "measure", "mastery"),
    [(COUNTS, MEASURE, "0.7"), (COUNTS, "", "1.0"), ("", MEASURE, ""), ("", "", "")],
)
def test_mastery_of_2004(edition: Edition, satisfied: str, measure: str, mastery: str) -> None:
    """Does a passing measure count where the objective says so, and only there (RTE 4.2.20)?"""
    said = f"<imsss:sequencing>{objective(satisfied, measure)}</imsss:sequencing>"
    read = manifest(edition, inside=said)
    assert read.mastery_of(the_item(read)) == mastery


def test_mastery_of_the_collection() -> None:
    """Is a passing measure found in the sequencing that several items share?"""
    shared = f'<imsss:sequencing ID="S">{objective(COUNTS, MEASURE)}</imsss:sequencing>'
    behind = f"<imsss:sequencingCollection>{shared}</imsss:sequencingCollection>"
    used = manifest(FOURTH, inside='<imsss:sequencing IDRef="S"/>', behind=behind)
    assert used.mastery_of(the_item(used)) == "0.7"
    other = manifest(FOURTH, inside='<imsss:sequencing IDRef="T"/>', behind=behind)
    assert other.mastery_of(the_item(other)) == ""


@pytest.mark.parametrize(
    ("edition", "element", "threshold"),
    [
        (THIRD, "<adlcp:completionThreshold>0.8</adlcp:completionThreshold>", "0.8"),
        (
            FOURTH,
            '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.8"/>',
            "0.8",
        ),
        (FOURTH, '<adlcp:completionThreshold completedByMeasure="true"/>', "1.0"),
        (
            FOURTH,
            '<adlcp:completionThreshold completedByMeasure="false" minProgressMeasure="0.8"/>',
            "",
        ),
        (FOURTH, "", ""),
    ],
)
def test_completion_threshold(edition: Edition, element: str, threshold: str) -> None:
    """Is the progress that completes an item read as its edition writes it?"""
    read = manifest(edition, inside=element)
    assert read.completion_threshold_of(the_item(read)) == threshold


@pytest.mark.parametrize(
    ("edition", "name"),
    [(SCORM12, "datafromlms"), (THIRD, "dataFromLMS"), (FOURTH, "dataFromLMS")],
)
def test_launch_data(edition: Edition, name: str) -> None:
    """Is launch data read where its edition has it, and the other spelling left alone?"""
    read = manifest(edition, inside=f"<adlcp:{name}> hello </adlcp:{name}>")
    assert read.launch_data_of(the_item(read)) == "hello"
    other = "dataFromLMS" if edition is SCORM12 else "datafromlms"
    read = manifest(edition, inside=f"<adlcp:{other}>hello</adlcp:{other}>")
    assert read.launch_data_of(the_item(read)) == ""

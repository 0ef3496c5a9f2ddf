"""Packages as other people's tools write them: what a standard allows is valid, the rest is not.

Each package is made by hand, as small as its standard allows, with one thing that is unusual;
beside it stands one that is plausible and wrong.
"""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from scorm import validate
from scorm.standards import schemas
from scorm.standards.editions import FOURTH, SCORM12, THIRD, Edition
from scorm.standards.names import LOM, XSI
from scorm.validate.findings import Findings
from tests.support.validate import pack

PAGE = b"<!doctype html><title>Page</title>"


def definitions(edition: Edition) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in schemas.files(edition).items()}


def resource(inside: str = '<file href="page.html"/>', **attributes: str) -> str:
    """The resource of the only SCO, which launches ``page.html``; ``SCO`` is put in later."""
    said = {"href": "page.html", **{key.replace("__", ":"): v for key, v in attributes.items()}}
    words = "".join(f' {key}="{value}"' for key, value in said.items())
    return f'<resource identifier="page" type="webcontent" SCO{words}>{inside}</resource>'


class Written:
    """One package: change what is unusual in it, and ask for the verdict."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.files = {**definitions(edition), "page.html": PAGE}
        self.head = ""
        self.location = ""
        self.default = 'default="all"'
        self.in_item = ""
        self.in_organization = ""
        self.resources = resource()
        self.behind = ""
        self.encoding = "utf-8"

    @property
    def manifest(self) -> str:
        edition = self.edition
        located = " ".join(f"{space} {file}" for space, file in edition.schemas.items())
        named = {"adlcp": edition.adlcp, "xsi": XSI, "lom": LOM}
        named |= {str(p): n for n, p in edition.prefixes.items() if p}
        prefixes = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in named.items())
        resources = self.resources.replace("SCO", f'adlcp:{edition.scorm_type}="sco"')
        return (
            f'<?xml version="1.0" encoding="{self.encoding}"?>{self.head}'
            f'<manifest identifier="course" xmlns="{edition.imscp}"{prefixes}'
            f' xsi:schemaLocation="{located} {self.location}">'
            "<metadata><schema>ADL SCORM</schema>"
            f"<schemaversion>{edition.versions[0]}</schemaversion></metadata>"
            f'<organizations {self.default}><organization identifier="all">'
            '<title>Café</title><item identifier="one" identifierref="page" isvisible="true">'
            f"<title>One</title>{self.in_item}</item>{self.in_organization}"
            f"</organization></organizations><resources>{resources}</resources>{self.behind}</manifest>"
        )

    def verdict(self, folder: Path) -> Findings:
        content = self.manifest.encode(self.encoding)
        return validate.examine(
            pack(folder / "course.zip", {**self.files, "imsmanifest.xml": content})
        )

    def rules(self, folder: Path) -> set[str]:
        return {fault.rule for fault in self.verdict(folder).faults}

    def advice(self, folder: Path) -> set[str]:
        return {advice.rule for advice in self.verdict(folder).advice}


@pytest.fixture(params=[SCORM12, THIRD, FOURTH], ids=["1.2", "3rd", "4th"])
def any_edition(request: pytest.FixtureRequest) -> Written:
    edition: Edition = request.param
    return Written(edition)


@pytest.fixture
def old() -> Written:
    return Written(SCORM12)


@pytest.fixture
def third() -> Written:
    return Written(THIRD)


@pytest.fixture
def fourth() -> Written:
    return Written(FOURTH)


def test_the_smallest_package(any_edition: Written, tmp_path: Path) -> None:
    """Is the package that all others here are made from valid, and nothing advised against?"""
    verdict = any_edition.verdict(tmp_path)
    assert (verdict.faults, verdict.advice) == ((), ())


LOM_INSIDE = "<metadata><lom:lom><lom:general>{}</lom:general></lom:lom></metadata>"
DESCRIPTION = '<lom:description><lom:string language="en">d</lom:string></lom:description>'


@pytest.mark.parametrize("edition", [THIRD, FOURTH], ids=["3rd", "4th"])
def test_metadata_in_the_manifest(edition: Edition, tmp_path: Path) -> None:
    """Are metadata inside the manifest valid where their schema is in the package, and checked?"""
    written = Written(edition)
    written.in_item = LOM_INSIDE.format(DESCRIPTION)
    assert written.rules(tmp_path) == {"namespace-undefined"}
    written.location = f"{LOM} lom.xsd"
    assert written.rules(tmp_path) == {"namespace-undefined"}
    written.files["lom.xsd"] = schemas.LOM_FILE.read_bytes()
    assert written.rules(tmp_path) == set()
    written.in_item = LOM_INSIDE.format("<lom:summary/>")
    assert written.rules(tmp_path) == {"schema"}


def test_metadata_that_map_themselves(third: Written, tmp_path: Path) -> None:
    """May the element that uses a schema say where it is, as XML Schema allows?"""
    inside = LOM_INSIDE.format(DESCRIPTION)
    third.in_item = inside.replace(
        "<lom:lom>", f'<lom:lom xsi:schemaLocation="{LOM} ./meta/lom.xsd">'
    )
    third.files["meta/lom.xsd"] = schemas.LOM_FILE.read_bytes()
    assert third.rules(tmp_path) == set()


def test_elements_of_others(third: Written, tmp_path: Path) -> None:
    """Is an extension valid with its schema, and an unknown element of the edition's own not?"""
    third.files["note.xsd"] = (
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x-note">'
        b'<xs:element name="note"/></xs:schema>'
    )
    third.location = "urn:x-note note.xsd"
    third.in_item = '<metadata><note xmlns="urn:x-note"/></metadata>'
    assert third.rules(tmp_path) == set()
    third.in_item = "<metadata><adlcp:note/></metadata>"
    assert third.rules(tmp_path) == {"schema"}


def test_schemas_that_nothing_uses(any_edition: Written, tmp_path: Path) -> None:
    """Is a schema that nothing refers to nobody's concern, whole or not, and one in use not?"""
    any_edition.files["spare.xsd"] = (
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        b'<xs:include schemaLocation="common/spare.xsd"/></xs:schema>'
    )
    any_edition.files["broken.xsd"] = b"no schema"
    assert any_edition.rules(tmp_path) == set()
    root = any_edition.edition.schemas[any_edition.edition.imscp]
    any_edition.files[root] = any_edition.files["spare.xsd"]
    assert any_edition.rules(tmp_path) == {"schema-part-missing"}
    any_edition.files[root] = b"no schema"
    assert any_edition.rules(tmp_path) == {"schema-broken"}


def test_bases(any_edition: Written, tmp_path: Path) -> None:
    """Is xml:base valid and followed, from the outermost element to the address?"""
    any_edition.resources = resource('<file href="page.html"/>', xml__base="sub/")
    any_edition.files["sub/page.html"] = any_edition.files.pop("page.html")
    assert any_edition.rules(tmp_path) == set()
    assert any_edition.advice(tmp_path) == {"xml-base"}
    any_edition.files["page.html"] = any_edition.files.pop("sub/page.html")
    assert "launch-missing" in any_edition.rules(tmp_path)


@pytest.mark.parametrize(
    ("name", "href", "advice"),
    [
        ("LICENSE", "LICENSE", "name-extension"),
        (".nojekyll", ".nojekyll", "name-extension"),
        ("my photo.txt", "my%20photo.txt", "name-characters"),
        ("photo (1).txt", "photo%20(1).txt", "name-characters"),
        ("photo+1.txt", "photo+1.txt", "name-characters"),
        ("né.txt", "n%C3%A9.txt", "name-characters"),
        ("né.txt", "né.txt", "name-characters"),
        ("a/b.txt", "./a/b.txt", "href-parts"),
        ("a/b.txt", "a/../a/b.txt", "href-parts"),
        ("a.txt", " a.txt ", ""),
    ],
)
def test_names_and_addresses(
    any_edition: Written, tmp_path: Path, name: str, href: str, advice: str
) -> None:
    """Is a name valid that only some tools mind, and an address that leads to its file?"""
    any_edition.resources = resource(f'<file href="page.html"/><file href="{href}"/>')
    any_edition.files[name] = b"x"
    assert any_edition.rules(tmp_path) == set()
    assert any_edition.advice(tmp_path) == {advice} - {""}


@pytest.mark.parametrize(("encoding", "placeholder"), [("utf-8", b"n__.txt"), ("cp437", b"n_.txt")])
def test_names_without_the_flag_for_utf_8(
    any_edition: Written, tmp_path: Path, encoding: str, placeholder: bytes
) -> None:
    """Is a file found whose name is in UTF-8 without saying so, as macOS writes it, or in DOS's?"""
    any_edition.resources = resource('<file href="page.html"/><file href="n%C3%A9.txt"/>')
    any_edition.files[placeholder.decode()] = b"x"
    assert any_edition.rules(tmp_path) == {"file-missing"}
    path = tmp_path / "course.zip"
    path.write_bytes(path.read_bytes().replace(placeholder, "né.txt".encode(encoding)))
    assert validate.check(path) == []


@pytest.mark.parametrize(
    ("name", "href", "rule"),
    [
        ("my photo.txt", "my+photo.txt", "file-missing"),
        ("100%.txt", "100%.txt", "href-invalid"),
        ("a.txt", "A.txt", "file-missing"),
        ("a.txt", "/a.txt", "href-absolute"),
        ("a.txt", "../a.txt", "href-parent"),
        ("a/b.txt", "a\\b.txt", "href-backslash"),
        ("a.txt", "file:///a.txt", "href-disk"),
        ("../a.txt", "a.txt", "name-parent"),
        ("/a.txt", "a.txt", "name-absolute"),
    ],
)
def test_wrong_names_and_addresses(
    any_edition: Written, tmp_path: Path, name: str, href: str, rule: str
) -> None:
    """Is an address found that is none, or leads to nothing, and a name that leaves the folder?"""
    any_edition.resources = resource(f'<file href="page.html"/><file href="{href}"/>')
    any_edition.files[name] = b"x"
    assert rule in any_edition.rules(tmp_path)


def test_spaces_in_addresses(any_edition: Written, tmp_path: Path) -> None:
    """Is a space in an address refused in SCORM 1.2, and advised against where ADL lets it pass?"""
    any_edition.resources = resource('<file href="page.html"/><file href="my photo.txt"/>')
    any_edition.files["my photo.txt"] = b"x"
    assert any_edition.rules(tmp_path) | any_edition.advice(tmp_path) == {
        "href-space",
        "name-characters",
    }
    assert any_edition.verdict(tmp_path).valid == (any_edition.edition is not SCORM12)
    del any_edition.files["my photo.txt"]
    assert "file-missing" in any_edition.rules(tmp_path)


def test_a_file_that_nothing_lists(any_edition: Written, tmp_path: Path) -> None:
    """Is a file that is only in the zip valid, and one that is only listed not?"""
    any_edition.files["README.md"] = b"x"
    assert any_edition.rules(tmp_path) == set()
    assert any_edition.advice(tmp_path) == {"file-unlisted"}
    any_edition.resources = resource('<file href="page.html"/><file href="lost.css"/>')
    assert any_edition.rules(tmp_path) == {"file-missing"}


def test_external_addresses(any_edition: Written, tmp_path: Path) -> None:
    """Is a file on another host valid, and advised against?"""
    any_edition.resources = resource(
        '<file href="page.html"/><file href="https://example.org/a.js"/>'
    )
    assert any_edition.rules(tmp_path) == set()
    assert any_edition.advice(tmp_path) == {"href-external"}


DEPENDENCY = '<dependency identifierref="{}"/>'
SHARED = (
    '<resource identifier="shared" type="webcontent" ASSET><file href="{}"/>'
    + DEPENDENCY.format("page")
    + "</resource>"
)


def test_a_launch_file_that_a_dependency_lists(any_edition: Written, tmp_path: Path) -> None:
    """Is a launch file listed if a resource that its own depends on lists it, even in a ring?"""
    asset = f'adlcp:{any_edition.edition.scorm_type}="asset"'

    def resources(listed: str, depends: bool = True) -> str:
        inside = DEPENDENCY.format("shared") if depends else ""
        return resource(inside) + SHARED.format(listed).replace("ASSET", asset)

    any_edition.resources = resources("page.html")
    assert any_edition.rules(tmp_path) == set()
    assert "launch-unlisted" not in any_edition.advice(tmp_path)
    any_edition.resources = resources("page.html", depends=False)
    assert "launch-unlisted" in any_edition.rules(tmp_path) | any_edition.advice(tmp_path)
    # SCORM 1.2 asks nobody to list files.
    assert bool(any_edition.rules(tmp_path)) == (any_edition.edition is not SCORM12)


@pytest.mark.parametrize("mode", ['choice="false" flow="false"', 'choice="0"', 'flow="true"'])
def test_control_modes(fourth: Written, tmp_path: Path, mode: str) -> None:
    """Is any control mode valid, also where only the LMS or a rule leads to the items?"""
    fourth.in_organization = f"<imsss:sequencing><imsss:controlMode {mode}/></imsss:sequencing>"
    assert fourth.rules(tmp_path) == set()
    assert ("control-mode" in fourth.advice(tmp_path)) == ("true" not in mode)
    fourth.in_organization = '<imsss:sequencing><imsss:controlMode flow="no"/></imsss:sequencing>'
    assert fourth.rules(tmp_path) == {"schema"}


SEQUENCING = """<imsss:sequencing IDRef="common"><imsss:objectives>
<imsss:primaryObjective objectiveID="p"><imsss:mapInfo targetObjectiveID="g" {}="true"/>
</imsss:primaryObjective></imsss:objectives></imsss:sequencing>"""


@pytest.mark.parametrize("edition", [THIRD, FOURTH], ids=["3rd", "4th"])
def test_several_scos(edition: Edition, tmp_path: Path) -> None:
    """Are several SCOs of one page, with shared sequencing and a shared objective, valid?"""
    written = Written(edition)
    written.in_item = SEQUENCING.format("writeSatisfiedStatus")
    more = SEQUENCING.format("readSatisfiedStatus")
    written.in_organization = (
        '<item identifier="two" identifierref="page" parameters="?content=two">'
        f"<title>Two</title>{more}</item>"
        '<imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>'
    )
    collection = (
        '<imsss:sequencingCollection><imsss:sequencing ID="{}"/></imsss:sequencingCollection>'
    )
    written.behind = collection.format("common")
    assert written.rules(tmp_path) == set()
    assert written.advice(tmp_path) == {"several-scos", "several-roots", "map-info", "item-visible"}
    written.behind = collection.format("other")
    assert written.rules(tmp_path) == {"sequencing-reference"}


@pytest.mark.parametrize("identifier", [" one ", "\n one\t"])
def test_spaces_around_identifiers(any_edition: Written, tmp_path: Path, identifier: str) -> None:
    """Is an identifier the same with spaces around it, wherever it stands?"""
    any_edition.default = f'default="{identifier}"'
    manifest = any_edition.manifest.replace('<item identifier="one"', '<item identifier="two"')
    manifest = manifest.replace('identifier="all"', 'identifier="one"')
    content = manifest.replace('identifierref="page"', 'identifierref=" page "').encode()
    files = {**any_edition.files, "imsmanifest.xml": content}
    assert validate.check(pack(tmp_path / "course.zip", files)) == []


@pytest.mark.parametrize(
    ("objective", "rules"),
    [("o%201", set()), (" o%20%201 ", set()), ("o1", {"objective-dangling"})],
)
def test_identifiers_of_objectives(
    fourth: Written, tmp_path: Path, objective: str, rules: set[str]
) -> None:
    """Is an objective found under its identifier, however its spaces are written?"""
    fourth.in_item = (
        "<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>"
        f'<imsss:ruleCondition condition="satisfied" referencedObjective="{objective}"/>'
        '</imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule>'
        "</imsss:sequencingRules><imsss:objectives><imsss:primaryObjective/>"
        '<imsss:objective objectiveID=" o%201"/></imsss:objectives></imsss:sequencing>'
    )
    assert fourth.rules(tmp_path) == rules


def test_shared_sequencing(fourth: Written, tmp_path: Path) -> None:
    """Is an ID refused where it shares nothing, and an IDRef in what is shared?"""
    fourth.in_item = '<imsss:sequencing ID="own"/>'
    assert fourth.rules(tmp_path) == {"sequencing-shared"}
    fourth.in_item = ""
    fourth.behind = (
        '<imsss:sequencingCollection><imsss:sequencing ID="a"/>'
        '<imsss:sequencing ID="b" IDRef="a"/></imsss:sequencingCollection>'
    )
    assert fourth.rules(tmp_path) == {"sequencing-shared"}


def test_launch_data_of_an_asset(fourth: Written, tmp_path: Path) -> None:
    """Are launch data valid for a SCO, and refused for an asset, which cannot read them?"""
    fourth.in_item = "<adlcp:dataFromLMS>x</adlcp:dataFromLMS>"
    assert fourth.rules(tmp_path) == set()
    fourth.resources = fourth.resources.replace("SCO", 'adlcp:scormType="asset"')
    assert fourth.rules(tmp_path) == {"leaf-only"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("adlcp:timeLimitAction", "exit,message"),
        ("adlcp:dataFromLMS", "x"),
        ("adlnav:presentation", ""),
    ],
)
def test_places_of_elements(fourth: Written, tmp_path: Path, name: str, value: str) -> None:
    """Is what an item says valid in an item, and refused elsewhere, or twice?"""
    element = f"<{name}>{value}</{name}>"
    fourth.in_item = element
    assert fourth.rules(tmp_path) == set()
    fourth.in_item = element * 2
    assert fourth.rules(tmp_path) == {"extension-twice"}
    fourth.in_item, fourth.in_organization = "", element
    assert fourth.rules(tmp_path) == {"extension-place"}


def test_places_of_elements_in_the_old_standard(old: Written, tmp_path: Path) -> None:
    """Is a mastery score valid in an item, and refused elsewhere?"""
    old.in_item = "<adlcp:masteryscore>70</adlcp:masteryscore>"
    assert old.rules(tmp_path) == set()
    old.in_item, old.in_organization = "", old.in_item
    assert old.rules(tmp_path) == {"extension-place"}


def test_attributes_of_the_organization(fourth: Written, tmp_path: Path) -> None:
    """Is an attribute valid on its element, and refused on another?"""
    attribute = ' adlseq:objectivesGlobalToSystem="false"'
    for tag, rules in (("organization ", set()), ("resource ", {"extension-attribute"})):
        content = fourth.manifest.replace(f"<{tag}", f"<{tag}{attribute} ").encode()
        files = {**fourth.files, "imsmanifest.xml": content}
        found = validate.check(pack(tmp_path / "course.zip", files))
        assert {fault.rule for fault in found} == rules


def test_default_organization(any_edition: Written, tmp_path: Path) -> None:
    """Is it a fault, as ADL has it, to name no default organization, or one that is not there?"""
    any_edition.default = ""
    assert any_edition.rules(tmp_path) == {"default-missing"}
    any_edition.default = 'default="none"'
    assert any_edition.rules(tmp_path) == {"default-dangling"}


def test_a_package_of_resources(any_edition: Written, tmp_path: Path) -> None:
    """Is a package without an organization valid, and one that lost its organization not?"""
    manifest = any_edition.manifest
    start, end = manifest.index("<organization "), manifest.index("</organizations>")
    lost = manifest[:start] + manifest[end:]
    for content, rules in (
        (lost.replace(' default="all"', ""), set()),
        (lost, {"default-dangling"}),
        (lost.replace('<organizations default="all"></organizations>', ""), {"schema"}),
    ):
        files = {**any_edition.files, "imsmanifest.xml": content.encode()}
        verdict = validate.examine(pack(tmp_path / "course.zip", files))
        assert {fault.rule for fault in verdict.faults} == rules
        assert {advice.rule for advice in verdict.advice} == {"no-organization"}


def test_a_query_on_the_launch_file(any_edition: Written, tmp_path: Path) -> None:
    """May the address of a launch file have a query and a fragment?"""
    any_edition.resources = resource(href="page.html?b=2#end")
    assert any_edition.rules(tmp_path) == set()


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig", "us-ascii"])
def test_encodings(any_edition: Written, tmp_path: Path, encoding: str) -> None:
    """May a manifest be in any encoding that every XML parser reads?"""
    text = any_edition.manifest.replace("utf-8", encoding.removesuffix("-sig"))
    content = text.replace("é", "e" if encoding == "us-ascii" else "é").encode(encoding)
    files = {**any_edition.files, "imsmanifest.xml": content}
    verdict = validate.examine(pack(tmp_path / "course.zip", files))
    assert (verdict.faults, verdict.advice) == ((), ())
    wrong = codecs.BOM_UTF8 + any_edition.manifest.encode("utf-16")
    files["imsmanifest.xml"] = wrong
    assert not validate.examine(pack(tmp_path / "course.zip", files)).valid


def test_metadata_of_a_wide_manifest(fourth: Written, tmp_path: Path) -> None:
    """Are the metadata checked that a manifest in UTF-16 names, and its name found?"""
    fourth.encoding = "utf-16"
    fourth.in_item = "<metadata><adlcp:location>./about/data.xml</adlcp:location></metadata>"
    assert fourth.rules(tmp_path) == {"metadata-missing"}
    fourth.files["about/data.xml"] = f'<lom xmlns="{LOM}"/>'.encode()
    assert fourth.rules(tmp_path) == {"metadata-schema"}


@pytest.mark.parametrize(
    "head",
    ["<!DOCTYPE manifest>", '<!DOCTYPE manifest SYSTEM "none.dtd">', "<!DOCTYPE manifest []>"],
)
def test_doctype(any_edition: Written, tmp_path: Path, head: str) -> None:
    """Is a DOCTYPE valid that declares no entity?"""
    any_edition.head = head
    assert any_edition.rules(tmp_path) == set()


@pytest.mark.parametrize("entity", ["a 'b'", "a SYSTEM 'page.html'", "% a SYSTEM 'page.html'"])
def test_entities(any_edition: Written, tmp_path: Path, entity: str) -> None:
    """Is one refused that declares an entity, of whichever kind?"""
    for root in ("manifest", "other"):
        any_edition.head = f"<!DOCTYPE {root} [<!ENTITY {entity}>]>"
        for any_edition.encoding in ("utf-8", "utf-16"):
            assert any_edition.rules(tmp_path) == {"doctype"}


@pytest.mark.parametrize("identifier", ["é1", "a·b", "_", "a-b.c", "अभ्यास"])
def test_identifiers(any_edition: Written, tmp_path: Path, identifier: str) -> None:
    """Is every identifier valid that XML allows, and none that it does not?"""
    any_edition.resources = resource().replace('"page"', f'"{identifier}"')
    any_edition.in_item = ""
    manifest = any_edition.manifest.replace('identifierref="page"', f'identifierref="{identifier}"')
    files = {**any_edition.files, "imsmanifest.xml": manifest.encode()}
    assert validate.check(pack(tmp_path / "course.zip", files)) == []
    wrong = manifest.replace(f'"{identifier}"', f'"1{identifier}"').encode()
    (fault,) = validate.check(pack(tmp_path / "course.zip", files | {"imsmanifest.xml": wrong}))
    assert fault.rule == "identifier-characters"

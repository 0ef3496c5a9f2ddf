"""The validator: every deliberate damage is found by its own rule; nothing hostile gets through."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scorm import validate
from scorm.errors import Fault, PackageError
from scorm.packages import Format
from scorm.standards import limits, schemas
from scorm.standards.editions import SCORM12
from tests.support.validate import (
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
QUIZ = "docs.welcome.quiz"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_of(tmp_path_factory.mktemp("course"), Format.SCORM12)


def other_prefix(opened: Opened) -> None:
    rewrite("adlcp:", "scorm:")(opened)
    rewrite("xmlns:adlcp", "xmlns:scorm")(opened)


def scormtype(opened: Opened) -> None:
    resource = opened.one("cp:resource")
    value = resource.attrib.pop(opened.name("adl:scormtype"))
    resource.set(opened.name("adl:scormType"), value)


def assets_first(opened: Opened) -> None:
    resources = opened.one("cp:resources")
    resources.insert(0, resources[-1])


def without_launch_file(opened: Opened) -> None:
    resource = opened.one("cp:resource")
    resource.remove(resource[0])


def unknown_extension(opened: Opened) -> None:
    etree.SubElement(opened.one("cp:metadata"), "{urn:x-test}note")


def drop_location(opened: Opened) -> None:
    del opened.root.attrib["{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"]


DAMAGES: dict[str, Damage] = {
    # the zip
    "manifest-missing": lose("imsmanifest.xml"),
    "name-backslash": rename("genindex.html", "docs\\genindex.html"),
    "name-parent": rename("genindex.html", "../genindex.html"),
    "name-absolute": rename("genindex.html", "/genindex.html"),
    # the document
    "not-well-formed": rewrite("</manifest>", "</manifes>"),
    "doctype": rewrite("<manifest ", "<!DOCTYPE manifest [<!ENTITY a 'b'>]><manifest "),
    "not-a-manifest": rewrite("manifest", "course"),
    "edition": rewrite("imsproject.org/xsd/imscp_rootv1p1p2", "imsglobal.org/xsd/imscp_v1p1"),
    "edition-unknown": rewrite("imscp_rootv1p1p2", "imscp_rootv1p1p3"),
    "namespace-missing": rewrite(' xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"', ""),
    "schema": put("cp:item", "colour", "red"),
    "schema-name": write("cp:schema", "IMS Content"),
    "schemaversion": write("cp:schemaversion", "1.3"),
    "identifier-characters": put("cp:item", "identifier", "1 course"),
    "identifier-duplicate": same("cp:item", "identifier"),
    "schema-missing": lose("ims_xml.xsd"),
    "namespace-undefined": unknown_extension,
    "metadata-missing": add("cp:metadata", "adl:location", "metadata.xml"),
    # the organizations
    "default-missing": drop("cp:organizations", "default"),
    "default-dangling": put("cp:organizations", "default", "nobody"),
    "organization-title": remove("cp:title"),
    "item-title": lambda opened: opened.one("cp:item").remove(opened.one("cp:item")[0]),
    "title-length": write("cp:title", "x" * 201),
    "item-reference": put("cp:item", "identifierref", "nobody", identifier=QUIZ),
    "item-unlaunchable": put("cp:item", "identifierref", "obd-course_assets", identifier=QUIZ),
    "mastery-score": add("cp:item", "adl:masteryscore", "101"),
    "data-from-lms": write("adl:datafromlms", "x" * 256),
    "prerequisites-type": add("cp:item", "adl:prerequisites", "welcome"),
    "prerequisites-length": add("cp:item", "adl:prerequisites", "x" * 201, type="aicc_script"),
    "parameters-length": put("cp:item", "parameters", "x" * 1001),
    # the resources
    "resource-type": put("cp:resource", "type", "html"),
    "sco-href": drop("cp:resource", "href"),
    "scormtype-spelling": scormtype,
    "scormtype-value": put("cp:resource", "adl:scormtype", "SCO"),
    "scormtype-missing": drop("cp:resource", "adl:scormtype"),
    "href-space": put("cp:resource", "href", "docs/my page.html"),
    "href-backslash": put("cp:resource", "href", HREF.replace("/", "\\")),
    "href-parent": put("cp:resource", "href", f"../{HREF}"),
    "href-invalid": put("cp:resource", "href", "docs/100%.html"),
    "href-disk": put("cp:file", "href", "file:///C:/course/page.html"),
    "href-absolute": put("cp:resource", "href", f"/{HREF}"),
    "href-length": put("cp:resource", "href", f"{HREF}?{'x' * 2000}"),
    "launch-missing": lose(HREF),
    "file-missing": lose("genindex.html"),
    "dependency-dangling": put("cp:dependency", "identifierref", "nobody"),
}

#: What only some players mind: advice to others, and a fault of what we write ourselves.
OURS: dict[str, Damage] = {
    "no-organization": lambda opened: opened.one("cp:organizations").clear(),
    "name-characters": rename("genindex.html", "índice.html"),
    "name-extension": rename("genindex.html", "genindex"),
    "name-parts": rename("genindex.html", "docs//genindex.html"),
    "name-case": lambda opened: opened.files.__setitem__("GenIndex.html", b""),
    "prefix": other_prefix,
    "xml-base": put("cp:resources", XML_BASE, "docs/"),
    "sub-manifest": add("cp:manifest", "cp:manifest", identifier="inner"),
    "identifier-length": put("cp:item", "identifier", "x" * 256),
    "schema-location": drop_location,
    "organization-empty": remove("cp:item"),
    "item-empty": drop("cp:item", "identifierref", identifier=QUIZ),
    "prerequisites-dangling": add("cp:item", "adl:prerequisites", "nobody", type="aicc_script"),
    "no-resource": lambda opened: opened.one("cp:resources").clear(),
    "href-external": put("cp:file", "href", "https://example.org/page.html"),
    "href-characters": put("cp:resource", "href", "docs/my%20page.html"),
    "href-parts": put("cp:resource", "href", f"./{HREF}"),
    "launch-unlisted": without_launch_file,
    "file-unlisted": remove("cp:file", href="genindex.html"),
    "title-blank": write("cp:title", " "),
}


@pytest.mark.parametrize("rule", DAMAGES)
def test_damage(package: Path, rule: str) -> None:
    """Is each damage found by its own rule?"""
    faults = {fault.rule: fault for fault in validate.check(damaged(package, DAMAGES[rule]))}
    assert rule in faults
    assert faults[rule].message


@pytest.mark.parametrize("rule", OURS)
def test_ours(package: Path, rule: str) -> None:
    """Is what some players mind advice in a package of others, and a fault in one of ours?"""
    path = damaged(package, OURS[rule])
    assert rule in advice_of(path)
    assert rule not in rules_of(path)
    assert rule in {fault.rule for fault in validate.check(path, fresh=True)}


@pytest.mark.parametrize(
    "rule",
    [
        "title-length",
        "data-from-lms",
        "parameters-length",
        "href-length",
        "scormtype-value",
        "identifier-characters",
        "identifier-duplicate",
        "launch-missing",
    ],
)
def test_said_once(package: Path, rule: str) -> None:
    """Is one mistake told in one line, not by the schema and by a rule?"""
    assert rules_of(damaged(package, DAMAGES[rule])) == {rule}


def test_own_messages(package: Path) -> None:
    """Does each rule say something of its own, so that a message leads to one thing to mend?"""
    messages: dict[str, str] = {}
    for rule, damage in DAMAGES.items():
        faults = validate.check(damaged(package, damage))
        messages[rule] = next(fault.message for fault in faults if fault.rule == rule)
    assert len(set(messages.values())) == len(DAMAGES)


def test_undamaged(package: Path) -> None:
    """Is a package that was only packed again still valid, and nothing advised against?"""
    verdict = validate.examine(damaged(package, lambda opened: None))
    assert (verdict.faults, verdict.advice, verdict.format) == ((), (), "SCORM 1.2")


def test_launch_with_parameters(package: Path) -> None:
    """Are parameters and a fragment in an href no missing file?"""
    assert validate.check(damaged(package, put("cp:resource", "href", f"{HREF}?page=2#end"))) == []


def test_lines(package: Path) -> None:
    """Does a fault of the manifest name its line, in the schema's words and in ours?"""

    def damage(opened: Opened) -> None:
        lines = opened.files["imsmanifest.xml"].decode().split("\n")
        opened.files["imsmanifest.xml"] = "\n".join(
            line.replace('"slides/welcome.html"', '"slides/gone.html" colour="red"', 1)
            if "<resource " in line
            else line
            for line in lines
        ).encode()

    faults = {fault.rule: fault for fault in validate.check(damaged(package, damage))}
    with zipfile.ZipFile(package) as archive:
        lines = archive.read("imsmanifest.xml").decode().split("\n")
    expected = 1 + next(i for i, line in enumerate(lines) if 'href="slides/welcome.html"' in line)
    assert faults["launch-missing"].line == expected
    assert faults["schema"].line == expected
    assert str(faults["schema"]).startswith(f"imsmanifest.xml:{expected}: Element 'resource'")


def test_wrong_case_hint(package: Path) -> None:
    """Does a file that differs by case only come with the right spelling?"""
    faults = validate.check(damaged(package, rename("genindex.html", "GenIndex.html")))
    assert "there is 'GenIndex.html'" in next(f.message for f in faults if f.rule == "file-missing")


def test_manifest_in_folder(package: Path, tmp_path: Path) -> None:
    """Is the commonest mistake, zipping the folder and not its content, told as such?"""
    with zipfile.ZipFile(tmp_path / "course.zip", "w") as archive:
        archive.writestr("course/imsmanifest.xml", "<manifest/>")
    (fault,) = validate.check(tmp_path / "course.zip")
    assert (fault.rule, fault.path) == ("manifest-in-folder", "course/imsmanifest.xml")
    with zipfile.ZipFile(tmp_path / "course.zip", "w") as archive:
        archive.writestr("IMSManifest.xml", "<manifest/>")
    assert rules_of(tmp_path / "course.zip") == {"manifest-name"}


def test_mixed_editions(package: Path) -> None:
    """Is a manifest of two editions told in one line which, without a flood of other faults?"""

    def damage(opened: Opened) -> None:
        DAMAGES["edition"](opened)
        rewrite(">1.2<", ">2004 4th Edition<")(opened)

    verdict = validate.examine(damaged(package, damage))
    (fault,) = verdict.faults
    assert fault.rule == "edition"
    assert "imscp_v1p1" in fault.message
    assert "adlcp_rootv1p2" in fault.message
    assert verdict.format == "SCORM 2004 4th Edition"


def test_advice(package: Path) -> None:
    """Is what only some LMSs handle badly told without making the package invalid?"""

    def damage(opened: Opened) -> None:
        course = opened.one("cp:item", identifier="obd-course_root")
        (module,) = course.findall(opened.name("cp:item"))
        opened.one("cp:organization").append(module[1])
        course.set("identifierref", "docs.welcome_resource")
        del course.attrib["isvisible"]
        course[0].text = "0 · <b>Course</b>"
        assets_first(opened)
        opened.files["docs/.DS_Store"] = b""
        opened.files["_static/extra.mjs"] = b""
        assets = opened.one("cp:resource", identifier="obd-course_assets")
        opened.add(assets, "cp:file", href="_static/extra.mjs")

    verdict = validate.examine(damaged(package, damage))
    assert verdict.valid, verdict.faults
    assert {fault.rule for fault in verdict.advice} == {
        "several-roots",
        "heading-launches",
        "script-mjs",
        "item-visible",
        "title-cut",
        "title-markup",
        "first-resource",
        "litter",
    }


def test_large_is_advice(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a package valid that many LMSs refuse for its size?"""
    monkeypatch.setattr(limits, "ZIP_ADVISED_BYTES", 1000)
    verdict = validate.examine(package)
    assert (verdict.valid, [fault.rule for fault in verdict.advice]) == (True, ["large"])


def test_schemas_of_strangers(package: Path, tmp_path: Path) -> None:
    """Does a manifest fail to bring its own schema, and so to make us read any file or address?"""
    stranger = tmp_path / "stranger.xsd"
    stranger.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x">'
        '<xs:element name="thing"/></xs:schema>'
    )

    def damage(opened: Opened) -> None:
        location = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
        here = f"{opened.root.get(location)} urn:x {stranger.as_uri()}"
        opened.root.set(location, here)
        etree.SubElement(opened.one("cp:item", identifier=QUIZ), "{urn:x}thing")

    # Its own schema is no file of the package.
    assert rules_of(damaged(package, damage)) == {"namespace-undefined"}


def test_entities(package: Path, tmp_path: Path) -> None:
    """Does a manifest fail to show a file of this machine, or to fill its memory?"""
    (tmp_path / "secret.txt").write_text("secret")
    for declared in (
        f'<!ENTITY a SYSTEM "{(tmp_path / "secret.txt").as_uri()}">',
        '<!ENTITY b "xxxxxxxxxx"><!ENTITY a "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">',
    ):
        text = f'<!DOCTYPE manifest [{declared}]><manifest identifier="m">&a;</manifest>'

        def damage(opened: Opened, text: str = text) -> None:
            opened.files["imsmanifest.xml"] = text.encode()

        (fault,) = validate.check(damaged(package, damage))
        assert fault.rule == "doctype"
        assert "secret" not in fault.message


def test_deep_manifest(package: Path) -> None:
    """Is a manifest of 100,000 nested items refused without a crash?"""

    def damage(opened: Opened) -> None:
        nested = b'<item identifier="x">' * 100_000
        opened.files["imsmanifest.xml"] = b'<manifest identifier="m">' + nested

    assert rules_of(damaged(package, damage)) == {"not-well-formed"}


def one_entry(path: Path, change: Callable[[zipfile.ZipInfo], None], data: bytes = b"x") -> Path:
    entry = zipfile.ZipInfo("page.html")
    entry.compress_type = zipfile.ZIP_DEFLATED
    change(entry)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, data)
    return path


def test_compression(tmp_path: Path) -> None:
    """Is a file told that most LMSs cannot unpack, although Python can?"""

    def lzma(entry: zipfile.ZipInfo) -> None:
        entry.compress_type = zipfile.ZIP_LZMA

    assert "compression" in rules_of(one_entry(tmp_path / "course.zip", lzma))


def test_symbolic_link(tmp_path: Path) -> None:
    """Is a link told that could point anywhere on the LMS's disk?"""

    def link(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16

    path = one_entry(tmp_path / "course.zip", link, b"/etc/passwd")
    assert "symbolic-link" in rules_of(path)


def test_encrypted(package: Path, tmp_path: Path) -> None:
    """Is an encrypted file told, even where it is the manifest?"""
    path = tmp_path / "course.zip"
    data = bytearray(package.read_bytes())
    directory = data.index(b"PK\x01\x02")
    (flags,) = struct.unpack_from("<H", data, directory + 8)
    struct.pack_into("<H", data, directory + 8, flags | 1)
    path.write_bytes(data)
    (fault,) = validate.check(path)
    assert (fault.rule, fault.path) == ("encrypted", "imsmanifest.xml")


def test_entry_twice(package: Path, tmp_path: Path) -> None:
    """Is it told that a file is in the zip twice, so that nobody knows which one an LMS serves?"""
    path = tmp_path / "course.zip"
    path.write_bytes(package.read_bytes())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("genindex.html", "another")
    assert advice_of(path) == {"entry-twice"}
    assert {fault.rule for fault in validate.check(path, fresh=True)} == {"entry-twice"}


def test_zip_bomb(tmp_path: Path) -> None:
    """Is a small zip that unpacks to gigabytes left unopened?"""
    path = one_entry(tmp_path / "course.zip", lambda entry: None, bytes(300 * 1024**2))
    (fault,) = validate.check(path)
    assert fault.rule == "zip-bomb"


def test_too_large_and_too_many(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a zip told that needs the 64-bit extension?"""
    monkeypatch.setattr(limits, "ZIP_BYTES", 1000)
    monkeypatch.setattr(limits, "ZIP_ENTRIES", 5)
    assert advice_of(package) == {"too-large", "too-many-entries"}
    faults = validate.check(package, fresh=True)
    assert {fault.rule for fault in faults} == {"too-large", "too-many-entries"}


def test_manifest_too_large(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a manifest left unread that is too large to be one?"""
    monkeypatch.setattr("scorm.validate.container._MANIFEST_BYTES", 100)
    assert rules_of(package) == {"manifest-too-large"}


def test_not_a_zip(package: Path, tmp_path: Path) -> None:
    """Are a text, an empty file and half a package told apart?"""
    path = tmp_path / "course.zip"
    path.write_text("not a zip")
    assert rules_of(path) == {"not-a-zip"}
    path.write_bytes(b"")
    assert rules_of(path) == {"not-a-zip"}
    data = package.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert rules_of(path) == {"truncated"}


def test_flipped_bit(package: Path, tmp_path: Path) -> None:
    """Is a file told whose content changed on the way?"""
    data = bytearray(package.read_bytes())
    data[data.index(b"\x89PNG") + 100] ^= 1
    (tmp_path / "course.zip").write_bytes(data)
    (fault,) = validate.check(tmp_path / "course.zip")
    assert (fault.rule, fault.path) == ("damaged", "_images/plan.png")


def test_fresh(package: Path, tmp_path: Path) -> None:
    """Of a package just written, is what describes it read back, though nothing else is?"""
    broken = {}
    with zipfile.ZipFile(package) as opened:
        offsets = {entry.filename: entry.header_offset for entry in opened.infolist()}
    for name in ("imsmanifest.xml", "imscp_rootv1p1p2.xsd", "_images/plan.png"):
        data = bytearray(package.read_bytes())
        data[offsets[name] + 30 + len(name) + 50] ^= 1
        (tmp_path / "course.zip").write_bytes(data)
        broken[name] = [fault.path for fault in validate.check(tmp_path / "course.zip", fresh=True)]
    assert broken.pop("_images/plan.png") == []
    assert all(name in paths for name, paths in broken.items())


def test_no_file(tmp_path: Path) -> None:
    """Does a path to nothing, or to a folder, end in one line?"""
    for path in (tmp_path / "nothing.zip", tmp_path):
        with pytest.raises(PackageError, match="cannot be read"):
            validate.check(path)


def test_terminal_is_safe(tmp_path: Path) -> None:
    """Are escape sequences in a file's name shown and not obeyed?"""
    with zipfile.ZipFile(tmp_path / "course.zip", "w") as archive:
        archive.writestr("\x1b[2J.html", "")
    assert all(str(fault).isprintable() for fault in validate.check(tmp_path / "course.zip"))


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_bytes(
    package: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Does a package with any bytes changed give a verdict, and never a crash?"""
    content = bytearray(package.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        # the interesting bytes are in the first headers and in the directory at the end
        place = data.draw(st.integers(0, 200) | st.integers(len(content) - 1500, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(content)
    assert all(isinstance(fault, Fault) for fault in validate.check(path))


def test_control_files_unlisted(package: Path) -> None:
    """Are the schemas allowed to be in the zip without being listed?"""
    with zipfile.ZipFile(package) as archive:
        manifest = archive.read("imsmanifest.xml")
    assert all(f'href="{name}"'.encode() not in manifest for name in schemas.files(SCORM12))

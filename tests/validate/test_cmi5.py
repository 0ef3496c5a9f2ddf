"""The validator on cmi5: every deliberate damage is found by its own rule."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from scorm import validate
from scorm.packages import Format
from tests.support.validate import (
    Damage,
    Opened,
    add,
    advice_of,
    damaged,
    drop,
    lose,
    opened,
    pack,
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


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_of(tmp_path_factory.mktemp("cmi5"), Format.CMI5)


def url_first(parts: Opened) -> None:
    unit = parts.one("c5:au")
    unit.insert(0, unit[-1])


def stray(parts: Opened) -> None:
    parts.one("c5:title").text = "Welcome"


def pages_elsewhere(parts: Opened, scheme: str = "https") -> None:
    for url in parts.all("c5:url"):
        url.text = f"{scheme}://example.org/{url.text}"


def dangling(parts: Opened) -> None:
    reference = next(e for e in parts.all("c5:objective") if "idref" in e.attrib)
    reference.set("idref", "urn:x-test:nobody")


DAMAGES: dict[str, Damage] = {
    "manifest-name": rename("cmi5.xml", "CMI5.xml"),
    "manifest-in-folder": rename("cmi5.xml", "course/cmi5.xml"),
    "not-well-formed": rewrite("</courseStructure>", ""),
    "doctype": rewrite("<courseStructure", "<!DOCTYPE c [<!ENTITY a 'b'>]><courseStructure"),
    "root-element": rewrite("courseStructure", "course-structure"),
    "namespace": rewrite("https://w3id.org/xapi/profiles/cmi5/v1/", "http://www.adlnet.gov/cmi5/"),
    # the content model
    "element-missing": remove("c5:course"),
    "element-namespace": rewrite("</course>", '<keywords xmlns=""/></course>'),
    "element-order": url_first,
    "element-twice": add("c5:course", "c5:title"),
    "element-unknown": add("c5:au", "c5:prerequisites"),
    "attribute-missing": drop("c5:au", "id"),
    "attribute-unknown": put("c5:au", "masteryscore", "0.7"),
    "text-stray": stray,
    # the values
    "iri": put("c5:au", "id", "page-1"),
    "id-duplicate": same("c5:au", "id"),
    "language": put("c5:langstring", "lang", "in English"),
    "objective-dangling": dangling,
    "move-on": put("c5:au", "moveOn", "passed"),
    "launch-method": put("c5:au", "launchMethod", "NewWindow"),
    "mastery-score": put("c5:au", "masteryScore", "70"),
    "activity-type": put("c5:au", "activityType", "lesson"),
    # the addresses
    "url-empty": write("c5:url", " "),
    "url-invalid": write("c5:url", "https:///page.html"),
    "url-parameter": write("c5:url", f"{HREF}?actor=me"),
    "launch-missing": lose(HREF),
    "href-space": write("c5:url", "docs/my page.html"),
    "href-backslash": write("c5:url", HREF.replace("/", "\\")),
    "href-invalid": write("c5:url", "docs/100%.html"),
    "href-parent": write("c5:url", f"../{HREF}"),
    "href-absolute": write("c5:url", f"/{HREF}"),
}


@pytest.mark.parametrize("rule", DAMAGES)
def test_damage(package: Path, rule: str) -> None:
    """Is each damage found by its own rule?"""
    faults = {fault.rule: fault for fault in validate.check(damaged(package, DAMAGES[rule]))}
    assert rule in faults
    assert faults[rule].message


def test_own_messages(package: Path) -> None:
    """Does each rule say something of its own, so that a message leads to one thing to mend?"""
    messages = set()
    for rule, damage in DAMAGES.items():
        faults = validate.check(damaged(package, damage))
        messages.add(next(fault.message for fault in faults if fault.rule == rule))
    assert len(messages) == len(DAMAGES)


def test_undamaged(package: Path) -> None:
    """Is the package we write valid, and nothing advised against?"""
    verdict = validate.examine(package)
    assert (verdict.faults, verdict.advice, verdict.format) == ((), (), "cmi5")


def test_place(package: Path) -> None:
    """Does a fault name the file and the line?"""
    (fault,) = validate.check(damaged(package, rewrite('moveOn="Passed"', 'moveOn="passed"')))
    line: object = opened(package).one("c5:au", moveOn="Passed").sourceline
    assert (fault.path, fault.line) == ("cmi5.xml", line)


@pytest.mark.parametrize(
    "address",
    [
        f"./{HREF}",
        f"docs/../{HREF}",
        "docs/welcome/%69ndex.html",
        "https://example.org:8443/a%20page.html?x=1",
        "https://b\u00fccher.example/page",
        "https://[2001:db8::1]/page",
        "app://start/here",
    ],
)
def test_valid_addresses(package: Path, address: str) -> None:
    """Is every form of address valid that cmi5 and RFC 3986 allow?"""
    assert rules_of(damaged(package, write("c5:url", address))) == set()


@pytest.mark.parametrize(
    "address",
    [
        "https://exa mple.org/",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://[::1/page",
        "https://example..org/page",
        "https://example.org/100%",
        "https://example.org/<page>",
        "https:example.org",
        "//example.org/page",
        "javascript:start()",
        "mailto:somebody@example.org",
    ],
)
def test_invalid_addresses(package: Path, address: str) -> None:
    """Is an address found that no browser could open, or that is no URL?"""
    assert rules_of(damaged(package, write("c5:url", address))) == {"url-invalid"}


def test_address_with_parameters(package: Path) -> None:
    """Are a page's own parameters allowed?"""
    assert rules_of(damaged(package, write("c5:url", f"{HREF}?page=2#end"))) == set()


def test_extensions(package: Path) -> None:
    """May a course designer add elements and attributes of another namespace, at the end only?"""
    word = "{urn:x-test}keyword"

    def behind(parts: Opened) -> None:
        etree.SubElement(parts.one("c5:au"), word).text = "spark"
        parts.one("c5:au").set(word, "spark")

    def before(parts: Opened) -> None:
        parts.one("c5:au").insert(0, etree.Element(word))

    assert rules_of(damaged(package, behind)) == set()

    def in_reference(parts: Opened) -> None:
        reference = next(e for e in parts.all("c5:objective") if "idref" in e.attrib)
        etree.SubElement(reference, word)

    assert rules_of(damaged(package, before)) == {"element-order"}
    assert rules_of(damaged(package, in_reference)) == {"element-unknown"}


def test_objectives_in_any_order(package: Path) -> None:
    """May an objective's description stand before its title, as the schema has it?"""

    def damage(parts: Opened) -> None:
        objective = parts.one("c5:objective")
        objective.append(objective[0])

    assert rules_of(damaged(package, damage)) == set()


def test_structure_without_zip(package: Path, tmp_path: Path) -> None:
    """Is a cmi5.xml on its own a package, if all its pages lie on a server?"""
    parts = opened(package)
    path = tmp_path / "course.xml"
    path.write_bytes(parts.files["cmi5.xml"])
    assert rules_of(path) == {"url-relative"}
    pages_elsewhere(parts)
    text = '<?xml version="1.0"?>' + etree.tostring(parts.root, encoding="unicode")
    for encoding in ("utf-8", "utf-16"):
        path.write_bytes(text.encode(encoding))
        verdict = validate.examine(path)
        assert (verdict.valid, verdict.format) == (True, "cmi5")


def test_compression(package: Path, tmp_path: Path) -> None:
    """Is any compression of the zip format valid, but none that hides the course structure?"""
    files = opened(package).files
    for name, rules in ((HREF, set()), ("cmi5.xml", {"compression"})):
        path = tmp_path / "course.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for other, content in files.items():
                method = zipfile.ZIP_LZMA if other == name else zipfile.ZIP_STORED
                archive.writestr(other, content, method)
        assert rules_of(path) == rules
        assert ("compression" in advice_of(path)) != bool(rules)


def test_manifest_without_zip(package: Path, tmp_path: Path) -> None:
    """Is a SCORM manifest on its own told to be zipped with its files?"""
    path = tmp_path / "imsmanifest.xml"
    path.write_text('<?xml version="1.0"?><manifest identifier="m"/>')
    (fault,) = validate.check(path)
    assert "zip it together" in fault.message


def unconditional(parts: Opened) -> None:
    for unit in parts.all("c5:au"):
        unit.attrib.pop("moveOn", None)


ADVICE: dict[str, Damage] = {
    "title-empty": write("c5:langstring", " "),
    "attribute-advised": drop("c5:langstring", "lang"),
    "move-on-default": unconditional,
    "mastery-score-missing": put("c5:au", "moveOn", "CompletedAndPassed"),
    "url-external": pages_elsewhere,
    "url-insecure": lambda parts: pages_elsewhere(parts, "http"),
}


@pytest.mark.parametrize("rule", ADVICE)
def test_advice(package: Path, rule: str) -> None:
    """Is what is allowed and hardly meant told as advice, and the package still valid?"""
    path = damaged(package, ADVICE[rule])
    assert (rule in advice_of(path), rules_of(path)) == (True, set())


def test_both_formats(package: Path, tmp_path: Path) -> None:
    """Is a zip that is cmi5 and SCORM at once checked as both?"""
    scorm = opened(package_of(tmp_path, Format.SCORM12))
    files = scorm.files | {"cmi5.xml": opened(package).files["cmi5.xml"]}
    verdict = validate.examine(pack(tmp_path / "both.zip", files))
    assert (verdict.faults, verdict.format) == ((), "SCORM 1.2 and cmi5")

"""Where the local LMS opens a page: the address that it launches, and the file that it serves."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from scorm.errors import PackageError
from scorm.player import PreviewServer
from scorm.player.package import Package
from tests.browser.handmade import Handmade, HandmadePage

PAGE = b"<!DOCTYPE html><title>Page</title>"
SCORM12 = """<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" identifier="M">
 <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
 <organizations default="O"><organization identifier="O"><title>Course</title>
  <item identifier="I" identifierref="R" isvisible="true" {item}><title>One</title></item>
 </organization></organizations>
 <resources><resource identifier="R" type="webcontent" adlcp:scormtype="sco" {resource}>
  <file href="index.html"/></resource></resources>
</manifest>"""
SCORM2004 = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" identifier="M">
 <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
 <organizations default="O"><organization identifier="O"><title>Course</title>
  <item identifier="I" identifierref="R" isvisible="true" {item}><title>One</title></item>
 </organization></organizations>
 <resources><resource identifier="R" type="webcontent" adlcp:scormType="sco" {resource}>
  <file href="index.html"/></resource></resources>
</manifest>"""


def package(
    folder: Path, manifest: str, page: str, *, item: str = "", resource: str = 'href="index.html"'
) -> Path:
    """A package with one item and one page, which lies at ``page``."""
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest.format(item=item, resource=resource))
        archive.writestr(page, PAGE)
    return path


def launched(path: Path) -> list[str]:
    """The addresses that the LMS opens, in reading order."""
    opened = Package(path)
    try:
        return [item.href for item in opened.launchable()]
    finally:
        opened.close()


def get(server: PreviewServer, path: str) -> bytes:
    with urllib.request.urlopen(server.url + path, timeout=10) as answer:
        body: bytes = answer.read()
        return body


@pytest.mark.parametrize("manifest", [SCORM12, SCORM2004])
@pytest.mark.parametrize(
    ("page", "item", "resource", "address"),
    [
        ("sub/index.html", "", 'xml:base="sub/" href="index.html"', "sub/index.html"),
        ("index.html", 'parameters="?a=1"', 'href="index.html?b=2"', "index.html?b=2&a=1"),
        ("index.html", 'parameters="a=1"', 'href="index.html"', "index.html?a=1"),
    ],
)
def test_launched_page_is_served(
    tmp_path: Path, manifest: str, page: str, item: str, resource: str, address: str
) -> None:
    """Is each item opened where its manifest says, and is its page there?"""
    path = package(tmp_path, manifest, page, item=item, resource=resource)
    assert launched(path) == [address]
    with PreviewServer(path) as server:
        assert get(server, f"course/{address}") == PAGE
        assert server.faults == ()


TWO = """<organization identifier="O"><title>Course</title>
  <item identifier="I" identifierref="R"><title>One</title></item></organization>
 <organization identifier="P"><title>Other</title>
  <item identifier="J" identifierref="R"><title>Other</title></item></organization>"""


@pytest.mark.parametrize("manifest", [SCORM12, SCORM2004])
@pytest.mark.parametrize(
    ("default", "title", "faults"),
    [("", "Course", 1), ('default="Q"', "Course", 1), ('default="P"', "Other", 0)],
)
def test_default_organization(
    tmp_path: Path, manifest: str, default: str, title: str, faults: int
) -> None:
    """Is the first organization played where the default one is missing, and is that told?"""
    before, _, rest = manifest.partition('<organizations default="O">')
    after = rest.partition("</organizations>")[2]
    both = f"{before}<organizations {default}>{TWO}</organizations>{after}"
    with PreviewServer(package(tmp_path, both, "index.html")) as server:
        assert f"<h1>{title}</h1>" in get(server, "").decode()
        for _ in range(2):
            told = [fault for fault in server.faults if "no default organization" in fault.message]
            assert [fault.path for fault in told] == ["imsmanifest.xml"] * faults
            assert all("“O”" in fault.message for fault in told)
            server.forget()


@pytest.mark.parametrize("manifest", [SCORM12, SCORM2004])
def test_spaces_around_identifiers(tmp_path: Path, manifest: str) -> None:
    """Is a page found whose item refers to it with a space too many, as ``check`` finds it?"""
    spaced = manifest.replace('identifierref="R"', 'identifierref=" R"')
    assert launched(package(tmp_path, spaced, "index.html")) == ["index.html"]


def test_no_organization(tmp_path: Path) -> None:
    """Is a package without any organization refused in a line?"""
    before, _, rest = SCORM12.partition('<organizations default="O">')
    manifest = f"{before}<organizations>{rest.partition('</organization>')[2]}"
    with pytest.raises(PackageError, match=r"imsmanifest\.xml has no organization"):
        Package(package(tmp_path, manifest, "index.html"))


def test_missing_file_is_one_fault(tmp_path: Path) -> None:
    """Is a missing file told once, in words, however often it is asked for?"""
    path = package(tmp_path, SCORM12, "index.html", resource='href="gone.html"')
    with PreviewServer(path) as server:
        for _ in range(2):
            with pytest.raises(urllib.error.HTTPError) as answer:
                get(server, "course/gone.html")
            assert answer.value.read() == b"gone.html is not in the package"
        assert [fault.path for fault in server.faults] == ["gone.html"]


@pytest.mark.parametrize(("asking", "faults"), [("course/index.html?a=1", 1), ("", 0)])
def test_file_outside_of_the_package(tmp_path: Path, asking: str, faults: int) -> None:
    """Is a page blamed that asks for a file at the root of the server, where no LMS has one?"""
    with PreviewServer(package(tmp_path, SCORM12, "index.html")) as server:
        sent = urllib.request.Request(f"{server.url}video.mp4")
        sent.add_header("Referer", server.url + asking)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(sent, timeout=10)
        message = "index.html asks for /video.mp4, which lies outside of the package"
        assert [fault.message for fault in server.faults] == [message] * faults


@pytest.mark.parametrize(
    "resource",
    [
        'xml:base="../" href="index.html"',
        'xml:base="sub/" href="../../index.html"',
        'href="%2e%2e/index.html"',
    ],
)
def test_no_way_out_of_the_package(tmp_path: Path, resource: str) -> None:
    """Is an address outside of the package refused in one line that names the item?"""
    path = package(tmp_path, SCORM12, "index.html", resource=resource)
    with pytest.raises(
        PackageError, match=r"the item “I” launches .*outside of the package"
    ) as told:
        Package(path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("resource", ['xml:base="sub/" href="../index.html"', 'href="a..b/x.html"'])
def test_dots_inside_the_package(tmp_path: Path, resource: str) -> None:
    """May ``..`` lead from one folder of the package to another, and a name have two dots?"""
    assert len(launched(package(tmp_path, SCORM12, "index.html", resource=resource))) == 1


def test_foreign_base(tmp_path: Path) -> None:
    """Is a page on another host told as missing, and is nobody asked for it?"""
    resource = 'xml:base="https://elsewhere.example/" href="index.html"'
    path = package(tmp_path, SCORM12, "index.html", resource=resource)
    (address,) = launched(path)
    with PreviewServer(path) as server:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(server, f"course/{address}")
        (fault,) = server.faults
        assert fault.message == "https://elsewhere.example/index.html is not in the package"


@pytest.mark.parametrize(
    ("parameters", "begin", "end"),
    [("", "?", ""), ("?a=1", "?a=1&", ""), ("#end", "?", "#end"), ("?a=1#end", "?a=1&", "#end")],
)
def test_cmi5_parameters(tmp_path: Path, parameters: str, begin: str, end: str) -> None:
    """Does an AU get its launch in the query, before a fragment (cmi5 8.1)?"""
    page = HandmadePage("one", "One", PAGE.decode(), parameters=parameters)
    path = Handmade([page], standard="cmi5").write(tmp_path / "cmi5.zip")
    with PreviewServer(path) as server:
        message = json.dumps({"identifier": "urn:x-handmade:one"}).encode()
        with urllib.request.urlopen(f"{server.url}lms/launch", message, timeout=10) as answer:
            address = json.loads(answer.read())
        assert address.startswith(f"{server.url}course/{page.path}{begin}endpoint=")
        assert address.partition("#")[1] + address.partition("#")[2] == end
        assert get(server, address.removeprefix(server.url)).startswith(b"<!DOCTYPE html>")

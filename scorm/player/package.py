"""Read a SCORM 1.2 package as an LMS does: its organization and its files, from the zip."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from scorm.errors import PackageError

_CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
_ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"

# What Moodle sends, so that a type it does not know (.mjs, .webp, .woff2) fails here as well.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mp3",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webm": "video/webm",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


def content_type(path: str) -> str:
    """The media type under which an LMS serves a file of the package."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


@dataclass(frozen=True)
class ManifestItem:
    """An item of the organization with what its resource says; ``href`` is ``""`` for a heading.

    ``mastery_score`` and ``launch_data`` are the text of ``adlcp:masteryscore`` and
    ``adlcp:datafromlms`` (CAM 2.3.2.5), ``""`` where the manifest has none.
    """

    identifier: str
    title: str
    href: str
    is_sco: bool
    mastery_score: str
    launch_data: str
    items: tuple[ManifestItem, ...]

    def walk(self) -> Iterator[ManifestItem]:
        """This item and all below it, in reading order."""
        yield self
        for item in self.items:
            yield from item.walk()

    def as_launch(self) -> dict[str, Any]:
        """What the player needs to launch the item, ready for JSON."""
        launch = asdict(self)
        del launch["items"]
        return launch


class Package:
    """An opened package. :attr:`title` and :attr:`items` come from its default organization."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`PackageError` where the file or its manifest cannot be played."""
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise PackageError(f"{path}: there is no such package; build it first") from None
        except (OSError, zipfile.BadZipFile) as error:
            raise PackageError(f"{path}: this is not a readable zip file ({error})") from None
        try:
            self._files = {name for name in self._zip.namelist() if not name.endswith("/")}
            organization, resources = _read_manifest(self.read("imsmanifest.xml"))
            self.title = _text(organization, f"{_CP}title") or path.stem
            self.items = tuple(_items(organization, resources))
        except PackageError as error:
            self.close()
            raise PackageError(f"{path}: {error}") from None

    def launchable(self) -> list[ManifestItem]:
        """The items that the LMS can launch, in reading order."""
        return [item for top in self.items for item in top.walk() if item.href]

    def read(self, name: str) -> bytes:
        """A file's bytes; only names that the zip lists exist, so no path leads outside it."""
        if name not in self._files:
            raise PackageError(f"{name} is not in the package")
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
            raise PackageError(f"{name} cannot be read from the package ({error})") from None

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()


def _read_manifest(xml: bytes) -> tuple[etree._Element, dict[str, etree._Element]]:
    """The default organization, and the resources by their identifiers."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        manifest = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise PackageError(f"imsmanifest.xml is not well-formed XML ({error})") from None
    version = _text(manifest, f"{_CP}metadata/{_CP}schemaversion")
    if version != "1.2":
        raise PackageError(
            f"imsmanifest.xml says schemaversion “{version}”; preview plays SCORM 1.2 packages"
        )
    organizations = manifest.find(f"{_CP}organizations")
    default = None if organizations is None else organizations.get("default")
    resources = {r.get("identifier", ""): r for r in manifest.iter(f"{_CP}resource")}
    for organization in manifest.iter(f"{_CP}organization"):
        if organization.get("identifier") == default:
            return organization, resources
    raise PackageError("imsmanifest.xml names no default organization that it contains")


def _items(parent: etree._Element, resources: dict[str, etree._Element]) -> Iterator[ManifestItem]:
    for item in parent.iterfind(f"{_CP}item"):
        resource = resources.get(item.get("identifierref", ""))
        href = "" if resource is None else resource.get("href", "")
        yield ManifestItem(
            identifier=item.get("identifier", ""),
            title=_text(item, f"{_CP}title"),
            href=href + item.get("parameters", "") if href else "",
            is_sco=resource is not None and resource.get(f"{_ADL}scormtype") == "sco",
            mastery_score=_text(item, f"{_ADL}masteryscore"),
            launch_data=_text(item, f"{_ADL}datafromlms"),
            items=tuple(_items(item, resources)),
        )


def _text(parent: etree._Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()

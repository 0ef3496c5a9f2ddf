"""What a package says of its contents: a SCORM manifest, or a cmi5 course structure.

An LMS knows the format by these files alone: ``imsmanifest.xml`` with its ``schemaversion``
(SCORM 1.2 CAM 2.3.2; SCORM 2004 CAM 3.4.1.2), or ``cmi5.xml`` (cmi5 13 and 14.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from lxml import etree

from scorm.errors import PackageError

Element = etree._Element

_CP12 = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
_ADL12 = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
_CP2004 = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
_ADL2004 = "{http://www.adlnet.org/xsd/adlcp_v1p3}"
_SS = "{http://www.imsglobal.org/xsd/imsss}"
_CMI5 = "{https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd}"

_SCHEMA_VERSIONS_2004 = ("2004 3rd Edition", "2004 4th Edition", "CAM 1.3", "1.3")


class Standard(StrEnum):
    """The language that a package's pages speak with the LMS."""

    SCORM12 = "scorm12"
    SCORM2004 = "scorm2004"
    CMI5 = "cmi5"


@dataclass(frozen=True)
class ManifestItem:
    """A node of the contents with what is launched there; ``href`` is ``""`` for a heading.

    ``is_sco`` is true for what reports to the LMS: a SCO or an assignable unit (AU). The rest is
    the text of the package, ``""`` where it says nothing: ``mastery_score`` (1.2
    ``masteryscore``, 2004 ``minNormalizedMeasure``, cmi5 ``masteryScore``), ``launch_data``
    (``datafromlms``, ``dataFromLMS``, ``launchParameters``), ``completion_threshold`` (2004) and
    ``move_on`` (cmi5).
    """

    identifier: str
    title: str
    href: str = ""
    is_sco: bool = False
    mastery_score: str = ""
    launch_data: str = ""
    completion_threshold: str = ""
    move_on: str = ""
    items: tuple[ManifestItem, ...] = ()

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


@dataclass(frozen=True)
class Contents:
    """The contents of a package; ``identifier`` is the course's."""

    standard: Standard
    identifier: str
    title: str
    items: tuple[ManifestItem, ...]


def read_contents(files: set[str], read: Callable[[str], bytes]) -> Contents:
    """The contents of the package with these ``files``; ``read`` gives a file's bytes.

    Raises :class:`PackageError` where no LMS could play it.
    """
    for name, parse in (("imsmanifest.xml", _read_manifest), ("cmi5.xml", _read_cmi5)):
        if name in files:
            try:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                root = etree.fromstring(read(name), parser)
            except etree.XMLSyntaxError as error:
                raise PackageError(f"{name} is not well-formed XML ({error})") from None
            return parse(root)
    raise PackageError(
        "it has neither imsmanifest.xml (SCORM) nor cmi5.xml at its root; is it a package?"
    )


def _read_manifest(manifest: Element) -> Contents:
    for cp in (_CP12, _CP2004):
        version = _text(manifest, f"{cp}metadata/{cp}schemaversion")
        is_2004 = cp == _CP2004 and version in _SCHEMA_VERSIONS_2004
        if is_2004 or (cp == _CP12 and version == "1.2"):
            organization = _default_organization(manifest, cp)
            resources = {r.get("identifier", ""): r for r in manifest.iter(f"{cp}resource")}
            items = _items_2004 if is_2004 else _items_12
            return Contents(
                Standard.SCORM2004 if is_2004 else Standard.SCORM12,
                organization.get("identifier", ""),
                _text(organization, f"{cp}title"),
                tuple(items(organization, resources)),
            )
    found = _text(manifest, "{*}metadata/{*}schemaversion")
    raise PackageError(
        f"imsmanifest.xml says schemaversion “{found}” in the namespace "
        f"{etree.QName(manifest).namespace}; preview plays SCORM 1.2, SCORM 2004 (3rd and 4th "
        "edition) and cmi5"
    )


def _default_organization(manifest: Element, cp: str) -> Element:
    organizations = manifest.find(f"{cp}organizations")
    default = None if organizations is None else organizations.get("default")
    for organization in manifest.iter(f"{cp}organization"):
        if organization.get("identifier") == default:
            return organization
    raise PackageError("imsmanifest.xml names no default organization that it contains")


def _items_12(parent: Element, resources: dict[str, Element]) -> Iterator[ManifestItem]:
    for item in parent.iterfind(f"{_CP12}item"):
        href, scorm_type = _launched(item, resources, f"{_ADL12}scormtype")
        yield ManifestItem(
            identifier=item.get("identifier", ""),
            title=_text(item, f"{_CP12}title"),
            href=href,
            is_sco=scorm_type == "sco",
            mastery_score=_text(item, f"{_ADL12}masteryscore"),
            launch_data=_text(item, f"{_ADL12}datafromlms"),
            items=tuple(_items_12(item, resources)),
        )


def _items_2004(parent: Element, resources: dict[str, Element]) -> Iterator[ManifestItem]:
    for item in parent.iterfind(f"{_CP2004}item"):
        href, scorm_type = _launched(item, resources, f"{_ADL2004}scormType")
        threshold = item.find(f"{_ADL2004}completionThreshold")
        yield ManifestItem(
            identifier=item.get("identifier", ""),
            title=_text(item, f"{_CP2004}title"),
            href=href,
            is_sco=scorm_type == "sco",
            mastery_score=_passing_measure(item),
            launch_data=_text(item, f"{_ADL2004}dataFromLMS"),
            completion_threshold="" if threshold is None else _threshold(threshold),
            items=tuple(_items_2004(item, resources)),
        )


def _threshold(element: Element) -> str:
    """4th edition: an attribute, where another says that it counts; 3rd: the text (CAM 5.1.4)."""
    if element.get("completedByMeasure") == "true":
        return element.get("minProgressMeasure", "1.0")
    return (element.text or "").strip()


def _launched(item: Element, resources: dict[str, Element], attribute: str) -> tuple[str, str]:
    """The address that the item launches, and its resource's SCORM type."""
    resource = resources.get(item.get("identifierref", ""))
    href = "" if resource is None else resource.get("href", "")
    if resource is None or not href:
        return "", ""
    return href + item.get("parameters", ""), resource.get(attribute, "")


def _passing_measure(item: Element) -> str:
    """The item's scaled passing score (RTE 4.2.20), where its sequencing says that one counts."""
    sequencing = item.find(f"{_SS}sequencing")
    if sequencing is None:
        return ""
    shared = f"{_SS}sequencingCollection/{_SS}sequencing[@ID='{sequencing.get('IDRef', '')}']"
    for found in (sequencing, *sequencing.getroottree().getroot().iterfind(shared)):
        objective = found.find(f"{_SS}objectives/{_SS}primaryObjective")
        if objective is not None and objective.get("satisfiedByMeasure") == "true":
            return _text(objective, f"{_SS}minNormalizedMeasure") or "1.0"
    return ""


def _read_cmi5(structure: Element) -> Contents:
    course = structure.find(f"{_CMI5}course")
    if course is None:
        raise PackageError("cmi5.xml describes no course in cmi5's own namespace")
    return Contents(
        Standard.CMI5, course.get("id", ""), _langstring(course), tuple(_units(structure))
    )


def _units(parent: Element) -> Iterator[ManifestItem]:
    for element in parent.iterchildren(f"{_CMI5}au", f"{_CMI5}block"):
        identifier, title = element.get("id", ""), _langstring(element)
        if element.tag == f"{_CMI5}block":
            yield ManifestItem(identifier, title, items=tuple(_units(element)))
        else:
            yield ManifestItem(
                identifier,
                title,
                href=_text(element, f"{_CMI5}url"),
                is_sco=True,
                mastery_score=element.get("masteryScore", ""),
                launch_data=_text(element, f"{_CMI5}launchParameters"),
                move_on=element.get("moveOn", "NotApplicable"),
            )


def _langstring(element: Element) -> str:
    return _text(element, f"{_CMI5}title/{_CMI5}langstring")


def _text(parent: Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()

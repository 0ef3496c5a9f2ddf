"""Manifests of handmade packages, written here once more so that no writer judges itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lxml import etree
from lxml.builder import ElementMaker

if TYPE_CHECKING:
    from .handmade import HandmadePage

TITLE = "Handmade <course> & more"
MODULE = "First module"

_CP12 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
_ADL12 = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_CP2004 = "http://www.imsglobal.org/xsd/imscp_v1p1"
_ADL2004 = "http://www.adlnet.org/xsd/adlcp_v1p3"
_SS = "http://www.imsglobal.org/xsd/imsss"
_CMI5 = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"


def write(standard: str, pages: Sequence[HandmadePage]) -> tuple[str, bytes]:
    """The manifest's name and its bytes."""
    name = "cmi5.xml" if standard == "cmi5" else "imsmanifest.xml"
    root = {"scorm12": _scorm12, "scorm2004": _scorm2004, "cmi5": _cmi5}[standard](pages)
    return name, etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _scorm12(pages: Sequence[HandmadePage]) -> etree._Element:
    adl = ElementMaker(namespace=_ADL12, nsmap={"adlcp": _ADL12})

    def said(page: HandmadePage) -> list[etree._Element]:
        return [
            *([adl.datafromlms(page.launch_data)] if page.launch_data else []),
            *([adl.masteryscore(page.mastery_score)] if page.mastery_score else []),
        ]

    return _imscp(_CP12, f"{{{_ADL12}}}scormtype", "1.2", pages, said)


def _scorm2004(pages: Sequence[HandmadePage]) -> etree._Element:
    adl = ElementMaker(namespace=_ADL2004, nsmap={"adlcp": _ADL2004})
    ss = ElementMaker(namespace=_SS, nsmap={"imsss": _SS})

    def said(page: HandmadePage) -> list[etree._Element]:
        passing = str(float(page.mastery_score or 0) / 100)
        objective = ss.primaryObjective(ss.minNormalizedMeasure(passing), satisfiedByMeasure="true")
        return [
            *([adl.dataFromLMS(page.launch_data)] if page.launch_data else []),
            *([ss.sequencing(ss.objectives(objective))] if page.mastery_score else []),
        ]

    return _imscp(_CP2004, f"{{{_ADL2004}}}scormType", "2004 4th Edition", pages, said)


def _imscp(
    namespace: str,
    scorm_type: str,
    version: str,
    pages: Sequence[HandmadePage],
    said: Callable[[HandmadePage], list[etree._Element]],
) -> etree._Element:
    cp = ElementMaker(namespace=namespace, nsmap={None: namespace})
    items, resources = [], []
    for page in pages:
        name = f"r-{page.identifier}"
        item = cp.item(cp.title(page.title), *said(page), identifierref=name)
        item.set("identifier", page.identifier)
        if page.parameters:
            item.set("parameters", page.parameters)
        items.append(item)
        resource = cp.resource(
            cp.file(href=page.path), identifier=name, type="webcontent", href=page.path
        )
        resource.set(scorm_type, page.scorm_type)
        resources.append(resource)
    module = cp.item(cp.title(MODULE), *items, identifier="module", isvisible="true")
    organization = cp.organization(cp.title(TITLE), module, identifier="course")
    return cp.manifest(
        cp.metadata(cp.schema("ADL SCORM"), cp.schemaversion(version)),
        cp.organizations(organization, default="course"),
        cp.resources(*resources),
    )


def _cmi5(pages: Sequence[HandmadePage]) -> etree._Element:
    cmi5 = ElementMaker(namespace=_CMI5, nsmap={None: _CMI5})

    def title(text: str) -> etree._Element:
        return cmi5.title(cmi5.langstring(text, lang="en"))

    units = []
    for page in pages:
        unit = cmi5.au(title(page.title), cmi5.url(page.path + page.parameters))
        unit.set("id", f"urn:x-handmade:{page.identifier}")
        unit.set("moveOn", "Passed" if page.mastery_score else "CompletedOrPassed")
        if page.mastery_score:
            unit.set("masteryScore", str(float(page.mastery_score) / 100))
        if page.launch_data:
            unit.append(cmi5.launchParameters(page.launch_data))
        units.append(unit)
    return cmi5.courseStructure(
        cmi5.course(title(TITLE), id="urn:x-handmade"),
        cmi5.block(title(MODULE), *units, id="urn:x-handmade:module"),
    )

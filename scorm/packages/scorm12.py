"""Write a course as a SCORM 1.2 package with many SCOs.

Sources: the Content Packaging section of SCORM 1.2's Content Aggregation Model, and the schemas
themselves; what players demand beyond them is in :mod:`scorm.limits` and :mod:`scorm.validate`.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from lxml import etree

from scorm import limits, schemas, validate
from scorm.archive import Content, write_zip
from scorm.errors import CourseError, PackageError
from scorm.model import Course, Item, PageKind, Sco
from scorm.packages import PackageReport
from scorm.packages.content import collect
from scorm.packages.xml import Element, Vocabulary

FORMAT = "SCORM 1.2"
MANIFEST = "imsmanifest.xml"

# Moodle reads these prefixes as text, so they are not ours to choose.
_PREFIXES = {
    None: schemas.IMSCP,
    "imsmd": schemas.IMSMD,
    "adlcp": schemas.ADLCP,
    "xsi": schemas.XSI,
    "xml": schemas.XML,
}
_cp = Vocabulary(schemas.IMSCP, _PREFIXES)
_md = Vocabulary(schemas.IMSMD, _PREFIXES)
_adl = Vocabulary(schemas.ADLCP, _PREFIXES)

# Added to identifiers of the model, which have no underscore before a word (see identifier_of).
_MANIFEST_ID = "_manifest"
_ORGANIZATION_ID = "_organization"
_ROOT_ID = "_root"
_ASSETS_ID = "_assets"
_RESOURCE_ID = "_resource"


def write(course: Course, build: Path, destination: Path) -> PackageReport:
    """Write ``destination`` (a ``.zip``) from the trees below ``build``, and check it.

    Equal input gives equal bytes. Raises :exc:`CourseError` with every fault of the course and
    its files, :exc:`SetupError` without the schemas, and :exc:`PackageError` when the package
    fails its own check; whatever is raised, an older package at ``destination`` stays.
    """
    definitions = schemas.scorm12_files()
    faults = limits.course_faults(course)
    try:
        files = collect(course, build, taken={MANIFEST, *definitions})
    except CourseError as error:
        faults += error.faults
    if faults:
        raise CourseError(faults)
    entries: dict[str, Content] = {
        **files,
        **definitions,
        MANIFEST: manifest(course, files),
    }
    report = write_zip(destination, entries, verify=partial(_verify, destination))
    scos = sum(1 for _ in course.scos())
    return PackageReport(destination, FORMAT, scos, report.files, report.size, report.warnings)


def manifest(course: Course, files: Collection[str]) -> bytes:
    """``imsmanifest.xml`` of a course whose content is ``files`` (paths in the package)."""
    located = (schemas.IMSCP, schemas.IMSMD, schemas.ADLCP)
    root = _cp(
        "manifest",
        _metadata(course),
        _organizations(course),
        _resources(course, files),
        identifier=course.identifier + _MANIFEST_ID,
        version="1.0",
        xsi__schemaLocation=" ".join(f"{name} {schemas.SCORM12[name]}" for name in located),
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _verify(destination: Path, written: Path) -> None:
    faults = validate.check(written)
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise PackageError(
            f"{destination.name} does not pass its own check and was not written; "
            f"please report this with the lines below\n{listed}"
        )


def _metadata(course: Course) -> Element:
    general = _md("general", _said("title", course, course.title))
    general.append(_md("language", text=course.language))
    if course.description:
        general.append(_said("description", course, course.description))
    lom = _md("lom", general, _md("lifecycle", _said("version", course, course.version)))
    minutes = sum(sco.duration for sco in course.scos())
    if minutes:
        time = _md("datetime", text=f"PT{minutes // 60}H{minutes % 60}M")
        lom.append(_md("educational", _md("typicallearningtime", time)))
    return _cp("metadata", _cp("schema", text="ADL SCORM"), _cp("schemaversion", text="1.2"), lom)


def _said(name: str, course: Course, text: str) -> Element:
    return _md(name, _md("langstring", text=text, xml__lang=course.language))


def _organizations(course: Course) -> Element:
    """One organization, whose only root item launches nothing.

    With several items at the top, or one that launches, Moodle's navigation breaks.
    """
    identifier = course.identifier + _ORGANIZATION_ID
    title = limits.shown_title(course.title)
    root = _cp(
        "item",
        _cp("title", text=title),
        *(_item(course, module) for module in course.modules),
        identifier=course.identifier + _ROOT_ID,
        isvisible="true",
    )
    organization = _cp("organization", _cp("title", text=title), root, identifier=identifier)
    return _cp("organizations", organization, default=identifier)


def _item(course: Course, item: Item) -> Element:
    element = _cp("item", identifier=limits.item_identifier(item), isvisible="true")
    element.append(_cp("title", text=limits.shown_title(item.title)))
    element.extend(_item(course, below) for below in item.items)
    if item.sco:
        element.set("identifierref", item.sco.identifier + _RESOURCE_ID)
        # A page reads this at its start, to know whether it runs in its own SCO's frame or was
        # reached by a link from another one.
        element.append(_adl("datafromlms", text=item.sco.identifier))
        if item.sco.kind is PageKind.QUIZ and item.sco.questions:
            element.append(_adl("masteryscore", text=str(course.mastery_score)))
    return element


def _resources(course: Course, files: Collection[str]) -> Element:
    """The SCOs in reading order, then everything else once: Open edX launches the first."""
    scos = list(course.scos())
    assets = course.identifier + _ASSETS_ID
    shared = _cp(
        "resource",
        *(_cp("file", href=name) for name in sorted({*files} - {sco.href for sco in scos})),
        identifier=assets,
        type="webcontent",
        adlcp__scormtype="asset",
    )
    return _cp("resources", *(_sco_resource(sco, assets) for sco in scos), shared)


def _sco_resource(sco: Sco, assets: str) -> Element:
    return _cp(
        "resource",
        _cp("file", href=sco.href),
        _cp("dependency", identifierref=assets),
        identifier=sco.identifier + _RESOURCE_ID,
        type="webcontent",
        adlcp__scormtype="sco",
        href=sco.href,
    )

"""Tell what a manifest is: which edition of SCORM, or why none."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from scorm.errors import Fault
from scorm.standards.editions import FOURTH, SCORM12, SECOND, THIRD, Edition
from scorm.standards.manifest import edition_of, namespaces_of, text_of
from scorm.standards.names import ADLCP, ADLCP_2004, IMSCP, IMSCP_2004
from scorm.validate.package import at


@dataclass(frozen=True)
class Recognised:
    """What a manifest is: an edition to check it by, or the faults that say why there is none.

    ``format`` is a name for people; ``""`` where nothing is known.
    """

    format: str
    edition: Edition | None
    faults: tuple[Fault, ...] = ()


def recognise(root: etree._Element) -> Recognised:
    """Tell the edition of an ``imsmanifest.xml`` by its namespaces and its schemaversion."""
    name = etree.QName(root)
    namespace = name.namespace or ""
    if name.localname != "manifest":
        message = f"the root element is <{name.localname}>; a manifest begins with <manifest>"
        return Recognised("", None, (at(root, "not-a-manifest", message),))
    if "imscc" in namespace or "commoncartridge" in namespace.lower():
        message = (
            "this is a Common Cartridge, which reports no results to an LMS as SCORM does; export "
            "the course as SCORM 1.2, SCORM 2004 or cmi5 to have it checked here"
        )
        fault = at(root, "format-unsupported", message)
        return Recognised("IMS Common Cartridge", None, (fault,))
    if not namespace:
        message = (
            "the manifest has no namespace, so that it belongs to no edition; write "
            f'xmlns="{IMSCP}" for SCORM 1.2 or xmlns="{IMSCP_2004}" for SCORM 2004'
        )
        return Recognised("", None, (at(root, "namespace-missing", message),))
    edition = _by_version(root) if namespace == IMSCP_2004 else SCORM12
    if namespace != edition.imscp:
        message = (
            f"the manifest has the namespace {namespace!r}, which no edition of SCORM has; "
            f"SCORM 1.2 has {IMSCP!r}, SCORM 2004 has {IMSCP_2004!r}"
        )
        return Recognised("", None, (at(root, "edition-unknown", message),))
    used = namespaces_of(root)
    if other := used.keys() & ({ADLCP, ADLCP_2004} - {edition.adlcp}):
        message = (
            f"the manifest mixes two editions: it has the namespace {namespace!r} and uses "
            f"{other.pop()!r}, where this edition has {edition.adlcp!r}; write all of one edition"
        )
        return Recognised(edition.name, None, (at(root, "edition", message),))
    if edition.adlcp not in used and text_of(next(root.iter("{*}schema"), None)) != "ADL SCORM":
        message = (
            "this is an IMS content package without anything of SCORM in it, so that no LMS takes "
            "it for a SCORM package; export the course as SCORM 1.2, SCORM 2004 or cmi5"
        )
        fault = at(root, "format-unsupported", message)
        return Recognised("IMS Content Package", None, (fault,))
    return Recognised(edition.name, edition)


def _by_version(root: etree._Element) -> Edition:
    """The edition of 2004 that the manifest names, or comes nearest to naming."""
    if known := edition_of(root):
        return known
    version = text_of(next(root.iter(f"{{{IMSCP_2004}}}schemaversion"), None))
    for edition, number in ((THIRD, "3rd"), (SECOND, "2nd")):
        if number in version.lower():
            return edition
    return FOURTH

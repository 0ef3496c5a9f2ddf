"""The editions of SCORM: where their manifests differ, so that each shared rule is written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from lxml import etree

from scorm import limits, schemas
from scorm.errors import Fault
from scorm.validate.package import at, namespaces_of, text_of

#: Characters of ``adlcp:dataFromLMS`` that every LMS keeps (SCORM 2004 RTE, cmi.launch_data).
_DATA_FROM_LMS = 4000


@dataclass(frozen=True)
class Edition:
    """What a manifest of one edition is made of.

    ``versions`` are the accepted texts of ``<schemaversion>``, the one to write first;
    ``schemas`` maps each namespace of the edition to the schema at the package's root, and
    ``always`` names those that every manifest needs; ``prefixes`` are the ones that Moodle reads
    as text.
    """

    name: str
    versions: tuple[str, ...]
    imscp: str
    adlcp: str
    scorm_type: str
    launch_data: str
    launch_data_length: int
    prefixes: Mapping[str, str | None]
    schemas: Mapping[str, str]
    always: frozenset[str]
    schema: Callable[[], etree.XMLSchema]

    @property
    def is_2004(self) -> bool:
        """Does the manifest use the namespaces of SCORM 2004?"""
        return self.imscp == schemas.IMSCP_2004


SCORM12 = Edition(
    name="SCORM 1.2",
    versions=("1.2",),
    imscp=schemas.IMSCP,
    adlcp=schemas.ADLCP,
    scorm_type="scormtype",
    launch_data="datafromlms",
    launch_data_length=limits.DATA_FROM_LMS,
    prefixes={schemas.IMSCP: None, schemas.ADLCP: "adlcp"},
    schemas=schemas.SCORM12,
    always=frozenset((schemas.IMSCP, schemas.ADLCP, schemas.XML)),
    schema=schemas.scorm12_schema,
)


def _scorm2004(edition: str, versions: tuple[str, ...], published: schemas.Edition) -> Edition:
    return Edition(
        name=f"SCORM 2004 {edition} Edition",
        versions=versions,
        imscp=schemas.IMSCP_2004,
        adlcp=schemas.ADLCP_2004,
        scorm_type="scormType",
        launch_data="dataFromLMS",
        launch_data_length=_DATA_FROM_LMS,
        prefixes={
            schemas.IMSCP_2004: None,
            schemas.ADLCP_2004: "adlcp",
            schemas.ADLSEQ: "adlseq",
            schemas.ADLNAV: "adlnav",
            schemas.IMSSS: "imsss",
        },
        schemas=schemas.SCORM2004,
        always=frozenset((schemas.IMSCP_2004, schemas.ADLCP_2004)),
        schema=partial(schemas.scorm2004_schema, published),
    )


#: The second edition has the third's namespaces and elements, and no schemas of its own on npm.
SECOND = _scorm2004("2nd", ("CAM 1.3", "1.3"), "3rd")
THIRD = _scorm2004("3rd", ("2004 3rd Edition",), "3rd")
FOURTH = _scorm2004("4th", ("2004 4th Edition",), "4th")
_2004 = (FOURTH, THIRD, SECOND)


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
            f'xmlns="{schemas.IMSCP}" for SCORM 1.2 or xmlns="{schemas.IMSCP_2004}" for SCORM 2004'
        )
        return Recognised("", None, (at(root, "namespace-missing", message),))
    edition = _by_version(root) if namespace == schemas.IMSCP_2004 else SCORM12
    if namespace != edition.imscp:
        message = (
            f"the manifest has the namespace {namespace!r}, which no edition of SCORM has; "
            f"SCORM 1.2 has {schemas.IMSCP!r}, SCORM 2004 has {schemas.IMSCP_2004!r}"
        )
        return Recognised("", None, (at(root, "edition-unknown", message),))
    used = namespaces_of(root)
    if other := used.keys() & ({schemas.ADLCP, schemas.ADLCP_2004} - {edition.adlcp}):
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
    version = text_of(next(root.iter(f"{{{schemas.IMSCP_2004}}}schemaversion"), None))
    for edition in _2004:
        if version in edition.versions:
            return edition
    for edition, number in ((THIRD, "3rd"), (SECOND, "2nd")):
        if number in version.lower():
            return edition
    return FOURTH

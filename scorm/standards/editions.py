"""The standards and their editions: where their manifests differ, said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scorm.standards import limits
from scorm.standards.names import (
    ADLCP,
    ADLCP_2004,
    ADLNAV,
    ADLSEQ,
    IMSCP,
    IMSCP_2004,
    IMSMD,
    IMSSS,
    XML,
)


class Standard(StrEnum):
    """The language that a package's pages speak with the LMS."""

    SCORM12 = "scorm12"
    SCORM2004 = "scorm2004"
    CMI5 = "cmi5"


@dataclass(frozen=True)
class Edition:
    """What a manifest of one edition of SCORM is made of.

    ``versions`` are the accepted texts of ``<schemaversion>``, the one to write first;
    ``prefixes`` are the ones that Moodle reads as text; ``schemas`` maps each namespace of the
    edition to the schema at the package's root, ``included`` are files that those need beside
    them, and ``always`` names the namespaces that every manifest needs. ``published`` says where
    :mod:`scorm.standards.schemas` finds them.
    """

    name: str
    standard: Standard
    versions: tuple[str, ...]
    imscp: str
    adlcp: str
    scorm_type: str
    launch_data: str
    launch_data_length: int
    prefixes: Mapping[str, str | None]
    schemas: Mapping[str, str]
    included: tuple[str, ...]
    always: frozenset[str]
    published: str


SCORM12 = Edition(
    name="SCORM 1.2",
    standard=Standard.SCORM12,
    versions=("1.2",),
    imscp=IMSCP,
    adlcp=ADLCP,
    scorm_type="scormtype",
    launch_data="datafromlms",
    launch_data_length=limits.DATA_FROM_LMS,
    prefixes={IMSCP: None, ADLCP: "adlcp"},
    schemas={
        IMSCP: "imscp_rootv1p1p2.xsd",
        IMSMD: "imsmd_rootv1p2p1.xsd",
        ADLCP: "adlcp_rootv1p2.xsd",
        XML: "ims_xml.xsd",
    },
    included=(),
    always=frozenset((IMSCP, ADLCP, XML)),
    published="scorm12",
)


def _scorm2004(ordinal: str, versions: tuple[str, ...], published: str) -> Edition:
    return Edition(
        name=f"SCORM 2004 {ordinal} Edition",
        standard=Standard.SCORM2004,
        versions=versions,
        imscp=IMSCP_2004,
        adlcp=ADLCP_2004,
        scorm_type="scormType",
        launch_data="dataFromLMS",
        launch_data_length=limits.DATA_FROM_LMS_2004,
        prefixes={
            IMSCP_2004: None,
            ADLCP_2004: "adlcp",
            ADLSEQ: "adlseq",
            ADLNAV: "adlnav",
            IMSSS: "imsss",
        },
        schemas={
            IMSCP_2004: "imscp_v1p1.xsd",
            ADLCP_2004: "adlcp_v1p3.xsd",
            ADLSEQ: "adlseq_v1p3.xsd",
            ADLNAV: "adlnav_v1p3.xsd",
            IMSSS: "imsss_v1p0.xsd",
        },
        included=(
            "imsss_v1p0auxresource.xsd",
            "imsss_v1p0control.xsd",
            "imsss_v1p0delivery.xsd",
            "imsss_v1p0limit.xsd",
            "imsss_v1p0objective.xsd",
            "imsss_v1p0random.xsd",
            "imsss_v1p0rollup.xsd",
            "imsss_v1p0seqrule.xsd",
            "imsss_v1p0util.xsd",
            "xml.xsd",
            "XMLSchema.dtd",
            "datatypes.dtd",
        ),
        always=frozenset((IMSCP_2004, ADLCP_2004)),
        published=published,
    )


#: The second edition has the third's namespaces and elements, and no schemas of its own on npm.
SECOND = _scorm2004("2nd", ("CAM 1.3", "1.3"), "scorm20043rd")
THIRD = _scorm2004("3rd", ("2004 3rd Edition",), "scorm20043rd")
FOURTH = _scorm2004("4th", ("2004 4th Edition",), "scorm20044th")

#: All of them; of SCORM 2004 the newest first.
EDITIONS = (SCORM12, FOURTH, THIRD, SECOND)

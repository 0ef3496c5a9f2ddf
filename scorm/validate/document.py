"""The manifest as a document: well-formed, valid by the schemas, and spelled as players read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from scorm import limits
from scorm.errors import Fault
from scorm.schemas import ADLCP, IMSCP, IMSMD, SCORM12, XML, XSI, scorm12_schema
from scorm.validate.package import CP, MANIFEST, Package, Rule, at, text_of

_PREFIXES = {IMSCP: None, ADLCP: "adlcp"}
_MESSAGE_LENGTH = 300


def parse(manifest: bytes) -> tuple[etree._Element | None, list[Fault]]:
    """The root element, or why there is none. Expands no entity and fetches nothing."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(manifest, parser)
    except etree.XMLSyntaxError as error:
        message = f"the XML is not well-formed: {_tidy(error.msg or 'it is empty')}"
        return None, [Fault(MANIFEST, error.lineno, message, "not-well-formed")]
    if root.getroottree().docinfo.internalDTD is not None:
        message = "a DOCTYPE, which can hide entities; remove it, SCORM uses schemas instead"
        return None, [Fault(MANIFEST, None, message, "doctype")]
    return root, []


def schema_faults(root: etree._Element) -> list[Fault]:
    """What the standard's schemas say about the manifest, with lines.

    Only our own schemas count: libxml2 leaves xsi:schemaLocation alone when it is given one.
    """
    schema = scorm12_schema()
    schema.validate(root)
    log: Any = schema.error_log
    return [
        Fault(MANIFEST, entry.line, _tidy(entry.message), "schema")
        for entry in log
        # Said better by the rules identifier-characters and identifier-duplicate.
        if "'xs:ID'" not in entry.message
    ]


def _tidy(message: str) -> str:
    """One line without namespaces, short enough to read."""
    line = " ".join(re.sub(r"\{[a-z]+:[^{}]*\}", "", message).split())
    return line if len(line) <= _MESSAGE_LENGTH else f"{line[:_MESSAGE_LENGTH]}…"


def _metadata(package: Package) -> Iterator[Fault]:
    metadata = package.root.find(f"{CP}metadata")
    for name, rule, wanted in (
        ("schema", "schema-name", "ADL SCORM"),
        ("schemaversion", "schemaversion", "1.2"),
    ):
        element = None if metadata is None else metadata.find(f"{CP}{name}")
        value = text_of(element)
        if value != wanted:
            place = next(e for e in (element, metadata, package.root) if e is not None)
            said = f"is {value!r}" if value else "is missing"
            yield at(place, rule, f"<{name}> {said}; write <{name}>{wanted}</{name}>")


def _prefixes(package: Package) -> Iterator[Fault]:
    """Moodle compares prefixes as text: a renamed one turns a SCO into an asset."""
    seen = set()
    for element in package.root.iter(etree.Element):
        for prefix, namespace in element.nsmap.items():
            wanted = _PREFIXES.get(namespace, prefix)
            if prefix != wanted and (prefix, namespace) not in seen:
                seen.add((prefix, namespace))
                instead = f"the prefix {wanted!r}" if wanted else "no prefix"
                message = (
                    f"the prefix {prefix or ''!r} for {namespace}; Moodle reads prefixes as "
                    f"text: use {instead}"
                )
                yield at(element, "prefix", message)


def _bases(package: Package) -> Iterator[Fault]:
    for element in package.root.iter(etree.Element):
        if f"{{{XML}}}base" in element.attrib:
            message = "xml:base, which players read differently; write full paths and remove it"
            yield at(element, "xml-base", message)


def _sub_manifests(package: Package) -> Iterator[Fault]:
    for element in package.root.iterfind(f".//{CP}manifest"):
        message = "a manifest inside the manifest; list its items and resources in the outer one"
        yield at(element, "sub-manifest", message)


def _identifiers(package: Package) -> Iterator[Fault]:
    elements = list(package.root.iter(f"{CP}*"))
    counts = Counter(element.get("identifier") for element in elements)
    for element in elements:
        identifier = element.get("identifier")
        if identifier is None:
            continue
        if not re.fullmatch(r"[^\W\d][\w.-]*", identifier):
            message = (
                f"the identifier {identifier!r} is no XML ID; begin with a letter or _ and go on "
                "with letters, digits, . _ and -"
            )
            yield at(element, "identifier-characters", message)
        if len(identifier) > limits.IDENTIFIER:
            message = (
                f"an identifier of {len(identifier)} characters; write at most "
                f"{limits.IDENTIFIER}, which is what Moodle keeps"
            )
            yield at(element, "identifier-length", message)
        if counts[identifier] > 1:
            message = (
                f"the identifier {identifier!r} is used {counts[identifier]} times; "
                "give each element its own"
            )
            yield at(element, "identifier-duplicate", message)


def _schema_files(package: Package) -> Iterator[Fault]:
    used = {etree.QName(element).namespace for element in package.root.iter(etree.Element)}
    needed = {IMSCP, ADLCP, XML} | ({IMSMD} & used)
    for namespace, name in SCORM12.items():
        if namespace in needed and name not in package.names:
            message = f"the schema is missing at the root of the zip; add {name}"
            yield Fault(name, None, message, "schema-missing")


def _schema_locations(package: Package) -> Iterator[Fault]:
    words = package.root.get(f"{{{XSI}}}schemaLocation", "").split()
    located = dict(zip(words[::2], words[1::2], strict=False))
    for namespace in (IMSCP, ADLCP):
        if located.get(namespace) not in package.names:
            message = (
                f"xsi:schemaLocation does not map {namespace} to a file of the package; "
                f"write '{namespace} {SCORM12[namespace]}'"
            )
            yield at(package.root, "schema-location", message)


RULES: tuple[Rule, ...] = (
    _metadata,
    _prefixes,
    _bases,
    _sub_manifests,
    _identifiers,
    _schema_files,
    _schema_locations,
)

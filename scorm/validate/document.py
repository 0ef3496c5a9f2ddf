"""The manifest as a document: well-formed, valid by the schemas, and spelled as players read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from scorm.errors import Fault
from scorm.standards import limits, schemas
from scorm.standards.manifest import text_of
from scorm.standards.names import MANIFEST, XML
from scorm.validate.package import Rule, ScormPackage, at

_MESSAGE_LENGTH = 300
#: Messages of the schemas that are left out, because a rule of ours finds the same and says it in
#: better words: of identifiers, of objectives without a primary one, of values and of lengths.
_SAID_BETTER = re.compile(
    r"'xs:ID'|\}primaryObjective \)"
    r"|(\}(minNormalizedMeasure|completionThreshold|scorm[tT]ype)'|'objectiveMeasureWeight')"
    r"(, attribute '\w+')?: (\[facet |.* is not a valid value of the )"
    r"|(\}(title|datafromlms|prerequisites)'|'(href|parameters)'): \[facet 'maxLength'\]"
)


def parse(manifest: bytes, path: str = MANIFEST) -> tuple[etree._Element | None, list[Fault]]:
    """The root element, or why there is none. Expands no entity and fetches nothing.

    ``path`` is the name under which faults are reported.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False
    )
    try:
        root = etree.fromstring(manifest, parser)
    except etree.XMLSyntaxError as error:
        message = f"the XML is not well-formed: {_tidy(error.msg or 'it is empty')}"
        return None, [Fault(path, error.lineno, message, "not-well-formed")]
    if root.getroottree().docinfo.internalDTD is not None:
        message = "a DOCTYPE, which can hide entities; remove it, packages use schemas instead"
        return None, [Fault(path, None, message, "doctype")]
    return root, []


def _schema(package: ScormPackage) -> Iterator[Fault]:
    """What the standard's schemas say about the manifest, with lines.

    Only our own schemas count: libxml2 leaves xsi:schemaLocation alone when it is given one.
    """
    schema = schemas.schema(package.edition)
    schema.validate(package.root)
    log: Any = schema.error_log
    for entry in log:
        if not _SAID_BETTER.search(entry.message):
            yield Fault(MANIFEST, entry.line, _tidy(entry.message), "schema")


def _tidy(message: str) -> str:
    """One line without namespaces, short enough to read."""
    line = " ".join(re.sub(r"\{[a-z]+:[^{}]*\}", "", message).split())
    return line if len(line) <= _MESSAGE_LENGTH else f"{line[:_MESSAGE_LENGTH]}…"


def _metadata(package: ScormPackage) -> Iterator[Fault]:
    metadata = package.root.find(f"{package.cp}metadata")
    for name, rule, accepted in (
        ("schema", "schema-name", ("ADL SCORM",)),
        ("schemaversion", "schemaversion", package.edition.versions),
    ):
        element = None if metadata is None else metadata.find(f"{package.cp}{name}")
        value = text_of(element)
        if value not in accepted:
            place = next(e for e in (element, metadata, package.root) if e is not None)
            said = f"is {value!r}" if value else "is missing"
            yield at(place, rule, f"<{name}> {said}; write <{name}>{accepted[0]}</{name}>")


def _prefixes(package: ScormPackage) -> Iterator[Fault]:
    """Moodle compares prefixes as text: a renamed one turns a SCO into an asset."""
    seen = set()
    for element in package.root.iter(etree.Element):
        for prefix, namespace in element.nsmap.items():
            wanted = package.edition.prefixes.get(namespace, prefix)
            if prefix != wanted and (prefix, namespace) not in seen:
                seen.add((prefix, namespace))
                instead = f"the prefix {wanted!r}" if wanted else "no prefix"
                message = (
                    f"the prefix {prefix or ''!r} for {namespace}; Moodle reads prefixes as "
                    f"text: use {instead}"
                )
                yield at(element, "prefix", message)


def _bases(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(etree.Element):
        if f"{{{XML}}}base" in element.attrib:
            message = "xml:base, which players read differently; write full paths and remove it"
            yield at(element, "xml-base", message)


def _sub_manifests(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iterfind(f".//{package.cp}manifest"):
        message = "a manifest inside the manifest; list its items and resources in the outer one"
        yield at(element, "sub-manifest", message)


def _identifiers(package: ScormPackage) -> Iterator[Fault]:
    elements = list(package.root.iter(f"{package.cp}*"))
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


RULES: tuple[Rule, ...] = (
    _schema,
    _metadata,
    _prefixes,
    _bases,
    _sub_manifests,
    _identifiers,
)

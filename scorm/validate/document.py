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
from scorm.standards.names import LOM, MANIFEST, XML
from scorm.validate.container import text_in
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

#: What a strict schema says of an element or attribute of a namespace that it does not know.
_UNDECLARED = re.compile(r"'\{([^{}]*)\}[^']*': No matching global \w+ declaration available")
#: A name without a colon, by the characters of Namespaces in XML 1.0 (3) and XML 1.0 (2.3).
_START = (
    r"A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(rf"[{_START}][{_START}\-.0-9\xb7\u0300-\u036f\u203f\u2040]*")


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
    if _declares_entities(root, manifest):
        message = "a DOCTYPE that declares entities; remove it, and write the characters themselves"
        return None, [Fault(path, None, message, "doctype")]
    return root, []


def _declares_entities(root: etree._Element, document: bytes) -> bool:
    """Could an entity bring in a file of this machine, or grow without end?

    A DOCTYPE that only names the root element is plain XML. The parser lists the entities that a
    document can use, and leaves out those that a DOCTYPE itself uses.
    """
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is None:
        return False
    return any(dtd.iterentities()) or "<!ENTITY" in text_in(document)


def _schema(package: ScormPackage) -> Iterator[Fault]:
    """What the standard's schemas say about the manifest, with lines.

    Only our own schemas count: libxml2 leaves xsi:schemaLocation alone when it is given one.
    """
    known = {*package.edition.schemas, XML}
    for message, line in _errors(schemas.schema(package.edition), package.root):
        undeclared = _UNDECLARED.search(message)
        # A schema in the package may declare it; definitions.py asks for one.
        if undeclared and undeclared[1] not in known:
            continue
        if not _SAID_BETTER.search(message):
            yield Fault(MANIFEST, line, _tidy(message), "schema")
    for lom in package.root.iter(f"{{{LOM}}}lom"):
        for message, line in _errors(schemas.lom_schema(), lom):
            yield Fault(MANIFEST, line, _tidy(message), "schema")


def _errors(schema: etree.XMLSchema, element: etree._Element) -> list[tuple[str, int]]:
    """What the schema says against the element, each with its line."""
    schema.validate(element)
    log: Any = schema.error_log
    return [(entry.message, entry.line) for entry in log]


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
            base = element.get(f"{{{XML}}}base", "")
            if base.startswith("/") or "\\" in base or not base.endswith("/"):
                message = (
                    f"xml:base={base!r}; write the path of a folder that ends with / and does not "
                    "begin with it"
                )
                yield at(element, "xml-base-form", message)


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
        if not _NAME.fullmatch(identifier):
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

"""The schemas in the package: every namespace of the manifest has its definition at the root."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from scorm.errors import Fault
from scorm.standards.names import XML, XSI
from scorm.validate.package import Rule, ScormPackage, at


def _used(package: ScormPackage) -> dict[str, etree._Element]:
    """The namespaces that need a schema, each with the first element that uses it."""
    found = package.namespaces
    return {name: element for name, element in found.items() if name not in (XML, XSI)}


def _located(package: ScormPackage) -> dict[str, str]:
    words = package.root.get(f"{{{XSI}}}schemaLocation", "").split()
    return dict(zip(words[::2], words[1::2], strict=False))


def _files(package: ScormPackage) -> Iterator[Fault]:
    edition = package.edition
    needed = edition.always | _used(package).keys()
    missing = {
        name
        for namespace, name in edition.schemas.items()
        if namespace in needed and name not in package.names
    }
    for name in sorted(missing):
        message = f"the schema is missing at the root of the zip; add {name}"
        yield Fault(name, None, message, "schema-missing")
    for importing, imported in sorted(package.imports.items()):
        for name in sorted({*imported} - package.names - missing):
            message = (
                f"{importing} takes in {name}, which is not in the zip; add it, or the manifest "
                "cannot be validated"
            )
            yield Fault(name, None, message, "schema-part-missing")


def _locations(package: ScormPackage) -> Iterator[Fault]:
    located = _located(package)
    known = package.edition.schemas
    for namespace in sorted({package.edition.imscp, package.edition.adlcp} | _used(package).keys()):
        file = located.get(namespace)
        if file in package.names:
            continue
        if namespace in known:
            message = (
                f"xsi:schemaLocation does not map {namespace} to a file of the package; "
                f"write '{namespace} {known[namespace]}'"
            )
            yield at(package.root, "schema-location", message)
        else:
            said = "does not map" if file is None else f"maps to {file!r}, not in the zip,"
            message = (
                f"xsi:schemaLocation {said} the namespace {namespace}; add its schema to the root "
                "of the zip and to xsi:schemaLocation, or leave out what uses it"
            )
            yield at(_used(package)[namespace], "namespace-undefined", message)


RULES: tuple[Rule, ...] = (_files, _locations)

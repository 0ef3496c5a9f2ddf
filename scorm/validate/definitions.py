"""The schemas in the package: every namespace of the manifest has its definition at the root."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from scorm.errors import Fault
from scorm.standards.manifest import namespaces_of, text_of
from scorm.standards.names import LOM, XML, XSI
from scorm.validate import document
from scorm.validate.package import Rule, ScormPackage, at


def _used(found: dict[str, etree._Element]) -> dict[str, etree._Element]:
    """Those of the namespaces that need a schema, each with the first element that uses it."""
    return {name: element for name, element in found.items() if name not in (XML, XSI)}


def _located(root: etree._Element) -> dict[str, str]:
    words = root.get(f"{{{XSI}}}schemaLocation", "").split()
    return dict(zip(words[::2], words[1::2], strict=False))


def _files(package: ScormPackage) -> Iterator[Fault]:
    edition = package.edition
    needed = edition.always | _used(package.namespaces).keys()
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
    located, used = _located(package.root), _used(package.namespaces)
    known = package.edition.schemas
    for namespace in sorted({package.edition.imscp, package.edition.adlcp} | used.keys()):
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
            yield at(used[namespace], "namespace-undefined", message)


def metadata_files(package: ScormPackage) -> Iterator[Fault]:
    """Whether each file of metadata maps its namespaces to schemas in the package itself.

    The mapping in the manifest is not for it: SCORM 2004 treats the file as a document of its own,
    and so does ADL's validator.
    """
    places = {text_of(element) for element in package.root.iter(f"{package.adl}location")}
    for path in sorted(places & package.named.keys()):
        root, faults = document.parse(package.named[path], path)
        yield from faults
        if root is not None:
            yield from _metadata(package, path, root)


def _metadata(package: ScormPackage, path: str, root: etree._Element) -> Iterator[Fault]:
    located, folder = _located(root), posixpath.dirname(path)
    for namespace, element in _used(namespaces_of(root)).items():
        file = located.get(namespace)
        if file is not None and posixpath.normpath(posixpath.join(folder, file)) in package.names:
            continue
        said = "does not map" if file is None else f"maps to {file!r}, not in the zip,"
        instead = f"'{LOM} lom.xsd'" if namespace == LOM else f"'{namespace} …'"
        message = (
            f"xsi:schemaLocation {said} the namespace {namespace}, so that ADL's validator fails "
            f"the package; add the schema, and write {instead}, or remove the metadata"
        )
        yield at(element, "metadata-schema", message, path)


RULES: tuple[Rule, ...] = (_files, _locations)

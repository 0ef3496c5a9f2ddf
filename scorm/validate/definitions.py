"""The schemas in the package: every namespace of the manifest has its definition at the root."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from lxml import etree

from scorm.errors import Fault
from scorm.standards.hrefs import path_of
from scorm.standards.manifest import namespaces_of
from scorm.standards.names import LOM, XML, XSI
from scorm.validate import document
from scorm.validate.package import Rule, ScormPackage, at

_LOCATION = f"{{{XSI}}}schemaLocation"


def _used(found: dict[str, etree._Element]) -> dict[str, etree._Element]:
    """Those of the namespaces that need a schema, each with the first element that uses it."""
    return {name: element for name, element in found.items() if name not in (XML, XSI)}


def _located(
    root: etree._Element, names: Collection[str], folder: str = ""
) -> dict[str, tuple[str, str]]:
    """What each namespace is mapped to: as it is written, and the path in the zip.

    Any element may carry the mapping (XML Schema 1, 2.6.3), as metadata in a manifest often do. Of
    two for one namespace the one counts that leads to a file.
    """
    found: dict[str, tuple[str, str]] = {}
    for element in root.iter(etree.Element):
        words = element.get(_LOCATION, "").split()
        for namespace, said in zip(words[::2], words[1::2], strict=False):
            path = posixpath.normpath(posixpath.join(folder, path_of(said)))
            if namespace not in found or path in names:
                found[namespace] = (said, path)
    return found


def _needed(package: ScormPackage) -> dict[str, str]:
    """The schema of each namespace of the edition that the manifest must have."""
    needed = package.edition.always | _used(package.namespaces).keys()
    return {space: name for space, name in package.edition.schemas.items() if space in needed}


def _schemas_in_use(package: ScormPackage) -> set[str]:
    """The schemas that the manifest refers to, and those that they take in.

    Others may lie in the zip and be anything: nothing looks at them.
    """
    located = _located(package.root, package.names)
    waiting = [*_needed(package).values()]
    waiting += [located[space][1] for space in _used(package.namespaces) if space in located]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += package.imports.get(name, ())
    return found


def _files(package: ScormPackage) -> Iterator[Fault]:
    missing = set(_needed(package).values()) - package.names
    for name in sorted(missing):
        message = f"the schema is missing at the root of the zip; add {name}"
        yield Fault(name, None, message, "schema-missing")
    in_use = _schemas_in_use(package)
    for name in sorted(in_use & package.broken):
        message = "this is not the schema that its name says; put the published file there"
        yield Fault(name, None, message, "schema-broken")
    for importing in sorted(in_use & package.imports.keys()):
        for name in sorted({*package.imports[importing]} - package.names - missing):
            message = (
                f"{importing} takes in {name}, which is not in the zip; add it, or the manifest "
                "cannot be validated"
            )
            yield Fault(name, None, message, "schema-part-missing")


def _locations(package: ScormPackage) -> Iterator[Fault]:
    located, used = _located(package.root, package.names), _used(package.namespaces)
    known = package.edition.schemas
    for namespace in sorted({package.edition.imscp, package.edition.adlcp} | used.keys()):
        said, path = located.get(namespace, (None, ""))
        if path in package.names:
            continue
        if namespace in known:
            message = (
                f"xsi:schemaLocation does not map {namespace} to a file of the package; "
                f"write '{namespace} {known[namespace]}'"
            )
            yield at(package.root, "schema-location", message)
        else:
            state = "does not map" if said is None else f"maps to {said!r}, not in the zip,"
            message = (
                f"xsi:schemaLocation {state} the namespace {namespace}; add its schema to the root "
                "of the zip and to xsi:schemaLocation, or leave out what uses it"
            )
            yield at(used[namespace], "namespace-undefined", message)


def metadata_files(package: ScormPackage) -> Iterator[Fault]:
    """Whether each file of metadata maps its namespaces to schemas in the package itself.

    The mapping in the manifest is not for it: SCORM 2004 treats the file as a document of its own,
    and so does ADL's validator.
    """
    places = set(map(package.metadata_path_of, package.metadata_locations()))
    for path in sorted(places & package.named.keys()):
        root, faults = document.parse(package.named[path], path)
        yield from faults
        if root is not None:
            yield from _metadata(package, path, root)


def _metadata(package: ScormPackage, path: str, root: etree._Element) -> Iterator[Fault]:
    located = _located(root, package.names, posixpath.dirname(path))
    for namespace, element in _used(namespaces_of(root)).items():
        said, file = located.get(namespace, (None, ""))
        if file in package.names:
            continue
        state = "does not map" if said is None else f"maps to {said!r}, not in the zip,"
        instead = f"'{LOM} lom.xsd'" if namespace == LOM else f"'{namespace} …'"
        message = (
            f"xsi:schemaLocation {state} the namespace {namespace}, so that ADL's validator fails "
            f"the package; add the schema, and write {instead}, or remove the metadata"
        )
        yield at(element, "metadata-schema", message, path)


RULES: tuple[Rule, ...] = (_files, _locations)

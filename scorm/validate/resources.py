"""The resources: what launches, which files belong to it, and whether the zip agrees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from scorm.errors import Fault
from scorm.standards import limits
from scorm.standards.hrefs import hint, is_local, problem
from scorm.standards.names import COURSE_STRUCTURE, MANIFEST
from scorm.validate.container import is_litter
from scorm.validate.package import Rule, ScormPackage, at, name_of

#: Files that describe the package and belong to no resource.
_CONTROL_SUFFIXES = frozenset((".xsd", ".dtd"))
_CONTROL_NAMES = frozenset((MANIFEST, COURSE_STRUCTURE))


def _presence(package: ScormPackage) -> Iterator[Fault]:
    if not package.resources():
        yield at(package.root, "no-resource", "there is no <resource>; add one for each SCO")


def _order(package: ScormPackage) -> Iterator[Fault]:
    for resource in package.resources()[:1]:
        if resource.get(package.scorm_type) == "asset" or not resource.get("href"):
            message = (
                f"the first resource, {name_of(resource)}, is no SCO with an href; Open edX "
                "launches the first one: put a SCO first"
            )
            yield at(resource, "first-resource", message)


def _types(package: ScormPackage) -> Iterator[Fault]:
    for resource in package.resources():
        if resource.get("type") != "webcontent":
            message = (
                f"the resource {name_of(resource)} has the type {resource.get('type')!r}; "
                'write type="webcontent"'
            )
            yield at(resource, "resource-type", message)
        yield from _scorm_type(package, resource)
        if resource.get(package.scorm_type) == "sco" and not resource.get("href"):
            message = f"the SCO {name_of(resource)} has nothing to launch; add href"
            yield at(resource, "sco-href", message)


def _scorm_type(package: ScormPackage, resource: etree._Element) -> Iterator[Fault]:
    spelling = package.edition.scorm_type
    value = resource.get(package.scorm_type)
    if value in ("sco", "asset"):
        return
    if value is not None:
        message = f'adlcp:{spelling}="{value}"; write "sco" or "asset", in small letters'
        yield at(resource, "scormtype-value", message)
        return
    names = [etree.QName(name).localname for name in resource.attrib]
    spelled = [name for name in names if name.lower() == "scormtype"]
    if spelled:
        message = f"the attribute {spelled[0]!r}; {package.edition.name} spells it adlcp:{spelling}"
        yield at(resource, "scormtype-spelling", message)
    else:
        message = (
            f"the resource {name_of(resource)} does not say what it is; add "
            f'adlcp:{spelling}="sco" or "asset"'
        )
        yield at(resource, "scormtype-missing", message)


def _hrefs(package: ScormPackage) -> Iterator[Fault]:
    for element in [*package.resources(), *package.files()]:
        if element.get("href") is None:
            continue
        href = package.address_of(element)
        if href.lower().startswith("file:"):
            message = f"the address {href!r} is of a disk; put the file into the package"
            yield at(element, "href-disk", message)
            continue
        if not is_local(href):
            message = (
                f"the external address {href!r}; an LMS lets only files of the package report: "
                "put the file into it"
            )
            yield at(element, "href-external", message)
            continue
        if len(href) > limits.HREF:
            message = f"an href of {len(href)} characters; write at most {limits.HREF}"
            yield at(element, "href-length", message)
        if found := problem(href, package.names):
            yield at(element, *found)


def _launch_files(package: ScormPackage) -> Iterator[Fault]:
    lists = _Lists(package)
    for resource in package.resources():
        if not resource.get("href") or not is_local(package.address_of(resource)):
            continue
        path = package.path_of(resource)
        if path not in package.names:
            message = f"the launch file {path!r} is not in the zip{hint(package.names, path)}"
            yield at(resource, "launch-missing", message)
        if not lists.has(resource, path):
            message = (
                f"the resource {name_of(resource)} launches {path!r}, which neither it nor a "
                f'resource that it depends on lists; add <file href="{path}"/>'
            )
            yield at(resource, "launch-unlisted", message)


class _Lists:
    """What each resource lists; read once, since many resources depend on the same."""

    def __init__(self, package: ScormPackage) -> None:
        self._package = package
        self._known = {other.get("identifier"): other for other in package.resources()}
        self._paths: dict[etree._Element, frozenset[str]] = {}

    def has(self, resource: etree._Element, path: str) -> bool:
        """Does the resource list the file, or one that it depends on, even in a ring?"""
        reached, waiting = {resource}, [resource]
        while waiting:
            found = waiting.pop()
            if path in self._listed_by(found):
                return True
            for dependency in found.iterfind(f"{self._package.cp}dependency"):
                other = self._known.get(dependency.get("identifierref"))
                if other is not None and other not in reached:
                    reached.add(other)
                    waiting.append(other)
        return False

    def _listed_by(self, resource: etree._Element) -> frozenset[str]:
        if resource not in self._paths:
            files = resource.iterfind(f"{self._package.cp}file")
            self._paths[resource] = frozenset(map(self._package.path_of, files))
        return self._paths[resource]


def _missing_files(package: ScormPackage) -> Iterator[Fault]:
    found = package.names | {package.path_of(resource) for resource in package.resources()}
    for file in package.files():
        path = package.path_of(file)
        if path not in found and is_local(package.address_of(file)):
            message = f"the file {path!r} is listed and not in the zip{hint(package.names, path)}"
            yield at(file, "file-missing", message)


def _unlisted_files(package: ScormPackage) -> Iterator[Fault]:
    for name in sorted(_unlisted(package)):
        message = "the file is in the zip and no resource lists it; add a <file>, or remove it"
        yield Fault(name, None, message, "file-unlisted")


def _unlisted(package: ScormPackage) -> frozenset[str]:
    """The files of the zip that belong to no resource and do not describe the package."""
    described = set(map(package.metadata_path_of, package.metadata_locations()))
    unlisted = package.names - _CONTROL_NAMES - described
    unlisted -= {package.path_of(file) for file in package.files()}
    return frozenset(
        name
        for name in unlisted
        if PurePosixPath(name).suffix.lower() not in _CONTROL_SUFFIXES and not is_litter(name)
    )


def _metadata_files(package: ScormPackage) -> Iterator[Fault]:
    for element in package.metadata_locations():
        path = package.metadata_path_of(element)
        if is_local(path) and path not in package.names:
            message = (
                f"adlcp:location names {path!r}, which is not in the zip{hint(package.names, path)}"
            )
            yield at(element, "metadata-missing", message)


def _dependencies(package: ScormPackage) -> Iterator[Fault]:
    known = {resource.get("identifier") for resource in package.resources()}
    for dependency in package.root.iter(f"{package.cp}dependency"):
        reference = dependency.get("identifierref")
        if reference not in known:
            message = (
                f"a dependency on {reference!r}, which is no resource; "
                "write the identifier of a resource"
            )
            yield at(dependency, "dependency-dangling", message)


def _scripts(package: ScormPackage) -> Iterator[Fault]:
    for name in sorted(package.names):
        if name.lower().endswith(".mjs"):
            message = "Moodle serves .mjs so that browsers refuse it; rename the script to .js"
            yield Fault(name, None, message, "script-mjs")


RULES: tuple[Rule, ...] = (
    _presence,
    _types,
    _hrefs,
    _launch_files,
    _missing_files,
    _unlisted_files,
    _metadata_files,
    _dependencies,
    _order,
    _scripts,
)

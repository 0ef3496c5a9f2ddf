"""The resources: what launches, which files belong to it, and whether the zip agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from scorm import limits
from scorm.errors import Fault
from scorm.validate.package import ADL, CP, MANIFEST, Package, Rule, at, name_of

_SCORM_TYPE = f"{ADL}scormtype"
#: Files that describe the package and belong to no resource.
_CONTROL_SUFFIXES = frozenset((".xsd", ".dtd"))


def _order(package: Package) -> Iterator[Fault]:
    resources = package.resources()
    if not resources:
        yield at(package.root, "no-resource", "there is no <resource>; add one for each SCO")
    elif resources[0].get(_SCORM_TYPE) == "asset" or not resources[0].get("href"):
        message = (
            f"the first resource, {name_of(resources[0])}, is no SCO with an href; Open edX "
            "launches the first one: put a SCO first"
        )
        yield at(resources[0], "first-resource", message)


def _types(package: Package) -> Iterator[Fault]:
    for resource in package.resources():
        if resource.get("type") != "webcontent":
            message = (
                f"the resource {name_of(resource)} has the type {resource.get('type')!r}; "
                'write type="webcontent"'
            )
            yield at(resource, "resource-type", message)
        yield from _scorm_type(resource)
        if resource.get(_SCORM_TYPE) == "sco" and not resource.get("href"):
            message = f"the SCO {name_of(resource)} has nothing to launch; add href"
            yield at(resource, "sco-href", message)


def _scorm_type(resource: etree._Element) -> Iterator[Fault]:
    value = resource.get(_SCORM_TYPE)
    if value in ("sco", "asset"):
        return
    if value is not None:
        message = f'adlcp:scormtype="{value}"; write "sco" or "asset", in small letters'
        yield at(resource, "scormtype-value", message)
        return
    names = [etree.QName(name).localname for name in resource.attrib]
    spelled = [name for name in names if name.lower() == "scormtype"]
    if spelled:
        message = f"the attribute {spelled[0]!r}; SCORM 1.2 spells it adlcp:scormtype"
        yield at(resource, "scormtype-spelling", message)
    else:
        message = (
            f"the resource {name_of(resource)} does not say what it is; add "
            'adlcp:scormtype="sco" or "asset"'
        )
        yield at(resource, "scormtype-missing", message)


def _hrefs(package: Package) -> Iterator[Fault]:
    elements = [e for r in package.resources() for e in (r, *r.findall(f"{CP}file"))]
    for element in elements:
        href = element.get("href")
        if href is None:
            continue
        if not _is_local(href):
            message = (
                f"the external address {href!r}; an LMS lets only files of the package report: "
                "put the file into it"
            )
            yield at(element, "href-external", message)
            continue
        if len(href) > limits.HREF:
            message = f"an href of {len(href)} characters; write at most {limits.HREF}"
            yield at(element, "href-length", message)
        plain = _without_parameters(href)
        problem = limits.name_problem(plain)
        if " " in plain:
            message = f"a space in the href {href!r}; rename the file without spaces"
            yield at(element, "href-space", message)
        elif problem and problem[0] != "name-extension":  # said of the file itself
            rule, message = problem
            yield at(element, rule.replace("name-", "href-"), f"the href {href!r}: {message}")


def _launch_files(package: Package) -> Iterator[Fault]:
    for resource in package.resources():
        href = resource.get("href")
        if not href or not _is_local(href):
            continue
        path = _path_of(href)
        if path not in package.names:
            message = f"the launch file {path!r} is not in the zip{_hint(package, path)}"
            yield at(resource, "launch-missing", message)
        if path not in [_path_of(file.get("href", "")) for file in resource.iter(f"{CP}file")]:
            message = (
                f"the resource {name_of(resource)} launches {path!r} without listing it; "
                f'add <file href="{path}"/>'
            )
            yield at(resource, "launch-unlisted", message)


def _files(package: Package) -> Iterator[Fault]:
    listed = set()
    for file in package.root.iterfind(f"{CP}resources/{CP}resource/{CP}file"):
        href = file.get("href", "")
        path = _path_of(href)
        listed.add(path)
        if path not in package.names and _is_local(href):
            message = f"the file {path!r} is listed and not in the zip{_hint(package, path)}"
            yield at(file, "file-missing", message)
    for name in sorted(package.names - listed - {MANIFEST}):
        if PurePosixPath(name).suffix.lower() not in _CONTROL_SUFFIXES:
            message = "the file is in the zip and no resource lists it; add a <file>, or remove it"
            yield Fault(name, None, message, "file-unlisted")


def _dependencies(package: Package) -> Iterator[Fault]:
    known = {resource.get("identifier") for resource in package.resources()}
    for dependency in package.root.iterfind(f"{CP}resources/{CP}resource/{CP}dependency"):
        reference = dependency.get("identifierref")
        if reference not in known:
            message = (
                f"a dependency on {reference!r}, which is no resource; "
                "write the identifier of a resource"
            )
            yield at(dependency, "dependency-dangling", message)


def _scripts(package: Package) -> Iterator[Fault]:
    for name in sorted(package.names):
        if name.lower().endswith(".mjs"):
            message = "Moodle serves .mjs so that browsers refuse it; rename the script to .js"
            yield Fault(name, None, message, "script-mjs")


def _without_parameters(href: str) -> str:
    return re.split(r"[?#]", href, maxsplit=1)[0]


def _path_of(href: str) -> str:
    """The file that an href means: without parameters, and with ``%20`` as a space."""
    return unquote(_without_parameters(href))


def _is_local(href: str) -> bool:
    """Does the href stay in the package? (One letter and a colon is a drive, not a scheme.)"""
    return not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//", href)


def _hint(package: Package, path: str) -> str:
    """What to do about a missing file: most often only the case differs."""
    for name in sorted(package.names):
        if name.lower() == path.lower():
            return f"; there is {name!r}: write it in the same case"
    return "; add the file, or correct the href"


RULES: tuple[Rule, ...] = (_order, _types, _hrefs, _launch_files, _files, _dependencies)
ADVICE: tuple[Rule, ...] = (_scripts,)

"""The organizations: what the student sees as the contents, and what each item launches."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from scorm.errors import Fault
from scorm.standards import limits
from scorm.standards.manifest import text_of
from scorm.validate.package import Rule, ScormPackage, at, name_of

#: Characters of an item's parameters (imscp_rootv1p1p2.xsd, parametersType; 2004: SPM).
_PARAMETERS = 1000


def _organizations(package: ScormPackage) -> Iterator[Fault]:
    holder = package.root.find(f"{package.cp}organizations")
    if holder is None:
        message = "there is no <organizations>; add one with an organization in it"
        yield at(package.root, "no-organization", message)
        return
    found = holder.findall(f"{package.cp}organization")
    if not found:
        message = "there is no <organization>; add one with the items of the course"
        yield at(holder, "no-organization", message)
    default = holder.get("default")
    if default is None and not found:
        return  # a package of resources (1.2 CAM 2.3; 2004 CAM 3.4)
    if default is None:
        message = '<organizations> names no default; write default="…" with an organization\'s '
        yield at(holder, "default-missing", message + "identifier")
    elif default not in [organization.get("identifier") for organization in found]:
        message = f"the default {default!r} is the identifier of no organization; correct it"
        yield at(holder, "default-dangling", message)
    for organization in found:
        if organization.find(f"{package.cp}title") is None:
            message = f"the organization {name_of(organization)} has no title; add <title>"
            yield at(organization, "organization-title", message)
        if organization.find(f"{package.cp}item") is None:
            message = f"the organization {name_of(organization)} has no item; add <item>"
            yield at(organization, "organization-empty", message)


def _titles(package: ScormPackage) -> Iterator[Fault]:
    for item in package.items():
        if item.find(f"{package.cp}title") is None:
            message = f"the item {name_of(item)} has no title; add <title>"
            yield at(item, "item-title", message)
    for title in package.root.iterfind(f"{package.cp}organizations//{package.cp}title"):
        text = text_of(title)
        if not text:
            message = "a title without text; write what students see in the list of contents"
            yield at(title, "title-blank", message)
        if len(text) > limits.TITLE:
            message = f"a title of {len(text)} characters; write at most {limits.TITLE}"
            yield at(title, "title-length", message)


def _markup(package: ScormPackage) -> Iterator[Fault]:
    for title in package.root.iterfind(f"{package.cp}organizations//{package.cp}title"):
        text = text_of(title)
        if "<" in text or ">" in text:
            message = f"< or > in the title {text!r}; some LMSs take it for HTML: leave it out"
            yield at(title, "title-markup", message)


def _cut_titles(package: ScormPackage) -> Iterator[Fault]:
    for title in package.root.iterfind(f"{package.cp}organizations//{package.cp}title"):
        text = text_of(title)
        if limits.cut_by_moodle(text) and b"<![CDATA[" not in etree.tostring(title):
            message = (
                f"Moodle loses a part of the title {text!r}: a 0, or a space, that stands alone "
                "before a character beyond ASCII or beside &; write the title as a CDATA section"
            )
            yield at(title, "title-cut", message)


def _visibility(package: ScormPackage) -> Iterator[Fault]:
    for item in package.items():
        if item.get("isvisible") != "true":
            message = (
                f'the item {name_of(item)} does not say isvisible="true"; add it, so that no LMS '
                "leaves it out of the contents"
            )
            yield at(item, "item-visible", message)


def _references(package: ScormPackage) -> Iterator[Fault]:
    resources = {resource.get("identifier"): resource for resource in package.resources()}
    inner = package.identifiers_within()
    for item in package.items():
        reference = item.get("identifierref")
        if not reference:
            if item.find(f"{package.cp}item") is None:
                message = (
                    f"the item {name_of(item)} launches nothing and holds no items; "
                    "add identifierref, or remove it"
                )
                yield at(item, "item-empty", message)
        elif reference in inner:
            continue
        elif reference not in resources:
            message = (
                f"the item {name_of(item)} refers to {reference!r}, which is no resource; "
                "write the identifier of a resource"
            )
            yield at(item, "item-reference", message)
        elif not resources[reference].get("href"):
            message = (
                f"the item {name_of(item)} launches {reference!r}, a resource without href; "
                "refer to a resource that has one"
            )
            yield at(item, "item-unlaunchable", message)


def _parameters(package: ScormPackage) -> Iterator[Fault]:
    for item in package.items():
        length = len(item.get("parameters", ""))
        if length > _PARAMETERS:
            message = f"parameters of {length} characters; write at most {_PARAMETERS}"
            yield at(item, "parameters-length", message)


def _launch_data(package: ScormPackage) -> Iterator[Fault]:
    name, most = package.edition.launch_data, package.edition.launch_data_length
    for element in package.root.iter(f"{package.adl}{name}"):
        length = len(element.text or "")
        if length > most:
            message = f"{name} has {length} characters; write at most {most}"
            yield at(element, "data-from-lms", message)


def _several_roots(package: ScormPackage) -> Iterator[Fault]:
    for organization in package.organizations():
        items = organization.findall(f"{package.cp}item")
        if len(items) > 1:
            message = (
                f"{len(items)} items at the top; Moodle's navigation works best with one root "
                "item that launches nothing: put them under it"
            )
            yield at(items[1], "several-roots", message)


def launching_headings(package: ScormPackage) -> Iterator[Fault]:
    """Items that launch and hold items: advice in SCORM 1.2, a fault in 2004 (CAM, <item>)."""
    for item in package.items():
        if item.get("identifierref") and item.find(f"{package.cp}item") is not None:
            message = (
                f"the item {name_of(item)} launches a page and holds items; some LMSs show only "
                "one of the two: make the page an item of its own below it"
            )
            yield at(item, "heading-launches", message)


RULES: tuple[Rule, ...] = (
    _organizations,
    _titles,
    _references,
    _parameters,
    _launch_data,
    _several_roots,
    _markup,
    _cut_titles,
    _visibility,
)

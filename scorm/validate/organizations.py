"""The organizations: what the student sees as the contents, and what each item launches."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scorm import limits
from scorm.errors import Fault
from scorm.validate.package import ADL, CP, Package, Rule, at, name_of, text_of

_SCORE = re.compile(r"\d+(\.\d+)?")


def _organizations(package: Package) -> Iterator[Fault]:
    holder = package.root.find(f"{CP}organizations")
    if holder is None:
        message = "there is no <organizations>; add one with an organization in it"
        yield at(package.root, "no-organization", message)
        return
    found = holder.findall(f"{CP}organization")
    if not found:
        message = "there is no <organization>; add one with the items of the course"
        yield at(holder, "no-organization", message)
    default = holder.get("default")
    if default is None:
        message = '<organizations> names no default; write default="…" with an organization\'s '
        yield at(holder, "default-missing", message + "identifier")
    elif default not in [organization.get("identifier") for organization in found]:
        message = f"the default {default!r} is the identifier of no organization; correct it"
        yield at(holder, "default-dangling", message)
    for organization in found:
        if not text_of(organization.find(f"{CP}title")):
            message = f"the organization {name_of(organization)} has no title; add <title>"
            yield at(organization, "organization-title", message)
        if organization.find(f"{CP}item") is None:
            message = f"the organization {name_of(organization)} has no item; add <item>"
            yield at(organization, "organization-empty", message)


def _titles(package: Package) -> Iterator[Fault]:
    for item in package.items():
        if not text_of(item.find(f"{CP}title")):
            message = f"the item {name_of(item)} has no title; add <title>"
            yield at(item, "item-title", message)
    for title in package.root.iterfind(f"{CP}organizations//{CP}title"):
        text = text_of(title)
        if len(text) > limits.TITLE:
            message = f"a title of {len(text)} characters; write at most {limits.TITLE}"
            yield at(title, "title-length", message)
        if "<" in text or ">" in text:
            message = f"< or > in the title {text!r}; some LMSs take it for HTML: leave it out"
            yield at(title, "title-markup", message)


def _visibility(package: Package) -> Iterator[Fault]:
    for item in package.items():
        if item.get("isvisible") != "true":
            message = f'the item {name_of(item)} does not say isvisible="true"; add it'
            yield at(item, "item-visible", message)


def _references(package: Package) -> Iterator[Fault]:
    resources = {resource.get("identifier"): resource for resource in package.resources()}
    for item in package.items():
        reference = item.get("identifierref")
        if not reference:
            if item.find(f"{CP}item") is None:
                message = (
                    f"the item {name_of(item)} launches nothing and holds no items; "
                    "add identifierref, or remove it"
                )
                yield at(item, "item-empty", message)
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


def _mastery_scores(package: Package) -> Iterator[Fault]:
    for element in package.root.iter(f"{ADL}masteryscore"):
        text = text_of(element)
        if not _SCORE.fullmatch(text) or float(text) > 100:
            message = f"the mastery score {text!r}; write a number of 0 to 100"
            yield at(element, "mastery-score", message)


def _launch_data(package: Package) -> Iterator[Fault]:
    for element in package.root.iter(f"{ADL}datafromlms"):
        length = len(element.text or "")
        if length > limits.DATA_FROM_LMS:
            message = f"datafromlms has {length} characters; write at most {limits.DATA_FROM_LMS}"
            yield at(element, "data-from-lms", message)


def _prerequisites(package: Package) -> Iterator[Fault]:
    for element in package.root.iter(f"{ADL}prerequisites"):
        if element.get("type") != "aicc_script":
            message = 'prerequisites without their language; write type="aicc_script"'
            yield at(element, "prerequisites-type", message)
        length = len(element.text or "")
        if length > limits.PREREQUISITES:
            message = f"prerequisites of {length} characters; write at most {limits.PREREQUISITES}"
            yield at(element, "prerequisites-length", message)


def _several_roots(package: Package) -> Iterator[Fault]:
    for organization in package.root.iterfind(f"{CP}organizations/{CP}organization"):
        items = organization.findall(f"{CP}item")
        if len(items) > 1:
            message = (
                f"{len(items)} items at the top; Moodle's navigation works best with one root "
                "item that launches nothing: put them under it"
            )
            yield at(items[1], "several-roots", message)


def _launching_headings(package: Package) -> Iterator[Fault]:
    for item in package.items():
        if item.get("identifierref") and item.find(f"{CP}item") is not None:
            message = (
                f"the item {name_of(item)} launches a page and holds items; some LMSs show only "
                "one of the two: make the page an item of its own below it"
            )
            yield at(item, "heading-launches", message)


RULES: tuple[Rule, ...] = (
    _organizations,
    _titles,
    _visibility,
    _references,
    _mastery_scores,
    _launch_data,
    _prerequisites,
)
ADVICE: tuple[Rule, ...] = (_several_roots, _launching_headings)

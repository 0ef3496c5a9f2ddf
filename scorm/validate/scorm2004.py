"""What SCORM 2004 asks of a manifest beside its sequencing, and where its editions differ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from scorm.errors import Fault
from scorm.standards.manifest import text_of
from scorm.standards.names import IMSSS
from scorm.validate.definitions import metadata_files
from scorm.validate.organizations import launching_headings
from scorm.validate.package import Rule, ScormPackage, at, name_of

_MEASURE = re.compile(r"\+?(0?\.\d+|0\.?|1(\.0*)?)", re.ASCII)
#: Elements of SCORM 1.2 and what took their place; the schemas let unknown elements pass.
_SCORM12 = {
    "masteryscore": "imsss:minNormalizedMeasure in the primary objective",
    "prerequisites": "imsss:preConditionRule in the item's sequencing",
    "maxtimeallowed": "imsss:limitConditions with attemptAbsoluteDurationLimit",
    "timelimitaction": "adlcp:timeLimitAction",
    "datafromlms": "adlcp:dataFromLMS",
}
#: Elements of ADL that the fourth edition brought.
_FOURTH = ("data", "map")
_LEAF_ONLY = ("timeLimitAction", "dataFromLMS")


def _is_fourth(package: ScormPackage) -> bool:
    return "4th" in package.edition.name


def _other_editions(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(f"{package.adl}*"):
        name = etree.QName(element).localname
        if name in _SCORM12:
            message = f"adlcp:{name} is of SCORM 1.2; write {_SCORM12[name]}"
            yield at(element, "element-of-1.2", message)
        elif name in _FOURTH and not _is_fourth(package):
            message = (
                f"adlcp:{name} came with the 4th Edition, and this is {package.edition.name}; "
                "remove it, or write the newer edition as schemaversion"
            )
            yield at(element, "element-of-4th", message)


def _completion_thresholds(package: ScormPackage) -> Iterator[Fault]:
    """The fourth edition has attributes and no text, the older ones a number and no attributes."""
    for element in package.root.iter(f"{package.adl}completionThreshold"):
        text = text_of(element)
        if not _is_fourth(package):
            if element.attrib or not _MEASURE.fullmatch(text):
                message = (
                    f"the completion threshold {text!r}; {package.edition.name} wants a number of "
                    "0 to 1 as its text, and no attributes"
                )
                yield at(element, "completion-threshold-text", message)
            continue
        if text or len(element):
            message = (
                f"the completion threshold holds {text!r}; the 4th Edition wants it empty, with "
                'completedByMeasure="true" and minProgressMeasure="…"'
            )
            yield at(element, "completion-threshold-text", message)
        for name, value in zip(map(str, element.keys()), map(str, element.values()), strict=True):
            if not _fits(name, value):
                message = (
                    f'{name}="{value}" in a completion threshold; it has completedByMeasure '
                    '("true" or "false"), minProgressMeasure and progressWeight (0 to 1)'
                )
                yield at(element, "completion-threshold", message)


def _fits(attribute: str, value: str) -> bool:
    if attribute == "completedByMeasure":
        return value.strip() in ("true", "false", "1", "0")
    known = attribute in ("minProgressMeasure", "progressWeight")
    return known and _MEASURE.fullmatch(value.strip()) is not None


def _leaves(package: ScormPackage) -> Iterator[Fault]:
    assets = _resources_of_type(package, "asset")
    for item in package.items():
        if item.find(f"{package.cp}item") is None and item.get("identifierref") not in assets:
            continue
        for name in _LEAF_ONLY:
            for element in item.iterfind(f"{package.adl}{name}"):
                message = (
                    f"the item {name_of(item)} launches no SCO and has adlcp:{name}; only an item "
                    "that launches a SCO may have it: move it there"
                )
                yield at(element, "leaf-only", message)


def _resources_of_type(package: ScormPackage, scorm_type: str) -> set[str | None]:
    """The identifiers of the resources that say that they are SCOs, or assets."""
    resources = package.resources()
    return {r.get("identifier") for r in resources if r.get(package.scorm_type) == scorm_type}


def _several_scos(package: ScormPackage) -> Iterator[Fault]:
    scos = _resources_of_type(package, "sco")
    launching = [item for item in package.items() if item.get("identifierref") in scos]
    if len(launching) > 1:
        message = (
            f"{len(launching)} SCOs; in Moodle only the first SCO that a student opens records "
            "anything in SCORM 2004: for Moodle write SCORM 1.2, or a single SCO"
        )
        yield at(launching[1], "several-scos", message)


def _map_infos(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(f"{{{IMSSS}}}mapInfo"):
        message = (
            "imsss:mapInfo, at which Moodle on PHP 8 fails to import the package; leave it out "
            "unless items share an objective"
        )
        yield at(element, "map-info", message)


RULES: tuple[Rule, ...] = (
    _other_editions,
    _completion_thresholds,
    _leaves,
    launching_headings,
    metadata_files,
    _several_scos,
    _map_infos,
)

"""Sequencing in SCORM 2004: references that lead nowhere, and numbers out of their range.

Sources: SCORM 2004 4th Edition, CAM 5.1 (the elements) and SN 3.10 (objectives and their maps).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from scorm.errors import Fault
from scorm.standards.manifest import text_of
from scorm.standards.names import ADLSEQ, IMSSS
from scorm.validate.package import Rule, ScormPackage, at, name_of

_SS = f"{{{IMSSS}}}"
_SEQ = f"{{{ADLSEQ}}}"
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_WRITES = ("writeSatisfiedStatus", "writeNormalizedMeasure")


def _activities(package: ScormPackage) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Each organization or item that has sequencing, with that sequencing."""
    for activity in (*package.organizations(), *package.items()):
        for sequencing in activity.iterfind(f"{_SS}sequencing"):
            yield activity, sequencing


def _collection(package: ScormPackage) -> dict[str, etree._Element]:
    """The sequencings that items may refer to, by their ID."""
    found = package.root.iterfind(f"{_SS}sequencingCollection/{_SS}sequencing")
    return {sequencing.get("ID", ""): sequencing for sequencing in found}


def _parts(package: ScormPackage, sequencing: etree._Element) -> list[etree._Element]:
    """A sequencing and the one of the collection that it refers to."""
    reference = sequencing.get("IDRef")
    referred = None if reference is None else _collection(package).get(reference)
    return [sequencing] if referred is None else [sequencing, referred]


def _objectives(package: ScormPackage, sequencing: etree._Element) -> list[etree._Element]:
    """The primary objective and the others; the activity's own replace those of the collection."""
    for part in _parts(package, sequencing):
        holder = part.find(f"{_SS}objectives")
        if holder is not None:
            return list(holder.iterchildren(etree.Element))
    return []


def _places(package: ScormPackage) -> Iterator[Fault]:
    parents = {f"{package.cp}organization", f"{package.cp}item", f"{_SS}sequencingCollection"}
    for sequencing in package.root.iter(f"{_SS}sequencing"):
        parent = sequencing.getparent()
        if parent is None or parent.tag not in parents:
            message = (
                "sequencing where no LMS looks for it; put it in an organization, in an item, or "
                "with an ID in imsss:sequencingCollection below <manifest>"
            )
            yield at(sequencing, "sequencing-place", message)
    counts = Counter(activity for activity, _ in _activities(package))
    for activity, count in counts.items():
        if count > 1:
            message = f"{name_of(activity)} has {count} imsss:sequencing; write all of it in one"
            yield at(activity, "sequencing-twice", message)


def _references(package: ScormPackage) -> Iterator[Fault]:
    known = _collection(package)
    for sequencing in package.root.iter(f"{_SS}sequencing"):
        reference = sequencing.get("IDRef")
        if reference is not None and reference not in known:
            message = (
                f"IDRef={reference!r} is the ID of no sequencing in imsss:sequencingCollection; "
                "correct it, or write the sequencing here"
            )
            yield at(sequencing, "sequencing-reference", message)


def _identifiers(package: ScormPackage) -> Iterator[Fault]:
    found = package.root.findall(f"{_SS}sequencingCollection/{_SS}sequencing")
    counts = Counter(sequencing.get("ID") for sequencing in found)
    for sequencing in found:
        identifier = sequencing.get("ID")
        if identifier is None or counts[identifier] > 1:
            said = f"the ID {identifier!r} is used twice" if identifier else "there is no ID"
            message = f"{said} in imsss:sequencingCollection; give each sequencing its own"
            yield at(sequencing, "sequencing-id", message)
        if sequencing.get("IDRef") is not None:
            message = "a shared sequencing that refers to another; write all of it, without IDRef"
            yield at(sequencing, "sequencing-shared", message)
    for activity, sequencing in _activities(package):
        if sequencing.get("ID") is not None:
            message = (
                f"the sequencing of {name_of(activity)} has an ID, which only those in "
                "imsss:sequencingCollection have; move it there, and refer to it with IDRef"
            )
            yield at(sequencing, "sequencing-shared", message)


def _primary_objectives(package: ScormPackage) -> Iterator[Fault]:
    for objectives in package.root.iter(f"{_SS}objectives"):
        first = next(objectives.iterchildren(etree.Element), None)
        if first is None or first.tag != f"{_SS}primaryObjective":
            message = (
                "objectives that do not begin with an imsss:primaryObjective; write it first: it "
                "is the one that counts for the activity"
            )
            yield at(objectives, "primary-objective", message)
    for primary in package.root.iter(f"{_SS}primaryObjective"):
        if not primary.get("objectiveID") and primary.find(f"{_SS}mapInfo") is not None:
            message = "a primary objective with imsss:mapInfo and no objectiveID; add objectiveID"
            yield at(primary, "objective-id", message)


def _duplicate_objectives(package: ScormPackage) -> Iterator[Fault]:
    for activity, sequencing in _activities(package):
        counts = Counter(o.get("objectiveID") for o in _objectives(package, sequencing))
        for identifier, count in counts.items():
            if identifier is not None and count > 1:
                message = (
                    f"{name_of(activity)} has {count} objectives {identifier!r}; give each its own "
                    "objectiveID"
                )
                yield at(sequencing, "objective-duplicate", message)


def _referenced_objectives(package: ScormPackage) -> Iterator[Fault]:
    for activity, sequencing in _activities(package):
        known = {o.get("objectiveID") for o in _objectives(package, sequencing)}
        for part in _parts(package, sequencing):
            for condition in part.iter(f"{_SS}ruleCondition"):
                reference = condition.get("referencedObjective")
                if reference is not None and reference not in known:
                    message = (
                        f"a rule of {name_of(activity)} refers to the objective {reference!r}, "
                        "which the activity does not have; write one of its objectiveIDs"
                    )
                    yield at(condition, "objective-dangling", message)
            for objective in part.iterfind(f"{_SEQ}objectives/{_SEQ}objective"):
                reference = objective.get("objectiveID")
                if reference not in known:
                    message = (
                        f"adlseq:objective {reference!r} adds to no imsss objective of "
                        f"{name_of(activity)}; write one of its objectiveIDs"
                    )
                    yield at(objective, "adlseq-objective", message)


def _shared_targets(package: ScormPackage) -> Iterator[Fault]:
    """Of one activity's objectives only one may write to a global objective (SN 3.10.2)."""
    for activity, sequencing in _activities(package):
        written: Counter[str] = Counter()
        for objective in _objectives(package, sequencing):
            maps = objective.iterfind(f"{_SS}mapInfo")
            written.update({m.get("targetObjectiveID", "") for m in maps if _is_true(m, *_WRITES)})
        for target, count in written.items():
            if count > 1:
                message = (
                    f"{count} objectives of {name_of(activity)} write to {target!r}; only one of "
                    "an activity's objectives may"
                )
                yield at(sequencing, "map-target", message)


def _measures(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(f"{_SS}minNormalizedMeasure"):
        if not _is_between(text_of(element), -1, 1):
            message = (
                f"the passing measure {text_of(element)!r}; write a number of -1 to 1, such as "
                "0.7 for 70 %"
            )
            yield at(element, "measure", message)


def _weights(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(f"{_SS}rollupRules"):
        weight = element.get("objectiveMeasureWeight", "1")
        if not _is_between(weight.strip(), 0, 1):
            message = f"the weight {weight!r}; write a number of 0 to 1 as objectiveMeasureWeight"
            yield at(element, "weight", message)


def _reachable(package: ScormPackage) -> Iterator[Fault]:
    for activity, sequencing in _activities(package):
        mode = next(iter(_found(package, sequencing, "controlMode")), None)
        if mode is None or activity.find(f"{package.cp}item") is None:
            continue
        if mode.get("choice", "true") in ("false", "0") and not _is_true(mode, "flow"):
            message = (
                f"the items of {name_of(activity)} can be reached neither by choice nor by flow; "
                'write choice="true" or flow="true"'
            )
            yield at(mode, "control-mode", message)


def _unused_measures(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(f"{_SS}minNormalizedMeasure"):
        objective = element.getparent()
        if objective is not None and not _is_true(objective, "satisfiedByMeasure"):
            message = (
                "a passing measure that counts for nothing, because its objective does not say "
                'satisfiedByMeasure="true"; add it'
            )
            yield at(element, "measure-unused", message)


def _weightless(package: ScormPackage) -> Iterator[Fault]:
    for activity, sequencing in _activities(package):
        primaries = _found(package, sequencing, "objectives/", "primaryObjective")
        items = activity.findall(f"{package.cp}item")
        if not items or not any(_is_true(primary, "satisfiedByMeasure") for primary in primaries):
            continue
        if all(_weight(package, item) == 0 for item in items):
            message = (
                f"{name_of(activity)} passes by its score, and all its items have the weight 0, so "
                "that it never has one; give what counts an objectiveMeasureWeight"
            )
            yield at(sequencing, "weights-zero", message)


def _weight(package: ScormPackage, item: etree._Element) -> float:
    for sequencing in item.iterfind(f"{_SS}sequencing"):
        for rules in _found(package, sequencing, "rollupRules"):
            text = rules.get("objectiveMeasureWeight", "1").strip()
            return float(text) if _DECIMAL.fullmatch(text) else 1.0
    return 1.0


def _found(package: ScormPackage, sequencing: etree._Element, *steps: str) -> list[etree._Element]:
    """Elements of sequencing on a path, the item's own before those of the collection."""
    path = "".join(_SS + step for step in steps)
    return [found for part in _parts(package, sequencing) for found in part.iterfind(path)]


def _is_true(element: etree._Element, *attributes: str) -> bool:
    return any(element.get(name, "").strip() in ("true", "1") for name in attributes)


def _is_between(text: str, least: float, most: float) -> bool:
    return _DECIMAL.fullmatch(text) is not None and least <= float(text) <= most


RULES: tuple[Rule, ...] = (
    _places,
    _references,
    _identifiers,
    _primary_objectives,
    _duplicate_objectives,
    _referenced_objectives,
    _shared_targets,
    _measures,
    _weights,
    _reachable,
    _unused_measures,
    _weightless,
)

"""What only SCORM 1.2 has: mastery scores and prerequisites."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scorm.errors import Fault
from scorm.standards import limits
from scorm.standards.manifest import text_of
from scorm.validate.organizations import launching_headings
from scorm.validate.package import Rule, ScormPackage, at

_SCORE = re.compile(r"\d+(\.\d+)?", re.ASCII)


def _mastery_scores(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(f"{package.adl}masteryscore"):
        text = text_of(element)
        if not _SCORE.fullmatch(text) or float(text) > 100:
            message = f"the mastery score {text!r}; write a number of 0 to 100"
            yield at(element, "mastery-score", message)


def _prerequisites(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(f"{package.adl}prerequisites"):
        if element.get("type") != "aicc_script":
            message = 'prerequisites without their language; write type="aicc_script"'
            yield at(element, "prerequisites-type", message)
        length = len(element.text or "")
        if length > limits.PREREQUISITES:
            message = f"prerequisites of {length} characters; write at most {limits.PREREQUISITES}"
            yield at(element, "prerequisites-length", message)


def _prerequisite_items(package: ScormPackage) -> Iterator[Fault]:
    """The identifiers in an expression such as ``a&(b|~c)`` or ``lesson="passed"``.

    A set, ``2*{a,b,c}``, begins with a count (AICC CMI001, 6.2).
    """
    known = {item.get("identifier") for item in package.items()}
    for element in package.root.iter(f"{package.adl}prerequisites"):
        expression = re.sub(r"(=|<>)\s*\"?[\w ]*\"?", " ", text_of(element))
        for name in re.findall(r"[^\s&|~(){},*]+", expression):
            if name not in known and not name.isdigit():
                message = (
                    f"the prerequisites name {name!r}, which is the identifier of no item, so "
                    "that they are never met; write the identifier of an item"
                )
                yield at(element, "prerequisites-dangling", message)


RULES: tuple[Rule, ...] = (
    _mastery_scores,
    _prerequisites,
    _prerequisite_items,
    launching_headings,
)

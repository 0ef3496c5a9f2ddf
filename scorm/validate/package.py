"""What the rules look at: the parsed manifest and the names of the files in the zip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from scorm.errors import Fault
from scorm.schemas import ADLCP, IMSCP

MANIFEST = "imsmanifest.xml"
#: Beginnings of the names of elements and attributes, as lxml spells them.
CP = f"{{{IMSCP}}}"
ADL = f"{{{ADLCP}}}"


@dataclass(frozen=True)
class Package:
    """A package whose manifest is well-formed; ``names`` are the files in the zip."""

    root: etree._Element
    names: frozenset[str]

    def items(self) -> Iterator[etree._Element]:
        """Every item of every organization, in document order."""
        return self.root.iterfind(f"{CP}organizations//{CP}item")

    def resources(self) -> list[etree._Element]:
        """Every resource, in document order."""
        return self.root.findall(f"{CP}resources/{CP}resource")


Rule = Callable[[Package], Iterator[Fault]]


def at(element: etree._Element, rule: str, message: str) -> Fault:
    """A fault of the manifest, at the element's line."""
    line: Any = element.sourceline
    return Fault(MANIFEST, line, message, rule)


def text_of(element: etree._Element | None) -> str:
    """The element's own text without white space around it; ``""`` for no element."""
    return "" if element is None else (element.text or "").strip()


def name_of(element: etree._Element) -> str:
    """How a message refers to an item or resource: its identifier, or that it has none."""
    identifier = element.get("identifier")
    return repr(identifier) if identifier else "without identifier"

"""What the rules look at: the parsed manifest and the names of the files in the zip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lxml import etree

from scorm.errors import Fault
from scorm.schemas import XML
from scorm.validate.hrefs import path_of

if TYPE_CHECKING:
    from scorm.validate.editions import Edition

MANIFEST = "imsmanifest.xml"
_BASE = f"{{{XML}}}base"


@dataclass(frozen=True)
class Package:
    """A SCORM package whose manifest is well-formed.

    ``names`` are the files in the zip; ``imports`` are the files that each schema at the zip's
    root takes in by a relative path.
    """

    root: etree._Element
    names: frozenset[str]
    edition: Edition
    imports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def cp(self) -> str:
        """How lxml begins the names of content packaging."""
        return f"{{{self.edition.imscp}}}"

    @property
    def adl(self) -> str:
        """How lxml begins the names of ADL's content packaging extensions."""
        return f"{{{self.edition.adlcp}}}"

    @property
    def scorm_type(self) -> str:
        """The attribute that tells a SCO from an asset; its spelling differs by edition."""
        return self.adl + self.edition.scorm_type

    def organizations(self) -> list[etree._Element]:
        """Every organization, in document order."""
        return self.root.findall(f"{self.cp}organizations/{self.cp}organization")

    def files(self) -> list[etree._Element]:
        """Every file that a resource lists, in document order."""
        return self.root.findall(f"{self.cp}resources/{self.cp}resource/{self.cp}file")

    def path_of(self, element: etree._Element) -> str:
        """The file that an element's href means, seen from the root of the zip.

        Our rules want no xml:base; where there is one nevertheless, it must not make every file
        of the package look lost.
        """
        path = path_of(element.get("href", ""))
        if not self._has_bases:
            return path
        bases = [e.get(_BASE, "") for e in (element, *element.iterancestors())]
        return "".join(reversed(bases)) + path

    @cached_property
    def _has_bases(self) -> bool:
        return bool(self.root.xpath("boolean(//@xml:base)"))

    @cached_property
    def namespaces(self) -> dict[str, etree._Element]:
        """The namespaces of the manifest, each with the first element that uses it."""
        return namespaces_of(self.root)

    def items(self) -> Iterator[etree._Element]:
        """Every item of every organization, in document order."""
        return self.root.iterfind(f"{self.cp}organizations//{self.cp}item")

    def resources(self) -> list[etree._Element]:
        """Every resource, in document order."""
        return self.root.findall(f"{self.cp}resources/{self.cp}resource")


def namespaces_of(root: etree._Element) -> dict[str, etree._Element]:
    """The namespaces of elements and attributes, each with the first element that uses it."""
    named: dict[str, etree._Element] = {}
    for element in root.iter(etree.Element):
        for name in (str(element.tag), *map(str, element.keys())):
            named.setdefault(name, element)
    found: dict[str, etree._Element] = {}
    for name, element in named.items():
        if namespace := etree.QName(name).namespace:
            found.setdefault(namespace, element)
    return found


Rule = Callable[[Package], Iterator[Fault]]


def at(element: etree._Element, rule: str, message: str, path: str = MANIFEST) -> Fault:
    """A fault of the manifest, at the element's line."""
    line: Any = element.sourceline
    return Fault(path, line, message, rule)


def text_of(element: etree._Element | None) -> str:
    """The element's own text without white space around it; ``""`` for no element."""
    return "" if element is None else (element.text or "").strip()


def name_of(element: etree._Element) -> str:
    """How a message refers to an item or resource: its identifier, or that it has none."""
    identifier = element.get("identifier")
    return repr(identifier) if identifier else "without identifier"

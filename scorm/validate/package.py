"""What the rules look at: the parsed manifest and the names of the files in the zip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from scorm.errors import Fault
from scorm.standards.manifest import Manifest, namespaces_of
from scorm.standards.names import MANIFEST


@dataclass(frozen=True)
class ScormPackage(Manifest):
    """A SCORM package whose manifest is well-formed.

    ``names`` are the files in the zip; ``imports`` are the files that each schema at the zip's
    root takes in by a relative path, and ``broken`` those that are no schemas; ``named`` are the
    XML files that the manifest names.
    """

    names: frozenset[str] = frozenset()
    imports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    named: Mapping[str, bytes] = field(default_factory=dict)

    def identifiers_within(self) -> frozenset[str]:
        """The identifiers of manifests inside the manifest, and of all that is in them.

        An item may launch such a manifest, or a resource of it (IMS Content Packaging 1.1).
        """
        manifests = self.root.iterfind(f".//{self.cp}manifest")
        return frozenset(
            element.get("identifier", "")
            for manifest in manifests
            for element in manifest.iter(f"{self.cp}*")
        )

    @cached_property
    def namespaces(self) -> dict[str, etree._Element]:
        """The namespaces of the manifest, each with the first element that uses it."""
        return namespaces_of(self.root)


Rule = Callable[[ScormPackage], Iterator[Fault]]


def at(element: etree._Element, rule: str, message: str, path: str = MANIFEST) -> Fault:
    """A fault of the manifest, at the element's line."""
    line: Any = element.sourceline
    return Fault(path, line, message, rule)


def name_of(element: etree._Element) -> str:
    """How a message refers to an item or resource: its identifier, or that it has none."""
    identifier = element.get("identifier")
    return repr(identifier) if identifier else "without identifier"

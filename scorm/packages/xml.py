"""Build the XML of a package with as little ceremony as writing it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

Element = etree._Element


@dataclass(frozen=True)
class Vocabulary:
    """Makes elements of one ``namespace``; ``prefixes`` declares it and its companions."""

    namespace: str
    prefixes: Mapping[str | None, str]

    def __call__(
        self, name: str, *children: Element, text: str | None = None, **attributes: str
    ) -> Element:
        """One element; the attribute ``adlcp__scormtype`` means ``adlcp:scormtype``."""
        nsmap: Any = self.prefixes
        element = etree.Element(f"{{{self.namespace}}}{name}", nsmap=nsmap)
        for attribute, value in attributes.items():
            element.set(self._qualified(attribute), value)
        element.text = text
        element.extend(children)
        return element

    def _qualified(self, attribute: str) -> str:
        prefix, separator, name = attribute.partition("__")
        return f"{{{self.prefixes[prefix]}}}{name}" if separator else attribute

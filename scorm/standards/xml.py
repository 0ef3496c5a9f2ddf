"""Make the elements of a package's XML, each in its namespace, in few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

Element = etree._Element


@dataclass(frozen=True)
class Vocabulary:
    """Makes elements of one ``namespace``; ``prefixes`` are those of it and its companions.

    Only :meth:`root` declares the prefixes. An element that is put below it is written with them.
    """

    namespace: str
    prefixes: Mapping[str | None, str]

    def __call__(
        self, name: str, *children: Element, text: str | None = None, **attributes: str
    ) -> Element:
        """One element; the attribute ``adlcp__scormtype`` means ``adlcp:scormtype``."""
        element = etree.Element(self._tag(name))
        element.text = text
        return self._filled(element, children, attributes)

    def root(self, name: str, *children: Element, **attributes: str) -> Element:
        """The element of a document that holds all others."""
        nsmap: Any = self.prefixes
        element = etree.Element(self._tag(name), nsmap=nsmap)
        return self._filled(element, children, attributes)

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"

    def _filled(
        self, element: Element, children: Iterable[Element], attributes: Mapping[str, str]
    ) -> Element:
        for attribute, value in attributes.items():
            element.set(self._qualified(attribute), value)
        element.extend(children)
        return element

    def _qualified(self, attribute: str) -> str:
        prefix, separator, name = attribute.partition("__")
        return f"{{{self.prefixes[prefix]}}}{name}" if separator else attribute

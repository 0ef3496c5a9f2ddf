"""What the manifests of SCORM 1.2 and 2004 share: items and resources of IMS Content Packaging.

The two differ in their namespaces, in the spelling of one attribute and in what else an item
carries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from scorm.course.model import Item, Sco, item_identifier
from scorm.packages.scope import Scope
from scorm.standards import limits
from scorm.standards.xml import Element, Vocabulary

# Added to identifiers of the model. Those have underscores in pairs, around the code of an escaped
# character (see identifier_of), so that what comes out is the identifier of no page.
_MANIFEST_ID = "_manifest"
_ORGANIZATION_ID = "_organization"
_ASSETS_ID = "_assets"
_RESOURCE_ID = "_resource"

#: What an edition adds to an item, in the order of its schema.
Extras = Callable[[Item], Iterable[Element]]


@dataclass(frozen=True)
class Binding:
    """How an edition writes content packaging.

    ``scorm_type`` is the attribute that tells a SCO from an asset, such as ``adlcp__scormtype``.
    """

    cp: Vocabulary
    scorm_type: str

    def manifest(self, scope: Scope, *parts: Element, located: Mapping[str, str]) -> bytes:
        """The document; ``located`` maps namespaces to the schemas at the root."""
        root = self.cp.root(
            "manifest",
            *parts,
            identifier=scope.identifier + _MANIFEST_ID,
            version="1.0",
            xsi__schemaLocation=" ".join(f"{name} {file}" for name, file in located.items()),
        )
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def organizations(
        self, scope: Scope, extras: Extras, closing: Iterable[Element] = (), **attributes: str
    ) -> Element:
        """The one organization, ``closing`` at its end."""
        identifier = scope.identifier + _ORGANIZATION_ID
        organization = self.cp(
            "organization",
            self._title(scope.title),
            self._item(scope.root, extras),
            *closing,
            identifier=identifier,
            **attributes,
        )
        return self.cp("organizations", organization, default=identifier)

    def _item(self, item: Item, extras: Extras) -> Element:
        element = self.cp("item", identifier=item_identifier(item), isvisible="true")
        if item.sco:
            element.set("identifierref", item.sco.identifier + _RESOURCE_ID)
        element.append(self._title(item.title))
        element.extend(self._item(below, extras) for below in item.items)
        element.extend(extras(item))
        return element

    def _title(self, title: str) -> Element:
        shown = limits.shown_title(title)
        element = self.cp("title", text=shown)
        if limits.cut_by_moodle(shown):
            element.text = etree.CDATA(shown)
        return element

    def resources(self, scope: Scope, files: Collection[str]) -> Element:
        """The SCOs in reading order, then everything else once: Open edX launches the first."""
        assets = scope.identifier + _ASSETS_ID
        launched = {sco.href for sco in scope.scos()}
        shared = self.cp(
            "resource",
            *(self.cp("file", href=name) for name in sorted({*files} - launched)),
            identifier=assets,
            type="webcontent",
            **{self.scorm_type: "asset"},
        )
        return self.cp("resources", *self._sco_resources(scope, assets), shared)

    def _sco_resources(self, scope: Scope, assets: str) -> Iterator[Element]:
        for sco in scope.scos():
            yield self.cp(
                "resource",
                self.cp("file", href=sco.href),
                self.cp("dependency", identifierref=assets),
                identifier=sco.identifier + _RESOURCE_ID,
                type="webcontent",
                href=sco.href,
                **{self.scorm_type: "sco"},
            )


def before(scope: Scope) -> dict[str, Sco]:
    """For each SCO but the first, by its identifier, the one before it."""
    return {sco.identifier: previous for previous, sco in pairwise(scope.scos())}

"""Say whether a SCORM package is valid, and if not, everything that is wrong with it.

The zip comes first (:mod:`.container`), then the schemas (:mod:`.document`), then the rules that
no schema can say: of the document, of its organizations (:mod:`.organizations`) and of its
resources (:mod:`.resources`). A package may be broken or hostile: nothing is extracted, no entity
is expanded, nothing is fetched. The modules beside this one know SCORM 1.2; :func:`examine` is
where another edition will branch off.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from scorm.errors import Fault
from scorm.schemas import IMSCP
from scorm.validate import container, document, organizations, resources
from scorm.validate.package import Package, at, text_of

_RULES = (*document.RULES, *organizations.RULES, *resources.RULES)
_ADVICE = (*organizations.ADVICE, *resources.ADVICE)


@dataclass(frozen=True)
class Verdict:
    """``faults`` make a package invalid; ``advice`` is what some LMSs handle badly."""

    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...] = ()

    @property
    def valid(self) -> bool:
        """Does every SCORM 1.2 player have to accept this package?"""
        return not self.faults


def check(path: Path) -> list[Fault]:
    """Every fault of the package at ``path``; an empty list means that it is valid.

    Raises :exc:`PackageError` when there is no readable file at ``path``, and
    :exc:`SetupError` when the schemas are missing.
    """
    return list(examine(path).faults)


def examine(path: Path) -> Verdict:
    """What :func:`check` finds, and advice that does not make the package invalid."""
    contents = container.read(path)
    if contents.manifest is None:
        return Verdict(contents.faults)
    root, faults = document.parse(contents.manifest)
    if root is None or (faults := _other_edition(root)):
        return Verdict((*contents.faults, *faults))
    package = Package(root, contents.names)
    found = [fault for rule in _RULES for fault in rule(package)]
    advice = [fault for rule in _ADVICE for fault in rule(package)]
    return Verdict(
        (*contents.faults, *document.schema_faults(root), *found),
        (*contents.advice, *advice),
    )


def _other_edition(root: etree._Element) -> list[Fault]:
    """A fault for a document that is no SCORM 1.2 manifest; the rules would only confuse."""
    name = etree.QName(root)
    if name.localname != "manifest":
        message = f"the root element is <{name.localname}>; a manifest begins with <manifest>"
        return [at(root, "not-a-manifest", message)]
    if name.namespace != IMSCP:
        version = text_of(next(root.iter("{*}schemaversion"), None)) or "nothing"
        message = (
            f"this build checks SCORM 1.2 only; the manifest says {version!r} as schemaversion "
            f"and has the namespace {name.namespace!r}, where SCORM 1.2 has {IMSCP!r}"
        )
        return [at(root, "edition", message)]
    return []

"""Say whether a package is valid, and if not, everything that is wrong with it.

The zip comes first (:mod:`.container`), then the edition or format (:mod:`.recognise`,
:mod:`.other_formats`), then the schemas (:mod:`.document`), then the rules that no schema can say:
shared by all editions of SCORM in :mod:`.document`, :mod:`.definitions`, :mod:`.organizations`,
:mod:`.resources` and :mod:`.extensions`, of one in :mod:`.scorm12`, :mod:`.scorm2004` and
:mod:`.sequencing`. A course structure of cmi5 has rules of its own (:mod:`.cmi5`), and so have
pages of this project's making (:mod:`.pages`). Rules only find; :mod:`.rulebook` says by which
clause that is a fault, or that it is advice. A package may be broken or hostile: nothing is
extracted, no entity is expanded, nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scorm.errors import Fault
from scorm.standards.editions import Standard
from scorm.standards.manifest import collapse_spaces
from scorm.standards.names import COURSE_STRUCTURE, MANIFEST
from scorm.validate import (
    cmi5,
    container,
    definitions,
    document,
    extensions,
    organizations,
    pages,
    resources,
    rulebook,
    scorm12,
    scorm2004,
    sequencing,
)
from scorm.validate.container import Container
from scorm.validate.findings import Findings, Found, grouped
from scorm.validate.package import ScormPackage
from scorm.validate.recognise import recognise

__all__ = ["Findings", "check", "examine", "grouped"]

_RULES = (
    *document.RULES,
    *definitions.RULES,
    *organizations.RULES,
    *resources.RULES,
    *extensions.RULES,
)
_RULES_OF = {
    Standard.SCORM12: (*_RULES, *scorm12.RULES),
    Standard.SCORM2004: (*_RULES, *scorm2004.RULES, *sequencing.RULES),
}


def check(path: Path, *, fresh: bool = False) -> list[Fault]:
    """Every fault of the package at ``path``; an empty list means that it is valid.

    A ``fresh`` package is one that :mod:`scorm.packages.archive` wrote a moment ago. Of it more is
    asked than the standard does, because it must work in every LMS (``ours`` in
    :mod:`.rulebook`). Only what describes the rest is unpacked: each file's checksum is of the
    very bytes that were written, and Sphinx has warned of a page that nobody can complete.
    Raises :exc:`PackageError` when there is no readable file at ``path``, and
    :exc:`SetupError` when the schemas are missing.
    """
    return list(examine(path, fresh=fresh).faults)


def examine(path: Path, *, fresh: bool = False) -> Findings:
    """What :func:`check` finds, with the format and advice that leaves the package valid.

    ``path`` is a zip of SCORM 1.2, SCORM 2004 or cmi5, or a course structure of cmi5 without a
    zip. A zip that is two packages at once is checked as both.
    """
    contents = container.read(path, unpack=not fresh)
    verdicts = [_CHECKS[name](contents, data) for name, data in contents.manifests.items()]
    standards = {verdict.standard for verdict in verdicts if verdict.standard}
    faults, advice = rulebook.sort(contents.found, standards or set(Standard), ours=fresh)
    for verdict in verdicts:
        of = {verdict.standard} if verdict.standard else set(Standard)
        more_faults, more_advice = rulebook.sort(verdict.found, of, ours=fresh)
        faults += more_faults
        advice += more_advice
    return Findings(
        (*faults, *pages.faults(contents.pages)),
        tuple(advice),
        " and ".join(v.format for v in verdicts if v.format) or contents.format,
    )


def _scorm(contents: Container, manifest: bytes) -> Found:
    root, faults = document.parse(manifest)
    if root is None:
        return Found(tuple(faults))
    known = recognise(root)
    if known.edition is None:
        return Found(known.faults, known.format)
    collapse_spaces(root)
    package = ScormPackage(
        root, known.edition, contents.names, contents.imports, contents.broken, contents.named
    )
    standard = known.edition.standard
    found = tuple(fault for rule in _RULES_OF[standard] for fault in rule(package))
    return Found(found, known.format, standard)


_CHECKS: dict[str, Callable[[Container, bytes], Found]] = {
    MANIFEST: _scorm,
    COURSE_STRUCTURE: cmi5.examine,
}

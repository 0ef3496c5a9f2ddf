"""Say whether a package is valid, and if not, everything that is wrong with it.

The zip comes first (:mod:`.container`), then the edition or format (:mod:`.recognise`,
:mod:`.other_formats`), then the schemas (:mod:`.document`), then the rules that no schema can say:
shared by all editions of SCORM in :mod:`.document`, :mod:`.definitions`, :mod:`.organizations` and
:mod:`.resources`, of one in :mod:`.scorm12`, :mod:`.scorm2004` and :mod:`.sequencing`. A course
structure of cmi5 has rules of its own (:mod:`.cmi5`), and so have pages of this project's making
(:mod:`.pages`). A package may be broken or hostile: nothing
is extracted, no entity is expanded, nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scorm.errors import Fault
from scorm.standards.editions import Standard
from scorm.standards.names import COURSE_STRUCTURE, MANIFEST
from scorm.validate import (
    cmi5,
    container,
    definitions,
    document,
    organizations,
    pages,
    resources,
    scorm12,
    scorm2004,
    sequencing,
)
from scorm.validate.container import Container
from scorm.validate.findings import Findings, grouped
from scorm.validate.package import ScormPackage
from scorm.validate.recognise import recognise

__all__ = ["Findings", "check", "examine", "grouped"]

_RULES = (*document.RULES, *definitions.RULES, *organizations.RULES, *resources.RULES)
_ADVICE = (*organizations.ADVICE, *resources.ADVICE)
_RULES_2004 = (*scorm2004.RULES, *sequencing.RULES)
_ADVICE_2004 = (*scorm2004.ADVICE, *sequencing.ADVICE)


def check(path: Path, *, fresh: bool = False) -> list[Fault]:
    """Every fault of the package at ``path``; an empty list means that it is valid.

    Of a ``fresh`` package, which :mod:`scorm.packages.archive` wrote a moment ago, only what
    describes the rest is unpacked: each file's checksum is of the very bytes that were written, and
    Sphinx has warned of a page that nobody can complete.
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
    return Findings(
        (
            *contents.faults,
            *(fault for verdict in verdicts for fault in verdict.faults),
            *pages.faults(contents.pages),
        ),
        (*contents.advice, *(advice for verdict in verdicts for advice in verdict.advice)),
        " and ".join(v.format for v in verdicts if v.format) or contents.format,
    )


def _scorm(contents: Container, manifest: bytes) -> Findings:
    root, faults = document.parse(manifest)
    if root is None:
        return Findings(tuple(faults))
    known = recognise(root)
    if known.edition is None:
        return Findings(known.faults, format=known.format)
    package = ScormPackage(root, known.edition, contents.names, contents.imports, contents.named)
    is_2004 = known.edition.standard is Standard.SCORM2004
    rules = (*_RULES, *(_RULES_2004 if is_2004 else scorm12.RULES))
    advice = (*_ADVICE, *(_ADVICE_2004 if is_2004 else scorm12.ADVICE))
    return Findings(
        tuple(fault for rule in rules for fault in rule(package)),
        tuple(fault for rule in advice for fault in rule(package)),
        known.format,
    )


_CHECKS: dict[str, Callable[[Container, bytes], Findings]] = {
    MANIFEST: _scorm,
    COURSE_STRUCTURE: cmi5.examine,
}

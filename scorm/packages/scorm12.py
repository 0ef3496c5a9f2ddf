"""Write a course as a SCORM 1.2 package.

Sources: the Content Packaging section of SCORM 1.2's Content Aggregation Model, and the schemas
themselves; what players demand beyond them is in :mod:`scorm.standards.limits` and
:mod:`scorm.validate`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from scorm.course.model import Course, Item
from scorm.packages import PackageOptions, PackageReport, lom
from scorm.packages.content import Rendered
from scorm.packages.imscp import Binding, before
from scorm.packages.scope import Scope
from scorm.packages.writing import Recipe, write_package
from scorm.standards import schemas
from scorm.standards.editions import SCORM12
from scorm.standards.names import ADLCP, IMSCP, IMSMD, MANIFEST, XML, XSI
from scorm.standards.xml import Element, Vocabulary

# Moodle reads these prefixes as text, so they are not ours to choose.
_PREFIXES = {
    None: IMSCP,
    "imsmd": IMSMD,
    "adlcp": ADLCP,
    "xsi": XSI,
    "xml": XML,
}
_cp = Vocabulary(IMSCP, _PREFIXES)
_md = Vocabulary(IMSMD, _PREFIXES)
_adl = Vocabulary(ADLCP, _PREFIXES)
_binding = Binding(_cp, "adlcp__scormtype")


def write(
    course: Course,
    build: Path,
    destination: Path,
    options: PackageOptions | None = None,
    *,
    rendered: Rendered | None = None,
) -> PackageReport:
    """Write ``destination`` (a ``.zip``) from the trees below ``build``, and check it.

    ``rendered`` is what several packages of one build share. Raises what :func:`write_package`
    does, and :exc:`SetupError` without the schemas.
    """
    recipe = Recipe(SCORM12.name, schemas.files(SCORM12), (MANIFEST,), _describe)
    rendered = rendered or Rendered(course, build)
    return write_package(recipe, rendered, destination, options or PackageOptions())


def _describe(scope: Scope, files: Collection[str]) -> dict[str, bytes]:
    return {MANIFEST: manifest(scope, files)}


def manifest(scope: Scope, files: Collection[str]) -> bytes:
    """``imsmanifest.xml`` of a package whose content is ``files`` (paths in the package)."""
    previous = before(scope) if scope.linear else {}

    def extras(item: Item) -> Iterator[Element]:
        if item.sco is None:
            return
        if item.sco.identifier in previous:
            required = previous[item.sco.identifier].identifier
            yield _adl("prerequisites", text=required, type="aicc_script")
        # A page reads this at its start, to know whether it runs in its own SCO's frame or was
        # reached by a link from another one.
        yield _adl("datafromlms", text=item.sco.identifier)
        # There is no adlcp:masteryscore on purpose. A page judges itself by the course's mastery
        # score, and only once it is done. Where the manifest has one, an LMS may judge whatever
        # score is there when the student leaves (RTE 3.4.4): in its default setting Moodle turns
        # "incomplete" with 20 points of 100 into "failed" (mod/scorm/datamodels/scorm_12.js,
        # StoreData; setting masteryoverride).

    return _binding.manifest(
        scope,
        _metadata(scope),
        _binding.organizations(scope, extras),
        _binding.resources(scope, files),
        located={name: SCORM12.schemas[name] for name in (IMSCP, IMSMD, ADLCP)},
    )


def _metadata(scope: Scope) -> Element:
    return _cp(
        "metadata",
        _cp("schema", text="ADL SCORM"),
        _cp("schemaversion", text=SCORM12.versions[0]),
        lom.imsmd(scope, _md),
    )

"""What writing a package is, in any format: gather, describe, zip, check, and only then keep."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scorm import validate
from scorm.errors import CourseError, PackageError
from scorm.packages import PackageOptions, PackageReport
from scorm.packages.archive import Content, write_zip
from scorm.packages.content import Rendered
from scorm.packages.faults import prerequisite_faults
from scorm.packages.scope import Scope, scope_of


@dataclass(frozen=True)
class Recipe:
    """What a format adds to the rendered files.

    ``definitions`` lie at the root as they are; ``describe`` makes the files called ``names``
    from the scope and the paths of everything else that resources may list.
    """

    label: str
    definitions: Mapping[str, Path]
    names: tuple[str, ...]
    describe: Callable[[Scope, Collection[str]], dict[str, bytes]]


def write_package(
    recipe: Recipe, rendered: Rendered, destination: Path, options: PackageOptions
) -> PackageReport:
    """Write ``destination`` (a ``.zip``), and check it.

    Equal input gives equal bytes. Raises :exc:`CourseError` with every fault of the course and
    its files, and :exc:`PackageError` when the package fails its own check; whatever is raised,
    an older package at ``destination`` stays.
    """
    scope = scope_of(rendered.course, options)
    taken = {*recipe.names, *recipe.definitions}
    faults = [*rendered.faults]
    if options.linear:
        faults += prerequisite_faults(scope.scos())
    content: dict[str, Content] = {}
    try:
        content = rendered.content(scope, taken)
    except CourseError as error:
        faults += error.faults
    if faults:
        raise CourseError(faults)
    entries = {**content, **recipe.definitions, **recipe.describe(scope, content.keys())}
    written = write_zip(
        destination, entries, verify=partial(_verify, destination), packer=rendered.packer
    )
    count = len(scope.scos())
    return PackageReport(
        destination, recipe.label, count, written.files, written.size, written.warnings
    )


def _verify(destination: Path, written: Path) -> None:
    faults = validate.check(written, fresh=True)
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise PackageError(
            f"{destination.name} does not pass its own check and was not written; "
            f"please report this with the lines below\n{listed}"
        )

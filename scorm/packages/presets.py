"""Which packages to build: by flags, by the name of an LMS, or by default.

``PACKAGES.md`` says the same to people; a test keeps the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from scorm.course.model import Course
from scorm.errors import PackageError
from scorm.packages import Format, Layout, PackageOptions


class Extent(StrEnum):
    """One package for the course, or one for each module."""

    COURSE = "course"
    MODULE = "module"


@dataclass(frozen=True)
class Order:
    """A package to build, or with extent ``module`` one for each module."""

    options: PackageOptions
    extent: Extent = Extent.COURSE

    def packages(self, course: Course) -> list[PackageOptions]:
        """What to write of this course."""
        if self.extent == Extent.COURSE:
            return [self.options]
        return [replace(self.options, modules=module.identifier) for module in course.modules]


@dataclass(frozen=True)
class Preset:
    """What serves an LMS best, why, and who says so."""

    orders: tuple[Order, ...]
    reason: str
    sources: tuple[str, ...]


_SCORM12_MULTI = Order(PackageOptions(Format.SCORM12))
_SCORM12_SINGLE = Order(PackageOptions(Format.SCORM12, Layout.SINGLE))
_SCORM12_MODULES = Order(PackageOptions(Format.SCORM12), Extent.MODULE)
_SCORM2004_MULTI = Order(PackageOptions(Format.SCORM2004))
_SCORM2004_SINGLE = Order(PackageOptions(Format.SCORM2004, Layout.SINGLE))
_SCORM2004_3RD_MULTI = Order(PackageOptions(Format.SCORM2004_3RD))
_CMI5 = Order(PackageOptions(Format.CMI5))

#: What ``build`` makes without flags: something for every LMS.
DEFAULT = (_SCORM12_MULTI, _SCORM12_SINGLE, _SCORM2004_SINGLE, _CMI5, _SCORM12_MODULES)

PRESETS = {
    "moodle": Preset(
        (_SCORM12_MULTI, _SCORM12_SINGLE, _SCORM12_MODULES),
        "SCORM 1.2 with one SCO a page is Moodle's best-kept path: its contents tree shows status "
        "and score of every page. One grade for the course needs the single one. Of a SCORM 2004 "
        "package only the first SCO can record.",
        (
            "measured in Moodle 4.5",
            "Moodle Docs, 'SCORM FAQ', section 'Supported Versions' (docs.moodle.org)",
        ),
    ),
    "moodle-app": Preset(
        (_SCORM12_MULTI, _SCORM12_MODULES),
        "The app plays what says version 1.2 and can be downloaded whole; it lists the SCOs and "
        "opens them in order itself.",
        ("read in the code of Moodle 4.5",),
    ),
    "openedx": Preset(
        (_SCORM12_SINGLE,),
        "The SCORM XBlock launches the first resource and shows no menu for others.",
        (
            "measured with the SCORM XBlock",
            "https://github.com/overhangio/openedx-scorm-xblock/issues/53",
        ),
    ),
    "canvas": Preset(
        (_SCORM12_SINGLE, _SCORM2004_SINGLE),
        "Canvas launches a package as a whole, by a signed link to a player beside the course: one "
        "SCO that brings its own contents list asks least of it. Users of another tool report "
        "packages that load for ever, so the simplest, 1.2, comes first.",
        (
            "Canvas Community, 'SCORM to Require Signed Launch Links'",
            "https://github.com/LiaScript/LiaScript/issues/246",
        ),
    ),
    "ilias": Preset(
        (_SCORM12_MULTI, _SCORM2004_3RD_MULTI),
        "ILIAS has players of its own for SCORM 1.2 and 2004, which show a contents tree; of the "
        "editions of 2004 the older is the safer. It takes cmi5 with a single assignable unit "
        "only, and here every page is one.",
        (
            "ILIAS Feature Wiki, 'SCORM 2004 content editor' (docu.ilias.de)",
            "ILIAS Feature Wiki, 'xAPI: Support of multiple Assignable Units': "
            "https://docu.ilias.de/go/wiki/wpage_5293_1357",
        ),
    ),
    "brightspace": Preset(
        (_SCORM2004_SINGLE, _SCORM12_SINGLE),
        "Brightspace takes SCORM 1.2 and 2004, and an instructor adds a package to the content as "
        "one topic.",
        (
            "Brightspace documentation, 'Define how learning materials interact with one another' "
            "(about_scorm.htm)",
            "D2L Community, 'Set up the new SCORM solution': "
            "https://community.d2l.com/brightspace/kb/articles/4269-set-up-the-new-scorm-solution",
        ),
    ),
    "blackboard": Preset(
        (_SCORM2004_SINGLE, _SCORM12_SINGLE),
        "Its player, the SCORM Engine, takes SCORM 1.2 and 2004; a package is one item of the "
        "course, with its result in the Grade Center.",
        ("Blackboard Help, 'Add Content Packages' (help.blackboard.com)",),
    ),
    "scorm-cloud": Preset(
        (_SCORM2004_MULTI, _CMI5),
        "It plays SCORM, xAPI and cmi5, and so can have the richest: sequencing with a weighted "
        "score, and statements of every answer.",
        ("https://support.scorm.com/hc/en-us/articles/6809218403739",),
    ),
    "any": Preset(
        (_SCORM12_SINGLE,),
        "SCORM 1.2 with one SCO played in every player it was tried in.",
        ("measured in Moodle, Open edX, Wagtail, scorm-again and ADL's validator",),
    ),
}


def orders(
    *,
    preset: str | None = None,
    format: str | None = None,
    edition: str | None = None,
    layout: str | None = None,
    extent: str | None = None,
    linear: bool = False,
) -> tuple[Order, ...]:
    """The packages that the flags ask for; without any, :data:`DEFAULT`.

    Raises :exc:`PackageError`, in one line, for flags that do not go together.
    """
    chosen = [format, edition, layout, extent]
    if preset is not None:
        if any(flag is not None for flag in chosen):
            raise PackageError("--for chooses format, edition, layout and scope itself; leave them")
        return _in_order(PRESETS[preset].orders, linear)
    if all(flag is None for flag in chosen):
        return _in_order(DEFAULT, linear)
    kind = _format(format, edition)
    usual = Layout.SINGLE if kind in (Format.SCORM2004, Format.SCORM2004_3RD) else Layout.MULTI
    if linear:
        usual = Layout.MULTI
    options = PackageOptions(kind, Layout(layout) if layout else usual, linear=linear)
    return (Order(options, Extent(extent) if extent else Extent.COURSE),)


def _format(format: str | None, edition: str | None) -> Format:
    if edition is not None and format not in (None, "scorm2004"):
        raise PackageError(f"--edition is one of SCORM 2004; {format} has none")
    if edition == "3rd":
        return Format.SCORM2004_3RD
    if edition == "4th":
        return Format.SCORM2004
    return Format(format) if format else Format.SCORM12


def _in_order(orders: tuple[Order, ...], linear: bool) -> tuple[Order, ...]:
    """The same packages, linear where an LMS can do that; the others are left out."""
    if not linear:
        return orders
    found = tuple(_linear(orders))
    if not found:
        raise PackageError("none of these packages can be linear: that needs the layout 'multi'")
    return found


def _linear(orders: tuple[Order, ...]) -> Iterator[Order]:
    for order in orders:
        try:
            yield replace(order, options=replace(order.options, linear=True))
        except PackageError:
            continue

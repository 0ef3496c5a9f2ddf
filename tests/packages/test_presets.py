"""Which packages a teacher gets for which flags."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scorm.errors import PackageError
from scorm.packages import Format, Layout, PackageOptions, archive, formats, package_name, presets
from scorm.packages.content import Rendered
from tests.support.packages import TWO_MODULES, TWO_MODULES_FILES, findings, lay_out


def names(**flags: Any) -> list[str]:
    """The packages of the course with two modules for these flags."""
    return [
        package_name(TWO_MODULES, options)
        for order in presets.orders(**flags)
        for options in order.packages(TWO_MODULES)
    ]


def test_without_flags() -> None:
    """Is there something for every LMS, and one package a module?"""
    assert names() == [
        "obd-course-scorm12.zip",
        "obd-course-scorm12-single.zip",
        "obd-course-scorm2004-single.zip",
        "obd-course-cmi5.zip",
        "obd-course-welcome-scorm12.zip",
        "obd-course-labs-scorm12.zip",
    ]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"format": "scorm12"}, ["obd-course-scorm12.zip"]),
        ({"layout": "single"}, ["obd-course-scorm12-single.zip"]),
        ({"format": "scorm2004"}, ["obd-course-scorm2004-single.zip"]),
        ({"format": "scorm2004", "layout": "multi"}, ["obd-course-scorm2004.zip"]),
        ({"edition": "3rd"}, ["obd-course-scorm2004-3rd-single.zip"]),
        (
            {"format": "scorm2004", "edition": "4th", "extent": "module"},
            ["obd-course-welcome-scorm2004-single.zip", "obd-course-labs-scorm2004-single.zip"],
        ),
        ({"format": "cmi5"}, ["obd-course-cmi5.zip"]),
        ({"format": "scorm2004", "linear": True}, ["obd-course-scorm2004-linear.zip"]),
        (
            {"linear": True},
            [
                "obd-course-scorm12-linear.zip",
                "obd-course-welcome-scorm12-linear.zip",
                "obd-course-labs-scorm12-linear.zip",
            ],
        ),
        ({"preset": "openedx"}, ["obd-course-scorm12-single.zip"]),
        (
            {"preset": "ilias", "linear": True},
            ["obd-course-scorm12-linear.zip", "obd-course-scorm2004-3rd-linear.zip"],
        ),
    ],
)
def test_flags(flags: dict[str, Any], expected: list[str]) -> None:
    """Do flags give what they say, with the layout that serves most LMSs where none is said?"""
    assert names(**flags) == expected


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"format": "cmi5", "layout": "single"}, "cmi5 has no layout 'single'"),
        ({"format": "cmi5", "linear": True}, "cmi5 cannot be linear"),
        ({"format": "scorm12", "edition": "3rd"}, "--edition is one of SCORM 2004"),
        ({"layout": "single", "linear": True}, "'single' cannot be linear"),
        ({"preset": "openedx", "linear": True}, "none of these packages can be linear"),
        ({"preset": "moodle", "format": "cmi5"}, "--for chooses"),
        ({"preset": "moodle", "extent": "module"}, "--for chooses"),
    ],
)
def test_impossible(flags: dict[str, Any], words: str) -> None:
    """Is what cannot be told in one line, and not built?"""
    with pytest.raises(PackageError, match=re.escape(words)) as error:
        presets.orders(**flags)
    assert "\n" not in str(error.value)


def test_moodle_gets_what_records_there() -> None:
    """Is no SCORM 2004 package with many SCOs made for Moodle, where only the first records?"""
    for name in ("moodle", "moodle-app"):
        for order in presets.PRESETS[name].orders:
            assert order.options.format == Format.SCORM12
    for order in presets.DEFAULT:
        if order.options.format == Format.SCORM2004:
            assert order.options.layout == Layout.SINGLE


def test_documented(project: Path) -> None:
    """Does PACKAGES.md say of each preset what it builds, why, and who says so?"""
    text = " ".join((project / "PACKAGES.md").read_text("utf-8").split())
    for name, preset in presets.PRESETS.items():
        assert f"### `--for {name}`" in text
        assert preset.reason in text
        for source in preset.sources:
            assert source in text
    for format in Format:
        assert f"`{format.split('-')[0]}`" in text


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    build = lay_out(tmp_path_factory.mktemp("rendered") / "build", TWO_MODULES_FILES)
    return Rendered(TWO_MODULES, build)


@pytest.mark.parametrize("preset", presets.PRESETS)
def test_presets_are_valid(rendered: Rendered, tmp_path: Path, preset: str) -> None:
    """Does every package of every preset pass the check of its format?"""
    for order in presets.orders(preset=preset):
        for options in order.packages(TWO_MODULES):
            path = tmp_path / package_name(TWO_MODULES, options)
            formats.write(TWO_MODULES, rendered.build, path, options, rendered=rendered)
            assert {finding.rule for finding in findings(path)} <= {"several-scos"}


def test_same_with_and_without_sharing(rendered: Rendered, tmp_path: Path) -> None:
    """Is a package the same whether it is built alone or among others?"""
    for number, options in enumerate(
        (PackageOptions(), PackageOptions(layout=Layout.SINGLE), PackageOptions())
    ):
        shared, alone = tmp_path / f"shared{number}.zip", tmp_path / f"alone{number}.zip"
        formats.write(TWO_MODULES, rendered.build, shared, options, rendered=rendered)
        formats.write(TWO_MODULES, rendered.build, alone, options)
        assert shared.read_bytes() == alone.read_bytes()


def test_nothing_is_deflated_twice(
    rendered: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Do the packages of one build share what takes the time: the compressed pages?"""
    shared = Rendered(rendered.course, rendered.build)
    page = rendered.build / "html/docs/welcome/index.html"
    seen: list[archive.Content] = []
    deflate = archive._deflate

    def counting(content: archive.Content) -> archive.Packed:
        seen.append(content)
        return deflate(content)

    monkeypatch.setattr(archive, "_deflate", counting)
    for options in (PackageOptions(), PackageOptions(Format.SCORM2004, Layout.SINGLE)):
        path = tmp_path / package_name(TWO_MODULES, options)
        formats.write(TWO_MODULES, shared.build, path, options, rendered=shared)
    assert seen.count(page) == 1

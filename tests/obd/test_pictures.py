"""Pictures of lessons that a script draws: are they those of the script as it is?"""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from scorm.sphinxext.figures.still import text_of
from tests.conftest import ROOT


@pytest.mark.parametrize(
    "script", sorted(ROOT.glob("docs/*/images/draw.py")), ids=lambda path: path.parts[-3]
)
def test_pictures_are_those_of_their_script(script: Path) -> None:
    """Was the script run after its last change, and is each picture beside it one of its own?"""
    drawn = runpy.run_path(str(script))
    pictures = {it.__name__.replace("_", "-"): text_of(it()) for it in drawn["PICTURES"]}
    assert pictures == {path.stem: path.read_text("utf-8") for path in script.parent.glob("*.svg")}

"""What a browser may keep of a package that the preview plays."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from scorm.player import PreviewServer
from tests.support.engines import free_port
from tests.support.packages import build_package


@pytest.mark.parametrize(
    ("is_chosen", "kept"), [(False, "private, max-age=3600, immutable"), (True, "no-store")]
)
def test_files_are_kept_where_nothing_old_can_show(
    tmp_path: Path, is_chosen: bool, kept: str
) -> None:
    """Is a file asked for once, but each time at a port that the author comes back to?"""
    with PreviewServer(build_package(tmp_path), free_port() if is_chosen else 0) as server:
        answers = {
            path: urllib.request.urlopen(server.url + path).headers["Cache-Control"]
            for path in ("course/docs/welcome/index.html", "player/player.js", "")
        }
    assert answers == {
        "course/docs/welcome/index.html": kept,
        "player/player.js": "no-store",
        "": "no-store",
    }

"""Pack ``manifests/`` into ``kubernetes-lab.zip`` for students: run this after a change."""

from __future__ import annotations

import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent / "manifests"
ARCHIVE = Path(__file__).parent / "kubernetes-lab.zip"


def pack() -> None:
    """Write the archive, with the same bytes for the same files."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".yaml", ".py"))
    with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            name = f"kubernetes-lab/{path.relative_to(FOLDER).as_posix()}"
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    pack()

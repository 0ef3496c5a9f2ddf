"""Remove what earlier runs left in the output folder, so that packages hold this course only.

Sphinx never deletes a page whose source is gone, nor an image that no page uses any more; a
package built on top of an older build would then differ from one built in a clean folder.
"""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx

from scorm.sphinxext.site.deck_links import PREFIX

_OF_SPHINX = {"search", "genindex"}


def remove_stale(app: Sphinx) -> None:
    """Delete pages, images and downloads that no document of this run stands for."""
    output = Path(app.outdir)
    pages = app.env.found_docs | _OF_SPHINX
    for path in output.rglob("*.html"):
        name = path.relative_to(output).as_posix()
        of_another_run = name.startswith(("_", PREFIX))
        if not of_another_run and name.removesuffix(".html") not in pages:
            path.unlink()
    for path in output.glob("notebooks/**/*.ipynb"):
        # nbsphinx puts the executed notebook beside its page; students download the source
        path.unlink()
    _keep(output / "_images", {str(name) for _, name in app.env.images.values()})
    _keep(output / "_downloads", {str(name) for _, name in app.env.dlfiles.values()})


def clean_search_index(output: Path) -> None:
    """Drop words that no page has any more, which Sphinx keeps when it reads pages again."""
    path = output / "searchindex.js"
    opening, closing = "Search.setIndex(", ")"
    index = json.loads(path.read_text("utf-8").removeprefix(opening).removesuffix(closing))
    for name in ("terms", "titleterms"):
        index[name] = {word: pages for word, pages in index[name].items() if pages != []}
    text = json.dumps(index, separators=(",", ":"), sort_keys=True)
    path.write_text(f"{opening}{text}{closing}", "utf-8")


def _keep(folder: Path, names: set[str]) -> None:
    """Delete every file of a folder but those named, and the folders this leaves empty."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in names:
            path.unlink()

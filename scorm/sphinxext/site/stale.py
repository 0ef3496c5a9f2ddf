"""Remove what earlier runs left in the output folder, so that packages hold this course only.

Sphinx never deletes a page whose source is gone, nor an image that no page uses any more; a
package built on top of an older build would then differ from one built in a clean folder. Only
what an earlier run noted as its own is removed. Pictures and downloads that other extensions wrote
stay as long as a page names them, and files that no run noted stay in any case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx

from scorm.sphinxext.handover import record
from scorm.sphinxext.pages import local_files


def remove_stale(app: Sphinx) -> None:
    """Delete the pages, images and downloads that the last run noted and this one does not."""
    output = Path(app.outdir)
    earlier = {*record.last(app).wrote}
    present = record.pages(app) | local_files.copied(app.env)
    _remove({name for name in earlier if not record.is_media(name)} - present, output)
    # Stale pages are gone by now, so the new record has only what the other pages name.
    _remove(earlier - {*record.note(app).wrote}, output)
    for docname in app.env.found_docs:
        if app.env.doc2path(docname).suffix == ".ipynb":
            # nbsphinx puts the executed notebook, with its solutions, beside its page
            (output / f"{docname}.ipynb").unlink(missing_ok=True)


def clean_search_index(output: Path) -> None:
    """Drop the words that no page has any more: Sphinx keeps them when it reads a page again."""
    path = output / "searchindex.js"
    opening, closing = "Search.setIndex(", ")"
    index = json.loads(path.read_text("utf-8").removeprefix(opening).removesuffix(closing))
    for name in ("terms", "titleterms"):
        index[name] = {word: pages for word, pages in index[name].items() if pages != []}
    text = json.dumps(index, separators=(",", ":"), sort_keys=True)
    path.write_text(f"{opening}{text}{closing}", "utf-8")


def _remove(names: Iterable[str], output: Path) -> None:
    """Delete files of the output, and the folders that this leaves empty."""
    for path in (output / name for name in names):
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == output or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()

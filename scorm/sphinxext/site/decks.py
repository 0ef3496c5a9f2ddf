"""What Sphinx does for decks only: their template, and the files of reveal.js that they need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

_NEEDED = (
    "LICENSE",
    "dist/reset.css",
    "dist/reveal.css",
    "dist/reveal.js",
    "plugin/notes",
)


def setup(app: Sphinx) -> None:
    """Write decks with our own template."""
    app.connect("html-page-context", use_template)


def use_template(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> str | None:
    """On ``html-page-context``: write decks with our own template."""
    return "scorm/deck.html" if app.builder.name == "revealjs" else None


def prune_reveal(output: Path) -> None:
    """Keep what a deck loads of the 5 MB that sphinx-revealjs copies.

    The rest is the sources of reveal.js, its themes (some fetch fonts from other hosts) and
    plugins that no deck uses.
    """
    root = output / "_static" / "revealjs"
    for path in sorted(root.rglob("*"), reverse=True):
        name = path.relative_to(root).as_posix()
        needed = any(name == kept or name.startswith(f"{kept}/") for kept in _NEEDED)
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif not needed:
            path.unlink()

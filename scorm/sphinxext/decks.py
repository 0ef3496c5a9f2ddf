"""The decks' side of Sphinx: which files of reveal.js a deck needs."""

from __future__ import annotations

from pathlib import Path

_NEEDED = (
    "LICENSE",
    "dist/reset.css",
    "dist/reveal.css",
    "dist/reveal.js",
    "plugin/notes",
)


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

"""Show text from a package that may be hostile."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with what a terminal cannot show, or must not act on, as an escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)

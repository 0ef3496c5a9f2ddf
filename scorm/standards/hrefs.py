"""Addresses in a manifest: which file of the package one means, and what is wrong with it."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from scorm.standards import limits


def without_parameters(href: str) -> str:
    """The address up to its query or fragment."""
    return href.partition("#")[0].partition("?")[0]


def path_of(href: str) -> str:
    """The file that an href means: without parameters, and with ``%20`` as a space."""
    return unquote(without_parameters(href))


def is_local(href: str) -> bool:
    """Does the href stay in the package? (One letter and a colon is a drive, not a scheme.)"""
    return not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//", href)


def problem(href: str, names: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with how a local href is written: a rule and a message; ``None`` if nothing.

    ``names`` are the files of the package. Where one of them has a strange character in its name
    and the href means that file, the fault is the file's, and is not told of the href again.
    """
    plain = without_parameters(href)
    if " " in plain:
        return "href-space", f"a space in the href {href!r}; rename the file without spaces"
    found = limits.name_problem(plain)
    if not found or found[0] == "name-extension":
        return None
    if found[0] == "name-characters" and path_of(href) in names:
        return None
    return found[0].replace("name-", "href-"), f"the href {href!r}: {found[1]}"


def hint(names: frozenset[str], path: str) -> str:
    """What to do about a missing file: most often only the case differs."""
    if near := _by_lower_case(names).get(path.lower()):
        return f"; there is {near!r}: write it in the same case"
    return "; add the file, or correct the path"


@lru_cache(maxsize=1)  # of the package at hand, which may miss thousands of files
def _by_lower_case(names: frozenset[str]) -> dict[str, str]:
    return {name.lower(): name for name in sorted(names, reverse=True)}

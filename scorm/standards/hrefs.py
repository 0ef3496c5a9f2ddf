"""Addresses in a manifest: which file of the package one means, and what is wrong with it."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from scorm.standards import limits

_STRANGE = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")


def without_parameters(href: str) -> str:
    """The address up to its query or fragment."""
    return href.partition("#")[0].partition("?")[0]


def path_of(href: str) -> str:
    """The file that an href means: without parameters, and with ``%20`` as a space."""
    return unquote(without_parameters(href))


def is_local(href: str) -> bool:
    """Does the href stay in the package? (One letter and a colon is a drive, not a scheme.)"""
    return not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//", href)


def in_package(href: str) -> str:
    """The file that an address at the package's root means, without ``.`` and ``..``.

    Source: RFC 3986, 5.2.4. A path that leaves the package keeps ``..`` at its beginning.
    """
    parts: list[str] = []
    for part in path_of(href).split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def has_strange_characters(href: str) -> bool:
    """Does an address hold what none may hold (RFC 3986, 2; letters beyond ASCII are an IRI's)?"""
    return _STRANGE.search(href) is not None


def problem(href: str, names: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with how a local href is written: a rule and a message; ``None`` if nothing.

    ``names`` are the files of the package. Where one of them has a strange character in its name
    and the href means that file, the finding is the file's, and is not told of the href again.
    """
    plain = without_parameters(href)
    if " " in plain:
        return "href-space", f"a space in the href {href!r}; write %20, or rename the file"
    found = limits.name_problem(plain)
    rule = found[0].replace("name-", "href-") if found else ""
    if rule not in ("href-backslash", "href-absolute") and has_strange_characters(href):
        message = (
            f"the href {href!r} has a character that no address may have; write it as % and two "
            "digits of 0-9 A-F, or rename the file"
        )
        return "href-invalid", message
    if not found or rule == "href-extension":
        return None
    if rule == "href-characters" and in_package(href) in names:
        return None
    if rule == "href-parent" and not in_package(href).startswith(".."):
        return (
            "href-parts",
            f"the href {href!r}: '..' in a path; write the plain path from the root",
        )
    return rule, f"the href {href!r}: {found[1]}"


def hint(names: frozenset[str], path: str) -> str:
    """What to do about a missing file: most often only the case differs."""
    if near := _by_lower_case(names).get(path.lower()):
        return f"; there is {near!r}: write it in the same case"
    return "; add the file, or correct the path"


@lru_cache(maxsize=1)  # of the package at hand, which may miss thousands of files
def _by_lower_case(names: frozenset[str]) -> dict[str, str]:
    return {name.lower(): name for name in sorted(names, reverse=True)}

"""Which files an HTML page names: quickly and rather too many, or exactly.

The quick way reads bytes and takes all that looks like an attribute, also in comments and scripts;
a page where that finds nothing amiss needs no parser.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from scorm.standards.hrefs import is_local, path_of

#: Attributes with one address (those for slides are reveal.js's), and with a list of them.
_ONE = (
    "href",
    "src",
    "poster",
    "data-src",
    "data-background-image",
    "data-background-video",
    "data-background-iframe",
)
_SEVERAL = ("srcset", "imagesrcset")
#: What stands before a value, in small letters. One pattern for each, since a search for what
#: begins with a word is six times as fast as one for any of several words.
_VALUE = r"""\s*("[^"]*"|'[^']*'|[^\s>"')]+)"""
_BEFORE = ("href", "src", "poster", "data", "data-background-(?:image|video|iframe)")
_QUICK_ONE = [re.compile(rf"{name}\s*={_VALUE}".encode()) for name in _BEFORE]
_QUICK_ONE.append(re.compile(rf"url\({_VALUE}".encode()))
_QUICK_SEVERAL = [re.compile(rf"srcset\s*={_VALUE}".encode())]
_STYLE_URL = re.compile(r"""\burl\(\s*("[^"]*"|'[^']*'|[^\s"')]+)""", re.IGNORECASE)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# HTML 4.8.4.2.1: addresses with descriptors, separated by commas, which addresses may hold as well
_CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(?:\s[^,]*)?")

_parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
_one = etree.XPath(
    " | ".join(f"//@{name}" for name in _ONE) + " | //object/@data | //@*[name()='xlink:href']"
)
_several = etree.XPath(" | ".join(f"//@{name}" for name in _SEVERAL))
_styles = etree.XPath("//@style | //style/text()")


def parsed(page: bytes) -> etree._Element | None:
    """The page as a parser mends it; ``None`` where there is nothing to read."""
    try:
        root: etree._Element | None = etree.fromstring(page, _parser)
    except etree.XMLSyntaxError:
        return None
    return root


def named_files(name: str, page: bytes) -> set[str]:
    """The files that the page at path ``name`` may name, and some that it only seems to name."""
    folder = posixpath.dirname(name)
    hrefs = _quickly(page, _QUICK_ONE)
    for value in _quickly(page, _QUICK_SEVERAL):
        hrefs.update(_CANDIDATE.findall(value))
    return {_target(folder, href) for href in hrefs} - {""}


def local_files(name: str, page: bytes) -> dict[str, str]:
    """The addresses in the page at ``name`` that stay in its site, each with its path there."""
    return missing_files(name, page, ())


def missing_files(name: str, page: bytes, names: Container[str]) -> dict[str, str]:
    """The addresses in the page at ``name`` that lead to none of ``names``, each with its path."""
    if all(path in names for path in named_files(name, page)):
        return {}
    root = parsed(page)
    folder = posixpath.dirname(name)
    found = {href: _target(folder, href) for href in _addresses(root)} if root is not None else {}
    return {href: path for href, path in found.items() if path and path not in names}


def _addresses(root: etree._Element) -> Iterator[str]:
    """The addresses in attributes and styles, as they are written."""
    yield from _texts(_one, root)
    for value in _texts(_several, root):
        yield from _CANDIDATE.findall(value)
    for style in _texts(_styles, root):
        for value in _STYLE_URL.findall(_STYLE_COMMENT.sub("", style)):
            yield value.strip("\"'")


def _texts(path: etree.XPath, root: etree._Element) -> list[str]:
    """What an expression that selects attributes and text finds."""
    found: Any = path(root)
    return [str(text) for text in found]


def _quickly(page: bytes, patterns: Iterable[re.Pattern[bytes]]) -> set[str]:
    """The values that follow any of ``patterns``, whose letters are small, in the page."""
    small = page.lower()
    places = (match.span(1) for pattern in patterns for match in pattern.finditer(small))
    values = {page[start:end] for start, end in places}
    return {html.unescape(value.decode("utf-8", "replace")).strip("\"'") for value in values}


@lru_cache(maxsize=10_000)  # every page names the same scripts, styles and other pages
def _target(folder: str, href: str) -> str:
    """The path that an address on a page in ``folder`` leads to; ``""`` if it leads elsewhere."""
    href = href.strip()
    path = path_of(href)
    if not path or not is_local(href):
        return ""
    target = posixpath.normpath(posixpath.join(folder, path))
    return f"{target}/index.html" if path.endswith("/") else target

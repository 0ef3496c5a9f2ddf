"""What SCORM 1.2, the zip format and careful players allow, each limit with its source.

Two readers share these rules: :mod:`scorm.packages.faults` asks before a package is written, so
that an author hears about every fault at once and in the author's own words;
:mod:`scorm.validate` asks of a finished package.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

#: Characters of a title (imscp_rootv1p1p2.xsd, titleType).
TITLE = 200
#: Characters of an item's identifier: the width of Moodle's database column.
IDENTIFIER = 255
#: Characters of an href, and of a reference to an identifier (imscp_rootv1p1p2.xsd).
HREF = 2000
#: Characters of ``adlcp:datafromlms`` (adlcp_rootv1p2.xsd, datafromlmsType).
DATA_FROM_LMS = 255
#: Characters of ``adlcp:dataFromLMS`` that every LMS keeps (SCORM 2004 RTE, cmi.launch_data).
DATA_FROM_LMS_2004 = 4000
#: Characters of ``adlcp:prerequisites`` (adlcp_rootv1p2.xsd, prerequisiteStringType).
PREREQUISITES = 200
#: Characters of an interaction's identifier (SCORM 1.2 RTE 3.4.7, CMIIdentifier).
INTERACTION_ID = 255
#: Characters of a fill-in response (SCORM 1.2 RTE 3.4.7, CMIFeedback).
FILL_IN = 255

#: A zip without the 64-bit extension, which not every player reads, stays below both of these.
ZIP_ENTRIES = 65_535
ZIP_BYTES = 4 * 1024**3
#: From here on (bytes) many LMSs refuse an upload in their stock settings.
ZIP_ADVISED_BYTES = 100 * 1024**2

#: The two characters that Open edX would take for HTML, and what a reader sees in their place.
_LOOKALIKES = str.maketrans("<>", "\u2039\u203a")

_NAME = re.compile(r"[A-Za-z0-9._/-]+")


def shown_title(title: str) -> str:
    """The title as the LMS's contents list shows it: one line, safe to insert as HTML.

    Open edX inserts titles as HTML, so ``<`` and ``>`` must not appear; single angle quotation
    marks keep ``RDD<T>`` readable, and the page itself shows what the author wrote.
    """
    return " ".join(title.split()).translate(_LOOKALIKES)


def cut_by_moodle(title: str) -> bool:
    """Does Moodle lose a part of the title, unless it stands in a CDATA section?

    Moodle gets the text of an element in pieces and drops each that, without white space around
    it, PHP takes for false: "" and "0" (mod/scorm/datamodels/scormlib.php, ``tagdata``). A piece
    ends at ``&``, and before the first character beyond ASCII that follows; so "0 · Welcome" loses
    its zero, and "Texte & échanges" a space. A CDATA section is one piece.
    """
    beginnings = (re.match(r"[\x00-\x7f]*", part) for part in title.split("&"))
    return any(found and found[0] and found[0].strip() in ("", "0") for found in beginnings)


@lru_cache(maxsize=10_000)  # the same names in a package, in its manifest and in other packages
def name_problem(name: str) -> tuple[str, str] | None:
    """Why a path cannot stand in a package: a rule and a message; ``None`` for a good path.

    ADL's validator unzips names as CP437 and fails files without an extension, so only
    ``[A-Za-z0-9._/-]`` travels everywhere.
    """
    parts = name.split("/")
    if "\\" in name:
        return "name-backslash", "a backslash in a path; write / between folders"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "name-absolute", "an absolute path; write it relative to the package's root"
    if ".." in parts:
        return "name-parent", "'..' in a path leaves the package; write the path from its root"
    if "" in parts or "." in parts:
        return "name-parts", "an empty part or '.' in a path; write the plain path from the root"
    if not _NAME.fullmatch(name):
        bad = " ".join(sorted({repr(char) for char in name if not _NAME.fullmatch(char)}))
        return "name-characters", f"{bad} in a path; only A-Z a-z 0-9 . _ - and / are safe"
    stem, _, suffix = parts[-1].rpartition(".")
    if not (stem and suffix):
        return "name-extension", "a file name without an extension; add one, such as .txt"
    return None


def case_clashes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of paths that differ by case only, and would be one file on Windows or macOS."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[name.lower()].add(name)
    return [tuple(sorted(group)) for _, group in sorted(groups.items()) if len(group) > 1]

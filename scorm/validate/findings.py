"""What a check finds, and how to print it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scorm.errors import Fault
from scorm.standards.editions import Standard
from scorm.validate.printable import printable

#: How many findings of one kind a person is shown.
_SHOWN = 5
#: The values in a message, in which faults of one kind differ; names of elements and attributes
#: stay.
_VALUES = re.compile(r"(?<!Element )(?<!attribute )'[^']*'|\"[^\"]*\"|\d+")


@dataclass(frozen=True)
class Found:
    """What the rules find in one manifest, before :mod:`.rulebook` tells faults from advice.

    ``standard`` is ``None`` where the manifest is of none.
    """

    found: tuple[Fault, ...]
    format: str = ""
    standard: Standard | None = None


@dataclass(frozen=True)
class Findings:
    """``faults`` make a package invalid; ``advice`` is what some LMSs handle badly.

    ``format`` names what the package is ("SCORM 2004 4th Edition"); ``""`` where that is unknown.
    """

    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...] = ()
    format: str = ""

    @property
    def valid(self) -> bool:
        """Does every player of the format have to accept this package?"""
        return not self.faults

    def lines(self, shown: int = _SHOWN) -> Iterator[str]:
        """The verdict for people: faults, then advice, then one line that sums up.

        Of findings of one kind at most ``shown`` are listed, with the count of the rest.
        """
        for fault in grouped(self.faults, shown):
            yield printable(str(fault))
        for advice in grouped(self.advice, shown):
            yield f"advice: {printable(str(advice))}"
        yield self.summary()

    def summary(self) -> str:
        """One line: "valid SCORM 1.2", or "not valid SCORM 1.2, 3 faults"."""
        name = self.format or "package"
        count = len(self.faults)
        if count:
            return f"not valid {name}, {count} fault{'s' if count > 1 else ''}"
        return f"valid {name}"


def grouped(faults: Iterable[Fault], shown: int = _SHOWN) -> Iterator[Fault]:
    """The faults, at most ``shown`` of each kind, kinds in the order of their first fault.

    The last one shown of a larger kind says how many more there are.
    """
    kinds: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.rule, _VALUES.sub("", fault.message)), []).append(fault)
    for alike in kinds.values():
        yield from alike[: shown - 1]
        if len(alike) >= shown:
            last, more = alike[shown - 1], len(alike) - shown
            yield replace(last, message=f"{last.message} (and {more} more)") if more else last

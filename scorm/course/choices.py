"""How a choice is known, and how an answer to a question is named in the reports of an LMS.

A choice is known by what it says (or by what its author says that it once said), never by its
place. So an answer stays the answer that was given when choices are reordered, added or removed.
Everything that is sent about a question is computed here, once, and handed to the runtime in the
page's sealed data. :func:`sent` gives it to whoever wants to read a report, by label.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from scorm.course.model import Choice, Question, QuestionKind

#: How smart quotes (docutils) write what an author typed; undone, so that turning them on or off
#: changes no choice.
_TYPED = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),  # noqa: RUF001
    "–": "--",  # noqa: RUF001
    "—": "---",
    "…": "...",
}
_TYPED_FORMS = str.maketrans(_TYPED)

#: A description in SCORM 2004 has 250 characters that every LMS keeps (RTE 4.2.9).
DESCRIPTION = 250
#: So long may the readable part of a choice's name be; the standard allows 250 (RTE 4.1.1.6).
_NAME = 60
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def identity_of(text: str) -> str:
    """What a choice is known by: its text, whatever its white space and its quotation marks.

    Letters keep their case, as ``List`` and ``list`` may well be two choices.
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(_TYPED_FORMS).split())


def known_by(choice: Choice) -> str:
    """The identity of a choice, wherever in its question it stands."""
    return identity_of(choice.was or choice.text)


def key_of(label: str, identity: str) -> int:
    """The number of 32 bits by which the runtime keeps a pick; other questions have others."""
    return int.from_bytes(_digest(label, identity)[:4])


def name_of(label: str, identity: str) -> str:
    """The choice's name in SCORM 2004 and cmi5: ``[A-Za-z0-9_.]``, readable, from its text alone.

    Where letters, digits and single blanks are not the whole text, some characters of a digest
    follow, so that ``x < 3`` and ``x > 3`` have two names.
    """
    plain = unicodedata.normalize("NFKD", identity).encode("ascii", "ignore").decode()
    readable = "_".join(re.findall(r"[A-Za-z0-9]+", plain))[:_NAME].rstrip("_")
    if readable and readable.replace("_", " ") == identity:
        return readable
    return f"{readable or 'choice'}.{_short(_digest(label, identity)[4:])}"


def revision_of(question: Question) -> str:
    """Four characters that change when a letter of the question may stand for something else.

    Empty where an answer is sent in words of its own: typed, or true and false.
    """
    if not question.kind.has_choices or question.kind is QuestionKind.TRUE_FALSE:
        return ""
    return _short(_digest(*map(known_by, question.choices)))


def description_of(question: Question) -> str:
    """What the question asks, in one line of at most 250 characters that does not begin with {."""
    line = " ".join(question.stem_text.split())
    return re.sub(r"^\{", "(", line)[:DESCRIPTION].rstrip()


@dataclass(frozen=True)
class SentChoice:
    """A choice as reports name it: by ``letter`` in SCORM 1.2, by ``name`` in 2004 and cmi5."""

    letter: str
    name: str
    text: str
    correct: bool


@dataclass(frozen=True)
class Sent:
    """What reports say of a question.

    ``scorm12`` and ``scorm2004`` are the identifiers of its interactions; ``cmi5`` is the end of
    its activity's identifier, behind that of the page and ``/``.
    """

    label: str
    scorm12: str
    scorm2004: str
    cmi5: str
    description: str
    choices: tuple[SentChoice, ...]


def sent(question: Question) -> Sent:
    """How answers to the question are named in reports: what a key to a report is made of.

    In SCORM 1.2 a choice is a letter, which means something only for one list of choices, so the
    identifier carries the revision of the list, as in ``closed-by-accident.k7f2``. True and false
    are sent as ``t`` and ``f`` (1.2) or ``true`` and ``false``; typed answers as they are.
    """
    revision = revision_of(question)
    label = question.identifier
    return Sent(
        label=label,
        scorm12=f"{label}.{revision}" if revision else label,
        scorm2004=label,
        cmi5=label,
        description=description_of(question),
        choices=tuple(_sent_choice(label, choice) for choice in question.choices)
        if question.kind.has_choices
        else (),
    )


def _sent_choice(label: str, choice: Choice) -> SentChoice:
    name = name_of(label, known_by(choice))
    return SentChoice(choice.identifier, name, choice.text, choice.correct)


def alike(identities: Iterable[str]) -> list[int]:
    """The places of identities that stood before."""
    seen: set[str] = set()
    found = []
    for place, identity in enumerate(identities):
        if identity in seen:
            found.append(place)
        seen.add(identity)
    return found


def _digest(*words: str) -> bytes:
    return hashlib.sha256("\0".join(words).encode()).digest()


def _short(digest: bytes) -> str:
    """Four of the characters ``[0-9a-z]``."""
    number = int.from_bytes(digest[:8])
    return "".join(_DIGITS[number // 36**place % 36] for place in range(4))

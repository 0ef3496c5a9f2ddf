"""What a catalogue wants to know of a package: learning object metadata (LOM), in two bindings.

SCORM 1.2 has the IMS binding 1.2.1 of the draft, inside the manifest. SCORM 2004 has that of IEEE
1484.12.3, in a file of its own. Moodle reads the elements of a manifest by their names alone, so
that a second ``title`` or ``organization`` in there can only confuse it. The schemas of both lie
at the root of the package. That of IEEE LOM is ours (:mod:`scorm.standards.schemas`); ADL's
validator fails a package whose metadata are in a namespace without a schema.
"""

from __future__ import annotations

from lxml import etree

from scorm.packages.scope import Scope
from scorm.standards.names import LOM, XSI
from scorm.standards.schemas import LOM_SCHEMA
from scorm.standards.xml import Element, Vocabulary

_lom = Vocabulary(LOM, {None: LOM, "xsi": XSI})

#: The vocabulary whose words are "author" and the like (LOM 2.3.1).
_WORDS = "LOMv1.0"


def imsmd(scope: Scope, md: Vocabulary) -> Element:
    """The ``lom`` element of SCORM 1.2; ``md`` is the vocabulary of the IMS binding."""
    course = scope.course

    def said(name: str, text: str, language: str = course.language) -> Element:
        return md(name, md("langstring", text=text, xml__lang=language))

    # "x-none" is the binding's language for a word of a vocabulary (IMS MD 1.2.1 binding, 4.4).
    role = md("role", said("source", _WORDS, "x-none"), said("value", "Author", "x-none"))
    author = md("centity", md("vcard", text=_vcard(course.author)))
    lom = md(
        "lom",
        md(
            "general",
            said("title", scope.title),
            md("language", text=course.language),
            said("description", course.description),
            *(said("keyword", keyword) for keyword in course.keywords),
        ),
        md(
            "lifecycle",
            said("version", course.version),
            md("contribute", role, author, md("date", md("datetime", text=course.date))),
        ),
    )
    if scope.minutes:
        time = md("typicallearningtime", md("datetime", text=_duration(scope.minutes)))
        lom.append(md("educational", time))
    return lom


def ieee(scope: Scope) -> bytes:
    """The metadata file of SCORM 2004."""
    course = scope.course

    def said(name: str, text: str) -> Element:
        return _lom(name, _lom("string", text=text, language=course.language))

    role = _lom("role", _lom("source", text=_WORDS), _lom("value", text="author"))
    author = _lom("entity", text=_vcard(course.author))
    lom = _lom.root(
        "lom",
        _lom(
            "general",
            said("title", scope.title),
            _lom("language", text=course.language),
            said("description", course.description),
            *(said("keyword", keyword) for keyword in course.keywords),
        ),
        _lom(
            "lifeCycle",
            said("version", course.version),
            _lom("contribute", role, author, _lom("date", _lom("dateTime", text=course.date))),
        ),
        _lom("metaMetadata", _lom("metadataSchema", text=_WORDS)),
        xsi__schemaLocation=f"{LOM} {LOM_SCHEMA}",
    )
    if scope.minutes:
        time = _lom("typicalLearningTime", _lom("duration", text=_duration(scope.minutes)))
        lom.append(_lom("educational", time))
    return etree.tostring(lom, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _duration(minutes: int) -> str:
    """ISO 8601; both bindings take it."""
    return f"PT{minutes // 60}H{minutes % 60}M"


def _vcard(name: str) -> str:
    """A person or a group as vCard 3.0 (RFC 2426, 3.1: N and FN must be there)."""
    escaped = name.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"N:{escaped};;;;", f"FN:{escaped}", "END:VCARD")
    return "\n".join(lines)

"""ADL's own elements and attributes: each where an LMS looks for it, and once.

The schemas of content packaging let elements of other namespaces stand at the end of any element.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from scorm.errors import Fault
from scorm.standards.editions import Standard
from scorm.standards.names import ADLCP, ADLCP_2004, ADLNAV, ADLSEQ, IMSCP, IMSCP_2004, IMSSS
from scorm.validate.package import Rule, ScormPackage, at

_ITEM = f"{{{IMSCP_2004}}}item"
_ORGANIZATION = f"{{{IMSCP_2004}}}organization"
_SEQUENCING = f"{{{IMSSS}}}sequencing"
#: In which elements each element may stand.
_PLACES: dict[Standard, dict[str, tuple[str, ...]]] = {
    Standard.SCORM12: {
        f"{{{ADLCP}}}{name}": (f"{{{IMSCP}}}item",)
        for name in (
            "prerequisites",
            "maxtimeallowed",
            "timelimitaction",
            "datafromlms",
            "masteryscore",
        )
    },
    Standard.SCORM2004: {
        f"{{{ADLCP_2004}}}timeLimitAction": (_ITEM,),
        f"{{{ADLCP_2004}}}dataFromLMS": (_ITEM,),
        f"{{{ADLCP_2004}}}completionThreshold": (_ITEM, _ORGANIZATION),
        f"{{{ADLCP_2004}}}data": (_ITEM,),
        f"{{{ADLNAV}}}presentation": (_ITEM,),
        f"{{{ADLSEQ}}}constrainedChoiceConsiderations": (_SEQUENCING,),
        f"{{{ADLSEQ}}}rollupConsiderations": (_SEQUENCING,),
        f"{{{ADLSEQ}}}objectives": (_SEQUENCING,),
    },
}
#: On which element each attribute may stand.
_HOLDERS = {
    f"{{{ADLCP}}}scormtype": f"{{{IMSCP}}}resource",
    f"{{{ADLCP_2004}}}scormType": f"{{{IMSCP_2004}}}resource",
    f"{{{ADLCP_2004}}}sharedDataGlobalToSystem": _ORGANIZATION,
    f"{{{ADLSEQ}}}objectivesGlobalToSystem": _ORGANIZATION,
}


def _elements(package: ScormPackage) -> Iterator[Fault]:
    for tag, parents in _PLACES[package.edition.standard].items():
        name = etree.QName(tag).localname
        found = list(package.root.iter(tag))
        for element in found:
            if (parent := element.getparent()) is None or parent.tag not in parents:
                where = " or ".join(f"<{etree.QName(tag).localname}>" for tag in parents)
                message = f"<{name}> where no LMS looks for it; put it into an {where}"
                yield at(element, "extension-place", message)
        for parent, count in Counter(element.getparent() for element in found).items():
            if parent is not None and count > 1:
                message = f"{count} <{name}> in one <{etree.QName(parent).localname}>; leave one"
                yield at(parent, "extension-twice", message)


def _attributes(package: ScormPackage) -> Iterator[Fault]:
    for element in package.root.iter(etree.Element):
        for name in map(str, element.keys()):
            holder = _HOLDERS.get(name, element.tag)
            if element.tag != holder:
                message = (
                    f"the attribute {etree.QName(name).localname!r} belongs to "
                    f"<{etree.QName(holder).localname}>; put it there, or remove it"
                )
                yield at(element, "extension-attribute", message)


RULES: tuple[Rule, ...] = (_elements, _attributes)

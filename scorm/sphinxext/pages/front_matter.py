"""Read and check what a page says of itself at its top: kind, duration, objectives and so on.

Markdown pages carry it as YAML front matter, notebooks under the key ``course`` of their
metadata. This module knows nothing of Sphinx, only text and lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema
import yaml

from scorm.course.model import Objective, PageKind

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": [str(kind) for kind in PageKind]},
        "duration": {"type": "integer", "minimum": 1, "maximum": 600},
        "objectives": {
            "type": "object",
            "propertyNames": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
            "additionalProperties": {"type": "string", "minLength": 1},
        },
        "prerequisites": {"type": "array", "items": {"type": "string"}},
        "lesson": {"type": "string"},
        "engine": {"enum": ["spark", "dask"]},
        "session": {"enum": ["classic"]},
        # Sphinx's and MyST's own, which they check themselves
        "hide-toc": {},
        "myst": {},
        "orphan": {},
    },
    "required": ["kind", "duration"],
    "additionalProperties": False,
}

#: What to write instead, for each key, where the schema's own words would not help.
_HELP = {
    "kind": "write one of " + ", ".join(PageKind),
    "duration": "write whole minutes between 1 and 600",
    "objectives": "write a label (a-z, 0-9, '-') and a sentence for each, as in "
    "'tell-subject: Say what the course is about'",
    "prerequisites": "write a list of document names, as in '- docs/welcome/index'",
    "lesson": "write the document name of the lesson this deck belongs to",
    "engine": "write 'spark' or 'dask'",
    "session": "write 'classic' where RDDs are used, which Spark Connect does not offer, "
    "or leave it out",
}

#: What :attr:`PageMetadata.lines` calls the title of the page, which is no key of the front matter.
TITLE = "title"


@dataclass(frozen=True)
class PageMetadata:
    """What a page says of itself; ``lesson`` is set on decks, ``duration`` is in minutes.

    ``lines`` has the line of each key, and of the page's title, for whoever finds later that what
    is written there cannot be.
    """

    kind: PageKind
    duration: int
    objectives: tuple[Objective, ...] = ()
    prerequisites: tuple[str, ...] = ()
    lesson: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of a key, or the first of all where the page has no such key."""
        return self.lines.get(key, 1)


@dataclass(frozen=True)
class FrontMatter:
    """The outcome of reading: metadata (``None`` if absent or faulty), faults as (line, message).

    ``text`` is what Sphinx is to read of a Markdown page: its source, with blank lines in place of
    front matter that cannot be read, at which MyST would fail.
    """

    metadata: PageMetadata | None
    faults: tuple[tuple[int, str], ...]
    text: str = ""


def read_markdown(source: str) -> FrontMatter:
    """Read the YAML front matter of a Markdown page; lines count from 1."""
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        return FrontMatter(None, (), source)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        fault = (1, "the front matter is not closed; end it with '---'")
        return FrontMatter(None, (fault,), source)
    try:
        values, places = _load("\n".join(lines[1:end]))
    except _UnreadableError as error:
        rest = "\n".join([""] * (end + 1) + lines[end + 1 :])
        return FrontMatter(None, error.faults, rest)
    found = _validated(values, places, 1)
    return FrontMatter(found.metadata, found.faults, source)


class _UnreadableError(Exception):
    """The front matter cannot be read as YAML; ``faults`` say why, with lines of the page."""

    def __init__(self, *faults: tuple[int, str]) -> None:
        super().__init__(*faults)
        self.faults = faults


#: The first line of the YAML is the second of the page, and PyYAML counts from 0.
_FIRST = 2


def _load(text: str) -> tuple[Any, dict[str, int]]:
    """What the YAML says, and the line of each key; raises :exc:`_UnreadableError`."""
    if strange := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + _FIRST
        told = f"the front matter has the control character U+{ord(strange[0]):04X}; remove it"
        raise _UnreadableError((line, told))
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if faults := (*_scalar_faults(loader, node, set()), *_twice(node)):
            raise _UnreadableError(*faults)
        values = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + _FIRST if error.problem_mark else 1
        problem = ", ".join(filter(None, (error.context, error.problem)))
        told = f"the front matter is not YAML: {problem}"
        raise _UnreadableError((line, told)) from error
    except RecursionError as error:
        raise _UnreadableError((1, "the front matter is nested too deeply")) from error
    finally:
        loader.dispose()
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    return values, {str(key.value): key.start_mark.line + _FIRST for key in keys}


def _scalar_faults(
    loader: yaml.SafeLoader, node: yaml.Node, seen: set[int]
) -> Iterator[tuple[int, str]]:
    """One fault for each value that looks like a date or a number, but is none."""
    if id(node) in seen:  # an alias; it may even stand for a node around it
        return
    seen.add(id(node))
    if not isinstance(node, yaml.ScalarNode):
        parts = node.value if isinstance(node, yaml.SequenceNode) else sum(node.value, ())
        for part in parts:
            yield from _scalar_faults(loader, part, seen)
        return
    try:
        loader.construct_object(node)
    except yaml.YAMLError:
        raise
    # PyYAML lets these errors of date, int and regular expressions through
    except (ValueError, KeyError, AttributeError, OverflowError):
        kind = node.tag.rpartition(":")[2]
        told = f"'{node.value}' is no {kind}; put it between quotes if it is meant as text"
        yield node.start_mark.line + _FIRST, told


def _twice(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """One fault for each key of the page that stands there again; YAML would take the last."""
    seen: set[str] = set()
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if str(key.value) in seen:
            yield key.start_mark.line + _FIRST, f"'{key.value}' stands here a second time; keep one"
        seen.add(str(key.value))


def read_notebook(source: str) -> FrontMatter:
    """Read the key ``course`` of a notebook's metadata; lines count from 1 in its JSON."""
    try:
        notebook = json.loads(source)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        return FrontMatter(None, ((line, "this is not a notebook: its JSON cannot be read"),))
    metadata = notebook.get("metadata") if isinstance(notebook, dict) else None
    if not isinstance(metadata, dict):
        return FrontMatter(None, ((1, "this is not a notebook: it has no metadata"),))
    if "course" not in metadata:
        return FrontMatter(None, ())
    start = next((n for n, text in enumerate(source.splitlines(), 1) if '"course"' in text), 1)
    return _validated(metadata["course"], {}, start)


def _validated(values: Any, places: dict[str, int], start: int) -> FrontMatter:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    faults = tuple(
        (places.get(_key(error), start), _message(error))
        for error in sorted(validator.iter_errors(values), key=lambda error: _key(error))
    )
    if faults:
        return FrontMatter(None, faults)
    return FrontMatter(
        PageMetadata(
            kind=PageKind(values["kind"]),
            duration=int(values["duration"]),
            objectives=tuple(
                Objective(label, text) for label, text in values.get("objectives", {}).items()
            ),
            prerequisites=tuple(values.get("prerequisites", ())),
            lesson=values.get("lesson", ""),
            lines={key: places.get(key, start) for key in values},
        ),
        (),
    )


def _key(error: jsonschema.ValidationError) -> str:
    if error.absolute_path:
        return str(error.absolute_path[0])
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        unknown = [key for key in error.instance if key not in SCHEMA["properties"]]
        return str(unknown[0]) if unknown else ""
    return ""


def _message(error: jsonschema.ValidationError) -> str:
    key = _key(error)
    if not error.absolute_path and error.validator == "type":
        return "this must say 'key: value', for each of " + ", ".join(SCHEMA["required"])
    if error.validator == "required":
        missing = error.message.split("'")[1]
        return f"'{missing}' is missing; {_HELP[missing]}"
    if key not in SCHEMA["properties"]:
        known = ", ".join(SCHEMA["properties"])
        return f"'{key}' is not known here; write one of {known}" if key else error.message
    return f"'{key}': {error.message}; {_HELP[key]}"

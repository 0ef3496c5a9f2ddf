"""Read and check what a page says of itself at its top: kind, duration, objectives and so on.

Markdown pages carry it as YAML front matter, notebooks under the key ``course`` of their
metadata. This module knows text and lines only, no Sphinx.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
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
            "propertyNames": {"pattern": "^[a-z][a-z0-9-]*$"},
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


@dataclass(frozen=True)
class PageMetadata:
    """What a page says of itself; ``lesson`` is set on decks, ``duration`` is in minutes."""

    kind: PageKind
    duration: int
    objectives: tuple[Objective, ...] = ()
    prerequisites: tuple[str, ...] = ()
    lesson: str = ""


@dataclass(frozen=True)
class FrontMatter:
    """The outcome of reading: metadata (``None`` if absent or faulty), faults as (line, text)."""

    metadata: PageMetadata | None
    faults: tuple[tuple[int, str], ...]


def read_markdown(source: str) -> FrontMatter:
    """Read the YAML front matter of a Markdown page; lines count from 1."""
    lines = source.splitlines()
    if not lines or lines[0].rstrip() != "---":
        return FrontMatter(None, ())
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        return FrontMatter(None, ((1, "the front matter is not closed; end it with '---'"),))
    text = "\n".join(lines[1:end])
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 2 if mark else 1
        return FrontMatter(None, ((line, f"the front matter is not YAML: {error.problem}"),))
    places = {
        key.value: key.start_mark.line + 2
        for key, _ in (node.value if isinstance(node, yaml.MappingNode) else ())
    }
    return _validated(values or {}, places, 1)


def read_notebook(source: str) -> FrontMatter:
    """Read the key ``course`` of a notebook's metadata; lines count from 1 in its JSON."""
    try:
        metadata = json.loads(source).get("metadata", {})
    except (json.JSONDecodeError, AttributeError) as error:
        line = getattr(error, "lineno", 1)
        return FrontMatter(None, ((line, "this is not a notebook: its JSON cannot be read"),))
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
            duration=values["duration"],
            objectives=tuple(
                Objective(label, text) for label, text in values.get("objectives", {}).items()
            ),
            prerequisites=tuple(values.get("prerequisites", ())),
            lesson=values.get("lesson", ""),
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
    if error.validator == "required":
        missing = error.message.split("'")[1]
        return f"'{missing}' is missing; {_HELP[missing]}"
    if key not in SCHEMA["properties"]:
        known = ", ".join(SCHEMA["properties"])
        return f"'{key}' is not known here; write one of {known}" if key else error.message
    return f"'{key}': {error.message}; {_HELP[key]}"

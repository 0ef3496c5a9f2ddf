"""Check what ``conf.py`` says of the course."""

from __future__ import annotations

from typing import Any

import jsonschema
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from scorm.course.model import Explain, Keep, Verdict, Weights
from scorm.standards.names import LANGUAGE_TAG

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "identifier": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9-]{0,99}$"},
        "title": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": {"type": "string", "minLength": 1},
        "author": {"type": "string", "minLength": 1},
        "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "language": {"type": "string", "pattern": f"^({LANGUAGE_TAG.pattern})$"},
        "version": {"type": "string", "minLength": 1},
        "mastery_score": {"type": "integer", "minimum": 0, "maximum": 100},
        "keywords": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "scoring": {
            "type": "object",
            "properties": {
                "weights": {"enum": [str(value) for value in Weights]},
                "attempts": {"type": "integer", "minimum": 0, "maximum": 100},
                "keep": {"enum": [str(value) for value in Keep]},
                "penalty": {"type": "number", "minimum": 0, "maximum": 1},
                "explain": {"enum": [str(value) for value in Explain]},
                "verdict": {"enum": [str(value) for value in Verdict]},
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
_OPTIONAL = {"keywords", "scoring"}
_SCHEMA["required"] = [name for name in _SCHEMA["properties"] if name not in _OPTIONAL]


def setup(app: Sphinx) -> None:
    """Take ``scorm_course`` from ``conf.py``, and check it."""
    app.add_config_value("scorm_course", {}, "env", dict)
    app.connect("config-inited", check_course)


def check_course(app: Sphinx, config: Config) -> None:
    """On ``config-inited``: every key is there and means something.

    :raises ConfigError: naming every key of ``scorm_course`` that is missing or wrong.
    """
    validator = jsonschema.Draft202012Validator(_SCHEMA)
    faults = [
        f"conf.py: scorm_course{''.join(f'[{part!r}]' for part in error.absolute_path)}: "
        f"{error.message}"
        for error in validator.iter_errors(config.scorm_course)
    ]
    if faults:
        raise ConfigError("\n".join(sorted(faults)))

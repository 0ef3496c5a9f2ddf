"""Answers the judge's questions in a student's kernel.

The kernel gets the text of this module when it starts. Whatever the student's code does to it
spoils the student's own answers only: nobody believes them, they are compared.
"""

from __future__ import annotations

import base64
import builtins
import json
import linecache
import marshal
import traceback
import types
from typing import Any

from scorm.grading.values import decode, encode

#: How long an answer may be: less than what the grader takes as one (Limits.answer).
_LONGEST = 48 << 20
#: What stays in the kernel and was named to the judge, by its handle.
_kept: dict[str, Any] = {}
#: The student's names, and which kernel of the submission this is.
_names: dict[str, Any] = {}
_number = 0


def begin(names: dict[str, Any], number: int) -> None:
    """Answer from these names, the global ones of the notebook, in the kernel of this number."""
    global _names, _number
    _names, _number = names, number


def answer(question: str) -> str:
    """The answer to one question, as text: what came out, or what was raised instead."""
    try:
        asked = json.loads(question)
        if asked["do"] == "name" and asked["name"] not in _names:
            return json.dumps({"missing": asked["name"]})
        name = asked["name"] if asked["do"] == "name" else ""
        done = _done(asked)
        said = json.dumps(
            {"value": encode(done, lambda thing: _keep(thing, name if thing is done else ""))}
        )
        if len(said) > _LONGEST:
            raise ValueError("this gives more data than can be compared")
        return said
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return json.dumps({"raised": _told(error)})


def _done(asked: dict[str, Any]) -> Any:
    match asked["do"]:
        case "name":
            return _names[asked["name"]]
        case "eval":
            values = {name: decode(data, _meant) for name, data in asked["values"].items()}
            return eval(asked["source"], {**_names, **values})
    thing = _meant(asked["of"])
    match asked["do"]:
        case "call":
            named = {name: decode(data, _meant) for name, data in asked["named"].items()}
            return thing(*[decode(data, _meant) for data in asked["given"]], **named)
        case "attribute":
            return getattr(thing, asked["name"])
        case "item":
            return thing[decode(asked["key"], _meant)]
        case "length":
            return len(thing)
        case "list":
            return list(thing)
        case "text":
            return str(thing)
    raise ValueError(asked["do"])


def _keep(thing: Any, name: str) -> Any:
    handle = f"{_number}-{len(_kept)}"
    _kept[handle] = thing
    return {"kept": {"handle": handle, "name": name, "type": type(thing).__name__}}


def _meant(kept: dict[str, Any]) -> Any:
    """The thing that the judge means; after a new start of the kernel, by its name.

    A function of a check comes as code, which sees the student's names. The judge itself never
    takes code.
    """
    if "code" in kept:
        code = marshal.loads(base64.b64decode(kept["code"]))
        return types.FunctionType(code, _names, argdefs=decode(kept["defaults"], _meant))
    if kept["handle"] in _kept:
        return _kept[kept["handle"]]
    return _names[kept["name"]]


def _told(error: BaseException) -> dict[str, str]:
    """What is told of an exception: its type, the builtin one behind it, its text, the line."""
    builtin = next(it for it in type(error).__mro__ if it.__module__ == builtins.__name__)
    lines = [
        linecache.getline(frame.filename, frame.lineno or 0).strip()
        for frame in traceback.extract_tb(error.__traceback__)
        if "ipykernel_" in frame.filename or "<ipython-input" in frame.filename
    ]
    return {
        "type": type(error).__name__,
        "builtin": builtin.__name__,
        "text": str(error)[:2000],
        "line": lines[-1] if lines else "",
    }

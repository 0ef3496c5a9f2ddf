"""The judge: runs the checks of an assignment, in a process that the student's code never enters.

A check names what the student wrote as if it were here. Such a name is looked up in the student's
kernel: plain data come as they are, and for a function or any other object there is a
:class:`StandIn`, which asks the kernel. The grader sends one command a line, and passes questions
on; it gives this process the text of this module and of :mod:`scorm.grading.values`.
"""

from __future__ import annotations

import ast
import base64
import builtins
import json
import marshal
import os
import pathlib
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

from scorm.grading.values import decode, encode

_commands = sys.stdin
_replies = os.fdopen(os.dup(1), "w", encoding="utf-8")


class FromStudentError(Exception):
    """Something that the student's code raised; a subclass is also of the builtin type it had."""

    told: dict[str, str]


class LateError(BaseException):
    """The student's code was stopped, or its kernel ended; no check catches this by mistake."""


def _ask(question: dict[str, Any]) -> Any:
    """What the student's kernel answers."""
    _reply({"ask": question})
    answer = json.loads(_commands.readline())
    if "value" in answer:
        return decode(answer["value"], StandIn)
    if "raised" in answer:
        _raise(answer["raised"])
    if "missing" in answer:
        raise KeyError(answer["missing"])
    raise LateError(answer["late"])


def ask(source: str, **values: Any) -> Any:
    """What the expression gives in the student's kernel, where ``values`` are known by name."""
    sent = {name: encode(value, _sent) for name, value in values.items()}
    return _ask({"do": "eval", "source": source, "values": sent})


class StandIn:
    """Stands for an object of the student's kernel."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.__dict__["_kept"] = kept

    def _ask(self, do: str, **more: Any) -> Any:
        return _ask({"do": do, "of": self._kept, **more})

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._ask(
            "call",
            given=[encode(value, _sent) for value in given],
            named={name: encode(value, _sent) for name, value in named.items()},
        )

    def __getattr__(self, name: str) -> Any:
        return self._ask("attribute", name=name)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", key=encode(key, _sent))

    def __len__(self) -> int:
        return int(self._ask("length"))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._ask("list"))

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<{self._kept['type']} of the student>"

    def __str__(self) -> str:
        return str(self._ask("text"))


#: What read-only cells have defined: it is in both processes, so that its name says what it is.
_given: dict[str, Any] = {}


def _sent(value: Any) -> Any:
    if isinstance(value, StandIn):
        return {"kept": value._kept}
    name = getattr(value, "__name__", "")
    if name in _given and _given[name] is value:
        return {"kept": {"handle": "", "name": name}}
    if isinstance(value, types.FunctionType) and not value.__closure__:
        code = base64.b64encode(marshal.dumps(value.__code__)).decode("ascii")
        return {"kept": {"code": code, "defaults": encode(value.__defaults__, _sent)}}
    raise TypeError(
        f"{type(value).__name__} cannot be sent to the student's kernel; send plain data, or make "
        "it there with ask('…', name=data)"
    )


def _raise(told: dict[str, str]) -> NoReturn:
    base = getattr(builtins, told["builtin"], Exception)
    if not (isinstance(base, type) and issubclass(base, Exception)):
        base = Exception  # SystemExit must not end the judge
    try:
        error: FromStudentError = type(told["type"], (FromStudentError, base), {})(told["text"])
    except TypeError:  # a few builtin types want more than a text
        error = FromStudentError(told["text"])
    error.told = told
    raise error from None


class _Space(dict[str, Any]):
    """The names of the checks; those that the student is to define come from the kernel."""

    def __init__(self, theirs: frozenset[str], known: dict[str, Any] | None = None) -> None:
        super().__init__(known or {})
        self.theirs = theirs

    def __missing__(self, name: str) -> Any:
        if name not in self.theirs:
            raise KeyError(name)
        self[name] = _ask({"do": "name", "name": name})
        return self[name]

    def forget(self) -> None:
        """Look the student's names up again."""
        for name in self.theirs:
            self.pop(name, None)


class _NoShell:
    """What the magics of a read-only cell find; there is nothing to set up for checks."""

    def run_line_magic(self, *_: Any, **__: Any) -> None:
        """Nothing."""


def main() -> None:
    """Obey the commands until there are no more."""
    first = json.loads(_commands.readline())
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - for all the process's life
    sys.path.insert(0, "")  # modules that the teacher gave
    space = _Space(frozenset(first["theirs"]))
    kept: dict[str, _Space] = {}
    for line in _commands:
        command = json.loads(line)
        use: _Space
        if "resume" in command:
            use = kept[command["resume"]]
        else:
            use = space
            space.forget()
        use["ask"], use["get_ipython"] = ask, _NoShell
        use["submitted"] = pathlib.Path(first["submitted"])
        verdict = _verdict(command, use)
        if command.get("given"):
            _given.update(use)
        if verdict["passed"] and "keep" in command:
            kept[command["keep"]] = _held(use, command["needs"])
        _reply(verdict)


def _held(space: _Space, needs: list[str]) -> _Space:
    """The names as they are now, for code that runs later; the student may use them again."""
    for name in needs:
        try:
            space[name]
        except (KeyError, LateError):
            continue
    return _Space(space.theirs, dict(space))


#: How much of a message is told; it may hold all of a student's data.
_TOLD = 2000


def _verdict(command: dict[str, Any], space: _Space) -> dict[str, Any]:
    verdict: dict[str, Any] = {"passed": False, "score": None, "message": "", "kind": ""}
    try:
        verdict["score"] = _run(command["run"], space)
        verdict["passed"] = True
    except LateError as error:
        verdict |= {"kind": "late", "message": str(error)}
    except FromStudentError as error:
        verdict |= {"kind": "raised", "told": error.told, "message": error.told["text"]}
    except AssertionError as error:
        message = str(error)[:_TOLD] if error.args else ""
        verdict |= {"kind": "assertion", "message": message, "line": _line(error, command["run"])}
    except NameError as error:
        verdict |= {"kind": "name", "message": str(error), "told": {"name": error.name or ""}}
    except (Exception, SystemExit) as error:
        message = f"{type(error).__name__}: {error}"[:_TOLD]
        verdict |= {"kind": "other", "message": message, "line": _line(error, command["run"])}
    return verdict


def _run(source: str, space: _Space) -> float | None:
    """Run the code; where it ends with an expression that is a number, that number."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    _fetch_for_classes(tree, space)
    execute: Callable[..., Any] = exec
    execute(compile(tree, "<check>", "exec"), space)
    if not isinstance(last, ast.Expr):
        return None
    value = eval(compile(ast.Expression(last.value), "<check>", "eval"), space)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def _fetch_for_classes(tree: ast.Module, space: _Space) -> None:
    """Look up what classes name: the body of a class asks no ``__missing__`` of the space."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            used = {it.id for it in ast.walk(node) if isinstance(it, ast.Name)}
            for name in used & space.theirs:
                with suppress(KeyError):
                    space[name]


def _line(error: BaseException, source: str) -> str:
    """The line of the check at which it failed."""
    number, at = 0, error.__traceback__
    while at:
        number = at.tb_lineno if at.tb_frame.f_code.co_filename == "<check>" else number
        at = at.tb_next
    lines = source.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _reply(said: dict[str, Any]) -> None:
    _replies.write(json.dumps(said) + "\n")
    _replies.flush()


if __name__ == "__main__":
    main()

"""What a notebook depends on: the distributions that its code imports, and their versions.

The code is read, not run, so an import in a branch that is never taken counts as well. A module
that lies in the folder of notebooks is no distribution: its content counts, and what it imports.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from scorm.notebooks.source import engine_of

#: For each engine the module through which it is used, even if a notebook does not import it.
_ENGINE_MODULES = {"spark": "pyspark", "dask": "dask"}

#: For each module the distributions that it uses where they are installed, without requiring them.
_COMPANIONS = {
    "dask": ("distributed", "graphviz", "pandas", "pyarrow"),
    "graphviz": ("graphviz-pure",),  # the program ``dot``, which each kernel finds on its PATH
    "pyspark": ("pandas", "pyarrow"),
}

#: Functions that take the name of a module as their first argument.
_TAKE_A_NAME = frozenset(("__import__", "find_spec", "import_module"))


def versions(notebook: NotebookNode, beside: Path | None = None) -> dict[str, str]:
    """Each distribution that decides what the notebook's code does, with its version.

    These are the distributions that it imports or looks for, those of its engine, and all that
    they require. A module that no distribution brings has the version ``""``, so that installing
    it later is a change. The version of a module that lies in ``beside`` is a digest of its file.
    """
    found = {"ipython": _version("ipython")}  # the kernel formats every result
    names, own = modules(notebook), files(notebook, beside)
    for path in own:
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        names |= _modules_of(path)
    for module in sorted(names - {path.stem for path in own}):
        distributions = _providers().get(module, ())
        if not distributions:
            found[module] = ""
        for distribution in distributions:
            found.update((name, _version(name)) for name in _required(distribution))
        for companion in _COMPANIONS.get(module, ()):
            found.update((name, _version(name)) for name in _required(companion))
    return found


def modules(notebook: NotebookNode) -> set[str]:
    """The top-level modules that the notebook's code imports, without the standard library.

    Code that a cell writes to a file (``%%writefile``) counts like the cell's own.
    """
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    engine = _ENGINE_MODULES.get(engine_of(notebook))
    names = {name for source in code for name in _imported(source)} | (
        {engine} if engine else set()
    )
    return _top_level(names)


def files(notebook: NotebookNode, beside: Path | None) -> list[Path]:
    """The modules in the folder ``beside`` that the notebook imports, itself or through them."""
    found: dict[str, Path] = {}
    waiting = sorted(modules(notebook)) if beside else []
    while beside and waiting:
        path = beside / f"{waiting.pop()}.py"
        if path.stem not in found and path.is_file():
            found[path.stem] = path
            waiting += _modules_of(path)
    return [found[name] for name in sorted(found)]


def _modules_of(path: Path) -> set[str]:
    return _top_level(_imported(path.read_text("utf-8")))


def _top_level(names: Iterable[str]) -> set[str]:
    """The modules in which these lie, without those of the standard library."""
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def _imported(source: str) -> Iterator[str]:
    """The modules that the source of a cell names; none where it is not Python."""
    try:
        # IPython makes magics into calls; the body of a cell magic is an argument, a string
        tree = ast.parse(_plain(source))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Call):
            yield from _named(node)


def _plain(source: str) -> str:
    """The source of a cell as Python without IPython's additions."""
    # IPython has no type information for this function
    return str(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]


def _named(call: ast.Call) -> Iterator[str]:
    """The modules that a call is given: by name, or in the code of a cell magic."""
    function = call.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    words = [word.value for word in call.args if isinstance(word, ast.Constant)]
    texts = [word for word in words if isinstance(word, str)]
    if called in _TAKE_A_NAME:
        yield from texts[:1]
    elif called == "run_cell_magic" and texts:
        yield from _imported(texts[-1])


@cache
def _providers() -> dict[str, list[str]]:
    """For each top-level module the distributions that bring it."""
    return {
        name: sorted(set(brought)) for name, brought in metadata.packages_distributions().items()
    }


@cache
def _required(distribution: str) -> frozenset[str]:
    """The distribution, and what it requires on this machine, directly or not."""
    found: set[str] = set()
    waiting: list[str] = [canonicalize_name(distribution)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _direct(name)
    return frozenset(found)


def _direct(distribution: str) -> Iterable[str]:
    """What a distribution requires without extras, by the markers that hold here."""
    try:
        lines = metadata.requires(distribution) or ()
    except metadata.PackageNotFoundError:
        return
    for line in lines:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue  # the distribution is older than these rules; pip leaves this out as well
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""

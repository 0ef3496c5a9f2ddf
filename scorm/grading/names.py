"""Which names the code of a cell uses and defines."""

from __future__ import annotations

import symtable
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager

#: Scopes that run where they stand, unlike the body of a function.
_AT_ONCE = {"listcomp", "setcomp", "dictcomp", "genexpr"}


def as_python(source: str) -> str:
    """A cell as plain Python: IPython's magics become calls."""
    manager = TransformerManager()  # type: ignore[no-untyped-call]
    return manager.transform_cell(source)


def defined(source: str) -> set[str]:
    """The names that a cell gives a value; not those that it imports."""
    symbols = (symbol for table in _tables(source, at_once=True) for symbol in table.get_symbols())
    return {it.get_name() for it in symbols if it.is_assigned() and not it.is_imported()}


def used_at_once(source: str) -> set[str]:
    """The names that a cell uses when it runs, and not only when its functions are called."""
    symbols = (symbol for table in _tables(source, at_once=True) for symbol in table.get_symbols())
    return {it.get_name() for it in symbols if it.is_referenced()}


def used(source: str) -> set[str]:
    """The names that a cell uses, also inside of its functions."""
    return {name for table in _tables(source, at_once=False) for name in table.get_identifiers()}


def _tables(source: str, *, at_once: bool) -> Iterator[symtable.SymbolTable]:
    """The scopes of a cell; none where it is no Python."""
    try:
        waiting = [symtable.symtable(as_python(source), "<cell>", "exec")]
    except SyntaxError:
        return
    while waiting:
        table = waiting.pop()
        yield table
        waiting += [
            it
            for it in table.get_children()
            if not at_once or it.get_type() == "class" or it.get_name() in _AT_ONCE
        ]

"""Values as JSON, between the judge and a student's kernel.

The kernel's side is never trusted, so nothing is unpickled: a value is plain data, or an array in
NumPy's own format, or a table in Arrow's; everything else stays where it is and is known by a
number, its handle. Both processes are given the text of this module, so it imports the standard
library only, and NumPy or pandas where a value needs them.
"""

from __future__ import annotations

import base64
import datetime
import io
import itertools
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

#: Deeper than this, a value stays where it is: it may contain itself.
_DEEPEST = 40
#: How many values of a generator travel; it may have no end.
_MOST = 100_000


def encode(value: Any, keep: Callable[[Any], Any], depth: int = 0) -> Any:
    """The value as JSON; ``keep`` gives a stand-in for what is no plain data.

    Instances of subclasses become instances of the plain class, so that no method of the student's
    travels.
    """
    if value is None or value is True or value is False:
        return value
    if depth > _DEEPEST:
        return keep(value)
    inside: Callable[[Any], Any] = lambda part: encode(part, keep, depth + 1)  # noqa: E731
    match value:
        case str():
            return str.__str__(value)
        case int():
            return {"int": int.__repr__(value)}
        case float():
            return {"float": float.__repr__(value)}
        case list():
            return [inside(part) for part in list.__iter__(value)]
        case tuple():
            return {"tuple": [inside(part) for part in tuple.__iter__(value)]}
        case dict():
            return {"dict": [[inside(key), inside(part)] for key, part in dict.items(value)]}
        case set() | frozenset():
            kind = "set" if isinstance(value, set) else "frozenset"
            return {kind: [inside(part) for part in value]}
        case range():
            return {"range": [value.start, value.stop, value.step]}
        case types.GeneratorType() | map() | filter() | zip():
            return {"generator": [inside(part) for part in _all_of(value)]}
        case bytes():
            return {"bytes": _text(value)}
        case complex():
            return {"complex": [float.__repr__(value.real), float.__repr__(value.imag)]}
    return _moment(value) or _table(value) or _array(value) or keep(value)


def decode(data: Any, stand_in: Callable[[Any], Any]) -> Any:
    """The value that :func:`encode` wrote; ``stand_in`` makes something of what was kept."""
    if isinstance(data, list):
        return [decode(part, stand_in) for part in data]
    if not isinstance(data, dict):
        return data
    [(kind, held)] = data.items()
    parts = [decode(part, stand_in) for part in held] if kind in _COLLECTIONS else held
    match kind:
        case "int":
            return int(held)
        case "float":
            return float(held)
        case "range":
            return range(*held)
        case "bytes":
            return base64.b64decode(held)
        case "complex":
            return complex(float(held[0]), float(held[1]))
        case "datetime":
            return datetime.datetime.fromisoformat(held)
        case "date":
            return datetime.date.fromisoformat(held)
        case "array":
            return _decoded_array(held)
        case "frame":
            return _decoded_table(held)
        case "series":
            return _decoded_table(held).iloc[:, 0]
    if kind in _COLLECTIONS:
        return _COLLECTIONS[kind](parts)
    return stand_in(held)


_COLLECTIONS: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict": dict,
    "generator": lambda parts: (part for part in parts),
}


def _all_of(value: Iterable[Any]) -> list[Any]:
    """What a generator gives; it is used up by that."""
    found = list(itertools.islice(value, _MOST + 1))
    if len(found) > _MOST:
        raise ValueError(f"this generator gives more than {_MOST} values")
    return found


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _moment(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()[:32]}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    return None


def _array(value: Any) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.ndarray | numpy.generic):
        return None
    array = numpy.asarray(value)
    if array.dtype.hasobject:
        return None
    stream = io.BytesIO()
    numpy.save(stream, array, allow_pickle=False)
    return {"array": _text(stream.getvalue())}


def _decoded_array(held: str) -> Any:
    import numpy

    array = numpy.load(io.BytesIO(base64.b64decode(held)), allow_pickle=False)
    return array if array.ndim else array[()]


def _table(value: Any) -> Any:
    """A frame or series of pandas, by way of Arrow; None where Arrow has no type for a column."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(value, pandas.DataFrame | pandas.Series):
        return None
    import pyarrow

    is_frame = isinstance(value, pandas.DataFrame)
    try:
        table = pyarrow.Table.from_pandas(value if is_frame else value.to_frame())
    except (pyarrow.ArrowException, TypeError, ValueError):
        return None
    stream = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return {"frame" if is_frame else "series": _text(stream.getvalue().to_pybytes())}


def _decoded_table(held: str) -> Any:
    import pyarrow

    with pyarrow.ipc.open_stream(base64.b64decode(held)) as reader:
        return reader.read_all().to_pandas()

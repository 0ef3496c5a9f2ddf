"""Keep executed notebooks, and find them again by the content of their code.

jupyter-cache keys a notebook by its code cells. What else decides the outputs (versions, the
rules of normalisation, whether a cluster was used) is the *fingerprint*. Each fingerprint has
a jupyter-cache of its own in a subfolder, so whoever goes back to older versions finds the outputs
that were made with them.

Several builds may share a cache. jupyter-cache knows nothing of others who read and write at the
same time, so each subfolder is used by one thread of one process at a time, which holds its lock.
The system lets go of the lock of a process that was killed.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from jinja2 import Environment
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.cache.db import DB_NAME
from nbformat import NotebookNode
from sqlalchemy.exc import DatabaseError

from scorm.errors import BuildError, Fault, reason
from scorm.notebooks import imports, markdown, normalise, tags, versions
from scorm.notebooks.kernel import cluster_of
from scorm.notebooks.source import cell_name, engine_of, needs_classic, parse, read

_IMAGE = Environment(autoescape=True).from_string(
    '<img class="notebook-picture" src="{{ source }}" alt="{{ alt }}">'
)

_LATEX = "text/latex"
_PICTURES = ("image/svg+xml", "image/png", "image/jpeg")


def fingerprint(notebook: NotebookNode, beside: Path | None = None) -> dict[str, object]:
    """What decides a notebook's outputs besides its code.

    ``beside``, here and below, is the folder of the modules that notebooks may import from beside
    them; ``None`` where there is none.
    """
    engine, classic = engine_of(notebook), needs_classic(notebook)
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "packages": imports.versions(notebook, beside),
        "normaliser": normalise.VERSION,
        "cluster": cluster_of(engine, os.environ, classic=classic),
    }


@contextmanager
def _opened(
    cache: Path, notebook: NotebookNode, beside: Path | None = None
) -> Iterator[JupyterCacheAbstract]:
    """The jupyter-cache for the notebook's present fingerprint, made where it does not exist yet.

    Nobody else uses it until the block is left. Raises :class:`~scorm.errors.BuildError` where
    the cache cannot be used.
    """
    written = json.dumps(fingerprint(notebook, beside), indent=1, sort_keys=True) + "\n"
    folder = cache / hashlib.sha256(written.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock"):
            _prepare(folder, written)
            opened = get_cache(folder)
            try:
                yield opened
            finally:
                opened.db.dispose()
    except OSError as error:
        raise BuildError(
            f"the notebook cache {cache} cannot be used: {reason(error)}; name a folder that you "
            "may write to with --notebook-cache"
        ) from error
    # jupyter-cache wraps some errors of its database
    except (DatabaseError, RuntimeError) as error:
        raise BuildError(
            f"the notebook cache in {folder} is damaged ({str(error).splitlines()[0]}): remove "
            "that folder, and the next build executes its notebooks again"
        ) from error


def _prepare(folder: Path, explanation: str) -> None:
    """Note in the folder what it is for, and remove a database that was only made half."""
    told = folder / "fingerprint.json"
    if not told.exists():
        told.write_text(explanation, encoding="utf-8")
    if not (folder / "__version__.txt").exists():  # written last by jupyter-cache
        (folder / DB_NAME).unlink(missing_ok=True)


def _code(notebook: NotebookNode) -> NotebookNode:
    """The notebook without its cells' metadata, which jupyter-cache would make part of the key.

    A tag or a text alternative changes no output.
    """
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        cell.metadata = {}
    return bare


def store(executed: NotebookNode, name: str, cache: Path, beside: Path | None = None) -> None:
    """Keep an executed, normalised notebook; ``name`` is its path in the project.

    What another process stored meanwhile stays: somebody may be reading it.
    """
    with _opened(cache, executed, beside) as opened:
        if _kept(opened, executed) is None:
            opened.cache_notebook_bundle(CacheBundleIn(_code(executed), uri=name), overwrite=True)


def find(source: NotebookNode, cache: Path, beside: Path | None = None) -> Path | None:
    """The cached file with the outputs of this notebook; ``None`` where it was not executed."""
    with _opened(cache, source, beside) as opened:
        return _kept(opened, source)


def _kept(opened: JupyterCacheAbstract, notebook: NotebookNode) -> Path | None:
    """The file with this code's outputs; ``None`` where it is missing or was written only half."""
    try:
        key = opened.match_cache_notebook(_code(notebook)).hashkey
        path: Path = opened.path / "executed" / key / "base.ipynb"
        json.loads(path.read_text(encoding="utf-8"))
    except (KeyError, FileNotFoundError, ValueError):
        return None
    return path


def executed_path(text: str, cache: Path, beside: Path | None = None) -> Path:
    """The cached file with the outputs of the notebook whose source is ``text``.

    Raises :class:`~scorm.errors.BuildError` where it was not executed.
    """
    path = find(parse(text), cache, beside)
    if path is None:
        raise BuildError(
            "a notebook has not been executed since its code, or a version it depends on, "
            "changed: build the course with build_scorm.py, which executes it first"
        )
    return path


def load_executed(text: str, cache: Path, beside: Path | None = None) -> NotebookNode:
    """The notebook whose source is ``text``, with the outputs from the cache.

    Ids, text and metadata are the source's. Raises :class:`~scorm.errors.BuildError` where the
    notebook was not executed.
    """
    return _with_outputs(parse(text), executed_path(text, cache, beside))


def load_page(text: str, cache: Path, beside: Path | None = None) -> NotebookNode:
    """What the course shows of the notebook: stubs for solutions, with the solutions' outputs.

    What tags hide or remove is hidden or missing. A picture becomes an ``img`` whose ``alt`` is the
    cell's ``alt`` metadata, because nbsphinx has no other place for it. Raises as
    :func:`load_executed` does.
    """
    notebook = tags.obeyed(versions.without_solutions(load_executed(text, cache, beside)))
    notebook = markdown.readable(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [_described(output, cell) for output in cell.outputs]
    return notebook


def _with_outputs(source: NotebookNode, path: Path) -> NotebookNode:
    """The notebook with the outputs of the executed one in ``path``, which has the same code."""
    notebook, executed = copy.deepcopy(source), read(path)
    outputs = iter(executed.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            done = next(outputs)
            cell.execution_count, cell.outputs = done.execution_count, done.outputs
    notebook.metadata["language_info"] = executed.metadata["language_info"]
    return notebook


def output_faults(
    source: NotebookNode, name: str, cache: Path, beside: Path | None = None
) -> Iterator[Fault]:
    """One fault for each output that must not be shown as it is; none where nothing was executed.

    A picture needs ``alt`` metadata; no output may show what a student is to write.
    """
    path = find(source, cache, beside)
    if path is None:
        return
    executed = _with_outputs(source, path)
    for index, cell in enumerate(executed.cells):
        drawn = any(_picture(output) for output in tags.outputs_of(cell))
        if drawn and not cell.metadata.get("alt"):
            message = (
                f"{cell_name(source, index)} draws a picture that a blind student cannot read: "
                'describe it in the cell\'s metadata, as "alt": "…"'
            )
            yield Fault(name, None, message, "notebook-alt")
    for index, line in versions.revealed(executed):
        message = (
            f"{cell_name(source, index)} has an output that shows a line of a solution, {line!r}: "
            "print the message of an exception, not its traceback"
        )
        yield Fault(name, None, message, "lab-revealed")


def _picture(output: NotebookNode) -> str:
    """The media type of the picture in an output; ``""`` where it has none.

    A picture of a formula, which SymPy may give with it, is none: the formula says it all.
    """
    data = output.get("data", {})
    return "" if _LATEX in data else next((kind for kind in _PICTURES if kind in data), "")


def _described(output: NotebookNode, cell: NotebookNode) -> NotebookNode:
    """The output with its picture as HTML that carries the text alternative."""
    kind = _picture(output)
    if kind:
        data = output.data[kind]
        # nbformat keeps SVG as text and everything else as base64
        encoded = base64.b64encode(data.encode()).decode() if kind.endswith("xml") else data
        output.data = {"text/html": _image(kind, encoded, cell.metadata["alt"])}
    elif table := output.get("data", {}).get("text/html"):
        # the empty corner of a pandas table is no heading, and no screen reader should say so
        output.data["text/html"] = table.replace("<th></th>", "<td></td>")
    return output


def _image(kind: str, encoded: str, alt: str) -> str:
    source = f"data:{kind};base64,{''.join(encoded.split())}"
    return str(_IMAGE.render(source=source, alt=alt))

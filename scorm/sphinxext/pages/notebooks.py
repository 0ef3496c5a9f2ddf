"""Give nbsphinx the notebooks that were executed before Sphinx started, and offer them to students.

By itself nbsphinx executes a notebook again for every builder and every rebuild; here it only
renders what :mod:`scorm.notebooks` has in its cache. Formulas in outputs become MathML, as all
formulas do. A lab is shown, and offered for download, in
its student version: no solution is in any page or download.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from docutils import nodes
from docutils.utils.math import MathError
from nbformat import NotebookNode
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util import logging

from scorm.errors import ScormError
from scorm.layout import Places
from scorm.notebooks import (
    executed_path,
    files,
    has_solutions,
    load_page,
    parse,
    student,
    write,
)
from scorm.sphinxext.pages import math

logger = logging.getLogger(__name__)

_LATEX, _HTML, _TEXT = "text/latex", "text/html", "text/plain"
#: What nbsphinx would take of an output before a formula.
_BEFORE_LATEX = (_HTML, "text/markdown")
#: The text of an object that has none of its own, such as ``<IPython.core.display.Math object>``.
_NO_TEXT = re.compile(r"\s*<.*>\s*", re.DOTALL)


def setup(app: Sphinx) -> None:
    """Let nbsphinx read notebooks through :func:`convert`, as one of its custom formats."""
    app.add_config_value("scorm_notebook_cache", "", "env", str)
    app.add_config_value("scorm_notebook_links", {}, "env", dict)
    app.connect("config-inited", _use_cache)
    app.connect("config-inited", _check_links)
    app.connect("source-read", _check_executed)
    app.connect("source-read", _write_student_version)


def _use_cache(app: Sphinx, config: Config) -> None:
    config.nbsphinx_execute = "never"
    config.nbsphinx_requirejs_path = ""  # its default is another host
    config.html_copy_source = False  # the source of a lab is its solution
    cache = config.scorm_notebook_cache or os.environ.get("SCORM_NOTEBOOK_CACHE", "")
    config.scorm_notebook_cache = cache or str(Places.of(Path(app.confdir)).notebook_cache)
    config.nbsphinx_custom_formats[".ipynb"] = (
        f"{__name__}.{convert.__name__}",
        {"cache": config.scorm_notebook_cache, "beside": str(_beside(app))},
    )


def _beside(app: Sphinx) -> Path:
    """The folder of notebooks, with the modules that they import from beside them."""
    return Places.of(Path(app.confdir)).notebooks_folder


def convert(text: str, cache: str, beside: str) -> NotebookNode:
    """The page of a notebook's source text, for ``nbsphinx_custom_formats``."""
    notebook = load_page(text, Path(cache), Path(beside))
    for output in _formulas(notebook):
        try:
            output.data = {_HTML: math.drawn(output.data[_LATEX])}
        except MathError:  # the text says the same; where it does not, the author was told
            output.data = {_TEXT: output.data.get(_TEXT, "")}
    return notebook


def _formulas(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """The outputs of which a page shows the LaTeX."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if _LATEX in data and not any(kind in data for kind in _BEFORE_LATEX):
                yield output


def _formula_faults(notebook: NotebookNode) -> Iterator[str]:
    """A message for each formula that cannot be drawn, and has no text that says the same."""
    for output in _formulas(notebook):
        latex = output.data[_LATEX]
        try:
            math.drawn(latex)
        except MathError as error:
            if _NO_TEXT.fullmatch(output.data.get(_TEXT, "<>")):
                yield (
                    f"an output is not LaTeX that MathML can be made of: {error} "
                    f"({math.in_short(latex)}); write it in other words, or print it as text"
                )


def _check_executed(app: Sphinx, docname: str, source: list[str]) -> None:
    """On ``source-read``: warn of a notebook that was not executed, or whose formulas are none.

    nbsphinx would say nothing, or name lines that the notebook does not have.
    """
    if app.env.doc2path(docname).suffix != ".ipynb":
        return
    cache, beside = Path(app.config.scorm_notebook_cache), _beside(app)
    try:
        path = executed_path(source[0], cache, beside)
    except ScormError as error:
        logger.warning("%s", error, location=docname, type="scorm", subtype="notebook")
        return
    app.env.note_dependency(str(path))
    for message in _formula_faults(load_page(source[0], cache, beside)):
        logger.warning("%s", message, location=docname, type="scorm", subtype="notebook")


def _check_links(app: Sphinx, config: Config) -> None:
    """On ``config-inited``: each label of ``scorm_notebook_links`` leads somewhere.

    :raises ConfigError: naming every pattern that does not.
    """
    faults = [
        f"conf.py: scorm_notebook_links[{label!r}] is {pattern!r}: write an address that begins "
        "with https:// and has {path} where the notebook's path goes"
        for label, pattern in config.scorm_notebook_links.items()
        if not str(pattern).startswith("https://") or "{path}" not in str(pattern)
    ]
    if faults:
        raise ConfigError("\n".join(faults))


def _student_path(app: Sphinx, docname: str) -> Path:
    return Path(app.doctreedir) / "student" / f"{docname}.ipynb"


def _write_student_version(app: Sphinx, docname: str, source: list[str]) -> None:
    """On ``source-read``: keep what the student is to download, if it differs from the source."""
    if app.env.doc2path(docname).suffix != ".ipynb":
        return
    path, notebook = _student_path(app, docname), parse(source[0])
    if has_solutions(notebook):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write(student(notebook)), "utf-8")
    else:
        path.unlink(missing_ok=True)


def download(app: Sphinx, docname: str) -> list[nodes.Node]:
    """Paragraphs of a notebook's page: the link to its file, and where it can be run."""
    source, version = Path(app.env.doc2path(docname)), _student_path(app, docname)
    is_lab = version.exists()
    found: list[nodes.Node] = [_download(app.env, version if is_lab else source)]
    for module in files(parse(source.read_text("utf-8")), _beside(app)):
        found.append(_download_of_module(app.env, module))
    if is_lab:
        told = (
            "It has gaps for you to fill in. This page shows the same gaps, each with the output "
            "of a finished version below it, so that you see what to expect."
        )
        found.append(nodes.paragraph("", told))
    path = PurePosixPath(docname).relative_to(PurePosixPath(docname).parts[0])
    links = [
        nodes.reference("", label, refuri=pattern.replace("{path}", quote(f"{path}.ipynb")))
        for label, pattern in app.config.scorm_notebook_links.items()
    ]
    if links:
        items = [nodes.list_item("", nodes.paragraph("", "", link)) for link in links]
        found.append(nodes.bullet_list("", *items, classes=["scorm-notebook-links"]))
    return found


def _download(env: BuildEnvironment, path: Path) -> nodes.paragraph:
    target = _target(env, path, "Download this notebook")
    text = nodes.Text(f" to run it yourself ({path.name}, without outputs)")
    return nodes.paragraph("", "", target, text, classes=["scorm-download"])


def _download_of_module(env: BuildEnvironment, path: Path) -> nodes.paragraph:
    target = _target(env, path, f"Download {path.name}")
    text = nodes.Text(" into the same folder: the notebook imports it")
    return nodes.paragraph("", "", target, text, classes=["scorm-download"])


def _target(env: BuildEnvironment, path: Path, words: str) -> addnodes.download_reference:
    page = Path(env.doc2path(env.docname)).parent
    target = addnodes.download_reference(
        "", "", reftarget=os.path.relpath(path, page), refdoc=env.docname
    )
    target += nodes.inline("", words)
    return target

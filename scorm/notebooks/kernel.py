"""The surroundings of a kernel while it executes a notebook.

A notebook runs in a folder of its own with settings of its own, so that nothing of the user's
(a matplotlib style, a Dask configuration, an IPython start-up file) shows in the course. On a
cluster the user's settings of Spark and Dask stay: they say how to reach it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scorm.notebooks.normalise import Machine, home_folder
from scorm.system import temporary as temporary_folders

CLUSTER_VARIABLES = {"spark": ("SPARK_REMOTE", "SPARK_MASTER"), "dask": ("DASK_SCHEDULER_ADDRESS",)}
"""Where each engine's cluster is named; the first one that is set wins."""

_MATPLOTLIB = """\
svg.hashsalt: course
figure.figsize: 6.5, 4
figure.dpi: 100
"""

_IPYTHON = """\
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
"""

_LOG4J = """\
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n
"""

_SPARK = """\
spark.ui.enabled false
spark.ui.showConsoleProgress false
"""

_SPARK_HERE = """\
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.driver.extraJavaOptions "-Djava.io.tmpdir={temporary}"
"""

_PREFIX = "scorm-notebook-"


@dataclass(frozen=True)
class Surroundings:
    """What a kernel is started with; ``machine`` is what its outputs must not show.

    ``connection`` is the file that tells the kernel at which ports it is reached. ``log`` takes
    what the kernel and a JVM write that is no output of a cell.
    """

    folder: Path
    connection: Path
    log: Path
    environ: Mapping[str, str]
    machine: Machine


def cluster_of(engine: str, environ: Mapping[str, str], *, classic: bool = False) -> str:
    """The variable that names this engine's cluster; ``""`` where the engine runs on this machine.

    A notebook that needs a ``classic`` session of Spark leaves a Spark Connect server aside.
    """
    names = [name for name in CLUSTER_VARIABLES.get(engine, ()) if environ.get(name)]
    return next((name for name in names if not (classic and name == "SPARK_REMOTE")), "")


@contextmanager
def surroundings(
    engine: str, java_home: Path | None, modules: Iterable[Path] = (), *, classic: bool = False
) -> Iterator[Surroundings]:
    """A fresh folder and environment for one kernel; the folder is removed afterwards.

    In the folder lie copies of ``modules``, as beside a notebook that somebody has downloaded.
    """
    with temporary_folders.folder(Path(tempfile.gettempdir()), _PREFIX) as root:
        work, temporary, settings = root / "work", root / "tmp", root / "settings"
        for folder in (work, temporary, settings):
            folder.mkdir()
        for module in modules:
            shutil.copy(module, work)
        here = not cluster_of(engine, os.environ, classic=classic)
        environ = _environ(settings, temporary, java_home, here)
        folders = {work: "/course", temporary: "/tmp", root: "/tmp"}
        if java_home is not None:
            folders[java_home] = "/java"
        machine = Machine.here(folders)
        yield Surroundings(work, root / "kernel.json", root / "kernel.log", environ, machine)


def sweep() -> None:
    """Remove the folders of kernels whose build was killed."""
    temporary_folders.sweep(Path(tempfile.gettempdir()), _PREFIX)


def _environ(settings: Path, temporary: Path, java_home: Path | None, here: bool) -> dict[str, str]:
    environ = dict(os.environ)
    environ.update(
        PATH=os.pathsep.join([str(_programs(settings)), environ.get("PATH", os.defpath)]),
        # the order of sets and Dask's names for a graph's nodes depend on it
        PYTHONHASHSEED="0",
        TZ="UTC",
        LC_ALL="C.UTF-8",
        COLUMNS="88",
        TMPDIR=str(temporary),
        IPYTHONDIR=str(_ipython(settings)),
        MATPLOTLIBRC=str(_written(settings / "matplotlibrc", _MATPLOTLIB)),
    )
    if home_folder() is None:
        environ["HOME"] = str(temporary)  # IPython does not start without a home
    if java_home is not None:
        environ["JAVA_HOME"] = str(java_home)
    if here or "SPARK_CONF_DIR" not in environ:
        environ["SPARK_CONF_DIR"] = str(_spark(settings, temporary, here))
    if here:
        environ.update(
            DASK_CONFIG=str(settings / "dask"),
            LOGNAME="student",
            USER="student",
            PYSPARK_PYTHON=sys.executable,
            SPARK_LOCAL_IP="127.0.0.1",
            SPARK_LOCAL_DIRS=str(temporary),
        )
    return environ


def _programs(settings: Path) -> Path:
    """A folder with ``dot``: always graphviz-pure, which draws the same bytes on every machine."""
    folder = settings / "bin"
    folder.mkdir()
    beside = str(Path(sys.executable).parent)
    if drawing := shutil.which("graphviz-pure", path=beside) or shutil.which("graphviz-pure"):
        (folder / "dot").symlink_to(drawing)
    return folder


def _ipython(settings: Path) -> Path:
    profile = settings / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    _written(profile / "ipython_kernel_config.py", f"c = get_config()\n{_IPYTHON}")
    return profile.parent


def _spark(settings: Path, temporary: Path, here: bool) -> Path:
    folder = settings / "spark"
    folder.mkdir()
    _written(folder / "log4j2.properties", _LOG4J)
    defaults = _SPARK + (_SPARK_HERE.format(temporary=temporary) if here else "")
    _written(folder / "spark-defaults.conf", defaults)
    return folder


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path

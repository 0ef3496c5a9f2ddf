"""Measure a GPU for the lab "CPU and GPGPU", and record the results where its page shows them.

::

    python benchmarks/gpu_roofline.py               # on a machine with a GPU and PyTorch
    python benchmarks/gpu_roofline.py --device cpu  # try it out: prints, and records nothing

What is measured is the notebook's own function ``measure_gpu``, so that the page shows the code
its numbers come from. They go to ``gpu_roofline.json``, and into a cell of the notebook, which
students download without this file. Needs ``nbformat`` and ``torch``; the course does not.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import json
import platform
import pprint
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "cpu-gpgpu.ipynb"
RESULTS = ROOT / "benchmarks" / "gpu_roofline.json"
SCRIPT = "benchmarks/gpu_roofline.py"

_FUNCTION = "gpu-measure"
_RECORD = "gpu-recorded"
#: Numbers in a vector and rows of a matrix on a CPU: enough to see that all of it works.
_SMALL = {"numbers": 1_000_000, "size": 256, "repeats": 2}

Results = dict[str, Any]


def main() -> None:
    """Measure; print the results; record those of a GPU."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    device = parser.parse_args().device
    try:
        import torch
    except ImportError:
        raise SystemExit("This needs PyTorch: see https://pytorch.org/get-started/") from None
    if device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("PyTorch finds no GPU here: run this on a machine that has one")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    results = measured(notebook, torch, device, datetime.date.today())
    print(json.dumps(results, indent=1))
    if device == "cuda":
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
        record(notebook, results)
        NOTEBOOK.write_text(f"{nbformat.writes(notebook)}\n", "utf-8")
        print(f"Recorded in {RESULTS.relative_to(ROOT)} and {NOTEBOOK.relative_to(ROOT)}")


def measured(notebook: Any, torch: Any, device: str, day: datetime.date) -> Results:
    """What the notebook's function finds on ``device``, with all that a reader must know of it."""
    cuda = device == "cuda"
    name = torch.cuda.get_device_name() if cuda else platform.processor() or platform.machine()
    rows = measuring(notebook)(torch, device, **({} if cuda else _SMALL))
    return {
        "device": name,
        "date": day.isoformat(),
        "script": SCRIPT,
        "torch": torch.__version__,
        "rows": rows,
    }


def measuring(notebook: Any) -> Callable[..., list[Results]]:
    """The function ``measure_gpu`` of the notebook."""
    names: dict[str, Any] = {}
    exec(compile(_cell(notebook, _FUNCTION).source, NOTEBOOK.name, "exec"), names)
    function: Callable[..., list[Results]] = names["measure_gpu"]
    return function


def record(notebook: Any, results: Results) -> None:
    """Write the results into the notebook, changed in place."""
    text = pprint.pformat(results, sort_dicts=False, width=99)
    _cell(notebook, _RECORD).source = f"# written by {SCRIPT}\nRECORDED = {text}"


def recorded(notebook: Any) -> Results | None:
    """The results in the notebook; ``None`` where nothing has been recorded."""
    [statement] = ast.parse(_cell(notebook, _RECORD).source).body
    assert isinstance(statement, ast.Assign)
    results: Results | None = ast.literal_eval(statement.value)
    return results


def _cell(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.id == name)


if __name__ == "__main__":
    main()

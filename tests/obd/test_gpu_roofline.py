"""The script that measures a GPU for the lab "CPU and GPGPU", as far as it needs no GPU."""

from __future__ import annotations

import copy
import datetime
import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import numpy as np
import pytest

from benchmarks import gpu_roofline
from scorm.notebooks.source import read

DAY = datetime.date(2026, 11, 22)


class Tensor:
    """As much of PyTorch's tensor as the measurement uses."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def to(self, kind: str) -> Tensor:
        return Tensor(self.values.astype(kind))

    def fill_(self, value: float) -> None:
        self.values.fill(value)

    def copy_(self, other: Tensor) -> None:
        np.copyto(self.values, other.values)


class Torch:
    """As much of PyTorch, on NumPy; notes which matrix products were asked for."""

    __version__ = "0"
    float32, float16 = "float32", "float16"

    def __init__(self) -> None:
        self.precision = "highest"
        self.products: set[tuple[str, str]] = set()

    def rand(self, *shape: int, device: str = "cpu", pin_memory: bool = False) -> Tensor:
        return Tensor(np.ones(shape, np.float32))

    empty = rand

    def add(self, x: Tensor, y: Tensor, alpha: float, out: Tensor) -> None:
        out.values[:] = x.values + alpha * y.values

    def mm(self, a: Tensor, b: Tensor) -> Tensor:
        self.products.add((str(a.values.dtype), self.precision))
        return Tensor(a.values @ b.values)

    def set_float32_matmul_precision(self, precision: str) -> None:
        self.precision = precision


@pytest.fixture
def notebook() -> Any:
    return copy.deepcopy(read(gpu_roofline.NOTEBOOK))


@pytest.fixture
def torch() -> Torch:
    return Torch()


def test_every_measurement_is_taken(notebook: Any, torch: Torch) -> None:
    """Do copies, triad and all three matrix products give an amount, a unit and a time?"""
    rows = gpu_roofline.measured(notebook, torch, "cpu", DAY)["rows"]
    amounts = {row["name"]: (row["amount"], row["unit"]) for row in rows}
    assert amounts == {
        "copy to the device": (4_000_000, "B/s"),
        "copy back": (4_000_000, "B/s"),
        "triad, float32": (12_000_000, "B/s"),
        "matrix product, float32": (2 * 256**3, "FLOP/s"),
        "matrix product, TF32": (2 * 256**3, "FLOP/s"),
        "matrix product, fp16": (2 * 256**3, "FLOP/s"),
    }
    assert all(row["seconds"] > 0 for row in rows)


def test_each_matrix_product_has_its_precision(notebook: Any, torch: Torch) -> None:
    """Is what is called float32, TF32 and fp16 really that, and is the setting put back?"""
    gpu_roofline.measured(notebook, torch, "cpu", DAY)
    assert torch.products == {("float32", "highest"), ("float32", "high"), ("float16", "highest")}
    assert torch.precision == "highest"


def test_page_shows_what_was_recorded(notebook: Any, torch: Torch) -> None:
    """Does the notebook show device, date, script and speeds after a run was recorded?"""
    results = gpu_roofline.measured(notebook, torch, "cpu", DAY)
    gpu_roofline.record(notebook, {**results, "device": "NVIDIA Something"})
    assert gpu_roofline.recorded(notebook) == {**results, "device": "NVIDIA Something"}
    shown = output_of(notebook)
    assert "NVIDIA Something, 2026-11-22, measured by benchmarks/gpu_roofline.py" in shown
    assert "matrix product, TF32" in shown


def test_page_says_that_nothing_was_recorded(notebook: Any) -> None:
    """Does the page say plainly that there are no results, and how to record some?"""
    gpu_roofline._cell(notebook, "gpu-recorded").source = "RECORDED = None"
    shown = output_of(notebook)
    assert "no run on a real GPU has been recorded" in shown
    assert gpu_roofline.SCRIPT in shown


def test_notebook_and_results_agree(notebook: Any) -> None:
    """Does the page show the committed results, and none where none are committed?"""
    committed = None
    if gpu_roofline.RESULTS.exists():
        committed = json.loads(gpu_roofline.RESULTS.read_text("utf-8"))
    assert gpu_roofline.recorded(notebook) == committed


def output_of(notebook: Any) -> str:
    """What the cell that shows the results prints where there is no GPU."""
    cells = {cell.id: cell.source for cell in notebook.cells}
    printed = StringIO()
    with redirect_stdout(printed):
        names: dict[str, Any] = {}
        exec(cells["gpu-recorded"], names)
        exec(cells["gpu-show"].replace("import torch", "raise ImportError"), names)
    return printed.getvalue()

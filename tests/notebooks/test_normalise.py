"""Normalising outputs: what leaks is replaced, what teaches stays."""

from __future__ import annotations

import copy

import nbformat.v4 as v4
import pytest
from nbformat import NotebookNode

from scorm.notebooks.normalise import Machine, Normaliser

MACHINE = Machine(
    folders={
        "/var/folders/xy/run-1/work": "/course",
        "/var/folders/xy": "/tmp",
        "/srv/big data/tmp": "/tmp",
        "/home/ada/venv": "/python",
        "/home/ada": "/home/student",
    },
    hosts=frozenset({"node-17.example.org", "node-17", "data"}),
    addresses=frozenset({"192.0.2.7"}),
    user="ada",
)


def normal(text: str) -> str:
    return Normaliser(MACHINE).text(text)


@pytest.mark.parametrize(
    ("leak", "clean"),
    [
        ("in /var/folders/xy/run-1/work/part.csv", "in /course/part.csv"),
        ("File /home/ada/venv/lib/x.py", "File /python/lib/x.py"),
        ("/home/ada/notes", "/home/student/notes"),
        ("/home/adam/notes", "/home/adam/notes"),
        ("reduceByKey at /tmp/ipykernel_812/3912.py:12", "reduceByKey at <notebook>:12"),
        ("/var/folders/xy/T/ipykernel_812/3912.py", "<notebook>"),
        ("/srv/big data/tmp/ipykernel_812/3912.py", "<notebook>"),
        ("/srv/big data/tmp/blockmgr-1", "/tmp/…"),
        ("spilt to /tmp/dask-scratch-space/worker-k3_9x1ab", "spilt to /tmp/…"),
        ("tmpab12_x9z is gone", "tmp… is gone"),
        ("tcp://127.0.0.1:43211", "tcp://127.0.0.1:…"),
        ("tcp://192.0.2.7:43211", "tcp://127.0.0.1:…"),
        ("http://node-17.example.org:4040", "http://localhost:…"),
        ("Executor on node-17 lost", "Executor on localhost lost"),
        ("sc://data:15002", "sc://localhost:…"),
        ("ada@elsewhere", "student@elsewhere"),
        ("<Client at 0x7f1c2e>", "<Client at 0x…>"),
        ("pointer 0x7f1c2e88a010", "pointer 0x…"),
        ("pid=4711, pid: 4711", "pid=…, pid: …"),
        ("app-20261122081423-0000", "app-…"),
        ("local-1763799263512", "local-…"),
        ("application_1763799263512_0007", "application-…"),
        ("[plan_id=83] [plan_id=80] [plan_id=83]", "[plan_id=1] [plan_id=2] [plan_id=1]"),
        (
            "sum-0123456789abcdef0123456789abcdef, max-00000000000000000000000000000000",
            "sum-#1, max-#2",
        ),
        (
            "id 6f1f3c52-04c5-4a08-b1ad-3a5f2c9d7e10",
            "id 00000000-0000-0000-0000-000000000001",
        ),
    ],
)
def test_leak_is_replaced(leak: str, clean: str) -> None:
    """Is what another machine or moment would change replaced by something readable?"""
    assert normal(leak) == clean


@pytest.mark.parametrize(
    "lesson",
    [
        "data is the plural of datum",
        "Canada",
        "0x1F is 31",
        "spark://host:7077 and 10.0.0.5:8786",
        "hashpartitioning(word#12, 4)",
        "5d41402abc4b2a76b9719d911017c592",
        "3,072 lines in 4 partitions at 20 °C",
        "/usr/share/dict/words",
        "12:30:15",
    ],
)
def test_lesson_stays(lesson: str) -> None:
    """Does text that only resembles a leak reach the student unchanged?"""
    assert normal(lesson) == lesson


def _executed(*outputs: NotebookNode) -> NotebookNode:
    cell = v4.new_code_cell("1", execution_count=1, outputs=list(outputs))
    cell.metadata["execution"] = {"iopub.execute_input": "2026-11-22T08:14:23Z"}
    return v4.new_notebook(
        cells=[cell], metadata={"language_info": {"name": "python", "version": "3.11.7"}}
    )


def test_timing_and_patch_version_are_dropped() -> None:
    """Do two executions at different times, by 3.11.7 and 3.11.9, give the same notebook?"""
    notebook = Normaliser(MACHINE).notebook(_executed())
    assert "execution" not in notebook.cells[0].metadata
    assert "version" not in notebook.metadata["language_info"]


def test_startup_noise_is_dropped() -> None:
    """Is what a JVM says while it starts kept out of the lesson, and a real message kept?"""
    noise = (
        "WARNING: Using incubator modules: jdk.incubator.vector\n"
        'Setting default log level to "WARN".\n'
        "26/11/22 08:14:23 WARN Utils: Your hostname resolves to a loopback address\n"
        "netlib-blas: JNI_OnLoad: dlopen(libblas.so.3) failed: libblas.so.3: cannot open\n"
    )
    only, mixed = (
        v4.new_output("stream", name="stderr", text=noise + end) for end in ("", "Out of disk\n")
    )
    outputs = Normaliser(MACHINE).notebook(_executed(only, mixed)).cells[0].outputs
    assert [output.text for output in outputs] == ["Out of disk\n"]


def test_every_kind_of_output_is_cleaned() -> None:
    """Are leaks found in results, HTML, drawings and nested JSON, and binary data left alone?"""
    leak = "<p>/home/ada/venv</p>"
    data = {
        "text/plain": leak,
        "text/html": leak,
        "image/svg+xml": leak,
        "application/json": {"where": [leak]},
        "image/png": "pid=4711",
    }
    output = v4.new_output("display_data", data=copy.deepcopy(data))
    [cleaned] = Normaliser(MACHINE).notebook(_executed(output)).cells[0].outputs
    assert cleaned.data.pop("image/png") == "pid=4711"
    assert "ada" not in str(cleaned.data)
    assert str(cleaned.data).count("<p>/python</p>") == 4


def test_normal_output_stays_as_it_is() -> None:
    """Does normalising a second time change nothing?"""
    once = normal("tcp://192.0.2.7:43211 /tmp/x/y pid=7 at 0x7f1c2e sum-" + "ab" * 16)
    assert normal(once) == once

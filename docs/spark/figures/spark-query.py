"""Draw ``spark-query.svg``: run this script after a change.

What passes the filter, what a task adds up, where it goes and what comes out is computed from
:data:`PARTITIONS`. The plans are those that ``explain(True)`` of Spark 4.3 prints for this query,
with the names of columns shortened. The words of the steps are in the Markdown file of the same
name.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from scorm.sphinxext.figures.pen import Pen, places

CODE = (
    "means = (",
    ' spark.table("flights")',
    ' .where("delay > 30")',
    ' .groupBy("origin")',
    ' .agg(avg("delay"))',
    ")",
)
#: Origin and delay in minutes of each row; the first two partitions are read by executor 1.
PARTITIONS = (
    (("JFK", 47), ("LGA", 12), ("JFK", 63), ("EWR", 34)),
    (("EWR", 90), ("LGA", 31), ("EWR", 5), ("LGA", 48)),
    (("JFK", 8), ("EWR", 55), ("EWR", 41), ("JFK", 70)),
    (("LGA", 33), ("EWR", 19), ("LGA", 32), ("LGA", 31)),
)
LATE = 30
#: As Spark says: SELECT pmod(hash('EWR'), 2), and so on.
REDUCER = {"EWR": 0, "JFK": 0, "LGA": 1}
TONES = ("blue", "amber")
MONO = "ui-monospace, Menlo, Consolas, monospace"
PLAN, NODE, SLOT = 222, 46, 64
FILES, READERS, ROW = 242, 366, 19


class Sum(NamedTuple):
    """What a task of stage 0 knows of one origin: the rows it comes from, and their sum."""

    task: int
    origin: str
    rows: tuple[int, ...]
    total: int


def sums() -> list[Sum]:
    """What partial aggregation leaves, task by task, in the order in which it is written."""
    found = []
    for task, rows in enumerate(PARTITIONS):
        by_origin: dict[str, list[int]] = defaultdict(list)
        for number, (origin, delay) in enumerate(rows):
            if delay > LATE:
                by_origin[origin].append(number)
        for origin in sorted(by_origin, key=lambda origin: (REDUCER[origin], origin)):
            numbers = by_origin[origin]
            total = sum(rows[number][1] for number in numbers)
            found.append(Sum(task, origin, tuple(numbers), total))
    return found


def spark_query() -> Pen:
    """Nine steps: code, three plans, stages, tasks, shuffle write, shuffle read, result."""
    pen = Pen.drawing(506, 9, "A query's way from code to tasks, and back as a result")
    _driver(pen)
    _stages(pen)
    _code(pen)
    _plan(pen)
    _executors(pen)
    _left_on_disk(pen)
    _rows(pen)
    _ledger(pen)
    return pen


def _driver(pen: Pen) -> None:
    """The whole drawing as long as only the driver works, then a strip above the executors."""
    group = pen.add("g", class_="violet")
    group.box(5, 5, 410, 372, data_steps="1-5")
    group.box(5, 5, 410, 94, data_steps="6-")
    group.text(18, 27, "Driver", "bold tone")
    said = (
        ("1", "nothing has run"),
        ("2", "logical plan: what is wanted"),
        ("3", "optimised logical plan"),
        ("4", "physical plan: how"),
        ("5", "the same plan, cut into stages"),
    )
    for step, words in said:
        group.text(404, 27, words, "bold end", data_steps=step)
    group.text(404, 27, "no row passes through here", "small muted end", data_steps="6-8")
    group.text(404, 27, "three rows arrive", "bold end", data_steps="9")
    states = (
        (("6-7", "running, 4 tasks"), ("8-9", "done")),
        (("6-7", "waiting"), ("8", "running, 2 tasks"), ("9", "done")),
    )
    for stage, words_of_stage in enumerate(states):
        x = 14 + 198 * stage
        chip = pen.add("g", class_=_tone(stage), data_steps="6-")
        chip.box(x, 38, 194, 24)
        chip.text(x + 8, 55, f"Stage {stage}", "bold tone")
        for steps, state in words_of_stage:
            chip.text(x + 186, 55, state, "small end", data_steps=steps)


def _tone(stage: int) -> str:
    return ("green", "grey")[stage]


def _code(pen: Pen) -> None:
    """The code, one call a line; the action comes third, when the logical plan is there."""
    group = pen.add("g", data_steps="1-4")
    for line, words in enumerate(CODE):
        _mono(group, 16, 66 + 24 * line, words)
    _mono(group, 16, 66 + 24 * (len(CODE) + 1), "means.collect()", data_steps="3-")


def _mono(pen: Pen, x: int, y: int, words: str, **more: str) -> None:
    line = pen.text(x, y, words, "small", font_family=MONO, **more)
    line.parent.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _slot(number: int) -> int:
    return 42 + SLOT * number


def _stages(pen: Pen) -> None:
    """The plan cut at the exchange, behind the nodes."""
    facts = (
        (0, 3, ("no row needs a row", "of another partition", "4 partitions: 4 tasks")),
        (4, 1, ("2 partitions: 2 tasks",)),
    )
    for stage, (slot, nodes, words) in enumerate(facts):
        group = pen.add("g", class_=_tone(stage), data_steps="5")
        y = _slot(slot) - 7
        group.box(11, y, 398, SLOT * (nodes - 1) + NODE + 14, class_="dashed")
        group.text(22, y + 24, f"Stage {stage}", "bold tone large")
        for line, said in enumerate(words):
            group.text(22, y + 48 + 20 * line, said, "small")
    pen.text(22, _slot(3) + 20, "the shuffle: all that is", "small", data_steps="5")
    pen.text(22, _slot(3) + 39, "written before is read after", "small", data_steps="5")


def _plan(pen: Pen) -> None:
    """The operators, first to run on top; they glide to where the next plan has them."""
    for number, steps in enumerate(("2-5", "2-5", "3-5", "4-5")):
        pen.arrow(PLAN + 92, _slot(number) + NODE + 1, SLOT - NODE - 2, data_steps=steps)
    relation = (("2", "Relation", "flights, all 19 columns"), ("3", "Relation", "flights"))
    scan = ("4-5", "FileScan parquet", "origin, delay; > 30 pushed")
    _node(pen, "scan", "blue", [("2-5", 0)], (*relation, scan))
    wanted = ("2", "Filter", "delay > 30")
    safe = ("3-5", "Filter", "not null and > 30")
    _node(pen, "filter", "blue", [("2-5", 1)], (wanted, safe))
    _node(pen, "project", "red", [("3", 2)], (("3", "Project", "origin, delay: 2 of 19"),))
    aggregate = ("2-3", "Aggregate", "by origin: avg(delay)")
    final = ("4-5", "HashAggregate", "by origin: avg(delay)")
    way = [("2", 2), ("3", 3), ("4-5", 4)]
    _node(pen, "aggregate", "blue", way, (aggregate, final))
    partial = (("4-5", "HashAggregate", "by origin: partial_avg"),)
    _node(pen, "partial", "blue", [("4-5", 2)], partial, origin="aggregate")
    exchange = (("4-5", "Exchange", "hashpartitioning(origin, 2)"),)
    _node(pen, "exchange", "red", [("4-5", 3)], exchange, origin="aggregate")


def _node(
    pen: Pen,
    key: str,
    tone: str,
    way: list[tuple[str, int]],
    names: tuple[tuple[str, str, str], ...],
    origin: str = "",
) -> None:
    at = places((steps, PLAN, _slot(slot)) for steps, slot in way)
    more = {"data_from": origin} if origin else {}
    group = pen.add("g", class_=tone, data_key=key, data_at=at, **more)
    group.box(0, 0, 184, NODE)
    for steps, name, detail in names:
        group.text(92, 19, name, "bold tone middle", data_steps=steps)
        group.text(92, 37, detail, "small middle", data_steps=steps)


def _task_x(task: int) -> int:
    return 10 + 98 * task + 12 * (task // 2)


def _executor_x(executor: int) -> int:
    return 5 + 208 * executor


def _executors(pen: Pen) -> None:
    """Two executors, two cores each: tasks above, their files, and the tasks that read them."""
    for executor in range(2):
        x = _executor_x(executor)
        group = pen.add("g", data_steps="6-")
        group.box(x, 106, 202, 351, class_="quiet")
        group.text(x + 10, 124, f"Executor {executor + 1}", "bold muted")
        group.text(x + 193, 124, "2 cores", "small muted end")
    for task in range(len(PARTITIONS)):
        x = _task_x(task)
        group = pen.add("g", class_=_tone(0), data_steps="6-7")
        group.box(x, 131, 94, 103)
        group.text(x + 6, 147, f"Task {task}", "bold tone")
        files = pen.add("g", data_steps="7-")
        files.box(x, FILES, 94, 81, class_="quiet")
        files.text(x + 6, FILES + 16, f"file of task {task}", "small muted")
        for reducer in range(2):
            if any(s.task == task and REDUCER[s.origin] == reducer for s in sums()):
                _fetch(pen, task, reducer)
    for reducer, tone in enumerate(TONES):
        x = _executor_x(reducer) + 5
        group = pen.add("g", class_=tone, data_steps="8-")
        group.box(x, READERS, 192, 85)
        group.text(x + 6, READERS + 16, f"Task {len(PARTITIONS) + reducer}", "bold tone")
        group.text(x + 186, READERS + 16, f"reads partition {reducer}", "small end")


def _fetch(pen: Pen, task: int, reducer: int) -> None:
    """A line from a file to the task that reads from it; a line to the other executor is thick."""
    far = " thick" if task // 2 != reducer else ""
    pen.add(
        "line",
        class_=TONES[reducer] + far,
        data_steps="8",
        x1=_task_x(task) + 34 + 26 * reducer,
        y1=FILES + 83,
        x2=_executor_x(reducer) + 34 + 40 * task,
        y2=READERS - 2,
    )


def _in_file(s: Sum) -> tuple[int, int]:
    before = [other for other in sums() if other.task == s.task]
    return _task_x(s.task) + 4, FILES + 21 + ROW * before.index(s)


def _in_reader(s: Sum) -> tuple[int, int]:
    """Where a sum arrives: below its like, one column for each origin."""
    reducer = REDUCER[s.origin]
    column = [origin for origin, number in REDUCER.items() if number == reducer].index(s.origin)
    row = [other.task for other in sums() if other.origin == s.origin].index(s.task)
    return _executor_x(reducer) + 10 + 95 * column, READERS + 23 + ROW * row


def _left_on_disk(pen: Pen) -> None:
    """The files stay where they are, read or not."""
    for s in sums():
        x, y = _in_file(s)
        group = pen.add("g", data_steps="8-")
        group.text(x + 5, y + 13, s.origin, "small muted")
        group.text(x + 81, y + 13, f"{s.total} / {len(s.rows)}", "small muted end")


def _rows(pen: Pen) -> None:
    """Each row that is read; the late ones become sums, and those the result."""
    found = sums()
    by_row = {(s.task, number): s for s in found for number in s.rows}
    for task, rows in enumerate(PARTITIONS):
        # what others end upon is drawn last, so that it lies on top
        for number, (origin, delay) in reversed(list(enumerate(rows))):
            way: list[tuple[str, float, float]] = [
                ("6", _task_x(task) + 4, 153 + ROW * number),
            ]
            s = by_row.get((task, number))
            leads = s is not None and s.rows[0] == number
            if s:
                way.append(("7", *_in_file(s)))
            if s and leads:
                way.append(("8", *_in_reader(s)))
                if s is next(other for other in found if other.origin == origin):
                    way.append(("9", 14 + 132 * list(REDUCER).index(origin), 69))
            chip = pen.add("g", data_key=f"row-{task}-{number}", data_at=places(way))
            _draw_row(chip, origin, delay, s)


def _draw_row(chip: Pen, origin: str, delay: int, s: Sum | None) -> None:
    """A row, then a sum and a count, then an average; thin where the filter will drop it."""
    muted = "" if s else " muted"
    chip.box(0, 0, 86, ROW - 2, class_="grey" if s else "quiet", data_steps="6")
    chip.text(81, 13, str(delay), f"small end{muted}", data_steps="6")
    if s:
        tone = TONES[REDUCER[origin]]
        chip.box(0, 0, 86, ROW - 2, class_=tone, data_steps="7-8")
        chip.box(0, 0, 128, ROW + 3, class_=tone, data_steps="9")
        chip.text(81, 13, f"{s.total} / {len(s.rows)}", "small bold end", data_steps="7-8")
        chip.text(8, 16, origin, data_steps="9")
        every = [other for other in sums() if other.origin == origin]
        mean = sum(x.total for x in every) / sum(len(x.rows) for x in every)
        chip.text(120, 16, f"{mean:.1f} min", "bold end", data_steps="9")
    chip.text(5, 13, origin, f"small{muted}", data_steps="6-8")


def _ledger(pen: Pen) -> None:
    """What is left of the rows up to each step, and what of it crosses the network."""
    found = sums()
    read, late = sum(map(len, PARTITIONS)), sum(len(s.rows) for s in found)
    far = sum(s.task // 2 != REDUCER[s.origin] for s in found)
    first = (
        ("6", f"{read} rows read, {late} of them late by more than {LATE} min"),
        ("7-9", f"{read} rows read, {late} late, {len(found)} sums written for the shuffle"),
    )
    second = (
        ("6-7", "over the network: nothing yet"),
        ("8", f"over the network: {far} sums; {len(found) - far} were there already"),
        ("9", f"over the network: {far} sums, and {len(REDUCER)} rows to the driver"),
    )
    for y, lines in ((477, first), (497, second)):
        for steps, words in lines:
            pen.text(14, y, words, data_steps=steps)


if __name__ == "__main__":
    spark_query().write(__file__)

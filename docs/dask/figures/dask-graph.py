"""Draw ``dask-graph.svg``: run this script after a change.

What runs where and when, what lies in which memory and what is released follows from
:data:`PARTITIONS` by :func:`schedule`, a scheduler in small with four rules of Dask's: tasks of
later rows go first, reads wait until a thread is free, a task runs where most of its input lies,
and a result is released when nobody needs it any more. The words of the steps are in the Markdown
file of the same name.
"""

from __future__ import annotations

from typing import NamedTuple

from scorm.sphinxext.figures.pen import Pen, places

#: Seconds to read and filter each partition, and megabytes of what is left of it.
PARTITIONS = ((3, 90), (4, 120), (2, 60), (3, 90))
WORKERS = 2
SECOND_STEPS = (0, 4, 5, 7, 9, 10, 11, 12)
FIRST = 3  # the step that shows the first of these seconds
STEPS = FIRST - 1 + len(SECOND_STEPS)
COLUMN, ROWS = 103, (8, 42, 92, 150)


class Task(NamedTuple):
    """A task of the graph, after fusion."""

    seconds: int
    megabytes: int
    needs: tuple[str, ...] = ()
    row: int = 0


class Moment(NamedTuple):
    """What is so at one second: who runs what, which results lie where, what is released."""

    running: dict[str, int]
    memory: dict[str, set[int]]
    released: set[str]
    fetched: dict[str, int]
    sent: int


def graph() -> dict[str, Task]:
    """A table for each partition, needed by two sums each, and two results that need those."""
    numbers = range(len(PARTITIONS))
    tasks = {f"late {n}": Task(*PARTITIONS[n]) for n in numbers}
    for kind in ("mean", "max"):
        tasks |= {f"{kind} {n}": Task(1, 0, (f"late {n}",), 1) for n in numbers}
        tasks[kind] = Task(1, 0, tuple(f"{kind} {n}" for n in numbers), 2)
    return tasks


def schedule(tasks: dict[str, Task]) -> list[Moment]:
    """Second by second, until all results are there."""
    ends: dict[str, int] = {}
    running: dict[str, int] = {}
    memory: dict[str, set[int]] = {}
    released: set[str] = set()
    fetched: dict[str, int] = {}
    sent = 0
    moments = []
    second = 0
    while len(memory) + len(released) < len(tasks):
        for task in [task for task, end in ends.items() if end == second]:
            memory[task] = {running.pop(task)}
            del ends[task]
        for task in [t for t in memory if _done_with(t, tasks, memory, released)]:
            released.add(task)
            del memory[task]
            fetched.pop(task, None)
        for task in sorted(tasks, key=lambda t: -tasks[t].row):
            worker = _place(task, tasks, running, memory, released)
            if worker is None:
                continue
            running[task] = worker
            ends[task] = second + tasks[task].seconds
            for need in tasks[task].needs:
                if worker not in memory[need]:
                    memory[need].add(worker)
                    fetched[need] = worker
                    sent += 1
        copies = {task: set(where) for task, where in memory.items()}
        moments.append(Moment(dict(running), copies, set(released), dict(fetched), sent))
        second += 1
    return moments


def _done_with(
    task: str, tasks: dict[str, Task], memory: dict[str, set[int]], released: set[str]
) -> bool:
    """Is there no task left that needs it? The client still needs what no task needs."""
    users = [t for t, its in tasks.items() if task in its.needs]
    return bool(users) and all(user in memory or user in released for user in users)


def _place(
    task: str,
    tasks: dict[str, Task],
    running: dict[str, int],
    memory: dict[str, set[int]],
    released: set[str],
) -> int | None:
    """The free worker on which the task starts now, if it can."""
    if task in running or task in memory or task in released:
        return None
    if not all(need in memory for need in tasks[task].needs):
        return None
    free = set(range(WORKERS)) - set(running.values())

    def there(worker: int) -> tuple[int, int, int]:
        """Bytes of its input, number of its inputs, and how little else the worker holds."""
        needs = [need for need in tasks[task].needs if worker in memory[need]]
        held = sum(worker in where for where in memory.values())
        return sum(tasks[need].megabytes for need in needs), len(needs), -held

    best = max(range(WORKERS), key=lambda worker: (*there(worker), worker in free))
    if tasks[task].needs and there(best)[0]:
        return best if best in free else None
    return max(free, key=there) if free else None


def shown() -> list[Moment]:
    """The moments of the drawing's steps, from :data:`FIRST` on."""
    moments = schedule(graph())
    return [moments[second] for second in SECOND_STEPS]


def dask_graph() -> Pen:
    """Ten steps: the graph as written, fused, and then as two workers carry it out."""
    pen = Pen.drawing(478, STEPS, "A graph of tasks on two workers")
    _edges(pen)
    _as_written(pen)
    _fused(pen)
    _workers(pen)
    _results(pen)
    _ledger(pen)
    return pen


def _x(partition: int) -> int:
    return 5 + COLUMN * partition


def _center(task: str) -> tuple[float, float]:
    """The middle of a task's upper edge in the graph."""
    kind, _, number = task.partition(" ")
    if not number:
        return (108 if kind == "mean" else 312), ROWS[3]
    side = {"late": 50.5, "mean": 24, "max": 77}[kind]
    return _x(int(number)) + side, ROWS[1] if kind == "late" else ROWS[2]


def _edges(pen: Pen) -> None:
    group = pen.add("g", class_="grey")
    for task, its in graph().items():
        x, y = _center(task)
        for need in its.needs:
            from_x, from_y = _center(need)
            height = 28 if need.startswith("late") else 36
            group.add("line", x1=from_x, y1=from_y + height, x2=x, y2=y)


def _as_written(pen: Pen) -> None:
    """Two tasks for each partition above the others."""
    for n in range(len(PARTITIONS)):
        x = _x(n)
        pen.add("line", x1=x + 50, y1=ROWS[0] + 26, x2=x + 50, y2=ROWS[1], data_steps="1")
        read = pen.add("g", class_="blue", data_steps="1")
        read.box(x, ROWS[0], 101, 26)
        read.text(x + 50, ROWS[0] + 18, f"read {n}", "small middle")


def _fused(pen: Pen) -> None:
    """The boxes of the graph, each in the colour of what has become of its task."""
    for task in graph():
        _states(pen, task)


def _states(pen: Pen, task: str) -> None:
    """One task of the graph; its look changes with its state."""
    x, y = _center(task)
    kind, _, number = task.partition(" ")
    width, height = {"late": (101, 28), "mean": (48, 36), "max": (48, 36)}[kind]
    if not number:
        width, height = 96, 28
    top = ROWS[0] if kind == "late" else y
    for step, (tone, said) in enumerate(_looks(task), 1):
        fused = kind == "late" and step > 1
        box_y = top if fused else y
        box_height = y + height - top if fused else height
        gone = tone == "quiet"
        group = pen.add("g", class_="grey" if gone else tone, data_steps=step)
        group.box(x - width / 2, box_y, width, box_height, **({"class_": "quiet"} if gone else {}))
        name, state = ("small middle muted",) * 2 if gone else _TEXTS
        if fused:
            group.text(x, box_y + 25, f"read + filter {number}", name)
            group.text(x, box_y + 43, said, state)
        elif kind == "late":
            group.text(x, y + 18, f"filter {number}", name)
        elif number:
            group.text(x, y + 15, kind, name)
            group.text(x, y + 30, said, state)
        else:
            group.text(x, y + 19, f"{task} {said}".strip(), name)


_TEXTS = ("small middle", "small middle tone bold")
#: The colour of a state, and its word in the drawing where there is room for one.
_LOOKS = {
    "waiting": ("grey", ""),
    "queued": ("grey dashed", "queued"),
    "running": ("amber", "runs"),
    "memory": ("blue", "kept"),
    "released": ("quiet", "gone"),
}


def _looks(task: str) -> list[tuple[str, str]]:
    """The class and the word of a task, for each step."""
    first = ("blue", "")
    looks = [first] * (FIRST - 1)
    for moment in shown():
        state = (
            "running"
            if task in moment.running
            else "memory"
            if task in moment.memory
            else "released"
            if task in moment.released
            else "waiting"
            if graph()[task].needs
            else "queued"
        )
        looks.append(_LOOKS[state])
    return looks


def _workers(pen: Pen) -> None:
    """Two workers: what the thread does, and the room for results."""
    for worker in range(WORKERS):
        x = 5 + 208 * worker
        group = pen.add("g")
        group.box(x, 196, 202, 232, class_="quiet")
        group.text(x + 10, 215, f"Worker {worker + 1}", "bold muted")
        group.text(x + 193, 215, "one thread", "small muted end")
        group.text(x + 10, 276, "memory", "small muted")
        group.text(x + 10, 388, "mean", "small muted", data_steps=f"{FIRST}-")
        group.text(x + 10, 415, "max", "small muted", data_steps=f"{FIRST}-")
        for step, moment in enumerate(shown(), FIRST):
            task = next((t for t, where in moment.running.items() if where == worker), None)
            thread = group.add("g", class_="amber" if task else "grey dashed", data_steps=step)
            thread.box(x + 8, 223, 186, 34)
            words = f"runs {_long(task)}" if task else "nothing to do"
            thread.text(x + 101, 245, words, "middle")
            held = sum(
                graph()[t].megabytes for t, where in moment.memory.items() if worker in where
            )
            group.text(x + 193, 276, f"{held} MB", "small bold end", data_steps=step)


def _long(task: str) -> str:
    return f"read + filter {task[-1]}" if task.startswith("late") else task


def _slot(task: str, worker: int) -> tuple[float, float]:
    """Where a result lies in a worker's memory."""
    x = 13 + 208 * worker
    kind, _, number = task.partition(" ")
    if kind == "late":
        return x, 284
    y = 372 if kind == "mean" else 399
    return x + 46 + (36 * int(number) if number else 0), y


def _results(pen: Pen) -> None:
    """Each result as a block in the memory of each worker that has it, as tall as it is large."""
    for task, its in graph().items():
        homes: dict[int, list[int]] = {}
        for step, moment in enumerate(shown(), FIRST):
            for worker in moment.memory.get(task, ()):
                homes.setdefault(worker, []).append(step)
        copies = {moment.fetched.get(task) for moment in shown()}
        first = next(worker for worker in homes if worker not in copies)
        for worker, steps in sorted(homes.items(), key=lambda home: home[0] != first):
            x, y = _slot(task, worker)
            more = {} if worker == first else {"data_from": f"{task}, {first}"}
            when = f"{steps[0]}-{steps[-1]}"
            copy = pen.add(
                "g",
                class_="blue" if worker == first else "red",
                data_key=f"{task}, {worker}",
                data_at=places([(when, x, y)]),
                **more,
            )
            if its.megabytes:
                height = 0.66 * its.megabytes
                copy.box(0, 0, 186, height)
                copy.text(93, height / 2 + 5, f"{task}: {its.megabytes} MB", "bold tone middle")
            else:
                width, words = (32, task[-1]) if its.row == 1 else (140, f"{task}: the result")
                copy.box(0, 0, width, 23)
                copy.text(width / 2, 16, words, "small middle")


def _ledger(pen: Pen) -> None:
    """How much memory the results take, and what travelled."""
    tasks = graph()
    written = len(tasks) + len(PARTITIONS)
    pen.text(14, 449, f"{written} tasks, as written", data_steps="1")
    pen.text(14, 449, f"{len(tasks)} tasks after fusion", data_steps="2")
    total = sum(megabytes for _, megabytes in PARTITIONS)
    pen.text(14, 469, f"all filtered partitions together: {total} MB", "muted", data_steps="1-2")
    most = 0
    for step, (second, moment) in enumerate(zip(SECOND_STEPS, shown(), strict=True), FIRST):
        held = sum(tasks[t].megabytes * len(where) for t, where in moment.memory.items())
        most = max(most, held)
        gone = len(moment.released)
        pen.text(
            14, 449, f"second {second}: {held} MB in memory, {gone} results released",
            data_steps=step,
        )  # fmt: skip
        so_far = f"most so far: {most} of {total} MB; results sent: {moment.sent}"
        pen.text(14, 469, so_far, "muted", data_steps=step)


if __name__ == "__main__":
    dask_graph().write(__file__)

"""Draw the pictures of the lesson on Dask: run this script after a change.

The drawings name no colour; a style sheet in each of them does, for light and for dark. They are
420 units wide, so that a phone shows their letters at about three quarters of their size. The
pictures of the dashboard are not drawn here: see benchmarks/dask_dashboard.py.
"""

from __future__ import annotations

from scorm.sphinxext.figures.pen import Pen
from scorm.sphinxext.figures.still import arrow, drawing, labelled, line, write

#: The thresholds of a worker's memory, as Dask sets them, and what happens there.
THRESHOLDS = (
    (60, "amber", "target", "results, as Dask counts them:", "the oldest are written to disk"),
    (70, "amber", "spill", "the whole process: results are", "written until it is below 60%"),
    (80, "red", "pause", "the process: no new task starts;", "those that run go on"),
    (95, "red", "terminate", "the nanny kills the process and", "starts an empty one"),
)


def _labelled(
    pen: Pen, x: float, y: float, width: float, height: float, kind: str, *words: str
) -> None:
    """A box with lines of text in its middle, the first of them bold if there are more."""
    labelled(pen, x, y, width, height, kind, *words, first="bold")


def collections() -> Pen:
    """Five ways to say it, one graph, three schedulers."""
    pen = drawing(378, "Collections, one task graph, schedulers")
    pen.text(14, 26, "you write", "small muted")
    kinds = (
        ("array", "NumPy", "chunks"),
        ("dataframe", "pandas", "tables"),
        ("bag", "Python", "lists"),
        ("delayed", "your", "functions"),
        ("futures", "functions,", "at once"),
    )
    x = 10.0
    for number, words in enumerate(kinds):
        width = 88 if words[0] == "dataframe" else 75
        tone = "green" if number < 3 else "violet"
        _labelled(pen, x, 36, width, 66, tone, *words)
        arrow(pen, (x + width / 2, 103), (x + width / 2, 132))
        x += width + 3
    pen.text(14, 150, "Dask makes of all of them", "small muted")
    pen.box(10, 158, 400, 92, class_="grey")
    pen.text(24, 182, "one graph of tasks", "bold")
    pen.text(24, 202, "a task: a function, and", "small")
    pen.text(24, 219, "the tasks it needs", "small")
    _small_graph(pen)
    for x in (76, 210, 344):
        arrow(pen, (x, 251), (x, 280))
    pen.text(14, 298, "which runs on", "small muted")
    _labelled(pen, 10, 306, 130, 60, "blue", "threads", "of this process")
    _labelled(pen, 145, 306, 130, 60, "blue", "processes", "of this machine")
    _labelled(pen, 280, 306, 130, 60, "blue", "distributed", "on any machines")
    return pen


def _small_graph(pen: Pen) -> None:
    """Four chains that meet in two steps."""
    y = [172, 192, 212, 232]
    for row in y:
        line(pen, 222, row, 262, row)
    for row, meet in zip(y, (182, 182, 222, 222), strict=True):
        line(pen, 262, row, 312, meet)
    for meet in (182, 222):
        line(pen, 312, meet, 362, 202)
    for x, rows in ((222, y), (262, y), (312, (182, 222)), (362, (202,))):
        for row in rows:
            pen.add("circle", cx=x, cy=row, r=7, class_="amber")


def task_states() -> Pen:
    """The states of a task on the scheduler."""
    pen = drawing(428, "The life of a task")
    _labelled(pen, 130, 14, 160, 44, "grey", "released", "known, no result")
    arrow(pen, (210, 59), (210, 82))
    _labelled(pen, 130, 84, 160, 44, "grey", "waiting", "for its inputs")
    arrow(pen, (176, 129), (176, 142), (84, 142), (84, 154))
    arrow(pen, (210, 129), (210, 226))
    arrow(pen, (244, 129), (244, 142), (336, 142), (336, 154))
    _labelled(pen, 14, 156, 140, 44, "amber", "queued", "all threads are busy")
    _labelled(pen, 266, 156, 140, 44, "red", "no-worker", "none may run it")
    arrow(pen, (84, 201), (84, 250), (128, 250))
    arrow(pen, (336, 201), (336, 250), (292, 250))
    _labelled(pen, 130, 228, 160, 44, "amber", "processing", "a worker has it")
    arrow(pen, (210, 273), (210, 296))
    _labelled(pen, 126, 298, 164, 44, "green", "memory", "a worker has its result")
    arrow(pen, (291, 262), (336, 262), (336, 296))
    _labelled(pen, 296, 298, 112, 44, "red", "erred", "so do its users")
    arrow(pen, (210, 343), (210, 366))
    _labelled(pen, 94, 368, 232, 46, "grey", "released, then forgotten", "nobody needs it any more")
    arrow(pen, (125, 320), (10, 320), (10, 36), (128, 36))
    pen.text(18, 292, "its worker died:", "small")
    pen.text(18, 309, "computed again", "small")
    return pen


def worker_memory() -> Pen:
    """A worker's memory as a column, with four thresholds."""
    limit, bottom, height = 4.0, 372, 330
    pen = drawing(398, "A worker's memory, and what happens when it fills")
    pen.text(14, 26, "limit: 4 GiB", "bold")
    pen.box(20, bottom - height, 70, height, class_="grey")
    pen.box(20, bottom - 0.6 * height, 70, 0.6 * height, class_="blue")
    pen.text(55, bottom - 90, "room", "small middle")
    pen.text(55, bottom - 73, "to work", "small middle")
    places = {60: 270, 70: 200, 80: 130, 95: 58}
    for percent, tone, name, first, second in THRESHOLDS:
        y, row = bottom - percent / 100 * height, places[percent]
        line(pen, 20, y, 90, y, tone)
        line(pen, 90, y, 128, row)
        gigabytes = f"{percent / 100 * limit:.1f} GiB"
        pen.box(128, row - 28, 280, 62, class_=tone)
        pen.text(138, row - 9, f"{percent}%  {name}", "bold")
        pen.text(398, row - 9, gigabytes, "small muted end")
        pen.text(138, row + 9, first, "small")
        pen.text(138, row + 26, second, "small")
    pen.text(128, 330, "The first looks at what Dask knows of,", "small muted")
    pen.text(128, 348, "the others at all that the process holds.", "small muted")
    return pen


def shuffle() -> Pen:
    """Sixteen pieces as tasks; the same as streams between workers."""
    pen = drawing(396, "A shuffle as tasks, and peer to peer")
    pen.text(14, 26, "as tasks", "bold")
    pen.text(224, 26, "peer to peer (P2P)", "bold")
    line(pen, 210, 12, 210, 384, "quiet")
    for row in range(4):
        _labelled(pen, 14, 44 + 52 * row, 40, 40, "blue", f"in {row}")
        _labelled(pen, 158, 44 + 52 * row, 44, 40, "green", f"out {row}")
    for row in range(4):
        for piece in range(4):
            y = 47 + 52 * row + 10.5 * piece
            line(pen, 54, 64 + 52 * row, 88, y + 3)
            line(pen, 100, y + 3, 158, 64 + 52 * piece)
            pen.add("rect", x=88, y=y, width=12, height=7, class_="amber")
    pen.text(14, 276, "a task for every piece:", "small")
    pen.text(14, 294, "4 partitions make 16,", "small")
    pen.text(14, 312, "and all wait in memory", "small")
    for worker in range(2):
        y = 40 + 104 * worker
        pen.box(222, y, 188, 96, class_="quiet")
        pen.text(402, y + 16, f"worker {worker + 1}", "small muted end")
        for row in range(2):
            number = 2 * worker + row
            _labelled(pen, 228, y + 8 + 42 * row, 40, 36, "blue", f"in {number}")
            _labelled(pen, 364, y + 22 + 36 * row, 42, 32, "green", f"out {number}")
            arrow(pen, (269, y + 26 + 42 * row), (292, y + 26 + 42 * row))
        pen.box(293, y + 8, 30, 80, class_="amber")
        pen.text(308, y + 52, "disk", "small middle")
        for row in range(2):
            arrow(pen, (324, y + 38 + 36 * row), (362, y + 38 + 36 * row))
    arrow(pen, (302, 130), (302, 150))
    arrow(pen, (316, 150), (316, 130))
    pen.text(224, 276, "pieces go straight to their", "small")
    pen.text(224, 294, "worker and on to its disk:", "small")
    pen.text(224, 312, "memory stays the same", "small")
    line(pen, 14, 328, 406, 328, "quiet")
    pen.text(14, 352, "1,000 partitions:", "small muted")
    pen.text(14, 374, "72,864 tasks", "bold")
    pen.text(224, 374, "5,001 tasks", "bold")
    return pen


def deployment() -> Pen:
    """The three parts, and who starts them."""
    pen = drawing(438, "Client, scheduler and workers, and who starts them")
    _labelled(pen, 12, 24, 104, 66, "violet", "client", "your Python")
    _labelled(pen, 158, 24, 104, 66, "amber", "scheduler", "graph, states")
    for number in range(3):
        _labelled(pen, 318, 14 + 46 * number, 90, 38, "green", f"worker {number + 1}")
        arrow(pen, (263, 57), (290, 57), (290, 33 + 46 * number), (316, 33 + 46 * number))
    arrow(pen, (117, 57), (156, 57))
    arrow(pen, (352, 53), (352, 59))
    arrow(pen, (374, 98), (374, 104))
    pen.text(137, 48, "graph", "small middle muted")
    pen.text(14, 118, "Graphs and orders pass the scheduler;", "small")
    pen.text(14, 136, "data goes from worker to worker.", "small")
    line(pen, 12, 164, 408, 164, "quiet")
    pen.text(14, 186, "Who starts scheduler and workers?", "bold")
    ways = (
        ("LocalCluster", "your own process, on this machine"),
        ("SSHCluster", "a login on each machine"),
        ("SLURMCluster", "jobs in the queue of an HPC centre"),
        ("KubeCluster", "an operator, as pods"),
        ("GatewayCluster", "a service for many users"),
        ("coiled.Cluster", "a company, in your cloud account"),
    )
    for number, (name, words) in enumerate(ways):
        y = 200 + 37 * number
        pen.box(12, y, 140, 30, class_="blue")
        pen.text(20, y + 20, name, "code bold")
        pen.text(164, y + 20, words, "small")
    return pen


PICTURES = (collections, task_states, worker_memory, shuffle, deployment)


if __name__ == "__main__":
    write(PICTURES, __file__)

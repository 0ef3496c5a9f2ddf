"""Draw ``hdfs-erasure-coding.svg``: run this script after a change.

The words of the steps are in the Markdown file of the same name.
"""

from __future__ import annotations

from scorm.sphinxext.figures.pen import Attribute, Pen, places

DATA, PARITY = 6, 3


def hdfs_erasure_coding() -> Pen:
    """Seven steps: cells, a stripe, its parity, all stripes, a loss, six reads, back at nine."""
    pen = Pen.drawing(440, 7, "RS(6,3): a stripe of six cells and three parities, and a lost node")
    pen.text(8, 18, "The file: 384 cells of 1 MiB", "bold")
    pen.text(412, 60, "… 384", "end", data_steps="1-3")
    pen.text(8, 60, "All 64 stripes are written.", "muted", data_steps="4-")
    for number in range(1, 11):
        _draw_node(pen, number)
    for stripe in range(2):
        for cell in range(DATA + PARITY):
            _draw_cell(pen, stripe, cell)
    _draw_reads(pen)
    worker = pen.add("g", class_="violet", data_steps="6")
    worker.text(
        210,
        224,
        "6 \N{MULTIPLICATION SIGN} 64 = 384 MiB read to rebuild 64 MiB",
        "bold tone middle",
    )
    pen.text(210, 224, "any six of nine give back the rest", "muted middle", data_steps="4-5 7")
    pen.text(210, 224, "three parities from six cells", "muted middle", data_steps="3")
    _costs(pen)
    return pen


GONE, SPARE = 3, 10
#: The survivors that are read: any six will do.
READ = (1, 2, 4, 5, 6, 7)


def _coded_place(number: int) -> tuple[int, int]:
    """The corner of a node: two rows of five."""
    row, column = divmod(number - 1, 5)
    return 4 + 83 * column, 84 + 152 * row


def _draw_node(pen: Pen, number: int) -> None:
    x, y = _coded_place(number)
    steps = "1-4" if number == GONE else "1-"
    group = pen.add("g", class_="grey", data_steps=steps)
    group.box(x, y, 80, 118)
    group.text(x + 40, y + 18, f"node {number}", "bold middle")
    if number in READ:
        reads = pen.add("g", class_="violet", data_steps="6")
        reads.box(x, y, 80, 118, class_="thick")
        reads.text(x + 40, y + 18, f"node {number}", "bold tone middle")
    if number == GONE:
        dead = pen.add("g", class_="red", data_steps="5-")
        dead.box(x, y, 80, 118, class_="dashed")
        dead.text(x + 40, y + 18, f"node {number}", "bold tone middle")
        dead.text(x + 40, y + 64, "lost:", "tone middle")
        dead.text(x + 40, y + 82, "64 MiB", "bold tone middle")
        return
    since = "7-" if number == SPARE else "4-"
    pen.text(x + 40, y + 96, "⋮", "bold middle", data_steps=since)
    pen.text(x + 40, y + 111, "64 MiB", "small middle", data_steps=since)


def _draw_cell(pen: Pen, stripe: int, cell: int) -> None:
    """A cell: first in the file, then on its node; a parity comes out of the first cell."""
    is_parity = cell >= DATA
    node = cell + 1
    since = 4 if stripe else 3 if is_parity else 2
    name = f"p{cell - DATA + 1 + PARITY * stripe}" if is_parity else str(cell + 1 + DATA * stripe)
    x, y = _coded_place(node)
    until = 4 if node == GONE else 7
    there = (x + 10, y + 26 + 28 * stripe)
    way: list[tuple[str, float, float]] = [(f"{since}-{until}", *there)]
    if not is_parity:
        number = cell + DATA * stripe
        way.insert(0, (f"1-{since - 1}", 4 + 30.5 * number, 40))
    origin: dict[str, Attribute] = {"data_from": f"{stripe}-2"} if is_parity and not stripe else {}
    tone = "amber" if is_parity else ("blue", "green")[stripe]
    group = pen.add("g", data_key=f"{stripe}-{cell}", data_at=places(way), **origin)
    _draw_two_sizes(group, name, tone, f"1-{since - 1}" if not is_parity else "", f"{since}-")
    if node == GONE:
        x, y = _coded_place(SPARE)
        rebuilt = pen.add(
            "g",
            data_key=f"{stripe}-{cell}-again",
            data_from=f"read-{READ[0]}",
            data_at=places([("7", x + 10, y + 26 + 28 * stripe)]),
        )
        _draw_two_sizes(rebuilt, name, tone, "", "7")


def _draw_reads(pen: Pen) -> None:
    """The six cells of the first stripe that the worker reads."""
    x, y = _coded_place(SPARE)
    for number, node in enumerate(READ):
        row, column = divmod(number, 2)
        group = pen.add(
            "g",
            data_key=f"read-{node}",
            data_from=f"0-{node - 1}",
            data_at=places([("6", x + 9 + 34 * column, y + 26 + 29 * row)]),
        )
        is_parity = node > DATA
        group.box(0, 0, 28, 26, class_="amber" if is_parity else "blue")
        group.text(14, 18, f"p{node - DATA}" if is_parity else str(node), "bold middle")


def _draw_two_sizes(pen: Pen, name: str, tone: str, small: str, wide: str) -> None:
    """A cell as it is in the file (narrow) and on a node (wide)."""
    if small:
        pen.box(0, 0, 28, 26, class_=tone, data_steps=small)
        pen.text(14, 18, name, "bold middle", data_steps=small)
    pen.box(0, 0, 60, 24, class_=tone, data_steps=wide)
    pen.text(30, 17, name, "bold middle", data_steps=wide)


def _costs(pen: Pen) -> None:
    """Disk for the same file: three copies against the code."""
    group = pen.add("g", data_steps="4-")
    for row, (said, tone, size, over) in enumerate(
        (("3 copies", "grey", 1152, 200), ("RS(6,3)", "green", 576, 50))
    ):
        y = 374 + 32 * row
        group.text(4, y + 17, said, "bold")
        width = 150 * size // 1152
        group.box(80, y, width, 24, class_=tone)
        group.text(90 + width, y + 17, f"{size:,} MiB, {over}% more")


if __name__ == "__main__":
    hdfs_erasure_coding().write(__file__)

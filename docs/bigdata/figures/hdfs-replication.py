"""Draw ``hdfs-replication.svg``: run this script after a change.

What the NameNode knows and the bytes of each step are computed from the list of copies. The words
of the steps are in the Markdown file of the same name.
"""

from __future__ import annotations

from scorm.sphinxext.figures.pen import Attribute, Pen, places

NODES = ("A1", "A2", "A3", "B1", "B2", "B3")
MIB = 128


def hdfs_replication() -> Pen:
    """Nine steps; which copies there are in each follows from :data:`COPIES`."""
    pen = Pen.drawing(520, 9, "Three blocks, three copies each, and a lost node")
    _name_node(pen)
    _racks(pen)
    pen.text(58, 122, "Client on A1 writes", "small muted", data_steps="1-3")
    pen.text(210, 135, "no heartbeat from B2 …", "muted middle", data_steps="6")
    pen.text(210, 135, "none for 10.5 minutes: 210 missed", "bold middle", data_steps="7")
    for copy in COPIES:
        _draw_copy(pen, *copy)
    _ledger(pen)
    return pen


#: A copy of a block: the block, its node, the step in which it is written, the step in which it
#: is gone, the node from which it came (none: from the client).
COPIES = (
    (1, "A1", 2, 10, None),
    (1, "B2", 3, 6, "A1"),
    (1, "B3", 3, 10, "B2"),
    (2, "A1", 4, 10, None),
    (2, "B1", 4, 10, "A1"),
    (2, "B2", 4, 6, "B1"),
    (3, "A1", 4, 10, None),
    (3, "B3", 4, 10, "A1"),
    (3, "B1", 4, 10, "B3"),
    (1, "B1", 8, 10, "B3"),
    (2, "A3", 8, 10, "A1"),
)
LOST, DEAD_SINCE, KNOWN_DEAD = "B2", 5, 7


def _node_place(node: str) -> tuple[int, int]:
    return 12 + 208 * "AB".index(node[0]), 196 + 82 * (int(node[1]) - 1)


def _name_node(pen: Pen) -> None:
    """What the NameNode knows: for each block its copies, as far as it has heard."""
    group = pen.add("g", class_="violet")
    group.box(5, 5, 410, 92)
    group.text(18, 25, "NameNode", "bold tone")
    group.text(406, 25, "knows names and places, holds no data", "small muted end")
    for block in (1, 2, 3):
        y = 25 + 20 * block
        for step in range(1, 10):
            known = [
                node
                for b, node, since, gone, _ in COPIES
                if b == block and since <= step and (gone > step or step < KNOWN_DEAD)
            ]
            said = (
                f"block {block}:  {'  '.join(known)}" if known else f"block {block}:  nowhere yet"
            )
            few = 0 < len(known) < 3 and step >= KNOWN_DEAD
            tail = f"   {len(known)} of 3 copies" if few else ""
            line = group.text(18, y, said + tail, "bold" if few else "", data_steps=step)
            line.parent.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _racks(pen: Pen) -> None:
    """Two racks of three DataNodes; one of them dies."""
    for number, rack in enumerate("AB"):
        x = 5 + 208 * number
        group = pen.add("g")
        group.box(x, 162, 202, 272, class_="quiet")
        group.text(x + 10, 182, f"Rack {rack}", "bold muted")
    for node in NODES:
        x, y = _node_place(node)
        alive = f"1-{DEAD_SINCE - 1}" if node == LOST else "1-9"
        group = pen.add("g", class_="grey", data_steps=alive)
        group.box(x, y, 188, 74)
        group.text(x + 10, y + 20, f"DataNode {node}", "bold")
    x, y = _node_place(LOST)
    dead = pen.add("g", class_="red", data_steps=f"{DEAD_SINCE}-")
    dead.box(x, y, 188, 74, class_="dashed")
    dead.text(x + 10, y + 20, f"DataNode {LOST}", "bold tone")
    dead.text(
        x + 178, y + 20, "silent", "small tone end", data_steps=f"{DEAD_SINCE}-{KNOWN_DEAD - 1}"
    )
    dead.text(x + 178, y + 20, "dead", "bold tone end", data_steps=f"{KNOWN_DEAD}-")


def _draw_copy(pen: Pen, block: int, node: str, since: int, gone: int, origin: str | None) -> None:
    """A copy in its node, in the slot of its block; the first come from the client."""
    x, y = _node_place(node)
    until = 9 if gone > 9 else gone - 1
    way = [(f"{since}-{until}", x + 12 + 58 * (block - 1), y + 32)]
    if origin is None:
        way.insert(0, (f"1-{since - 1}", 190 + 58 * (block - 1), 104))
    more: dict[str, Attribute] = {"data_from": f"{block}-{origin}"} if origin else {}
    group = pen.add("g", data_key=f"{block}-{node}", data_at=places(way), **more)
    tone = ("blue", "amber", "green")[block - 1]
    group.box(0, 0, 50, 32, class_=tone)
    group.box(0, 0, 50, 32, class_=f"{tone} thick", data_steps=since)  # new
    group.text(25, 21, str(block), "bold middle")


def _ledger(pen: Pen) -> None:
    """Bytes on disk and over the network up to each step."""
    for step in range(1, 10):
        alive = [c for c in COPIES if c[2] <= step and c[3] > step and not _is_lost(c, step)]
        moved = [c for c in COPIES if c[2] <= step and c[4] is not None]
        far = [c for c in moved if c[1][0] != str(c[4])[0]]
        group = pen.add("g", data_steps=step)
        for row, (said, count) in enumerate(
            (
                ("readable on disks", len(alive)),
                ("sent over the network so far", len(moved)),
                ("of that, between racks", len(far)),
            )
        ):
            y = 462 + 20 * row
            group.text(14, y, said)
            group.text(
                404, y, f"{count} \N{MULTIPLICATION SIGN} {MIB} = {count * MIB:,} MiB", "bold end"
            )


def _is_lost(copy: tuple[int, str, int, int, str | None], step: int) -> bool:
    return copy[1] == LOST and step >= DEAD_SINCE


if __name__ == "__main__":
    hdfs_replication().write(__file__)

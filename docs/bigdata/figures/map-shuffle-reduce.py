"""Draw ``map-shuffle-reduce.svg``: run this script after a change.

Which pair is combined, where it goes and what comes out is computed, so that the drawing cannot
say what is not so. The words of the steps are in the Markdown file of the same name.
"""

from __future__ import annotations

import zlib
from collections import Counter

from lxml import etree

from scorm.sphinxext.figures.pen import SVG, Pen, places

#: Charles Dickens, A Tale of Two Cities, 1859, its first words; one line is one split.
LINES = (
    "It was the best of times, it was the worst of times,",
    "it was the age of wisdom, it was the age of foolishness,",
    "it was the epoch of belief, it was the epoch of incredulity,",
)
REDUCERS = 2
CHIP, ROW = 97, 19
#: Widths of letters in a common sans-serif face of 14 units, near enough to set words apart.
NARROW, WIDE = "fijlrt,", "mw"


def word_of(written: str) -> str:
    """What map makes of a word of the text."""
    return written.strip(",").lower()


def reducer_of(word: str) -> int:
    """Where a pair goes: the same hash on every machine, modulo the number of reducers."""
    return zlib.crc32(word.encode()) % REDUCERS


def map_shuffle_reduce() -> Pen:
    """Eight steps: text, split, map, combine, partition, shuffle, sort, reduce."""
    pen = Pen.drawing(452, 8, "Word count by map, shuffle and reduce")
    _stage(pen)
    totals = Counter(word_of(written) for line in LINES for written in line.split())
    keys = [sorted(word for word in totals if reducer_of(word) == n) for n in range(REDUCERS)]
    arrived = [0] * REDUCERS
    chips: list[tuple[int, Pen]] = []
    for mapper, line in enumerate(LINES):
        words = [word_of(written) for written in line.split()]
        counts = Counter(words)
        combined = list(counts)
        parted = sorted(combined, key=lambda word: (reducer_of(word), word))
        x = _mapper_x(mapper) + 17
        seen: set[str] = set()
        for index, written in enumerate(line.split()):
            word = words[index]
            reducer = reducer_of(word)
            first = word not in seen
            seen.add(word)
            way = [
                ("1", *_in_text(mapper, line, index)),
                ("2-3", x, 30 + index * ROW),
                ("4", x, 30 + combined.index(word) * ROW),
            ]
            if first:
                way.append(("5", x, 30 + parted.index(word) * ROW))
                way.append(("6", *_arrived(reducer, arrived[reducer])))
                arrived[reducer] += 1
                row = keys[reducer].index(word)
                before = sum(word in map(word_of, earlier.split()) for earlier in LINES[:mapper])
                way.append(("7", _reducer_x(reducer) + 6 + 28 * before, _row_y(row)))
                if before == 0:
                    way.append(("8", _reducer_x(reducer) + 6, _row_y(row)))
            chip = Pen(etree.Element(f"{{{SVG}}}g"))
            chip.parent.set("data-key", f"{mapper}-{index}")
            chip.parent.set("data-at", places(way))
            _draw_chip(chip, written, word, counts[word] if first else 1, totals[word], reducer)
            # later mappers' chips, and second occurrences, lie behind what they end upon
            chips.append((2 * mapper + (not first), chip))
    for _, chip in sorted(chips, key=lambda pair: -pair[0]):
        pen.parent.append(chip.parent)
    return pen


def _mapper_x(mapper: int) -> int:
    return 5 + 140 * mapper


def _reducer_x(reducer: int) -> int:
    return 4 + 209 * reducer


def _row_y(row: int) -> int:
    return 305 + row * ROW


def _in_text(mapper: int, line: str, index: int) -> tuple[float, float]:
    """Where a word stands in the text: six words a row."""
    words = line.split()
    row, column = divmod(index, 6)
    before = words[6 * row : 6 * row + column]
    x = 40 + sum(_width(word) + 9 for word in before)
    return x, 62 + 34 * (2 * mapper + row)


def _width(word: str) -> int:
    return sum(5 if letter in NARROW else 12 if letter in WIDE else 8 for letter in word)


def _arrived(reducer: int, number: int) -> tuple[float, float]:
    """Where the pair that arrives as the ``number``-th lies: two columns."""
    row, column = number % 7, number // 7
    return _reducer_x(reducer) + 3 + 100 * column, _row_y(row)


def _stage(pen: Pen) -> None:
    """Text, mappers, reducers, outputs: what stands still."""
    paper = pen.add("g", class_="grey", data_steps="1")
    paper.box(20, 26, 380, 236)
    paper.text(32, 48, "a-tale-of-two-cities.txt", "bold tone")
    for mapper in range(len(LINES)):
        x = _mapper_x(mapper)
        group = pen.add("g", class_="violet", data_steps="2-")
        group.text(x + 65, 15, f"Mapper {mapper + 1}", "bold tone middle")
        group.box(x, 23, 130, 238)
        pen.arrow(x + 65, 263, 16, data_steps="6")
    for reducer in range(REDUCERS):
        x = _reducer_x(reducer)
        tone = ("blue", "amber")[reducer]
        group = pen.add("g", class_=tone, data_steps="5-")
        group.text(x + 101, 293, f"Reducer {reducer}", "bold tone middle")
        group.box(x, 299, 203, 142)
        group.text(x + 196, 435, f"part-r-0000{reducer}", "small tone end", data_steps="8")


def _draw_chip(pen: Pen, written: str, word: str, count: int, total: int, reducer: int) -> None:
    """A word of the text, then a pair, then a pair in the colour of its reducer, then a sum."""
    tone = ("blue", "amber")[reducer]
    pen.text(0, 13, written, data_steps="1-2")
    for steps, kind in (("3-4", "grey"), ("5-8", tone)):
        pen.box(0, 0, CHIP, ROW - 2, class_=kind, data_steps=steps)
    pen.text(5, 13, word, "small", data_steps="3-8")
    for steps, number in (("3", 1), ("4-7", count), ("8", total)):
        pen.text(CHIP - 5, 13, str(number), "bold end", data_steps=steps)


if __name__ == "__main__":
    map_shuffle_reduce().write(__file__)

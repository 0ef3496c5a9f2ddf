"""Run Dask with its dashboard, and make pictures of its panes for the lesson on Dask.

::

    .venv/bin/python -m benchmarks.dask_dashboard

Two workers with two threads each add a large array to its transpose and take means: first in
chunks that are large for their memory, so that they spill; then a smaller array in chunks that are
far too small. The panes are those of the dashboard itself, at a moment of the run that the script
waits for, with numbers at places that the lesson explains and without the names of machines.
Nothing here is a measurement: where the bars lie differs from run to run.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import dask.array as da
from distributed import Client, Future, LocalCluster
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import find

PICTURES = Path(__file__).parents[1] / "docs" / "dask" / "images"
_LIMIT = "900MiB"
_COLOURS = 96
_SIZES = {
    "task-stream": (860, 430),
    "progress": (720, 240),
    "workers-memory": (560, 220),
    "graph": (720, 420),
}
_ROOM = 84  # for the names of workers

#: Finds the figure of a pane among the views of Bokeh, and gives its scales and its data.
_FIGURE = """() => {
  const walk = (view) => view.model?.type === "Figure" ? view
    : (view.child_views ?? []).map(walk).find(Boolean);
  return Array.from(Bokeh.index.roots).map(walk).find(Boolean);
}"""
_BARE = f"() => {{ ({_FIGURE})().model.toolbar_location = null; }}"
_WIDE = f"() => {{ ({_FIGURE})().model.min_border_left = {_ROOM}; }}"
_BARS = f"""() => {{
  const figure = ({_FIGURE})();
  const data = figure.model.renderers[0].data_source.data;
  const [x, y] = [figure.frame.x_scale, figure.frame.y_scale];
  return Array.from(data.name ?? data.worker, (name, i) => {{
    const [start, width] = "start" in data ? [data.start[i], data.duration[i]]
      : [data.x[i], data.width[i]];
    return [name, data.worker[i], x.compute(start - width / 2), x.compute(start + width / 2),
            y.compute(data.y[i])];
  }});
}}"""
_NOTE = """([words, x, y, round]) => {
  const note = document.createElement("div");
  note.textContent = words;
  note.style.cssText = `position: fixed; z-index: 9; font: bold 15px/24px sans-serif;
    transform: translate(${round ? "-50%, -50%" : "0, -50%"}); left: ${x}px; top: ${y}px;`
    + (round ? `width: 24px; height: 24px; border-radius: 50%; text-align: center; color: #fff;
    background: #111; border: 2px solid #fff;` : "font-size: 13px; line-height: 16px; color: #444");
  document.body.append(note);
}"""


class Bar(NamedTuple):
    """A bar of a pane, in pixels."""

    name: str
    worker: str
    left: float
    right: float
    y: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def bars(page: Page) -> list[Bar]:
    """What the pane shows now."""
    return [Bar(*bar) for bar in page.evaluate(_BARS)]


def keep(page: Page, name: str) -> None:
    """Take the picture, in few colours."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = PICTURES / f"dashboard-{name}.png"
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")


def mark(page: Page, number: int, x: float, y: float) -> None:
    """A number in a circle."""
    page.evaluate(_NOTE, [str(number), x, y, True])


def name_rows(page: Page, shown: list[Bar]) -> None:
    """Say before each row of bars which worker it belongs to, as addresses say nothing."""
    workers = sorted({bar.worker for bar in shown})
    for y, worker in {(bar.y, bar.worker) for bar in shown}:
        page.evaluate(_NOTE, [f"worker {workers.index(worker) + 1}", 12, y, False])


def mark_task_stream(page: Page) -> None:
    """1 a task that computes, 2 a transfer, 3 a disk at work, 4 a thread without work."""
    shown = [bar for bar in bars(page) if bar.left > _ROOM]
    moves = [bar for bar in shown if bar.name.startswith("transfer-")]
    disk = [bar for bar in shown if bar.name.startswith("disk-")]
    work = [bar for bar in shown if bar not in (*moves, *disk)]
    marked = [
        widest(work, apart_from=[*moves, *disk]),
        widest(moves, apart_from=disk),
        widest(disk, apart_from=moves),
        widest(list(gaps(shown)), apart_from=[]),
    ]
    name_rows(page, shown)
    for number, bar in enumerate(marked, 1):
        mark(page, number, bar.middle, bar.y)


def widest(found: list[Bar], apart_from: list[Bar]) -> Bar:
    """The widest bar, if possible one over which none of the others lies."""

    def covered(bar: Bar) -> bool:
        return any(b.y == bar.y and b.left < bar.right and bar.left < b.right for b in apart_from)

    return max(found, key=lambda bar: (not covered(bar), bar.width))


def gaps(shown: list[Bar]) -> Iterator[Bar]:
    """Where a row shows nothing, between its first bar and its last."""
    for y in {bar.y for bar in shown}:
        row = sorted((bar for bar in shown if bar.y == y), key=lambda bar: bar.left)
        end = row[0].right
        for bar in row[1:]:
            if bar.left > end:
                yield Bar("", "", end, bar.left, y)
            end = max(end, bar.right)


def mark_memory(page: Page) -> None:
    """1 managed, 2 unmanaged, 3 spilled: the bars of the first worker."""
    shown = bars(page)
    first = [bar for bar in shown if bar.y == max(b.y for b in shown)]
    widest = sorted(sorted(first, key=lambda bar: bar.width)[-3:], key=lambda bar: bar.left)
    for number, bar in enumerate(widest, 1):
        mark(page, number, bar.middle, bar.y)


def wait_until(true: Callable[[], bool], seconds: float = 120) -> None:
    """Look ten times a second until it is so."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("what the pictures are to show did not come")
        time.sleep(0.1)


def spilled(client: Client) -> float:
    """The megabytes that each worker has written to disk, at least."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    written = [worker["metrics"]["spilled_bytes"]["memory"] for worker in workers]
    return min(written, default=0) / 1e6


@contextmanager
def panes() -> Iterator[tuple[Client, dict[str, Page]]]:
    """A cluster of its own, with its panes open."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            memory_limit=_LIMIT,
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster) as client,
        sync_playwright() as playwright,
    ):
        address = cluster.dashboard_link.removesuffix("/status")
        browser = playwright.chromium.launch(executable_path=find())
        pages = {}
        for name, (width, height) in _SIZES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, device_scale_factor=2
            )
            page.goto(f"{address}/individual-{name}")
            page.wait_for_function("() => window.Bokeh?.index.roots.length")
            page.evaluate(_BARE)
            pages[name] = page
        pages["task-stream"].evaluate(_WIDE)
        yield client, pages
        browser.close()


def job(side: int, chunk: int) -> da.Array:
    """The largest mean of a column of an array that was added to its transpose."""
    numbers = da.random.default_rng(2026).random((side, side), chunks=(chunk, chunk))
    return (numbers + numbers.T).mean(axis=0).max()


def drawn(page: Page, future: Future[float]) -> None:
    """Wait for the result, and until the pane has shown the last task."""
    future.result()
    wait_until(lambda: any(bar.name.startswith("finalize") for bar in bars(page)))


def main() -> None:
    """Run both jobs, and take five pictures."""
    with panes() as (client, pages):
        numbers = da.random.default_rng(2026).random((14_000, 14_000), chunks=(2_000, 2_000))
        kept = numbers.persist()
        future = client.compute((kept + kept.T).mean(axis=0).max())
        wait_until(lambda: spilled(client) > 150)
        keep(pages["progress"], "progress")
        keep(pages["graph"], "graph")
        mark_memory(pages["workers-memory"])
        keep(pages["workers-memory"], "memory")
        drawn(pages["task-stream"], future)
        mark_task_stream(pages["task-stream"])
        keep(pages["task-stream"], "task-stream")
    with panes() as (client, pages):
        future = client.compute(job(6_000, 200))
        drawn(pages["task-stream"], future)
        name_rows(pages["task-stream"], bars(pages["task-stream"]))
        keep(pages["task-stream"], "small-chunks")


if __name__ == "__main__":
    main()

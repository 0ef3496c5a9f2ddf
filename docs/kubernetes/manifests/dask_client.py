"""A computation for the Dask cluster. Where it runs, a scheduler must answer."""

import os

import dask.array as da
from dask.distributed import Client

address = os.environ.get("DASK_SCHEDULER_ADDRESS", "tcp://localhost:8786")

with Client(address) as client:
    client.wait_for_workers(1, timeout=60)
    print("workers:", len(client.scheduler_info()["workers"]))
    # 3.2 GB of numbers in 400 blocks of 8 MB. No worker could hold them all, and none has to.
    x = da.random.default_rng(7).random((20_000, 20_000), chunks=(1_000, 1_000))
    print("mean of x + x.T:", round(float((x + x.T).mean().compute()), 3))

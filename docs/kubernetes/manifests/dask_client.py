"""A computation for the Dask cluster: python dask_client.py [SIZE]. A scheduler must be near."""

import os
import sys

import dask.array as da
from dask.distributed import Client

size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
address = os.environ.get("DASK_SCHEDULER_ADDRESS", "tcp://localhost:8786")

with Client(address) as client:
    client.wait_for_workers(1, timeout=60)
    print("workers:", len(client.scheduler_info()["workers"]))
    # 3.2 GB of numbers in 400 blocks of 8 MB. No worker could hold them all, and none has to.
    x = da.random.default_rng(7).random((size, size), chunks=(1_000, 1_000))
    print("mean of x + x.T:", round(float((x + x.T).mean().compute()), 3))

# %% right: submitted one by one, summed by a function of my own
def sum_of(client, function, paths):
    def add(numbers):
        return sum(numbers)

    return client.submit(add, [client.submit(function, path) for path in paths])

# %% right: added two at a time
def sum_of(client, function, paths):
    futures = client.map(function, paths)
    while len(futures) > 1:
        pairs = [futures[at : at + 2] for at in range(0, len(futures), 2)]
        futures = [client.submit(sum, pair) for pair in pairs]
    return futures[0]

# %% right: delayed, then started as a future
def sum_of(client, function, paths):
    return client.compute(dask.delayed(sum)([dask.delayed(function)(path) for path in paths]))

# %% wrong: gathered, and summed here -> fetched
def sum_of(client, function, paths):
    return client.submit(lambda total: total, sum(client.gather(client.map(function, paths))))

# %% wrong: each result fetched -> fetched
def sum_of(client, function, paths):
    return sum(client.submit(function, path).result() for path in paths)

# %% wrong: all in one task -> only 1 tasks
def sum_of(client, function, paths):
    return client.submit(lambda: sum(map(function, paths)))

# %% wrong: computed on the client -> return a future
def sum_of(client, function, paths):
    return sum(map(function, paths))

# %% wrong: duplicates lost -> comes twice
def sum_of(client, function, paths):
    return client.submit(sum, client.map(function, list(set(paths))))

# %% wrong: the last one left out -> does each path count
def sum_of(client, function, paths):
    return client.submit(sum, client.map(function, paths[:-1]))

# %% wrong: the list of futures -> return a future
def sum_of(client, function, paths):
    return client.map(function, paths)

# %% right: the built-in sum adds promises, two at a time
def total_of(function, paths):
    return sum(dask.delayed(function)(path) for path in paths)

# %% right: a bag
def total_of(function, paths):
    import dask.bag

    return dask.bag.from_sequence(paths, partition_size=1).map(function).sum()

# %% right: a function of my own, decorated
def total_of(function, paths):
    @dask.delayed
    def add(numbers):
        total = 0
        for number in numbers:
            total += number
        return total

    return add([dask.delayed(function)(path) for path in paths])

# %% wrong: the function is called at once -> called while the graph was built
def total_of(function, paths):
    return dask.delayed(sum)([dask.delayed(function(path)) for path in paths])

# %% wrong: computed in the loop -> computed something
def total_of(function, paths):
    return dask.delayed(sum)([dask.delayed(function)(path).compute() for path in paths])

# %% wrong: all in one task -> only 1 tasks
def total_of(function, paths):
    return dask.delayed(lambda: sum(map(function, paths)))()

# %% wrong: duplicates lost -> comes twice
def total_of(function, paths):
    return dask.delayed(sum)([dask.delayed(function)(path) for path in set(paths)])

# %% wrong: the last path left out -> calls of the function
def total_of(function, paths):
    return dask.delayed(sum)([dask.delayed(function)(path) for path in paths[:-1]])

# %% wrong: the number in place of a promise -> promise
def total_of(function, paths):
    return len(paths)

# %% wrong: a maximum -> not the sum
def total_of(function, paths):
    return dask.delayed(max)([dask.delayed(function)(path) for path in paths])

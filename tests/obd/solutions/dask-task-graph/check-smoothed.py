# %% right: slices of the array, put together
def smoothed(readings):
    above = da.concatenate([readings[:1], readings[:-1]])
    below = da.concatenate([readings[1:], readings[-1:]])
    return (above + readings + below) / 3

# %% right: a window inside of each overlapping block
def smoothed(readings):
    def windows(block):
        means = block.copy()
        means[1:-1] = (block[:-2] + block[1:-1] + block[2:]) / 3
        return means

    return da.map_overlap(windows, readings, depth=(1, 0), boundary=("nearest", "none"))

# %% wrong: no overlap -> at the borders between chunks
def smoothed(readings):
    def windows(block):
        padded = np.vstack([block[:1], block, block[-1:]])
        return (padded[:-2] + padded[1:-1] + padded[2:]) / 3

    return readings.map_blocks(windows)

# %% wrong: the last minute is the neighbour of the first -> first and the last minute
def smoothed(readings):
    return (da.roll(readings, 1, axis=0) + readings + da.roll(readings, -1, axis=0)) / 3

# %% wrong: along the sensors -> inside of a chunk
def smoothed(readings):
    def mean_of_three(block):
        return (np.roll(block, 1, axis=1) + block + np.roll(block, -1, axis=1)) / 3

    return readings.map_overlap(mean_of_three, depth={0: 0, 1: 1}, boundary={1: "nearest"})

# %% wrong: all in one chunk -> larger
def smoothed(readings):
    def windows(block):
        padded = np.vstack([block[:1], block, block[-1:]])
        return (padded[:-2] + padded[1:-1] + padded[2:]) / 3

    return readings.rechunk(readings.shape).map_blocks(windows)

# %% wrong: computed here -> computed something
def smoothed(readings):
    numbers = readings.compute()
    padded = np.vstack([numbers[:1], numbers, numbers[-1:]])
    return da.from_array((padded[:-2] + padded[1:-1] + padded[2:]) / 3, chunks=readings.chunks)

# %% wrong: without the first and the last minute -> shape
def smoothed(readings):
    return (readings[:-2] + readings[1:-1] + readings[2:]) / 3

# %% wrong: the neighbours of the end are zero -> first and the last minute
def smoothed(readings):
    def mean_of_three(block):
        return (np.roll(block, 1, axis=0) + block + np.roll(block, -1, axis=0)) / 3

    return readings.map_overlap(mean_of_three, depth={0: 1, 1: 0}, boundary={0: 0})

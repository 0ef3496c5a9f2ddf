# %% right: whole numbers all the way
def tall_chunks(minutes, sensors, megabytes):
    numbers = megabytes * 10**6 // 8
    return minutes, min(numbers // minutes, sensors)

# %% right: asked of NumPy
def tall_chunks(minutes, sensors, megabytes):
    fitting = np.floor(megabytes * 1e6 / (minutes * np.dtype("float64").itemsize))
    return minutes, int(np.minimum(fitting, sensors))

# %% wrong: a square -> as tall as the array
def tall_chunks(minutes, sensors, megabytes):
    side = int((megabytes * 1_000_000 / 8) ** 0.5)
    return min(side, minutes), min(side, sensors)

# %% wrong: one column too many -> more memory
def tall_chunks(minutes, sensors, megabytes):
    return minutes, min(sensors, megabytes * 1_000_000 // (minutes * 8) + 1)

# %% wrong: four bytes in place of eight -> more memory
def tall_chunks(minutes, sensors, megabytes):
    return minutes, min(sensors, megabytes * 1_000_000 // (minutes * 4))

# %% wrong: a single column -> one more column
def tall_chunks(minutes, sensors, megabytes):
    return minutes, 1

# %% wrong: a constant -> as tall as the array
def tall_chunks(minutes, sensors, megabytes):
    return 200_000, 62

# %% wrong: wider than the array -> wider than the array
def tall_chunks(minutes, sensors, megabytes):
    return minutes, megabytes * 1_000_000 // (minutes * 8)

# %% wrong: no whole number -> whole numbers
def tall_chunks(minutes, sensors, megabytes):
    return minutes, min(sensors, megabytes * 1_000_000 / (minutes * 8))

# %% wrong: the other way round -> as tall as the array
def tall_chunks(minutes, sensors, megabytes):
    return min(sensors, megabytes * 1_000_000 // (minutes * 8)), minutes

# %% right: in steps, with keepdims
def unusual(readings):
    mean = readings.mean(axis=0, keepdims=True)
    spread = da.sqrt(((readings - mean) ** 2).mean(axis=0, keepdims=True))
    return (readings - mean) / spread

# %% right: transposed and back
def unusual(readings):
    sensors = readings.T
    return ((sensors - sensors.mean(axis=1)[:, None]) / sensors.std(axis=1)[:, None]).T

# %% wrong: the mean of each minute -> another axis
def unusual(readings):
    return (readings - readings.mean(axis=1, keepdims=True)) / readings.std(axis=1, keepdims=True)

# %% wrong: the mean of everything -> another axis
def unusual(readings):
    return (readings - readings.mean()) / readings.std()

# %% wrong: each chunk alone -> each chunk alone
def unusual(readings):
    return readings.map_blocks(lambda block: (block - block.mean(axis=0)) / block.std(axis=0))

# %% wrong: computed, and made an array again -> computed something
def unusual(readings):
    numbers = readings.compute()
    return da.from_array((numbers - numbers.mean(axis=0)) / numbers.std(axis=0), chunks=readings.chunks)

# %% wrong: all in one chunk -> rechunk
def unusual(readings):
    whole = readings.rechunk(readings.shape)
    return whole.map_blocks(lambda block: (block - block.mean(axis=0)) / block.std(axis=0))

# %% wrong: not divided -> divide
def unusual(readings):
    return readings - readings.mean(axis=0)

# %% wrong: one number for each sensor -> shape
def unusual(readings):
    return readings.mean(axis=0) / readings.std(axis=0)

# %% right: a choice among conditions, by NumPy
def part_of_day(flights):
    import numpy as np

    def choose(part):
        hour = part.hour
        names = np.select([hour < 6, hour < 12, hour < 18], ["night", "morning", "afternoon"], "evening")
        return pd.Series(names, index=part.index, name="part", dtype=object)

    return flights.map_partitions(choose, meta=pd.Series(name="part", dtype=object))

# %% right: whole columns of Dask, and a string type
def part_of_day(flights):
    hour = flights.hour
    part = hour.astype("string").where(hour < 0, "evening")
    part = part.mask(hour < 18, "afternoon").mask(hour < 12, "morning").mask(hour < 6, "night")
    return part.rename("part")

# %% right: looked up in a dictionary
def part_of_day(flights):
    names = ["night"] * 6 + ["morning"] * 6 + ["afternoon"] * 6 + ["evening"] * 6
    return flights.hour.map(dict(enumerate(names)), meta=("part", object)).rename("part")

# %% wrong: a call for each row -> for each row
def part_of_day(flights):
    def name(row):
        if row.hour < 6:
            return "night"
        if row.hour < 12:
            return "morning"
        return "afternoon" if row.hour < 18 else "evening"

    return flights.apply(name, axis=1, meta=("part", object)).rename("part")

# %% wrong: a loop in each partition -> for each row
def part_of_day(flights):
    def loop(part):
        names = []
        for hour in part.hour:
            if hour < 6:
                names.append("night")
            elif hour < 12:
                names.append("morning")
            elif hour < 18:
                names.append("afternoon")
            else:
                names.append("evening")
        return pd.Series(names, index=part.index, name="part", dtype=object)

    return flights.map_partitions(loop, meta=("part", object))

# %% wrong: a border on the wrong side -> hour
def part_of_day(flights):
    def cut(part):
        names = ["night", "morning", "afternoon", "evening"]
        pieces = pd.cut(part.hour, [-1, 6, 12, 18, 24], labels=names)
        return pieces.astype(object).rename("part")

    return flights.map_partitions(cut, meta=("part", object))

# %% wrong: meta promises numbers -> give the right meta
def part_of_day(flights):
    def cut(part):
        names = ["night", "morning", "afternoon", "evening"]
        pieces = pd.cut(part.hour, [0, 6, 12, 18, 24], right=False, labels=names)
        return pieces.astype(object).rename("part")

    return flights.map_partitions(cut, meta=("part", "int64"))

# %% wrong: computed here -> computed something
def part_of_day(flights):
    names = ["night", "morning", "afternoon", "evening"]
    hours = flights.compute().hour
    pieces = pd.cut(hours, [0, 6, 12, 18, 24], right=False, labels=names).astype(object).rename("part")
    return dd.from_pandas(pieces, npartitions=1)

# %% wrong: the name forgotten -> must be called part
def part_of_day(flights):
    def cut(part):
        names = ["night", "morning", "afternoon", "evening"]
        return pd.cut(part.hour, [0, 6, 12, 18, 24], right=False, labels=names).astype(object)

    return flights.map_partitions(cut, meta=("hour", object))

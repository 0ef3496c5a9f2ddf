# %% right: agg with split_out
def miles_by_plane(flights, pieces):
    return flights.groupby("tailnum").agg({"distance": "sum"}, split_out=pieces).distance

# %% right: shuffled by hand, then each partition alone
def miles_by_plane(flights, pieces):
    moved = flights[["tailnum", "distance"]].shuffle("tailnum", npartitions=pieces)
    return moved.map_partitions(
        lambda part: part.groupby("tailnum").distance.sum(), meta=pd.Series(dtype="int64", name="distance")
    )

# %% wrong: the argument ignored -> pieces were asked for
def miles_by_plane(flights, pieces):
    return flights.groupby("tailnum").distance.sum(split_out=3)

# %% wrong: in one piece -> pieces were asked for
def miles_by_plane(flights, pieces):
    return flights.groupby("tailnum").distance.sum()

# %% wrong: cut after all of it was in one partition -> passes through one partition
def miles_by_plane(flights, pieces):
    return flights.groupby("tailnum").distance.sum().repartition(npartitions=pieces)

# %% wrong: computed, then cut -> computed something
def miles_by_plane(flights, pieces):
    return dd.from_pandas(flights.groupby("tailnum").distance.sum().compute(), npartitions=pieces)

# %% wrong: flights counted in place of miles -> miles are not right
def miles_by_plane(flights, pieces):
    return flights.groupby("tailnum").distance.count(split_out=pieces)

# %% wrong: each partition alone -> passes through one partition
def miles_by_plane(flights, pieces):
    parts = flights.repartition(npartitions=pieces)
    return parts.map_partitions(lambda part: part.groupby("tailnum").distance.sum())

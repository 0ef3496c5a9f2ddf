# %% right: the planes as one partition, marked by the join itself
def unknown_planes(flights, planes):
    one = planes[["tailnum"]].repartition(npartitions=1)
    joined = flights.merge(one, on="tailnum", how="left", indicator=True)
    return joined[joined._merge == "left_only"].groupby("carrier").size()

# %% right: a known column of my own
def unknown_planes(flights, planes):
    known = planes.repartition(npartitions=1)[["tailnum"]].assign(known=1)
    joined = flights[["carrier", "tailnum"]].merge(known, on="tailnum", how="left")
    return joined.known.isna().astype(int).groupby(joined.carrier).sum()

# %% wrong: both sides are shuffled -> shuffled
def unknown_planes(flights, planes):
    joined = flights.merge(planes, on="tailnum", how="left")
    return joined[joined.seats.isna()].groupby("carrier").size()

# %% wrong: the planes computed on the client -> computed something
def unknown_planes(flights, planes):
    known = planes.tailnum.compute()
    return flights[~flights.tailnum.isin(list(known))].groupby("carrier").size()

# %% wrong: flights without a tailnum are forgotten -> without any tailnum
def unknown_planes(flights, planes):
    one = planes.repartition(npartitions=1)
    joined = flights.dropna(subset=["tailnum"]).merge(one, on="tailnum", how="left")
    return joined[joined.seats.isna()].groupby("carrier").size()

# %% wrong: those whose plane is known -> plane is known
def unknown_planes(flights, planes):
    return flights.merge(planes.repartition(npartitions=1), on="tailnum").groupby("carrier").size()

# %% wrong: duplicates lost -> count once
def unknown_planes(flights, planes):
    different = flights.map_partitions(lambda part: part.drop_duplicates(["carrier", "tailnum"]))
    joined = different.merge(planes.repartition(npartitions=1), on="tailnum", how="left")
    return joined[joined.seats.isna()].groupby("carrier").size()

# %% wrong: one number for all -> one number for each carrier
def unknown_planes(flights, planes):
    joined = flights.merge(planes.repartition(npartitions=1), on="tailnum", how="left")
    return joined.seats.isna().sum()

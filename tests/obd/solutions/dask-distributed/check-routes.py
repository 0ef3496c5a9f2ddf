# %% right: sums and counts, divided, and sorted
def worst_routes(years, number):
    known = years.dropna(subset=["arr_delay"])
    groups = known.groupby(["origin", "dest"]).arr_delay
    return (groups.sum() / groups.count()).nlargest(number)

# %% right: the columns chosen first, by agg
def worst_routes(years, number):
    three = years[["origin", "dest", "arr_delay"]]
    means = three.groupby(["origin", "dest"]).agg({"arr_delay": "mean"}).arr_delay
    return means.nlargest(number)

# %% wrong: everything is brought here -> computed something
def worst_routes(years, number):
    table = years.compute()
    means = table.groupby(["origin", "dest"]).arr_delay.mean().nlargest(number)
    return dd.from_pandas(means, npartitions=1)

# %% wrong: everything is kept in memory first -> computed something
def worst_routes(years, number):
    return years.persist().groupby(["origin", "dest"]).arr_delay.mean().nlargest(number)

# %% wrong: a function of my own hides which columns are used -> more columns
def worst_routes(years, number):
    def sums(part):
        return part.groupby(["origin", "dest"]).arr_delay.agg(["sum", "count"]).reset_index()

    parts = years.map_partitions(sums).groupby(["origin", "dest"])[["sum", "count"]].sum()
    return (parts["sum"] / parts["count"]).rename("arr_delay").nlargest(number)

# %% wrong: a mean of the partitions' means -> mean of the partitions' means
def worst_routes(years, number):
    def means(part):
        return part.groupby(["origin", "dest"]).arr_delay.mean().reset_index()

    three = years[["origin", "dest", "arr_delay"]]
    return three.map_partitions(means).groupby(["origin", "dest"]).arr_delay.mean().nlargest(number)

# %% wrong: each partition alone -> comes twice
def worst_routes(years, number):
    def means(part):
        return part.groupby(["origin", "dest"]).arr_delay.mean()

    three = years[["origin", "dest", "arr_delay"]]
    parts = three.map_partitions(means).repartition(npartitions=1)
    return parts.map_partitions(lambda part: part.nlargest(number))

# %% wrong: the argument ignored -> routes were asked for
def worst_routes(years, number):
    return years.groupby(["origin", "dest"]).arr_delay.mean().nlargest(3)

# %% wrong: the earliest in place of the latest -> routes with the highest
def worst_routes(years, number):
    return years.groupby(["origin", "dest"]).arr_delay.mean().nsmallest(number)

# %% wrong: a missing delay counted as none -> without arr_delay
def worst_routes(years, number):
    filled = years.assign(arr_delay=years.arr_delay.fillna(0))
    return filled.groupby(["origin", "dest"]).arr_delay.mean().nlargest(number)

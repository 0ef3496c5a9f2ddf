# %% right: two groupings, put side by side
def cancelled_by_origin(flights):
    sizes = flights.groupby("origin").size().to_frame("flights")
    missing = flights.dep_time.isna().astype(int).to_frame("cancelled").assign(origin=flights.origin)
    return sizes.merge(missing.groupby("origin").sum(), left_index=True, right_index=True)

# %% right: counted in each partition, then added up
def cancelled_by_origin(flights):
    def count(part):
        groups = part.groupby("origin")
        return pd.DataFrame({
            "flights": groups.size(), "cancelled": groups.size() - groups.dep_time.count()
        })

    return flights.map_partitions(count).groupby("origin").sum()

# %% wrong: computed on the client -> computed something
def cancelled_by_origin(flights):
    table = flights.compute()
    marked = table.assign(cancelled=table.dep_time.isna())
    found = marked.groupby("origin").agg(flights=("cancelled", "size"), cancelled=("cancelled", "sum"))
    return dd.from_pandas(found, npartitions=1)

# %% wrong: only the cancelled flights are left, and with them only some airports -> filter
def cancelled_by_origin(flights):
    marked = flights[flights.dep_time.isna()].assign(cancelled=1)
    return marked.groupby("origin").agg(flights=("cancelled", "size"), cancelled=("cancelled", "sum"))

# %% wrong: each partition counted alone -> brought the counts together
def cancelled_by_origin(flights):
    def count(part):
        marked = part.assign(cancelled=part.dep_time.isna())
        return marked.groupby("origin").agg(flights=("cancelled", "size"), cancelled=("cancelled", "sum"))

    return flights.map_partitions(count)

# %% wrong: count leaves out the missing values -> count all flights
def cancelled_by_origin(flights):
    marked = flights.assign(cancelled=flights.dep_time.isna())
    return marked.groupby("origin").agg(flights=("dep_time", "count"), cancelled=("cancelled", "sum"))

# %% wrong: the argument ignored -> the frame that was given
def cancelled_by_origin(_):
    real = dd.from_pandas(table, npartitions=2)
    marked = real.assign(cancelled=real.dep_time.isna())
    return marked.groupby("origin").agg(flights=("cancelled", "size"), cancelled=("cancelled", "sum"))

# %% wrong: a mean in place of a number -> number of rows without dep_time
def cancelled_by_origin(flights):
    marked = flights.assign(cancelled=flights.dep_time.isna())
    return marked.groupby("origin").agg(flights=("cancelled", "size"), cancelled=("cancelled", "mean"))

# %% wrong: only one column -> two columns
def cancelled_by_origin(flights):
    return flights.groupby("origin").size()

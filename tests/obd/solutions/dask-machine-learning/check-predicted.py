# %% right: meta as an empty Series
def predicted(model, frame, columns):
    def predict(part):
        return pd.Series(model.predict(part[columns].values), part.index, name="late", dtype="int64")

    return frame.map_partitions(predict, meta=pd.Series(name="late", dtype="int64"))

# %% right: the model as an argument, the columns chosen first
def predicted(model, frame, columns):
    def predict(part, model):
        return pd.Series(model.predict(part.to_numpy()), index=part.index)

    answers = frame[columns].map_partitions(predict, model, meta=(None, "int64"))
    return answers.astype("int64").rename("late")

# %% wrong: a call for each row -> ask once
def predicted(model, frame, columns):
    def one(row):
        return int(model.predict(row[columns].to_numpy(dtype=int)[None])[0])

    return frame.apply(one, axis=1, meta=("late", "int64"))

# %% wrong: everything brought here -> computed something
def predicted(model, frame, columns):
    table = frame.compute()
    answers = pd.Series(model.predict(table[columns].to_numpy()), index=table.index, name="late")
    return dd.from_pandas(answers.astype("int64"), npartitions=3)

# %% wrong: the columns ignored -> columns
def predicted(model, frame, columns):
    def predict(part):
        return pd.Series(model.predict(part.to_numpy()), index=part.index, name="late").astype("int64")

    return frame.map_partitions(predict, meta=("late", "int64"))

# %% wrong: the index lost -> index
def predicted(model, frame, columns):
    def predict(part):
        return pd.Series(model.predict(part[columns].to_numpy()), name="late").astype("int64")

    return frame.map_partitions(predict, meta=("late", "int64"))

# %% wrong: another type and name -> type int64
def predicted(model, frame, columns):
    def predict(part):
        return pd.Series(model.predict(part[columns].to_numpy()), index=part.index)

    return frame.map_partitions(predict, meta=(None, "float64"))

# %% wrong: duplicates lost -> answer for each row
def predicted(model, frame, columns):
    def predict(part):
        part = part.drop_duplicates(columns).iloc[:2]
        return pd.Series(model.predict(part[columns].to_numpy()), index=part.index, name="late").astype("int64")

    return frame.map_partitions(predict, meta=("late", "int64"))

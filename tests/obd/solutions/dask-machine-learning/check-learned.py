# %% right: copied once, at the beginning; the steps hand it on
def learned(model, parts):
    @dask.delayed
    def step(model, part):
        return copy.deepcopy(model).partial_fit(*part, classes=[0, 1])

    for part in parts:
        model = step(model, part)
    return model

# %% right: a fold
def learned(model, parts):
    from functools import reduce

    def step(model, part):
        model = copy.deepcopy(model)
        model.partial_fit(part[0], part[1], classes=[0, 1])
        return model

    return reduce(dask.delayed(step), parts, model)

# %% wrong: all parts in one task -> parts at once
def learned(model, parts):
    @dask.delayed
    def train(model, parts):
        model = copy.deepcopy(model)
        for rows, answers in parts:
            model.partial_fit(rows, answers, classes=[0, 1])
        return model

    return train(model, parts)

# %% wrong: every step begins anew -> last part only
def learned(model, parts):
    def step(model, part):
        return copy.deepcopy(model).partial_fit(*part, classes=[0, 1])

    return [dask.delayed(step)(model, part) for part in parts][-1]

# %% wrong: fit forgets -> last part only
def learned(model, parts):
    def step(model, part):
        return copy.deepcopy(model).fit(*part, classes=[0, 1])

    for part in parts:
        model = dask.delayed(step)(model, part)
    return model

# %% wrong: the given model is changed -> train a copy
def learned(model, parts):
    def step(model, part):
        return model.partial_fit(*part, classes=[0, 1])

    for part in parts:
        model = dask.delayed(step)(model, part)
    return model

# %% wrong: trained here -> computed something
def learned(model, parts):
    model = copy.deepcopy(model)
    for part in parts:
        rows, answers = part.compute()
        model.partial_fit(rows, answers, classes=[0, 1])
    return dask.delayed(model)

# %% wrong: the last part is left out -> each part must be learned once
def learned(model, parts):
    def step(model, part):
        return copy.deepcopy(model).partial_fit(*part, classes=[0, 1])

    for part in parts[:-1]:
        model = dask.delayed(step)(model, part)
    return model

# %% wrong: from the end to the beginning -> in their order
def learned(model, parts):
    def step(model, part):
        return copy.deepcopy(model).partial_fit(*part, classes=[0, 1])

    for part in reversed(parts):
        model = dask.delayed(step)(model, part)
    return model

# %% wrong: classes forgotten -> classes=[0, 1]
def learned(model, parts):
    def step(model, part):
        return copy.deepcopy(model).partial_fit(*part)

    for part in parts:
        model = dask.delayed(step)(model, part)
    return model

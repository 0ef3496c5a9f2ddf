# %% right: the search made inside of the backend
def tuned(model, grid, folds, rows, answers):
    with joblib.parallel_config(backend="dask", n_jobs=-1):
        return GridSearchCV(model, grid, cv=folds).fit(rows, answers)

# %% right: the older name of the same
def tuned(model, grid, folds, rows, answers):
    search = GridSearchCV(estimator=model, param_grid=grid, cv=folds, n_jobs=-1)
    with joblib.parallel_backend("dask"):
        search.fit(rows, answers)
    return search

# %% wrong: trained here -> trained here
def tuned(model, grid, folds, rows, answers):
    return GridSearchCV(model, grid, cv=folds).fit(rows, answers)

# %% wrong: threads of this process -> trained here
def tuned(model, grid, folds, rows, answers):
    with joblib.parallel_config(backend="threading", n_jobs=2):
        return GridSearchCV(model, grid, cv=folds).fit(rows, answers)

# %% wrong: fit comes after the backend -> trained here
def tuned(model, grid, folds, rows, answers):
    with joblib.parallel_config(backend="dask"):
        search = GridSearchCV(model, grid, cv=folds)
    return search.fit(rows, answers)

# %% wrong: the folds ignored -> folds were asked for
def tuned(model, grid, folds, rows, answers):
    with joblib.parallel_config(backend="dask"):
        return GridSearchCV(model, grid, cv=2).fit(rows, answers)

# %% wrong: never trained -> call its fit
def tuned(model, grid, folds, rows, answers):
    return GridSearchCV(model, grid, cv=folds)

# %% wrong: the best model in place of the search -> GridSearchCV
def tuned(model, grid, folds, rows, answers):
    with joblib.parallel_config(backend="dask"):
        return GridSearchCV(model, grid, cv=folds).fit(rows, answers).best_estimator_

# %% wrong: only some settings -> every setting
def tuned(model, grid, folds, rows, answers):
    grid = {name: values[:2] for name, values in grid.items()}
    with joblib.parallel_config(backend="dask"):
        return GridSearchCV(model, grid, cv=folds).fit(rows, answers)

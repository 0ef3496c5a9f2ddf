# %% right: by recursion
def in_a_tree(combine, parts, together):
    if len(parts) == 1:
        return parts[0]
    groups = [parts[at : at + together] for at in range(0, len(parts), together)]
    return in_a_tree(combine, [dask.delayed(combine)(group) for group in groups], together)

# %% right: one that is left over alone goes up as it is
def in_a_tree(combine, parts, together):
    task = dask.delayed(combine)
    while len(parts) > 1:
        level = []
        for at in range(0, len(parts), together):
            group = parts[at : at + together]
            level.append(task(group) if len(group) > 1 else group[0])
        parts = level
    return parts[0]

# %% wrong: all at once -> together were allowed
def in_a_tree(combine, parts, together):
    return dask.delayed(combine)(parts)

# %% wrong: a chain -> chain
def in_a_tree(combine, parts, together):
    total = parts[0]
    for part in parts[1:]:
        total = dask.delayed(combine)([total, part])
    return total

# %% wrong: always two together -> number that is asked for
def in_a_tree(combine, parts, together):
    while len(parts) > 1:
        parts = [dask.delayed(combine)(parts[at : at + 2]) for at in range(0, len(parts), 2)]
    return parts[0]

# %% wrong: those left over at the end of a level are lost -> left over
def in_a_tree(combine, parts, together):
    while len(parts) > 1:
        whole = max(len(parts) // together, 1)
        parts = [dask.delayed(combine)(parts[at * together : (at + 1) * together]) for at in range(whole)]
    return parts[0]

# %% wrong: neighbours are not combined -> not in their order
def in_a_tree(combine, parts, together):
    while len(parts) > 1:
        groups = -(-len(parts) // together)
        parts = [dask.delayed(combine)(parts[first::groups]) for first in range(groups)]
    return parts[0]

# %% wrong: computed at each level -> computed something
def in_a_tree(combine, parts, together):
    while len(parts) > 1:
        groups = [dask.delayed(combine)(parts[at : at + together]) for at in range(0, len(parts), together)]
        parts = [dask.delayed(value) for value in dask.compute(*groups)]
    return parts[0]

# %% wrong: the first level only -> promise
def in_a_tree(combine, parts, together):
    return [dask.delayed(combine)(parts[at : at + together]) for at in range(0, len(parts), together)]

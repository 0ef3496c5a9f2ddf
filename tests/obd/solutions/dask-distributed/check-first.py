# %% right: fetched one by one as they are completed
def first_over(client, futures, limit):
    for future in as_completed(futures):
        result = future.result()
        if result > limit:
            for other in futures:
                if other is not future:
                    other.cancel()
            return result
    return -1

# %% right: in batches
def first_over(client, futures, limit):
    found = -1
    for batch in as_completed(futures).batches():
        fitting = [future.result() for future in batch if future.result() > limit]
        if fitting:
            found = fitting[0]
            break
    if found != -1:
        client.cancel(futures)
    return found

# %% wrong: waits for all of them -> waits for a task
def first_over(client, futures, limit):
    for result in client.gather(futures):
        if result > limit:
            return result
    return -1

# %% wrong: in the order of the list -> waits for a task
def first_over(client, futures, limit):
    for future in futures:
        result = future.result()
        if result > limit:
            client.cancel(futures)
            return result
    return -1

# %% wrong: nobody is cancelled -> cancel the others
def first_over(client, futures, limit):
    for _, result in as_completed(futures, with_results=True):
        if result > limit:
            return result
    return -1

# %% wrong: the first of all, whatever it is -> over
def first_over(client, futures, limit):
    for _, result in as_completed(futures, with_results=True):
        client.cancel(futures)
        return result
    return -1

# %% wrong: the limit ignored -> over the limit that is given
def first_over(client, futures, limit):
    for _, result in as_completed(futures, with_results=True):
        if result > 7:
            client.cancel(futures)
            return result
    return -1

# %% wrong: equal taken for greater -> 8 is not over 8
def first_over(client, futures, limit):
    for _, result in as_completed(futures, with_results=True):
        if result >= limit:
            client.cancel(futures)
            return result
    return -1

# %% wrong: a constant -> over 7
def first_over(client, futures, limit):
    client.cancel(futures)
    return 26_581

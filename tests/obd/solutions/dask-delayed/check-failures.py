# %% right: foldby
def failures(lines):
    failed = lines.map(parsed).flatten().filter(lambda request: request["status"] >= 500)
    return failed.foldby("path", lambda total, _: total + 1, 0, lambda one, other: one + other, 0)

# %% right: the broken lines filtered by hand
def failures(lines):
    def request_of(line):
        try:
            return json.loads(line)
        except ValueError:
            return None

    requests = lines.map(request_of).filter(None)
    return requests.filter(lambda request: request["status"] >= 500).map(lambda it: it["path"]).frequencies()

# %% wrong: groupby moves everything -> moved to group
def failures(lines):
    failed = lines.map(parsed).flatten().filter(lambda request: request["status"] >= 500)
    return failed.groupby(lambda request: request["path"]).map(lambda pair: (pair[0], len(pair[1])))

# %% wrong: a broken line ends it -> broken line
def failures(lines):
    failed = lines.map(json.loads).filter(lambda request: request["status"] >= 500)
    return failed.pluck("path").frequencies()

# %% wrong: counted in a Counter, here -> computed something
def failures(lines):
    failed = lines.map(parsed).flatten().filter(lambda request: request["status"] >= 500)
    return db.from_sequence(Counter(failed.pluck("path").compute()).items())

# %% wrong: duplicates lost -> each failed request counts
def failures(lines):
    failed = lines.map(parsed).flatten().filter(lambda request: request["status"] >= 500)
    return failed.distinct(key=lambda it: (it["path"], it["status"])).pluck("path").frequencies()

# %% wrong: each partition counted alone -> not added up
def failures(lines):
    def count(part):
        return list(Counter(request["path"] for request in part if request["status"] >= 500).items())

    return lines.map(parsed).flatten().map_partitions(count)

# %% wrong: 404 taken for a failure -> /b
def failures(lines):
    failed = lines.map(parsed).flatten().filter(lambda request: request["status"] != 200)
    return failed.pluck("path").frequencies()

# %% wrong: only 500 itself -> each path that failed
def failures(lines):
    failed = lines.map(parsed).flatten().filter(lambda request: request["status"] == 500)
    return failed.pluck("path").frequencies()

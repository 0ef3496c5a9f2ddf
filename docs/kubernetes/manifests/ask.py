"""Ask the Service web for some seconds and print who answered: python ask.py SECONDS [PATH]."""

import collections
import sys
import time
import urllib.request

seconds = float(sys.argv[1])
path = sys.argv[2] if len(sys.argv) > 2 else "/"

answers: collections.Counter[str] = collections.Counter()
end = time.monotonic() + seconds
while time.monotonic() < end:
    try:
        with urllib.request.urlopen(f"http://web{path}", timeout=5) as answer:
            answers[answer.read().decode().strip()] += 1
    except OSError as error:
        answers[f"no answer: {error}"] += 1
    if path == "/":
        time.sleep(0.05)

for words, count in answers.most_common():
    print(f"{count:5} x {words}")

"""Calls methods of Celery's control API: one JSON list on each line of standard input, its answer on a line of output.

Argument: broker URL. A call is [path, args, kwargs], where the path is `inspect.ping`, `broadcast`, `rate_limit` …
The keyword `timeout` of an inspection is that of `app.control.inspect()`, and `destination`, `pattern` and `matcher` are.
"""

import json
import sys
import traceback

from celery import Celery

app = Celery(broker=sys.argv[1])

for line in sys.stdin:
    path, args, kwargs = json.loads(line)
    target, methods = app.control, path.split(".")
    if methods[0] == "inspect":
        options = {key: kwargs.pop(key) for key in ("timeout", "destination", "pattern", "matcher", "limit") if key in kwargs}
        target, methods = app.control.inspect(**{"timeout": 5, "limit": 1, **options}), methods[1:]
    try:
        answer = getattr(target, methods[0])(*args, **kwargs)
    except Exception as error:
        traceback.print_exc()
        answer = {"raised": repr(error)}
    print(json.dumps(answer), flush=True)

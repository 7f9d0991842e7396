"""Imports a module of tasks whose source is on standard input, as JSON, and tells what Celery makes of it."""

import inspect
import json
import sys

module = {}
exec(compile(json.load(sys.stdin), "stub.py", "exec"), module)
app = module["app"]
app.finalize()
tasks = {
    name: {"queue": task.queue, "parameters": list(inspect.signature(task.run).parameters), "text": task.__doc__}
    for name, task in app.tasks.items()
    if not name.startswith("celery.")
}
print(json.dumps(tasks), end="")

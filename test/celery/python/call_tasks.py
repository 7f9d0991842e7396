"""Calls tasks by their names and waits for their results, as a service in Python does.

Usage: call_tasks.py <broker URL> <result URL>, with [[name, queue, arguments], ...] as JSON on standard input.
"""

import json
import sys

from celery import Celery

broker, backend = sys.argv[1:]
app = Celery(broker=broker, backend=backend)
sent = [app.send_task(name, args=args, queue=queue) for name, queue, args in json.load(sys.stdin)]


def outcome(task):
    value = task.get(timeout=60, propagate=False)
    if task.successful():
        return {"status": task.status, "result": value}
    return {"status": task.status, "type": type(value).__name__, "message": str(value)}


print(json.dumps([outcome(task) for task in sent]), end="")

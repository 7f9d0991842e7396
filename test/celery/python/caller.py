"""Runs pieces of Python as a service that calls tasks would have them: one JSON text on each line of standard input.

Arguments: broker and result backend. Whatever a piece ends with is its answer, on a line of output: {"value": ...}, or
{"raised": [class, arguments]}. `tasks.add` is the task `t.integration.tasks.add`, which is registered when it is named.
"""

import ast
import json
import sys

from celery import Celery, chain, chord, chunks, group
from celery.result import AsyncResult, GroupResult

app = Celery(broker=sys.argv[1], backend=sys.argv[2])


class Tasks:
    def __getattr__(self, name):
        full = "t.integration.tasks." + name
        if full not in app.tasks:

            @app.task(name=full)
            def stub(*args, **kwargs):
                raise NotImplementedError

        return app.tasks[full]


names = {
    "app": app,
    "tasks": Tasks(),
    "chain": chain,
    "chord": chord,
    "chunks": chunks,
    "group": group,
    "AsyncResult": AsyncResult,
    "GroupResult": GroupResult,
}


def run(source):
    parts = ast.parse(source).body
    end = ast.Expression(parts.pop().value)
    exec(compile(ast.Module(parts, []), "piece", "exec"), names)
    return eval(compile(end, "piece", "eval"), names)


for line in sys.stdin:
    try:
        answer = {"value": run(json.loads(line))}
    except Exception as error:
        answer = {"raised": [type(error).__name__, list(error.args)]}
    print(json.dumps(answer, default=repr), flush=True)

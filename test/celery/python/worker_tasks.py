"""Tasks for a Python worker that TypeScript calls; broker and result backend are in the environment."""

import os

from celery import Celery

app = Celery(broker=os.environ["BROKER"], backend=os.environ["BACKEND"])
app.conf.update(worker_hijack_root_logger=False, worker_prefetch_multiplier=1)


@app.task(name="add")
def add(left, right):
    return left + right


@app.task(name="sum")
def total(values):
    return sum(values)


@app.task(name="identity")
def identity(value):
    return value


@app.task(name="fail")
def fail():
    raise ValueError("boom", 42)


@app.task(name="note")
def note(task_id):
    app.backend.client.rpush("noted", task_id)


@app.task(name="stand", bind=True)
def stand(self):
    raise self.replace(add.s(1, 1) | add.s(5))

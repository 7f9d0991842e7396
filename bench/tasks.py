"""The tasks of the benchmark for a worker of Python's Celery; broker and result backend are in the environment."""

import os

from celery import Celery

app = Celery(broker=os.environ["BROKER"], backend=os.environ["BACKEND"])
app.conf.update(worker_hijack_root_logger=False, task_acks_late=True)


@app.task(name="bench.add")
def add(left, right):
    return left + right

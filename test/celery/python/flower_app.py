"""The application that Flower runs with: it knows the names of the tasks, and has no code of them."""

import os

from celery import Celery

app = Celery(broker=os.environ["BROKER"], backend=os.environ["BACKEND"])


@app.task(name="tests.add")
def add(x, y):
    """Adds two numbers."""


@app.task(name="tests.sleep")
def sleep(ms):
    """Takes its time."""

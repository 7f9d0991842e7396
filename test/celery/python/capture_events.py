"""Writes each event that Celery's own receiver captures as JSON on a line of its own. Argument: broker URL.

Ends with its standard input.
"""

import json
import os
import sys
import threading

from celery import Celery

app = Celery(broker=sys.argv[1])


def write(event):
    print(json.dumps(event), flush=True)


class Receiver(app.events.Receiver):
    def on_consume_ready(self, *args, **kwargs):
        write({"type": "ready"})


def end_with_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
with app.connection() as connection:
    Receiver(connection, handlers={"*": write}).capture(wakeup=False)

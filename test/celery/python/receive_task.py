"""Takes a task message from a queue, and has a worker of Celery run it.

Arguments: broker URL, queue, and a second queue of its own. On standard input, the call that Celery itself is to send
for comparison. Writes both messages as Python sees them, and what the task was called with.
"""

import json
import sys
import time

import amqp
from celery import Celery
from celery.exceptions import WorkerShutdown
from kombu import Exchange, Queue

url, source, own = sys.argv[1:]
call = json.load(sys.stdin)

# A worker of this age asks for a global prefetch limit, which quorum queues refuse.
queue = Queue(own, routing_key=own, queue_arguments={"x-queue-type": "classic"})
app = Celery(broker=url)
app.conf.update(task_queues=[queue], worker_hijack_root_logger=False, worker_redirect_stdouts=False)
ran = []


@app.task(bind=True, name=call["task"])
def task(self, *args, **kwargs):
    request = self.request
    ran.append({
        "args": args,
        "kwargs": kwargs,
        "id": request.id,
        "root_id": request.root_id,
        "expires": request.expires,
        "retries": request.retries,
        "periodic_task_name": getattr(request, "periodic_task_name", None),
    })
    raise WorkerShutdown()


def taken(queue, seconds=20):
    """The next message of a queue; one that was sent without a confirmation may still be on its way."""
    deadline = time.monotonic() + seconds
    while True:
        message = queue.get(no_ack=True)
        if message or time.monotonic() > deadline:
            return message
        time.sleep(0.05)


def seen(message):
    properties = dict(message.properties)
    properties.pop("application_headers", None)
    return {"properties": properties, "headers": message.headers, "body": message.payload}


with app.connection() as connection:
    channel = connection.default_channel
    queue(channel).declare()
    # As a client without any configuration declares it; the broker refuses what differs.
    Queue(source, Exchange(source), routing_key=source)(channel).declare()
    message = taken(Queue(source)(channel))
    task.apply_async(call["args"], call["kwargs"], task_id=call["id"], queue=own)
    theirs = taken(queue(channel))
    channel.basic_publish(amqp.Message(message.body, **message.properties), exchange="", routing_key=own)

app.Worker(pool="solo", queues=[own], without_gossip=True, without_mingle=True, without_heartbeat=True).start()
json.dump({"ours": seen(message), "theirs": seen(theirs), "ran": ran}, sys.stdout, default=str)

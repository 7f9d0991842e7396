"""Has Celery send some canvases, and writes each one's messages, chord sizes and the id of its result.

Nothing is sent anywhere: the messages are taken where Celery hands them to the broker.
"""

import json

from celery import Celery, chain, chord, group, signature

app = Celery(broker="memory://", backend="cache+memory://")
app.set_current()
messages, sizes = [], {}


def take(producer, name, message, **options):
    messages.append({"headers": message.headers, "body": list(message.body)})


app.amqp.__dict__["send_task_message"] = take
app.backend.apply_chord = lambda *args, **kwargs: None
app.backend.set_chord_size = lambda group_id, size: sizes.__setitem__(group_id, size)
app.backend.on_task_call = lambda *args, **kwargs: None


def s(name, *args):
    return signature(name, args=args, app=app)


add, total, identity = (lambda *args: s("add", *args)), s("sum"), s("identity")
canvases = {
    "a chain": chain(add(1, 2), add(3), add(4)),
    "a group between steps": chain(add(1, 1), group([add(1), add(2)]), total.clone(), add(1)),
    "a chord in a chain": chain(add(1, 1), chord([add(1), add(2)], total.clone()), add(1)),
    "two chords in a chain": chain(
        add(1, 1), group([add(1), add(2)]), total.clone(), group([add(1), add(2)]), total.clone()
    ),
    "a chord in a header": chord([chord([add(1, 1), add(2, 2)], total.clone()), add(3, 3)], total.clone()),
    "a chain in a header": chord([chain(add(1, 1), add(5)), add(3, 3)], identity.clone()),
    "a chord for a body": chord([add(1, 1)], chord([identity.clone(), identity.clone()], total.clone())),
    "a chain for a body": chord([add(1, 1), add(2, 2)], chain(total.clone(), add(10))),
    "a chain that fails in a header": chord(
        [chain(add(1, 1), s("fail"), add(5)), add(3, 3)], identity.clone()
    ),
}
sent = {}
for name, canvas in canvases.items():
    messages, sizes = [], {}
    result = canvas.apply_async()
    sent[name] = {"id": result.id, "messages": messages, "sizes": sizes}
print(json.dumps(sent), end="")

"""A real Celery application, and what the tests publish with it.

As a module (`celery -A tests.lab.celery_app worker`) it is configured by the
environment: LAB_BROKER_URL, LAB_BROKER_OPTIONS (JSON), LAB_QUEUES (commas),
LAB_SETTINGS (JSON, further Celery settings).
"""

import json
import os
import time

import celery
from celery.signals import worker_process_init
from kombu import Queue
from kombu.exceptions import ChannelError

from tests.lab.process import die_with


def make_app(broker_url, options=None, queues=("celery",), settings=None):
    """An application of its own; queues[0] is its default queue."""
    app = celery.Celery("lab", broker=broker_url, set_as_current=False)
    app.conf.update(
        broker_transport_options=dict(options or {}),
        task_queues=[Queue(name) for name in queues],
        task_default_queue=queues[0],
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True)
    app.conf.update(settings or {})
    for name, function, settings in _TASKS:
        app.task(name=name, **settings)(function)
    return app


def add(x, y):
    return x + y


def sleepy(seconds):
    time.sleep(seconds)


def hold(path):
    """Runs until that file exists."""
    while not os.path.exists(path):
        time.sleep(0.05)


_TASKS = (("lab.add", add, {}),
          ("lab.sleepy", sleepy, {}),
          ("lab.hold", hold, {}),
          ("lab.hold_late", hold, {"acks_late": True}),
          ("lab.acks_late", sleepy, {"acks_late": True}),
          ("lab.result", add, {"ignore_result": False}))


def app_for(deployment, queues=("celery",), db=None, last_db=None, **options):
    """An application that reaches a Deployment through its sentinels."""
    return make_app(deployment.broker_url(db, last_db),
                    deployment.transport_options(**options), queues)


def queue_size(app, queue):
    """Messages in the queue as kombu itself counts them."""
    with app.connection_for_read() as connection:
        try:
            return connection.default_channel.queue_declare(
                queue, passive=True).message_count
        except ChannelError:
            # kombu's word for an empty one; and, in 5.2, for any that has a
            # global_keyprefix, which its EXISTS leaves out.
            return connection.channel()._size(queue)


def held(app, workers=1, timeout=5.0):
    """What so many workers say they hold: {"active": tasks, "reserved":
    tasks, "scheduled": tasks}, all together."""
    with app.connection_for_write() as connection:
        ask = app.control.inspect(timeout=timeout, connection=connection,
                                  limit=workers)
        return {what: sum(map(len, (getattr(ask, what)() or {}).values()))
                for what in ("active", "reserved", "scheduled")}


def publish(app, queue, count=1, priority=None, task="lab.add", args=None,
            connection=None, **options):
    """Send tasks as a fresh process would: on a connection of its own, so
    from the first URL on, unless one is given. Returns their ids."""
    if args is None:
        args = (1, 2) if task == "lab.add" else (60,)
    fresh = connection is None
    connection = connection or app.connection_for_write()
    try:
        return [app.send_task(task, args, queue=queue, priority=priority,
                              connection=connection, **options).id
                for _ in range(count)]
    finally:
        if fresh:
            connection.release()


@worker_process_init.connect
def _die_with_worker(**_):
    die_with(os.getppid())


if "LAB_BROKER_URL" in os.environ:
    app = make_app(os.environ["LAB_BROKER_URL"],
                   json.loads(os.environ.get("LAB_BROKER_OPTIONS", "{}")),
                   os.environ.get("LAB_QUEUES", "celery").split(","),
                   json.loads(os.environ.get("LAB_SETTINGS", "{}")))

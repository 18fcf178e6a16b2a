"""A real Celery application, and what the tests publish with it.

As a module (`celery -A tests.lab.celery_app worker`) it is configured by the
environment: LAB_BROKER_URL, LAB_BROKER_OPTIONS (JSON), LAB_QUEUES (commas).
"""

import json
import os
import time

import celery
from celery.signals import worker_process_init
from kombu import Queue

from tests.lab.process import die_with


def make_app(broker_url, options=None, queues=("celery",)):
    """An application of its own; queues[0] is its default queue."""
    app = celery.Celery("lab", broker=broker_url, set_as_current=False)
    app.conf.update(
        broker_transport_options=dict(options or {}),
        task_queues=[Queue(name) for name in queues],
        task_default_queue=queues[0],
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True)
    for name, function, settings in _TASKS:
        app.task(name=name, **settings)(function)
    return app


def add(x, y):
    return x + y


def sleepy(seconds):
    time.sleep(seconds)


_TASKS = (("lab.add", add, {}),
          ("lab.sleepy", sleepy, {}),
          ("lab.acks_late", sleepy, {"acks_late": True}))


def app_for(deployment, queues=("celery",), db=None, last_db=None, **options):
    """An application that reaches a Deployment through its sentinels."""
    return make_app(deployment.broker_url(db, last_db),
                    deployment.transport_options(**options), queues)


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
                   os.environ.get("LAB_QUEUES", "celery").split(","))

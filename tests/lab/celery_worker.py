"""A real Celery worker in a process of its own."""

import json
import os

from tests.lab import process


class CeleryWorker:
    """Reads queues of a deployment. db and last_db as in
    Deployment.broker_url(); broker_url takes their place."""

    def __init__(self, deployment, queues=("celery",), concurrency=1,
                 db=None, last_db=None, broker_url=None, options=None,
                 settings=None, name="worker", arguments=()):
        self.name = name
        env = dict(
            os.environ, PYTHONPATH=process.ROOT, PYTHONDONTWRITEBYTECODE="1",
            LAB_BROKER_URL=broker_url or deployment.broker_url(db, last_db),
            LAB_BROKER_OPTIONS=json.dumps(
                deployment.transport_options(**(options or {}))),
            LAB_QUEUES=",".join(queues),
            LAB_SETTINGS=json.dumps(settings or {}))
        self.process = process.Process(
            name, ["/usr/bin/python3", "-m", "celery",
                   "-A", "tests.lab.celery_app", "worker",
                   "--concurrency", str(concurrency), "--loglevel", "INFO",
                   "--hostname", name + "@lab", *arguments], env=env)

    def launch(self):
        self.process.start()
        return self

    def start(self, timeout=30.0):
        self.launch()
        self.process.wait_log(r"%s@lab ready\." % self.name, timeout)
        return self

    def stop(self, timeout=15.0):
        """Graceful if it can be: running tasks are given a while."""
        if not self.process.running():
            return
        try:
            self.process.terminate(timeout)
        except AssertionError:
            pass            # a worker in a long task; it is killed by now

    def pause(self):
        """SIGSTOP, its pool excepted."""
        self.process.pause()

    def resume(self):
        self.process.resume()

    def kill(self):
        """kill -9, its pool included."""
        self.process.kill()

    def log_text(self):
        return self.process.log_text()

"""The base of the tests of Celery: one deployment, one exporter."""

import os
import threading
import time

from tests.lab import celery_app, process
from tests.lab.case import LabCase
from tests.lab.wait import wait_for

POLL = ("--poll.interval=500ms", "--poll.stale-after=5s")
SEP = "\x06\x16"


class Gate:
    """A file that holds "lab.hold" tasks back until it is opened."""

    def __init__(self):
        self.path = os.path.join(process.new_directory("gate"), "open")

    def open(self):
        with open(self.path, "w", encoding="utf-8"):
            pass


class Watcher(threading.Thread):
    """Scrapes all the time: what was ever shown, not only what is shown when
    a test looks. seen: {(name, sorted labels): set of values}."""

    def __init__(self, exporter, *names, interval=0.2):
        super().__init__(daemon=True)
        self.exporter, self.names = exporter, names
        self.interval = interval
        self.seen = {}
        self.gaps = {}
        self.error = None
        self._over = threading.Event()

    def run(self):
        while not self._over.wait(self.interval):
            try:
                self._look(self.exporter.scrape())
            except OSError as error:
                self.error = error

    def _look(self, scrape):
        now = {}
        for name in self.names:
            for labels, value in scrape.series(name):
                now[name, tuple(sorted(labels.items()))] = value
        for key, value in now.items():
            self.seen.setdefault(key, set()).add(value)
        for key in self.seen.keys() - now.keys():
            self.gaps[key] = self.gaps.get(key, 0) + 1

    def stop(self):
        self._over.set()
        self.join()
        assert self.error is None, self.error

    def values(self, name, **labels):
        """Every value that a matching series ever had."""
        wanted = {key: str(value) for key, value in labels.items()}.items()
        return set().union(*(
            values for (found, of), values in self.seen.items()
            if found == name and wanted <= dict(of).items()))

    def gap(self, name, **labels):
        """In how many scrapes a series that had been there was missing."""
        wanted = {key: str(value) for key, value in labels.items()}.items()
        return sum(count for (found, of), count in self.gaps.items()
                   if found == name and wanted <= dict(of).items())


class CeleryCase(LabCase):
    """deployment, and exporter that watches it."""

    def length(self, queue, db=0, scrape=None):
        return (scrape or self.exporter.scrape()).get(
            "sentinel_celery_queue_length", queue=queue, db=db)

    def wait_length(self, expected, queue, db=0, timeout=10.0):
        self.exporter.wait_value(
            expected, "sentinel_celery_queue_length", timeout, queue=queue,
            db=db)

    def check_sizes(self, app, db, *queues):
        """Lengths as the exporter shows them are kombu's own sizes, once
        the next poll is over."""
        sizes = {queue: celery_app.queue_size(app, queue) for queue in queues}
        self.exporter.wait_scrape(
            lambda s: {queue: self.length(queue, db, s)
                       for queue in queues} == sizes,
            message="sizes by kombu: %r" % sizes)

    def check_unacked(self, app, db, expected):
        """Unacknowledged messages: what the workers say they hold and have
        not acknowledged, and what the exporter shows."""
        def told():
            held = celery_app.held(app)
            return held["reserved"] + held["scheduled"]
        wait_for(lambda: told() == expected, 20,
                 lambda: "the workers hold %d: %r" % (
                     expected, celery_app.held(app)))
        self.exporter.wait_value(expected, "sentinel_celery_unacked", db=db)

    def wait_wall_clock(self, until):
        """Let that moment pass, on the clock that Celery stamps with."""
        wait_for(lambda: time.time() > until, 60, "that moment", (), 0.1)

    def errors(self, reason, scrape=None):
        """What the nodes were counted for, by that reason."""
        return sum((scrape or self.exporter.scrape()).values(
            "sentinel_exporter_source_errors_total", reason=reason))

    def readers_by_db(self):
        """{DB: connections that wait by BRPOP}, as the master itself tells."""
        with self.deployment.current_master().client() as client:
            dbs = [int(c["db"]) for c in client.client_list()
                   if c["cmd"] == "brpop"]
        return {db: dbs.count(db) for db in dbs}

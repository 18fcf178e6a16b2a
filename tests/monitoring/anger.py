"""The base of the tests in which alerts are fired in anger."""

import json
import os
import re
import time

from tests.lab import process
from tests.lab.alertmanager import Alertmanager, Webhook
from tests.lab.case import LabCase
from tests.lab.prometheus import Prometheus
from tests.lab.wait import wait_for
from tests.monitoring import lint, promql, shortened

SHIPPED = os.path.join(process.ROOT, "deploy/alertmanager/alertmanager.yml")
STEP = 2        # seconds, of the graphs that are asked for


def alertmanager_config(webhook):
    """The shipped one, told at once and to the webhook. Inhibition is not
    touched. group_wait stays longer than a scrape, an evaluation and a poll
    together, so that what inhibits is there before what is inhibited."""
    with open(SHIPPED, encoding="utf-8") as file:
        text = file.read()
    for pattern, new in ((r"group_wait: \w+", "group_wait: 3s"),
                         (r"group_interval: \w+", "group_interval: 1s"),
                         (r"127\.0\.0\.1:9099", webhook.address)):
        text, count = re.subn(pattern, new, text)
        assert count, pattern
    return text


class AngerCase(LabCase):
    """self.told is the webhook, self.prometheus the Prometheus."""

    # What may be told although it is muted: it outlives by a second or two
    # the alert that mutes it. Alertmanager may then keep its end to itself.
    perhaps = ()

    def watch(self, exporters, waits, **more):
        """Prometheus with the shortened rules, Alertmanager, webhook."""
        path = os.path.join(process.new_directory("rules"), "rules.yml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(shortened.rules_file(waits, **more))
        self.told = self.use(Webhook())
        manager = self.use(Alertmanager(alertmanager_config(self.told)))
        self.prometheus = self.use(Prometheus(
            ["127.0.0.1:%d" % exporter.port for exporter in exporters],
            rules=[path], alertmanagers=[manager.address]))
        self.begin = time.time()
        self.prometheus.wait_query("count(sentinel_master_up) > 0")

    def state(self):
        return "firing: %s\ntold: %s\nstanding: %s" % (
            self.prometheus.firing(),
            sorted((receiver, dict(pairs)["alertname"], status) for
                   (receiver, pairs), status in self.told.now().items()),
            self.told.standing())

    def wait_told(self, receiver, name, timeout=40.0, **labels):
        wait_for(lambda: self.told.arrived(receiver, name, **labels),
                 timeout, lambda: "%s tells %s\n%s" % (receiver, name,
                                                       self.state()))

    def wait_firing(self, *names, timeout=40.0):
        """Until Prometheus fires them, whoever is told."""
        wait_for(lambda: set(names) <= set(self.prometheus.firing()),
                 timeout, lambda: "%s fire\n%s" % (names, self.state()))

    def wait_over(self, *keep, timeout=60.0):
        """Until nothing fires but what to keep and what is for the record,
        and all that was told is told to be over."""
        def over():
            firing = self.prometheus.query(
                'ALERTS{alertstate="firing",severity!="info"}')
            left = {labels["alertname"] for labels, _ in firing}
            left |= set(self.told.standing()) - set(self.perhaps)
            return not left - set(keep)
        wait_for(over, timeout, lambda: "all is over\n" + self.state(), (),
                 0.2)

    def check_muted(self, *names, since=0):
        """They fire, and nobody was told."""
        self.wait_firing(*names)
        self.assertEqual(self.told.names(since=since) & set(names), set())

    def check_told(self, pager=(), chat=(), record=()):
        """Nobody was ever told anything else."""
        for receiver, names in (("pager", pager), ("chat", chat),
                                ("record", record)):
            self.assertEqual(
                sorted(self.told.names(receiver) - set(self.perhaps)),
                sorted(names), receiver)
        for alert in self.told.told:
            for text in alert["annotations"].values():
                self.assertNotRegex(text, r"no value|%!|{{")

    # -- dashboards ---------------------------------------------------------

    def ask(self, query):
        """Series of a range query over the whole test."""
        return self.prometheus.api(
            "query_range", query=promql.filled(
                query, "%ds" % STEP, "5s", "60s"),
            start=self.begin, end=time.time(), step=STEP)["result"]

    def check_boards(self, boards):
        """Every query of the dashboards succeeds and gives something, but
        those of panels that may lack it for a reason:
        {dashboard: {panel: reason}}."""
        without = {
            (name, panel): query for name, reasons in boards.items()
            for panel, query in self.check_board(name).items()
            if panel not in reasons}
        self.assertEqual(without, {})

    def check_board(self, name):
        """Panels of a dashboard with queries that give nothing."""
        path = os.path.join(process.ROOT, "dashboards", name + ".json")
        with open(path, encoding="utf-8") as file:
            board = json.load(file)
        without = {}
        for panel in lint.panels(board):
            for target in panel["targets"]:
                if not self.ask(target["expr"]):
                    without.setdefault(panel["title"], target["expr"])
        for annotation in board["annotations"]["list"]:
            if "expr" in annotation:
                self.ask(annotation["expr"])
        for variable in board["templating"]["list"]:
            self.check_variable(variable)
        return without

    def check_variable(self, variable):
        if variable["type"] != "query":
            return
        inside, label = re.fullmatch(r"label_values\((.*), (\w+)\)",
                                     variable["definition"]).groups()
        values = self.prometheus.api(
            "label/%s/values" % label, **{"match[]": promql.filled(inside)})
        self.assertNotEqual(values, [], variable["name"])

"""A real Prometheus that scrapes the exporter."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

from tests.lab import process
from tests.lab.ports import free_port, release
from tests.lab.wait import wait_for


class Prometheus:
    """Scrapes host:port targets under the job name "sentinel-exporter".

    rules: paths of rule files. scrape_configs: further jobs, as
    dictionaries. alertmanagers: host:port of those that are told. The
    configuration is written as JSON, which is YAML.
    """

    def __init__(self, targets=(), rules=(), interval="1s",
                 scrape_configs=(), alertmanagers=()):
        self.port = free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        self.process = process.Process("prometheus", [])
        jobs = [{"job_name": "sentinel-exporter",
                 "static_configs": [{"targets": list(targets)}]}]
        config = {"global": {"scrape_interval": interval,
                             "scrape_timeout": interval,
                             "evaluation_interval": interval},
                  "alerting": {"alertmanagers": [
                      {"static_configs": [{"targets":
                                           list(alertmanagers)}]}]},
                  "rule_files": [os.path.abspath(rule) for rule in rules],
                  "scrape_configs": jobs + list(scrape_configs)}
        path = os.path.join(self.process.directory, "prometheus.yml")
        with open(path, "w", encoding="utf-8") as out:
            json.dump(config, out, indent=1)
        self.process.argv = [
            process.require("prometheus"), "--config.file=" + path,
            "--storage.tsdb.path="
            + os.path.join(self.process.directory, "data"),
            "--web.listen-address=127.0.0.1:%d" % self.port]

    def start(self):
        self.process.start()
        self.process.wait_log("Server is ready to receive web requests", 30)
        return self

    def stop(self):
        self.process.kill()
        release(self.port)

    def api(self, path, **parameters):
        """GET /api/v1/<path>: its "data"."""
        url = "%s/api/v1/%s?%s" % (self.url, path,
                                   urllib.parse.urlencode(parameters))
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError("%s: %s" % (path, error.read())) from None

    def query(self, expression):
        """An instant vector as [(labels, value)]."""
        return [(item["metric"], float(item["value"][1]))
                for item in self.api("query", query=expression)["result"]]

    def wait_query(self, expression, timeout=15.0):
        """Until the expression returns something; that."""
        return wait_for(lambda: self.query(expression), timeout,
                        "a result of " + expression, (), 0.2)

    def targets(self):
        """Active targets: dictionaries with health, labels, lastError."""
        return self.api("targets")["activeTargets"]

    def firing(self):
        """The names of the alerts that fire."""
        return sorted(a["labels"]["alertname"]
                      for a in self.api("alerts")["alerts"]
                      if a["state"] == "firing")

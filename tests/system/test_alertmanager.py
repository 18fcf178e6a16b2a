"""The examples under deploy/: Prometheus and Alertmanager take them as they
are, alerts go where they should, and what follows from worse is muted."""

import json
import os
import re
import subprocess
import urllib.request

from dashboards.src import rules
from tests.lab import process
from tests.lab.alertmanager import Alertmanager
from tests.lab.case import LabCase
from tests.lab.wait import wait_for

DEPLOY = os.path.join(process.ROOT, "deploy")
CONFIG = os.path.join(DEPLOY, "alertmanager/alertmanager.yml")
ALERTS = {alert.name: alert for alert in rules.alerts()}

MASTER = {"job": "sentinel-exporter", "master_name": "m"}
QUEUE = {**MASTER, "db": "3", "queue": "q"}
NODE = {**MASTER, "node": "n1:6379"}
SENTINEL = {"job": "sentinel-exporter", "sentinel": "s1:26379"}

# (what is worse, its labels, what it mutes, {label that must be equal})
MUTES = (
    ("RedisSentinelExporterAbsent", {},
     ("RedisSentinelExporterDown", "CeleryQueueDisappeared",
      "RedisSentinelMasterDown"), ()),
    ("RedisSentinelAllDown", {"job": "sentinel-exporter"},
     ("RedisSentinelDown", "RedisSentinelQuorumLost"), ("job",)),
    ("RedisSentinelMasterDown", MASTER,
     ("RedisSentinelMasterSubjectivelyDown", "RedisSentinelMasterNotServing",
      "RedisSentinelMasterUnknown", "RedisSentinelReplicaLinkDown",
      "RedisReplicationLagHigh", "RedisSentinelPromotionDataLoss",
      "RedisReplicaSyncStuck", "RedisNodeDown", "CeleryNoWorkers",
      "CeleryQueueDisappeared"), ("job", "master_name")),
    ("RedisSentinelFailoverStuck", MASTER,
     ("RedisSentinelMasterNotServing", "RedisSentinelReplicaLinkDown"),
     ("master_name",)),
    ("RedisSentinelMasterNotServing", MASTER,
     ("RedisSentinelMasterSubjectivelyDown", "CeleryQueueStuck",
      "CeleryWorkersMissing"), ("master_name",)),
    ("RedisSentinelMasterUnknown", MASTER, ("CeleryQueueDisappeared",),
     ("master_name",)),
    ("RedisSentinelQuorumLost", MASTER,
     ("RedisSentinelDown", "RedisSentinelTooFewSentinels",
      "RedisSentinelQuorumAtRisk", "RedisSentinelIsolated"), ("job",)),
    ("RedisSentinelTooFewSentinels", MASTER,
     ("RedisSentinelQuorumAtRisk",), ("master_name",)),
    ("RedisBrokerEvictsKeys", NODE,
     ("RedisBrokerMayEvictKeys", "RedisBrokerMemoryNearLimit"), ("node",)),
    ("CeleryNoWorkers", MASTER,
     ("CeleryQueueNotDraining", "CeleryQueueStuck", "CeleryQueueBacklogHigh",
      "CeleryQueueHasNoConsumers", "CeleryWorkersMissing",
      "CeleryUnackedMessagesStuck", "CeleryUnackedLeftBehind"),
     ("master_name",)),
    ("CeleryTasksStranded", QUEUE,
     ("CeleryQueueNotDraining", "CeleryQueueStuck", "CeleryQueueBacklogHigh",
      "CeleryQueueHasNoConsumers"), ("queue", "db")),
    ("CeleryQueueNotDraining", QUEUE, ("CeleryQueueStuck",), ("queue",)),
)

# What must wake someone whatever else fires on the same master.
NEVER_MUTED = ("RedisSentinelMasterDown", "RedisSentinelNoHealthyReplica",
               "RedisSentinelSplitBrain", "RedisSentinelMasterDisagreement",
               "RedisSentinelQuorumLost", "RedisBrokerEvictsKeys",
               "RedisRefusesWrites")


def run(*command):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)


class ConfigTest(LabCase):
    def accepted(self, *command):
        done = run(process.require(command[0]), *command[1:])
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_taken_as_they_are(self):
        self.accepted("amtool", "check-config", CONFIG)
        for name in ("prometheus.yml", "scrape.yml"):
            said = self.accepted("promtool", "check", "config",
                                 os.path.join(DEPLOY, "prometheus", name))
        whole = self.accepted("promtool", "check", "config",
                              os.path.join(DEPLOY, "prometheus",
                                           "prometheus.yml"))
        self.assertRegex(whole, r"%d rules found" % sum(
            len(group.rules) for group in rules.GROUPS), said)

    def test_routes(self):
        for severity, receiver in (("critical", "pager"),
                                   ("warning", "chat"), ("info", "record")):
            self.assertEqual(self.accepted(
                "amtool", "config", "routes", "test",
                "--config.file=" + CONFIG, "severity=" + severity).split()[-1],
                receiver)

    def test_grafana_is_pointed_to_what_is_installed(self):
        with open(os.path.join(DEPLOY, "grafana/provisioning/dashboards",
                               "sentinel-exporter.yml"),
                  encoding="utf-8") as file:
            found = re.search(r"path: (.*)", file.read())[1]
        self.assertEqual(found,
                         "/usr/local/share/sentinel-exporter/dashboards")

    def test_alerts_named_exist(self):
        with open(CONFIG, encoding="utf-8") as file:
            patterns = re.findall(r'alertname=~?"([^"]+)"', file.read())
        self.assertGreater(len(patterns), 15)
        for pattern in patterns:
            self.assertTrue(any(re.fullmatch(pattern, name)
                                for name in ALERTS), pattern)


class InhibitionTest(LabCase):
    @classmethod
    def setUpClass(cls):
        with open(CONFIG, encoding="utf-8") as file:
            cls.manager = cls.use_for_class(Alertmanager(file.read()))

    def api(self, body=None):
        request = urllib.request.Request(
            "http://%s/api/v2/alerts" % self.manager.address,
            json.dumps(body).encode() if body else None,
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or "[]")

    def inhibited(self, expected, *alerts):
        """Of {labels} sent together, which are muted; asked until that is
        what is expected, or for long enough to know that it is not. An alert
        may be processed before the one that mutes it is seen."""
        self.api([{"labels": labels} for labels in alerts])
        last = []

        def look():
            found = {json.dumps(alert["labels"], sort_keys=True):
                     alert["status"] for alert in self.api()}
            mine = [found.get(json.dumps(labels, sort_keys=True))
                    for labels in alerts]
            if not all(status and status["state"] != "unprocessed"
                       for status in mine):
                return False
            last[:] = [bool(status["inhibitedBy"]) for status in mine]
            return expected in (None, last)
        try:
            wait_for(look, 10, "alerts are processed")
        except AssertionError:
            if not last:
                raise
        return last

    def check(self, expected, *alerts, message=None):
        self.assertEqual(self.inhibited(expected, *alerts), expected,
                         message)

    def labels(self, name, base, scene):
        return {"alertname": name, "severity": ALERTS[name].severity,
                "scene": scene, **base}

    def test_mutes(self):
        """Each scene has a job of its own, so that none disturbs another."""
        scenes = [(number, *row) for number, row in enumerate(MUTES)]
        for number, worse, base, muted, equal in scenes:
            if not base:
                continue            # it would mute all other scenes
            base = {**base, "job": "scene-%d" % number}
            for name in muted:
                with self.subTest(worse=worse, muted=name):
                    scene = "%d-%s" % (number, name)
                    self.check([False, True],
                               self.labels(worse, base, scene),
                               self.labels(name, base, scene))
                    for label in equal:
                        other = {**base, label: "other-" + scene}
                        self.check([False], self.labels(
                            name, other, scene), message=label)

    def test_never_muted(self):
        base = {**QUEUE, **NODE, "job": "worst-case"}
        everything = [self.labels(name, base, "worst") for name in ALERTS
                      if name != "RedisSentinelExporterAbsent"]
        # All sentinels are down as well, and that alone mutes one of them.
        want = {"RedisSentinelQuorumLost"}
        found = set()

        def look():
            muted = self.inhibited(None, *everything)
            found.clear()
            found.update(labels["alertname"] for labels, is_muted
                         in zip(everything, muted) if is_muted)
            return found & set(NEVER_MUTED) == want and len(found) > len(want)
        wait_for(look, 10, lambda: "muted: %s" % sorted(found))


class BlindTest(InhibitionTest):
    """Nobody watches: all else is old news."""

    def test_mutes(self):
        _, _, muted, _ = MUTES[0]
        worse = self.labels(MUTES[0][0], {}, "blind")
        others = [self.labels(name, MASTER, "blind") for name in muted]
        self.check([False] + [True] * len(others), worse, *others)

    test_never_muted = None

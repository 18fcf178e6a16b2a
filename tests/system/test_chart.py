"""The Helm chart and the plain manifest, without a cluster."""

import glob
import os
import subprocess
import tarfile
import unittest

import yaml

from tests.deploy import kube
from tests.lab import process

HELM = os.path.join(process.ROOT, "deploy/helm")
VALUES = sorted(glob.glob(kube.CHART + "/ci/*-values.yaml")
                + glob.glob(HELM + "/examples/*.yaml"))
RULES = os.path.join(process.ROOT, "dashboards/rules",
                     "sentinel-exporter.rules.yml")


def read(path):
    with open(path, encoding="utf-8") as source:
        return source.read()


def example(name):
    return kube.render(values=["%s/examples/%s.yaml" % (HELM, name)])


def pod(docs):
    return kube.only(docs, "Deployment")["spec"]["template"]


def container(docs):
    return pod(docs)["spec"]["containers"][0]


def environment(docs):
    return {e["name"]: e.get("value") for e in container(docs)["env"]}


class RenderingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.renderings = {
            os.path.relpath(path, HELM): kube.render(values=[path])
            for path in VALUES}

    def test_lint(self):
        done = kube.helm("lint", "--strict", kube.CHART)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_every_rendering_is_what_kubernetes_knows(self):
        self.assertGreaterEqual(len(self.renderings), 25)
        self.assertEqual([], kube.complaints(self.renderings))

    def test_unknown_key_of_a_manifest_is_noticed(self):
        docs = kube.render()
        container(docs)["livenesProbe"] = {}
        kube.only(docs, "Service")["spec"]["ports"][0]["port"] = "http"
        found = "\n".join(kube.complaints({"broken": docs}))
        self.assertIn("livenesProbe", found)
        self.assertIn("port must be integer", found)

    def test_every_pod_is_restricted(self):
        for name, docs in self.renderings.items():
            for doc in docs:
                if doc["kind"] not in ("Deployment", "Pod"):
                    continue
                spec = doc["spec"]
                spec = spec["template"]["spec"] if "template" in spec else spec
                with self.subTest(name, kind=doc["kind"]):
                    self.assertIs(False, spec["automountServiceAccountToken"])
                    self.assertIs(True, spec["securityContext"]
                                  ["runAsNonRoot"])
                    self.assertEqual("RuntimeDefault", spec["securityContext"]
                                     ["seccompProfile"]["type"])
                    self.assertEqual(
                        {"allowPrivilegeEscalation": False,
                         "readOnlyRootFilesystem": True,
                         "capabilities": {"drop": ["ALL"]}},
                        spec["containers"][0]["securityContext"])

    def test_no_password_in_arguments_or_environment(self):
        for name, docs in self.renderings.items():
            with self.subTest(name):
                self.assertNotIn("not a real one", str(container(docs)))

    def test_probes_ask_about_the_exporter_alone(self):
        found = container(kube.render())
        self.assertEqual("/-/healthy",
                         found["livenessProbe"]["httpGet"]["path"])
        self.assertEqual("/-/ready",
                         found["readinessProbe"]["httpGet"]["path"])


class RefusalTest(unittest.TestCase):
    def test_unknown_value(self):
        self.assertIn("'relase' not allowed",
                      kube.refusal("--set=nautobot.relase=x"))
        self.assertIn("'replicas' not allowed",
                      kube.refusal("--set=replicas=2"))

    def test_values_that_contradict_each_other(self):
        for flags, why in (
                (["nautobot.release=a", "bitnamiRedis.release=b"],
                 "not both"),
                (["nautobot.release=a", "config.nautobot=true"],
                 "config describes what is watched"),
                (["replicaCount=2", "state.persistence.enabled=true"],
                 "cannot share a state file"),
                (["serviceMonitor.enabled=true", "podMonitor.enabled=true"],
                 "scraped twice"),
                (["nautobot.release=a", "nautobot.fromEnv=true"],
                 "leave nautobot.fromEnv false")):
            with self.subTest(flags):
                self.assertIn(why, kube.refusal(
                    *("--set=" + flag for flag in flags)))


class SwitchTest(unittest.TestCase):
    """One release's name is a whole configuration."""

    def test_nautobot(self):
        docs = kube.render("--set=nautobot.release=prod", namespace="nb")
        self.assertIn("--nautobot", container(docs)["args"])
        found = environment(docs)
        for i in range(3):
            self.assertEqual(
                "prod-redis-node-%d.prod-redis-headless.nb.svc.cluster.local"
                % i, found["NAUTOBOT_REDIS_SENTINEL_%d" % (i + 1)])
        self.assertEqual("0",
                         found["NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX"])
        source = pod(docs)["spec"]["volumes"][0]["projected"]["sources"]
        self.assertEqual(
            [{"secret": {"name": "prod-redis", "items": [
                {"key": "redis-password", "path": "password"}]}}], source)

    def test_release_whose_name_says_redis(self):
        docs = kube.render("--set=bitnamiRedis.release=my-redis",
                           namespace="ns")
        self.assertTrue(environment(docs)["SENTINEL_EXPORTER_SENTINEL_ADDR"]
                        .startswith("my-redis-node-0.my-redis-headless.ns."))
        self.assertEqual("mymaster", environment(docs)
                         ["SENTINEL_EXPORTER_SENTINEL_MASTER_NAME"])

    def test_mutual_tls(self):
        found = environment(example("bitnami-tls"))
        for side in "SENTINEL", "REDIS":
            for file in "CA_FILE", "CERT_FILE", "KEY_FILE":
                self.assertIn("SENTINEL_EXPORTER_%s_TLS_%s" % (side, file),
                              found)
        secrets = [s["secret"]["name"] for s in pod(
            example("bitnami-tls"))["spec"]["volumes"][0]["projected"]
            ["sources"]]
        self.assertEqual(["cache-redis", "cache-redis-crt"], secrets)

    def test_client_label(self):
        labels = pod(example("allow-external-false"))["metadata"]["labels"]
        self.assertEqual("true", labels["nautobot-redis-client"])
        labels = pod(example("nautobot"))["metadata"]["labels"]
        self.assertNotIn("nautobot-redis-client", labels)


class MonitoringTest(unittest.TestCase):
    def groups(self, *flags):
        docs = kube.render("--set=prometheusRule.enabled=true", *flags)
        return kube.only(docs, "PrometheusRule")["spec"]["groups"]

    def test_rules_are_those_of_the_one_source(self):
        self.assertEqual(yaml.safe_load(read(RULES))["groups"], self.groups())

    def test_rules_pass_promtool(self):
        path = os.path.join(process.new_directory("chart"), "rules.yml")
        with open(path, "w", encoding="utf-8") as out:
            yaml.safe_dump({"groups": self.groups(
                "--set=prometheusRule.alertLabels.team=network")}, out)
        done = subprocess.run(
            [process.require("promtool"), "check", "rules", path], text=True,
            capture_output=True, timeout=60, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_alerts_can_be_left_out_and_labelled(self):
        alerts = [rule for group in self.groups(
            "--set=prometheusRule.disabled={CeleryWorkersMissing}",
            "--set=prometheusRule.alertLabels.team=network")
            for rule in group["rules"] if "alert" in rule]
        self.assertNotIn("CeleryWorkersMissing",
                         [rule["alert"] for rule in alerts])
        self.assertEqual({"network"},
                         {rule["labels"]["team"] for rule in alerts})

    def test_dashboards_are_those_of_the_one_source(self):
        docs = kube.render("--set=dashboards.enabled=true")
        found = {}
        for doc in docs:
            if doc["kind"] == "ConfigMap":
                self.assertEqual("1", doc["metadata"]["labels"]
                                 ["grafana_dashboard"])
                found.update(doc["data"])
        sources = glob.glob(os.path.join(process.ROOT, "dashboards/*.json"))
        self.assertEqual(
            {os.path.basename(path): read(path).rstrip("\n")
             for path in sources},
            {name: text.rstrip("\n") for name, text in found.items()})

    def test_archive_holds_files_and_no_links(self):
        folder = process.new_directory("chart")
        done = kube.helm("package", kube.CHART, "--destination", folder)
        self.assertEqual(0, done.returncode, done.stderr)
        with tarfile.open(glob.glob(folder + "/*.tgz")[0]) as archive:
            for member in archive.getmembers():
                self.assertTrue(member.isfile(), member.name)
            rules = archive.extractfile("sentinel-exporter/files/rules.yml")
            self.assertEqual(read(RULES), rules.read().decode())


class ManifestTest(unittest.TestCase):
    def test_manifest_is_what_the_chart_makes(self):
        done = subprocess.run(
            [process.ROOT + "/deploy/kubernetes/render", "--check"],
            text=True, capture_output=True, timeout=120, check=False)
        self.assertEqual(0, done.returncode, done.stderr)

    def test_base_and_example_are_what_kubernetes_knows(self):
        base, overlay = (kube.kustomize(
            process.ROOT + "/deploy/kubernetes/" + name)
            for name in ("base", "example"))
        self.assertEqual([], kube.complaints({"base": base,
                                              "example": overlay}))
        self.assertEqual(
            "registry.example.com/monitoring/sentinel-exporter:0.1.0",
            container(overlay)["image"])
        config = kube.only(overlay, "ConfigMap")["metadata"]["name"]
        self.assertIn({"name": "config", "configMap": {"name": config}},
                      pod(overlay)["spec"]["volumes"])

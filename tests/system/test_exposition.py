"""What is served, judged by those who read it."""

import subprocess

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text004

from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, run

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def samples(families):
    return [(s.name, tuple(sorted(s.labels.items())))
            for family in families for s in family.samples]


class ExpositionTest(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=1, master_names=("nautobot", "cache")))
        cls.exporter = cls.use_for_class(Exporter.watching(
            cls.deployment, "--poll.interval=500ms", "--celery.queue=celery"))
        cls.exporter.wait_scrape(
            lambda s: s.values("sentinel_master_up") == [1, 1]
            and len(s.values("sentinel_celery_queue_length")) == 2)

    def openmetrics(self):
        reply = self.exporter.get("/metrics", {
            "Accept": "application/openmetrics-text;version=1.0.0"})
        self.assertEqual(reply.headers["content-type"], OPENMETRICS)
        return reply.text

    def test_promtool_is_content(self):
        text = self.exporter.get("/metrics").text
        done = subprocess.run(["promtool", "check", "metrics"], input=text,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr),
                         (0, ""))

    def test_text_parses_without_duplicates(self):
        text = self.exporter.get("/metrics").text
        found = samples(text004.text_string_to_metric_families(text))
        self.assertGreater(len(found), 200)
        self.assertEqual(len(found), len(set(found)))

    def test_openmetrics_parses_without_duplicates(self):
        found = samples(openmetrics.text_string_to_metric_families(
            self.openmetrics()))
        self.assertGreater(len(found), 200)
        self.assertEqual(len(found), len(set(found)))

    def test_both_formats_tell_the_same(self):
        def names(families):
            return {name for name, _ in samples(families)}
        text = self.exporter.get("/metrics").text
        self.assertEqual(
            names(text004.text_string_to_metric_families(text)),
            names(openmetrics.text_string_to_metric_families(
                self.openmetrics())))

    def test_every_family_has_a_reference_entry(self):
        reference = run("--help-metrics").stdout
        text = self.exporter.get("/metrics").text
        for family in text004.text_string_to_metric_families(text):
            name = family.name + ("_total" if family.type == "counter"
                                  else "")
            if name == "process_cpu_seconds_total":
                name = "process_cpu_seconds"
            self.assertIn(name, reference)

    def test_gzip(self):
        plain = self.exporter.get("/metrics")
        packed = self.exporter.request("GET", "/metrics",
                                       {"Accept-Encoding": "gzip"})
        self.assertNotIn("content-encoding", plain.headers)
        self.assertEqual(packed.headers["content-encoding"], "gzip")
        self.assertIn("sentinel_master_up", packed.text)

    def test_paths_and_methods(self):
        for path, code in (("/", 200), ("/metrics", 200), ("/-/healthy", 200),
                           ("/-/ready", 200), ("/nothing", 404),
                           ("/metrics/", 404)):
            self.assertEqual(self.exporter.get(path).status, code, path)
        for path in ("/metrics", "/", "/-/healthy"):
            reply = self.exporter.request("POST", path, body=b"x=1")
            self.assertEqual(reply.status, 405, path)
            self.assertIn("GET", reply.headers["allow"])
            head = self.exporter.request("HEAD", path)
            self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(self.exporter.value(
            "sentinel_exporter_http_requests_total", code="404",
            handler="other"), 2)

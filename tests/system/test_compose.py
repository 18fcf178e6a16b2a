"""compose.yaml, without Docker: what it says, and the files that it mounts."""

import json
import os
import subprocess
import unittest

import yaml

from tests.deploy import kube
from tests.lab import process

FOLDER = os.path.join(process.ROOT, "deploy/compose")
CHECK = """
import { readFileSync } from "node:fs";
import Ajv from "ajv";
const read = (path) => JSON.parse(readFileSync(path));
const ajv = new Ajv.default({ strict: false, allErrors: true,
    validateSchema: false, validateFormats: false });
const schema = read("node_modules/dclint/schemas/compose.schema.json");
delete schema.$schema;
const valid = ajv.compile(schema);
valid(read(process.argv[2]));
for (const e of valid.errors ?? [])
	console.log(e.instancePath, e.message, JSON.stringify(e.params));
"""


def complaints(document):
    """What the Compose specification's schema says about it."""
    path = os.path.join(process.new_directory("compose"), "compose.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(document, out)
    done = subprocess.run(
        [process.require("node"), "--input-type=module", "-", path],
        input=CHECK, cwd=kube.modules(), text=True, capture_output=True,
        timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def check(*command):
    done = subprocess.run(command, text=True, capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


class ComposeTest(unittest.TestCase):
    def setUp(self):
        with open(FOLDER + "/compose.yaml", encoding="utf-8") as source:
            self.document = yaml.safe_load(source)
        self.services = self.document["services"]

    def mounts(self):
        """{path in a container: file of the tree} that exists."""
        found = {}
        for service in self.services.values():
            for volume in service.get("volumes", []):
                source, target = volume.split(":")[:2]
                if source.startswith("."):
                    path = os.path.normpath(os.path.join(FOLDER, source))
                    self.assertTrue(os.path.exists(path), path)
                    found[target] = path
        return found

    def test_specification_knows_every_key(self):
        self.assertEqual("", complaints(self.document))
        self.services["exporter"]["read_onyl"] = True
        self.assertIn("read_onyl", complaints(self.document))

    def test_what_it_refers_to_is_there(self):
        self.assertGreater(len(self.mounts()), 5)
        for service in self.services.values():
            for name in service.get("depends_on", []):
                self.assertIn(name, self.services)
            build = service.get("build")
            if build and "dockerfile" in build:
                self.assertTrue(os.path.exists(os.path.join(
                    FOLDER, build["context"], build["dockerfile"])))
            elif "build" not in service:
                self.assertRegex(service["image"], r":[v0-9.]+$")

    def test_ports_are_open_to_this_machine_only(self):
        for name, service in self.services.items():
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), name)

    def test_exporter_and_celery_are_configured_by_the_same_variables(self):
        self.assertEqual(self.services["worker"]["environment"],
                         self.services["exporter"]["environment"])

    def test_prometheus_and_alertmanager_take_their_files(self):
        folder = process.new_directory("prometheus")
        for target, path in self.mounts().items():
            if target.startswith("/etc/prometheus/"):
                os.symlink(path, os.path.join(folder,
                                              os.path.basename(target)))
        check(process.require("promtool"), "check", "config",
              folder + "/prometheus.yml")
        check(process.require("amtool"), "check-config",
              self.mounts()["/etc/alertmanager/alertmanager.yml"])

"""The examples and the JSON schema of the configuration file: both say what
the program takes, and no more."""

import glob
import json
import os
import subprocess

import jsonschema
import yaml

from tests.lab import process
from tests.lab.exporter import run
from tests.system.test_config_file import ConfigFileTest

EXAMPLES = os.path.join(process.ROOT, "deploy", "examples")
ENV = {"SHOP_BROKER_URL": "sentinel://:shop-secret@10.0.0.1/0;"
                          "sentinel://:shop-secret@10.0.0.2/0",
       "OFFICE_SENTINEL_PASSWORD": "office-secret"}

# Each is refused by the program and by the schema.
WRONG = [
    "sentinal: {addr: s1}",
    "sentinel.addr: s1",
    "sentinel: s1",
    "poll: {interval: 5}",
    "poll: {interval: [5s]}",
    "celery: {scan: maybe}",
    "celery: {max-queues: 0}",
    "celery: {transport-options: [1]}",
    "redis: {password: {path: /x}}",
    "redis: {password: [x]}",
    "log: {level: loud}",
    "groups: []",
    "groups: [{sentinel: {addr: s1}}]",
    "groups: [{name: a, web: {telemetry-path: /m}}]",
    "groups: [{name: '', sentinel: {addr: s}}]",
    "celery: {brokers: {broker-url: x}}",
    "celery: {brokers: [{scan: false}]}",
    "name: a",
]


def validator():
    path = os.path.join(process.ROOT, "deploy", "schema", "config.json")
    with open(path, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class ExamplesTest(ConfigFileTest):
    def certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
             "/CN=test", "-keyout", os.path.join(self.folder.name, "tls.key"),
             "-out", os.path.join(self.folder.name, "tls.crt")],
            check=True, capture_output=True)
        os.link(os.path.join(self.folder.name, "tls.crt"),
                os.path.join(self.folder.name, "ca.crt"))

    def test_examples(self):
        """Each is valid, and the program takes it, its files being there."""
        self.certificate()
        for name in ("sentinel.password", "redis.password"):
            self.write("file-secret\n", name)
        names = sorted(glob.glob(os.path.join(EXAMPLES, "*.yml")))
        self.assertEqual(len(names), 3)
        for name in names:
            with self.subTest(os.path.basename(name)), \
                    open(name, encoding="utf-8") as f:
                text = f.read()
                validator().validate(yaml.safe_load(text))
                for folder in ("/etc/sentinel-exporter/tls",
                               "/etc/sentinel-exporter"):
                    text = text.replace(folder, self.folder.name)
                done = run("--config.check", "--config.file="
                           + self.write(text), env=ENV)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertNotIn("-secret", done.stdout)

    def test_the_schema_refuses_what_the_program_refuses(self):
        for text in WRONG:
            with self.subTest(text):
                self.assertFalse(validator().is_valid(yaml.safe_load(text)))
                done = run("--config.file=" + self.write(text + "\n"),
                           "--config.check")
                self.assertEqual(done.returncode, 1, done.stdout)

    def test_what_is_printed_is_valid(self):
        """--config.check prints a configuration file, but for secrets."""
        path = self.write("groups: [{name: a, sentinel: {addr: [s1, s2]}, "
                          "celery: {queue: q, brokers: [{master-name: x}, "
                          "{master-name: y, db: 3}]}}]\n")
        done = run("--config.check", "--config.file=" + path)
        self.assertEqual(done.returncode, 0, done.stderr)
        validator().validate(yaml.safe_load(done.stdout))

"""The source archive and the list of what is linked."""

import json
import os
import re
import shutil
import subprocess
import tarfile
import unittest

from tests.lab import process
from tests.lab.exporter import binary

COMMAND = ("deploy/dist", binary(), "1.2.3", "0123456789ab")
NAME = "build/dist/sentinel-exporter-1.2.3"


def read(path):
    with open(path, "rb") as source:
        return source.read()


def run(folder, *command, umask=0o022, **env):
    done = subprocess.run(
        command, cwd=folder, text=True, capture_output=True, timeout=120,
        check=False, env={"PATH": os.environ["PATH"], **env},
        preexec_fn=lambda: os.umask(umask))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class DistTest(unittest.TestCase):
    def setUp(self):
        self.top = process.new_directory("dist")

    def tree(self, name, umask):
        """A tree as somebody unpacked it: without git, with those rights."""
        folder = os.path.join(self.top, name)
        shutil.copytree(process.ROOT, folder, symlinks=True,
                        ignore=lambda path, names: [
                            n for n in names if n == "__pycache__" or
                            path == process.ROOT and n in (".git", "build")])
        with open(folder + "/.epoch", "w", encoding="ascii") as epoch:
            epoch.write("1700000000\n")
        os.chmod(folder + "/README.md", 0o666 & ~umask)
        return folder

    def test_two_builds_give_the_same_bytes(self):
        first, second = self.tree("first", 0o022), self.tree("second", 0o077)
        run(first, *COMMAND, TZ="UTC")
        run(second, *COMMAND, umask=0o077, TZ="Asia/Tokyo", LANG="C.UTF-8")
        for end in ".tar.gz", ".spdx.json":
            self.assertEqual(read("%s/%s%s" % (first, NAME, end)),
                             read("%s/%s%s" % (second, NAME, end)))

    def test_unpacked_archive_knows_its_revision_and_makes_itself(self):
        tree = self.tree("tree", 0o022)
        run(tree, *COMMAND)
        with tarfile.open("%s/%s.tar.gz" % (tree, NAME)) as archive:
            archive.extractall(self.top)
        unpacked = os.path.join(self.top, "sentinel-exporter-1.2.3")
        commands = run(unpacked, "make", "-n", "build/release/src/version.o",
                       "V=1")
        self.assertIn("0123456789ab", commands)
        run(unpacked, *COMMAND)
        self.assertEqual(read("%s/%s.tar.gz" % (tree, NAME)),
                         read("%s/%s.tar.gz" % (unpacked, NAME)))

    def test_list_names_everything_that_is_linked(self):
        tree = self.tree("tree", 0o022)
        run(tree, *COMMAND)
        with open("%s/%s.spdx.json" % (tree, NAME),
                  encoding="utf-8") as source:
            document = json.load(source)
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run(
            tree, "readelf", "-d", binary()))
        linked = {p["SPDXID"]: p for p in document["packages"][1:]}
        self.assertEqual(
            sorted("linked as " + name for name in needed),
            sorted(p["sourceInfo"] for p in linked.values()))
        self.assertEqual(
            sorted(linked),
            sorted(r["relatedSpdxElement"] for r in document["relationships"]
                   if r["relationshipType"] == "DYNAMIC_LINK"))
        for found in linked.values():
            self.assertNotEqual("NOASSERTION", found["versionInfo"], found)
        for word in "hiredis", "microhttpd", "event", "jansson", "yaml":
            self.assertTrue([n for n in needed if word in n], word)

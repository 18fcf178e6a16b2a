"""A state file that is damaged, somebody else's, or cannot be written."""

import json
import os

from tests.lab.case import LabCase
from tests.lab.exporter import Exporter, run
from tests.lab.failover import StateCase
from tests.lab.ports import free_port, release
from tests.lab.process import new_directory


class DamageTest(StateCase):
    def restart_with(self, text):
        self.exporter.process.terminate(1.0)
        with open(self.file, "w", encoding="utf-8") as out:
            out.write(text)
        self.exporter.start()
        self.wait_listening(self.exporter)
        self.exporter.wait_log("state file is damaged")

    def test_set_aside(self):
        self.begin()
        self.fail_over()
        self.wait_kept(epoch=1, failovers_forced=1)
        whole = open(self.file, encoding="utf-8").read()
        self.restart_with(whole[:len(whole) // 2])
        self.assertEqual(open(self.file + ".damaged-1",
                              encoding="utf-8").read(),
                         whole[:len(whole) // 2])
        self.wait_quiet()
        self.wait_kept(epoch=1, failovers_forced=0)
        self.restart_with('{"somebody": "else\'s"}')
        self.assertTrue(os.path.exists(self.file + ".damaged-2"))
        self.wait_quiet()

    def test_disk_that_fails(self):
        """Said once, survived, and mended by itself."""
        self.begin()
        self.wait_kept(epoch=0)
        away = self.directory + "-away"
        os.rename(self.directory, away)
        self.fail_over()
        self.wait_story(forced=1, durations=1, attempts=1)
        self.exporter.wait_log("cannot write the state file")
        os.rename(away, self.directory)
        self.exporter.wait_log("state file is written again", 15)
        self.wait_kept(epoch=1, failovers_forced=1)
        self.assertEqual(self.exporter.log_text().count(
            "cannot write the state file"), 1)

    def test_another_master_name(self):
        self.begin()
        self.wait_kept(epoch=0)
        self.exporter.process.terminate(1.0)
        with open(self.file, encoding="utf-8") as text:
            changed = text.read().replace("nautobot", "cache")
        with open(self.file, "w", encoding="utf-8") as out:
            out.write(changed)
        self.exporter.process.argv.append("--sentinel.master-name=nautobot")
        self.exporter.start()
        self.exporter.wait_log("is not watched: dropped")
        self.wait_kept(master_name="nautobot", epoch=0)


class PathTest(LabCase):
    def refused(self, path):
        port = free_port()
        self.addCleanup(release, port)
        done = run("--web.listen-address=127.0.0.1:%d" % port,
                   "--sentinel.addr=127.0.0.1:1", "--state.file=" + path)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn("--state.file", done.stderr)
        return done.stderr

    def test_no_such_directory(self):
        path = os.path.join(new_directory("state"), "none", "state.json")
        self.assertIn("directory does not exist", self.refused(path))

    def test_directory(self):
        self.assertIn("no plain file", self.refused(new_directory("state")))

    def test_once_leaves_it_alone(self):
        path = os.path.join(new_directory("state"), "state.json")
        run("--once", "--sentinel.addr=127.0.0.1:1", "--state.file=" + path)
        self.assertFalse(os.path.exists(path))

    def test_stop_with_nothing_to_keep(self):
        path = os.path.join(new_directory("state"), "state.json")
        exporter = self.use(Exporter("--sentinel.addr=127.0.0.1:1",
                                     "--state.file=" + path))
        exporter.stop()
        with open(path, encoding="utf-8") as text:
            self.assertEqual(json.load(text)["masters"], [])

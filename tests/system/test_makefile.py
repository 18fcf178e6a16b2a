"""The Makefile and deps.sh as who builds and installs the program meets
them."""

import os
import shutil
import stat
import subprocess
import tempfile

from tests.lab import process
from tests.lab.case import LabCase


def make(*arguments, cwd=process.ROOT):
    """make as a user types it, not as a part of the make that runs tests."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL",
                                   "MAKEOVERRIDES")}
    return subprocess.run(["make", *arguments], cwd=cwd, env=environment,
                          text=True, capture_output=True, timeout=300)


def files(root):
    """Every file below, by its path from there."""
    return {os.path.relpath(os.path.join(folder, name), root)
            for folder, _, names in os.walk(root) for name in names}


class InstallTest(LabCase):
    def setUp(self):
        self.root = os.path.join(process.new_directory("install"),
                                 "a folder with spaces")

    def make(self, *arguments):
        done = make("-s", *arguments, "DESTDIR=" + self.root, "PREFIX=/usr")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_install(self):
        self.make("install")
        installed = files(self.root)
        for path in ("etc/default/sentinel-exporter",
                     "usr/share/doc/sentinel-exporter/LICENSE",
                     "usr/share/sentinel-exporter/dashboards/"
                     "sentinel-overview.json",
                     "usr/share/sentinel-exporter/rules/"
                     "sentinel-exporter.rules.yml",
                     "usr/share/man/man8/sentinel-exporter.8",
                     "usr/share/bash-completion/completions/"
                     "sentinel-exporter",
                     "usr/share/zsh/site-functions/_sentinel-exporter",
                     "usr/share/fish/vendor_completions.d/"
                     "sentinel-exporter.fish"):
            self.assertIn(path, installed)
        binary = os.path.join(self.root, "usr/bin/sentinel-exporter")
        self.assertTrue(os.stat(binary).st_mode & stat.S_IXUSR)
        with open(os.path.join(self.root, "usr/lib/systemd/system/"
                               "sentinel-exporter.service")) as unit:
            self.assertIn("ExecStart=/usr/bin/sentinel-exporter\n",
                          unit.read())

    def test_install_keeps_edited_settings_and_so_does_uninstall(self):
        self.make("install")
        settings = os.path.join(self.root, "etc/default/sentinel-exporter")
        with open(settings, "w", encoding="utf-8") as out:
            out.write("# mine\n")
        self.make("install")
        self.assertIn("kept: ", self.make("uninstall"))
        self.assertEqual(files(self.root), {"etc/default/sentinel-exporter"})
        with open(settings, encoding="utf-8") as text:
            self.assertEqual(text.read(), "# mine\n")

    def test_install_builds_nothing(self):
        """As root it left root's files in build/, and linked again."""
        empty = process.new_directory("no-build")
        done = make("-s", "install", "DESTDIR=" + self.root, "B=" + empty)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('run "make" first', done.stdout + done.stderr)
        self.assertEqual((files(empty), files(self.root)), (set(), set()))
        done = make("-n", "install", "DESTDIR=" + self.root)
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("git ", " -c src/", " -o "):
            self.assertNotIn(word, done.stdout)


class TreeTest(LabCase):
    """A source tree in a folder with spaces, inside somebody's git tree."""

    VERSION = "build/release/src/version.o"

    def setUp(self):
        outer = process.new_directory("outer tree")
        for command in (["init", "-q"],
                        ["-c", "user.name=x", "-c", "user.email=x@localhost",
                         "commit", "-q", "--allow-empty", "-m", "theirs"]):
            subprocess.run(["git", *command], cwd=outer, check=True)
        self.tree = os.path.join(outer, "our source")
        os.mkdir(self.tree)
        for name in ("Makefile", "src"):
            source = os.path.join(process.ROOT, name)
            copy = shutil.copytree if os.path.isdir(source) else shutil.copy
            copy(source, os.path.join(self.tree, name))

    def build(self, *arguments):
        """When the object that knows the version was last made."""
        done = make("-s", self.VERSION, *arguments, cwd=self.tree)
        self.assertEqual(done.returncode, 0, done.stderr)
        return os.stat(os.path.join(self.tree, self.VERSION)).st_mtime_ns

    def revision(self):
        self.build()
        with open(os.path.join(self.tree, "build/release/revision"),
                  encoding="utf-8") as text:
            return text.read().split()[1]

    def test_the_commit_of_another_tree_is_not_ours(self):
        self.assertEqual(self.revision(), "unknown")
        with open(os.path.join(self.tree, ".revision"), "w",
                  encoding="utf-8") as out:
            out.write("0123456789ab\n")
        self.assertEqual(self.revision(), "0123456789ab")

    def test_other_flags_or_another_compiler_build_again(self):
        first = self.build()
        self.assertEqual(self.build(), first)
        second = self.build("CFLAGS=-DSOMETHING")
        self.assertGreater(second, first)
        compiler = os.path.join(self.tree, "other cc")
        with open(compiler, "w", encoding="utf-8") as out:
            out.write('#!/bin/sh\nexec cc "$@"\n')
        os.chmod(compiler, 0o755)
        other = "CC='%s'" % compiler
        third = self.build("CFLAGS=-DSOMETHING", other)
        self.assertGreater(third, second)
        self.assertEqual(self.build("CFLAGS=-DSOMETHING", other), third)


class DepsTest(LabCase):
    """deps.sh as a user who is not root and has no sudo."""

    NEEDED = ("bash", "cat", "grep", "rm", "sort", "true")

    def setUp(self):
        # Readable for the user that root becomes.
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        os.chmod(self.folder, 0o755)
        shutil.copy(os.path.join(process.ROOT, "deploy/deps.sh"), self.folder)
        for name in self.NEEDED:
            os.symlink(process.require(name),
                       os.path.join(self.folder, name))
        for name in ("dpkg-query", "apt-get", "apt-cache"):
            path = os.path.join(self.folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write("#!/bin/sh\nexit 0\n")
            os.chmod(path, 0o755)

    def deps(self, *modes):
        command = [process.require("bash"), self.folder + "/deps.sh", *modes]
        if os.geteuid() == 0:
            command = [process.require("setpriv"), "--reuid=65534",
                       "--regid=65534", "--clear-groups", *command]
        return subprocess.run(command, env={"PATH": self.folder}, text=True,
                              cwd="/", capture_output=True, timeout=60)

    def named(self, *modes):
        """The packages that it tells root to install."""
        done = self.deps(*modes)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("type as root:", done.stderr)
        command = done.stderr.splitlines()[-1]
        self.assertIn("apt-get update && apt-get install", command)
        return set(command.split("--no-install-recommends")[1].split())

    def test_every_argument_counts(self):
        """Only the first did, so a fresh machine had no Celery."""
        self.assertIn("libevent-dev", self.named("build"))
        self.assertNotIn("python3-celery", self.named("build"))
        both = self.named("build", "demo")
        self.assertLessEqual({"libevent-dev", "python3-celery"}, both)
        self.assertNotIn("check", both)
        self.assertIn("check", self.named("build", "test"))
        self.assertEqual(self.named(), self.named("build", "demo", "test"))

    def test_says_why_root_must_type_it(self):
        self.assertIn("not root, and there is no sudo", self.deps().stderr)
        sudo = self.folder + "/sudo"
        with open(sudo, "w", encoding="utf-8") as out:
            out.write("#!/bin/sh\nexit 1\n")
        os.chmod(sudo, 0o755)
        self.assertIn("not root, and sudo refuses", self.deps().stderr)
        self.assertIn("python3-celery", self.named("demo"))

    def test_an_optional_package_ends_nothing_without_sudo(self):
        with open(self.folder + "/dpkg-query", "w", encoding="utf-8") as out:
            out.write("#!/bin/bash\nfor name; do [[ $name == libclang-rt* ]] "
                      "|| echo $name installed; done\n")
        done = self.deps("build", "test")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, "", ""))

    def test_an_unknown_mode_is_named(self):
        done = self.deps("build", "tset")
        self.assertEqual(done.returncode, 1)
        self.assertIn("unknown mode 'tset'", done.stderr)

"""Packages of npm that tests need, as a lock file says, installed once.

A folder with package.json and package-lock.json names them, and may carry
settings in an .npmrc; the modules go to build/npm/, never into the tree.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess

from tests.lab import process


def modules(folder):
    """The directory that holds node_modules for that folder of the tree."""
    source = os.path.join(process.ROOT, folder)
    with open(source + "/package-lock.json", "rb") as lock:
        version = hashlib.sha256(lock.read()).hexdigest()[:16]
    where = os.path.join(process.ROOT, "build/npm", version)
    os.makedirs(os.path.dirname(where), exist_ok=True)
    # Tests run side by side, and two may want the same packages.
    with open(where + ".lock", "w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not os.path.exists(where + "/complete"):
            _install(source, where)
    return where


def _install(source, where):
    shutil.rmtree(where, ignore_errors=True)
    os.makedirs(where)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        if os.path.exists(os.path.join(source, name)):
            shutil.copy(os.path.join(source, name), where)
    done = subprocess.run(
        [process.require("npm"), "ci", "--no-audit", "--no-fund",
         "--ignore-scripts"], cwd=where, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
        check=False)
    assert done.returncode == 0, "npm ci in %s:\n%s" % (source, done.stdout)
    with open(where + "/complete", "w", encoding="utf-8"):
        pass

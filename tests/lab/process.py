"""Child processes that never outlive the lab."""

import atexit
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading

from tests.lab.wait import SLOWNESS, wait_for

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_running = set()
_scratch = None


def die_with(parent):
    """Have the kernel kill this process when the given parent is gone."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def require(program):
    """The path of a program; what is missing is a failure, not a skip."""
    path = shutil.which(program, path=os.environ.get("PATH", "") + os.pathsep
                        + "/usr/sbin:/usr/bin")
    if path is None:
        raise RuntimeError("%s is not installed (see make deps)" % program)
    return path


def scratch(folder="lab"):
    """Where this run keeps its files: $LAB_DIR, kept for who set it, or a
    directory under build/<folder> that goes when the run ends."""
    global _scratch
    if _scratch is None:
        given = os.environ.get("LAB_DIR")
        parent = os.path.join(ROOT, "build", folder)
        os.makedirs(given or parent, exist_ok=True)
        _scratch = given or tempfile.mkdtemp(prefix="run-", dir=parent)
        if not given:
            atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
            # Handlers run last in, first out: processes go before files.
            atexit.unregister(stop_all)
            atexit.register(stop_all)
    return _scratch


def new_directory(name):
    return tempfile.mkdtemp(prefix=re.sub(r"[^\w.-]", "_", name) + "-",
                            dir=scratch())


def stop_all():
    """Kill every child that is still there, and the group it leads."""
    for process in list(_running):
        process.kill()


def interrupt_on_signals():
    """Make SIGTERM and SIGHUP unwind like Ctrl-C, so that cleanup runs;
    SIGINT too, which a shell ignores for what it starts with &.

    KeyboardInterrupt rather than SystemExit: unittest records the latter as
    one more failed test and goes on.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


atexit.register(stop_all)


class Process:
    """One program: started, signalled and stopped by its own PID.

    Both output streams go to self.log, which survives restarts. start() must
    be called from the main thread: the death signal is tied to the thread
    that forked.
    """

    def __init__(self, name, argv, directory=None, env=None):
        self.name = name
        self.argv = list(argv)
        self.directory = directory or new_directory(name)
        self.env = env
        self.log = os.path.join(self.directory, name + ".log")
        self._popen = None

    def __repr__(self):
        return "<%s pid %s>" % (self.name, self.pid)

    @property
    def pid(self):
        return self._popen.pid if self._popen else None

    def start(self):
        assert not self.running(), "%s already runs" % self.name
        assert threading.current_thread() is threading.main_thread()
        parent = os.getpid()
        with open(self.log, "ab") as log:
            self._popen = subprocess.Popen(
                self.argv, cwd=self.directory, env=self.env,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=lambda: die_with(parent))
        _running.add(self)
        return self

    def running(self):
        return self._popen is not None and self._popen.poll() is None

    def exit_code(self):
        """The code (negative: the signal), or None while it runs."""
        return self._popen.poll() if self._popen else None

    def signal(self, number):
        assert self.running(), "%s does not run\n%s" % (
            self.name, self.log_tail())
        os.kill(self._popen.pid, number)

    def pause(self):
        """SIGSTOP: the kernel still accepts connections, nobody answers."""
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        """SIGKILL to the process and whatever it has forked; no error when
        it is gone already."""
        if self.running():
            os.killpg(self._popen.pid, signal.SIGKILL)
        if self._popen is not None:
            self._popen.wait()
        _running.discard(self)

    def terminate(self, timeout=10.0):
        """SIGTERM, then wait; kills what does not go in time and says so.
        Returns the exit code."""
        if self.running():
            self.resume()
            self.signal(signal.SIGTERM)
        try:
            code = self._popen.wait(timeout * SLOWNESS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("%s still ran %gs after SIGTERM\n%s" % (
                self.name, timeout * SLOWNESS, self.log_tail())) from None
        _running.discard(self)
        return code

    def log_text(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                return log.read()
        except FileNotFoundError:
            return ""

    def log_tail(self, lines=30):
        return "\n".join(self.log_text().splitlines()[-lines:])

    def wait_log(self, pattern, timeout=10.0):
        """The first match of a regular expression in the log. Ends early
        when the process has ended without writing it."""
        def look():
            ended = not self.running()
            match = re.search(pattern, self.log_text())
            assert match or not ended, "%s ended (%s) before %r\n%s" % (
                self.name, self.exit_code(), pattern, self.log_tail())
            return match
        return wait_for(look, timeout, lambda: "%r in the log of %s:\n%s" % (
            pattern, self.name, self.log_tail()))

"""A process that gets only a tenth of the time: slow, but it answers."""

import os
import signal
import threading


class Hobble:
    """Stops and resumes a lab Process all the time, until stop()."""

    def __init__(self, process):
        self.process = process
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over.is_set():
            os.kill(self.process.pid, signal.SIGSTOP)
            self.over.wait(0.045)
            os.kill(self.process.pid, signal.SIGCONT)
            self.over.wait(0.005)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.over.set()
        self.thread.join()

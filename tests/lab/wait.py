"""Waiting for a condition: the only way in which a test lets time pass."""

import os
import time

# Sanitizers and loaded machines: every limit is multiplied by this.
SLOWNESS = float(os.environ.get("LAB_SLOWNESS", "1"))


class Timeout(AssertionError):
    """The condition did not come true: a failed test, not a broken one."""


def wait_for(condition, timeout=10.0, message="", ignore=(), interval=0.05):
    """Call condition() until it returns something true, and return that.

    message may be a function, called only when time is up. Exceptions listed
    in ignore count as "not yet"; the last of them is named in the Timeout.
    """
    deadline = time.monotonic() + timeout * SLOWNESS
    while True:
        error = None
        try:
            result = condition()
        except ignore as caught:
            result, error = None, caught
        if result:
            return result
        if time.monotonic() >= deadline:
            break
        time.sleep(interval)
    text = message() if callable(message) else message
    raise Timeout("not within %gs: %s%s" % (
        timeout * SLOWNESS, text or "the condition",
        " (%s)" % error if error else ""))

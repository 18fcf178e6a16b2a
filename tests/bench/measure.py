"""What the benches measure a process by, and how they print it."""

import os
import statistics

from tests.lab.process import ROOT

FOLDER = os.path.join(ROOT, "build", "bench")


def cpu_seconds(pid):
    """CPU time of a process and all its threads, in nanosecond steps."""
    total = 0
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/schedstat" % (pid, task)) as f:
            total += int(f.read().split()[0])
    return total / 1e9


def memory(pid):
    """Resident and private KiB."""
    with open("/proc/%d/status" % pid) as f:
        lines = dict(line.split(":", 1) for line in f)
    return tuple(int(lines[key].split()[0]) for key in ("VmRSS", "RssAnon"))


def open_files(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def quantiles(values):
    """(median, 99th percentile), the latter by the nearest rank."""
    ordered = sorted(values)
    at = min(len(ordered) - 1, int(0.99 * len(ordered)))
    return statistics.median(ordered), ordered[at]


def table(name, heads, rows):
    """Print a table, and keep it as build/bench/NAME.txt."""
    cells = [heads] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                       for i, (cell, width) in enumerate(zip(row, widths)))
             for row in cells]
    text = "\n".join(lines) + "\n"
    print(text, end="", flush=True)
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, name + ".txt"), "w") as f:
        f.write(text)

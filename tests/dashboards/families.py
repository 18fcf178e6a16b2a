"""The binary's own table of metrics, and what it is compared with."""

import re

from tests.lab import exporter

# Written by Prometheus about every scrape and rule.
PROMETHEUS = {"up", "scrape_duration_seconds", "scrape_samples_scraped",
              "ALERTS", "ALERTS_FOR_STATE"}

# Families that no dashboard shows, and why.
LEFT_OUT = {
    "process_virtual_memory_max_bytes":
        "absent unless someone sets a limit, which nobody does to a daemon",
}


def table():
    """{family: type} from --help-metrics."""
    text = exporter.run("--help-metrics").stdout
    return dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.M))


def family(name, known):
    """The family of a series' name, or None."""
    if name in known:
        return name
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return base if known.get(base) == "histogram" else None

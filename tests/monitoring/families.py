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
    "sentinel_exporter_config_last_reload_successful":
        "always 1 while the configuration is read at the start only",
    "sentinel_exporter_config_last_reload_success_timestamp_seconds":
        "the time of the start while the configuration is read only then",
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

"""What happened to a master: as the exporter tells it, and as it was.

The sentinels' own logs are the second source: they hold every event with its
sentinel, whether or not anybody was subscribed.
"""

import re

KINDS = ("automatic", "forced", "unknown")
REASONS = ("not_elected", "no_good_replica", "replica_timeout")
_ABORTS = {"not_elected": "not-elected", "no_good_replica": "no-good-slave",
           "replica_timeout": "slave-timeout"}
_COUNTERS = {
    "attempts": "sentinel_failover_attempts_total",
    "address_changes": "sentinel_master_address_changes_total",
    "reboots": "sentinel_master_reboots_total",
    "durations": "sentinel_failover_duration_seconds_count"}


def story(read, master_name="nautobot"):
    """Every count of the failover families, by a short name."""
    told = {name: int(read.value(metric, master_name=master_name))
            for name, metric in _COUNTERS.items()}
    told.update((kind, int(read.value(
        "sentinel_failovers_total", master_name=master_name, kind=kind)))
        for kind in KINDS)
    told.update((reason, int(read.value(
        "sentinel_failover_aborts_total", master_name=master_name,
        reason=reason))) for reason in REASONS)
    return told


def expected(**counts):
    """A story in which nothing happened but these."""
    names = (*_COUNTERS, *KINDS, *REASONS)
    assert not set(counts) - set(names), counts
    return {**dict.fromkeys(names, 0), **counts}


def failovers(told):
    return sum(told[kind] for kind in KINDS)


def logged(sentinels, channel, master_name="nautobot"):
    """How often these sentinels published an event about a master."""
    line = re.compile(r"[#*] %s (?:master|.* @) %s " % (
        re.escape(channel), re.escape(master_name)))
    return sum(len(line.findall(sentinel.process.log_text()))
               for sentinel in sentinels)


def truth(deployment, master_name="nautobot"):
    """What happened in all, as arguments of expected(). A starved machine
    has failovers of its own beside those that a test meant to cause."""
    forced = "Executing user requested FAILOVER of '%s'" % master_name
    asked = sum(sentinel.process.log_text().count(forced)
                for sentinel in deployment.sentinels)
    promoted = logged(deployment.sentinels, "+promoted-slave", master_name)
    return {"forced": asked, "automatic": promoted - asked,
            "durations": promoted,
            "attempts": attempts(deployment, master_name),
            **aborts(deployment, master_name)}


def attempts(deployment, master_name="nautobot"):
    return logged(deployment.sentinels, "+try-failover", master_name)


def aborts(deployment, master_name="nautobot"):
    """{reason: count} without zeros, to go into expected()."""
    found = {reason: logged(deployment.sentinels,
                            "-failover-abort-" + word, master_name)
             for reason, word in _ABORTS.items()}
    return {reason: count for reason, count in found.items() if count}


def phases(read, master_name="nautobot"):
    """Seconds by phase, of the last failover."""
    return read.by("phase", "sentinel_failover_last_phase_seconds",
                   master_name=master_name)


def master_of(read, master_name="nautobot"):
    """The agreed master's address, or None."""
    found = read.series("sentinel_master_info", master_name=master_name)
    return found[0][0]["address"] if found else None

"""The rules for an impatient test: the same, with a shorter breath.

A real outage lasts for minutes before anybody is woken; a test has seconds.
What is changed, and nothing else:

  for, keep_firing_for     divided by `waits`
  windows and offsets      divided by `windows`, but never below 5 s, which
                           is as many scrapes of the test
  900 s at the head of a   divided by `waits`
  queue
  for, of alerts that      more by as many seconds, because what they are
  `longer` names           compared with waits for seconds in the exporter
"""

import dataclasses
import re

from dashboards.src import rule_files, rules
from tests.monitoring.promtool import seconds


def _shorter(match, factor):
    return "%ds" % max(5, round(seconds(match) / factor))


def _expression(text, waits, windows):
    text = re.sub(r"(\[|offset )(\d+[smhd])", lambda found: found[1]
                  + _shorter(found[2], windows), text)
    return text.replace("_seconds:max > 900",
                        "_seconds:max > %d" % (900 / waits))


def _rule(rule, waits, windows, longer):
    changed = {"expr": _expression(rule.expr, waits, windows)}
    if isinstance(rule, rules.Alert):
        more = longer.get(rule.name, 0)
        for key in ("wait", "keep"):
            value = getattr(rule, key)
            changed[key] = value and "%ds" % (more + max(
                1, round(seconds(value) / waits)))
    return dataclasses.replace(rule, **changed)


def rules_file(waits, windows=60, longer=()):
    """The text of a rules file."""
    return rule_files.rules_file([
        dataclasses.replace(group, rules=tuple(
            _rule(rule, waits, windows, dict(longer)) for rule in group.rules))
        for group in rules.GROUPS])

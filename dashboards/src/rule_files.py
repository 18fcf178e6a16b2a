"""The rules as text: a plain rules file and a PrometheusRule.

Written by hand rather than by a YAML library, so that expressions stay on
the lines on which they were written.
"""

import json
import re
import textwrap

from dashboards.src import project, rules

HEAD = "# Written by `dashboards/generate --write`: edit dashboards/src.\n"


def indent(lines, depth):
    return ["  " * depth + line if line else line for line in lines]


def block(key, text):
    """A key with a text of several lines, kept as they are."""
    if "\n" not in text:
        return [key + ": " + plain(text)]
    return [key + ": |-"] + indent(text.split("\n"), 1)


def plain(text):
    """A scalar on one line, quoted only if YAML asks for it."""
    special = text[:1] in "!&*[]{}#|>@`\"'%,?:- " or ": " in text \
        or " #" in text or text[-1:] in ": "
    return json.dumps(text) if special else text


def folded(key, text):
    """A key with a long sentence; its line breaks read as spaces."""
    if len(text) < 64:
        return [key + ": " + json.dumps(text)]
    whole = re.sub(r"{{.*?}}", lambda m: m[0].replace(" ", "\0"), text)
    lines = textwrap.wrap(whole, 70, break_long_words=False,
                          break_on_hyphens=False)
    return [key + ": >-"] + indent([line.replace("\0", " ")
                                    for line in lines], 1)


def rule_lines(rule):
    if isinstance(rule, rules.Record):
        return ["- record: " + rule.name] + indent(block("expr", rule.expr), 1)
    lines = block("expr", rule.expr)
    if rule.wait:
        lines.append("for: " + rule.wait)
    if rule.keep:
        lines.append("keep_firing_for: " + rule.keep)
    lines += ["labels:", "  severity: " + rule.severity, "annotations:"]
    for key, text in (("summary", rule.summary),
                      ("description", rule.description)):
        lines += indent(folded(key, text), 1)
    lines.append("  runbook_url: " + json.dumps(project.runbook(rule.name)))
    return ["- alert: " + rule.name] + indent(lines, 1)


def group_lines(groups):
    lines = ["groups:"]
    for group in groups:
        lines += ["- name: " + group.name, "  rules:"]
        for rule in group.rules:
            lines += indent(rule_lines(rule), 1)
    return lines


def rules_file(groups=rules.GROUPS):
    """For rule_files of Prometheus."""
    return HEAD + "\n".join(group_lines(groups)) + "\n"


def prometheus_rule():
    """For the Prometheus operator."""
    lines = ["apiVersion: monitoring.coreos.com/v1",
             "kind: PrometheusRule",
             "metadata:",
             "  name: sentinel-exporter",
             "  labels:",
             "    app.kubernetes.io/name: sentinel-exporter",
             "spec:"] + indent(group_lines(rules.GROUPS), 1)
    return HEAD + "\n".join(lines) + "\n"

"""Unit tests of the rules, written for promtool and run by it."""

import json
import os
import re
import subprocess

from tests.lab import process

RULES = os.path.join(process.ROOT,
                     "dashboards/rules/sentinel-exporter.rules.yml")
JOB = "sentinel-exporter"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(duration):
    """Of a Prometheus duration of one unit; "" is none."""
    return int(duration[:-1]) * UNITS[duration[-1]] if duration else 0


def samples(text):
    """`1*3 2+1*2 _*1 stale` in promtool's own notation."""
    out = []
    for token in text.split():
        value, _, count = token.partition("*")
        first, _, step = value.partition("+")
        if value in ("_", "stale"):
            out += [value] * int(count or 1)
        else:
            out += ["%.15g" % (float(first) + float(step or 0) * i)
                    for i in range(int(count or 1))]
    return " ".join(out)


def labelled(series, more):
    """A series with further labels in front of its own."""
    name, _, labels = series.partition("{")
    labels = ",".join(part for part in (more, labels.rstrip("}")) if part)
    return "%s{%s}" % (name, labels)


def input_series(lines, targets):
    """Every line's series, once for each target's labels."""
    found = []
    for line in lines.splitlines():
        name, values = re.match(r"(\w+(?:{.*})?) (.*)", line.strip()).groups()
        found += [{"series": labelled(name, target),
                   "values": samples(values)} for target in targets]
    return found


def expect(expression, step, interval, *series):
    """A test of an expression: it gives just these series, each with 1."""
    return {"expr": expression, "eval_time": "%ds" % (step * interval),
            "exp_samples": [{"labels": s, "value": 1} for s in series]}


def history(lines, interval, tests, targets):
    return {"interval": "%ds" % interval,
            "input_series": input_series(lines, targets),
            "promql_expr_test": tests}


def run(tests, directory, groups):
    """promtool's complaints about the tests, or "". Rules are evaluated once
    a step, groups in order, so that a step sees its own records."""
    complaints = ""
    for interval in sorted({test["interval"] for test in tests}):
        path = os.path.join(directory, "tests-%s.json" % interval)
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"rule_files": [RULES],
                       "evaluation_interval": interval,
                       "group_eval_order": groups,
                       "tests": [test for test in tests
                                 if test["interval"] == interval]}, out)
        done = subprocess.run(
            [process.require("promtool"), "test", "rules", path], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        complaints += "" if done.returncode == 0 else done.stdout
    return complaints

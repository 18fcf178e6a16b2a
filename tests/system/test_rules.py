"""The rules under promtool: each alert fires, stays silent just below its
threshold, resolves, and is raised once by a pair of exporters."""

import os
import pathlib
import re
import subprocess
import textwrap

from dashboards.src import project, rules
from tests.lab import process
from tests.lab.case import LabCase
from tests.monitoring import histories, promtool
from tests.monitoring.alert_cases import CASES

ONE = ('job="sentinel-exporter",instance="a:10379"',)
# As the Prometheus operator labels a pair, in one of several groups.
PAIR = tuple('job="sentinel-exporter",namespace="shop",group="eu",'
             'instance="%s:10379",pod="sentinel-exporter-%s"' % (x, x)
             for x in "ab")
ALERTS = {alert.name: alert for alert in rules.alerts()}
RUNBOOKS = os.path.join(process.ROOT, "dashboards/RUNBOOKS.md")


def firing(alert):
    return 'count without (x) (ALERTS{alertname="%s",alertstate="firing"})' \
        % alert


def alert_series(case, target):
    """The ALERTS series that a case must raise."""
    if not case.own and case.alert != "RedisSentinelExporterAbsent":
        target = re.sub(r',?\b(instance|pod)="[^"]*"', "", target)
    if case.alert == "RedisSentinelExporterAbsent":
        target = ""
    return promtool.labelled("{%s}" % case.labels, ",".join(filter(None, (
        'alertname="%s",alertstate="firing",severity="%s"' % (
            case.alert, ALERTS[case.alert].severity), target))))


def fires(case, targets):
    """It is silent to the last step of its "for", fires, and resolves."""
    wait = promtool.seconds(ALERTS[case.alert].wait) // case.step
    once = targets if case.own else targets[:1]
    wanted = [alert_series(case, target) for target in once]
    at = case.onset + wait
    tests = [promtool.expect(firing(case.alert), step, case.step, *series)
             for step, series in ((at - 1, ()), (at, wanted),
                                  (case.resolved, ()))]
    return promtool.history(case.fires, case.step, tests, targets)


def stays_silent(case, targets):
    end = 1 + max(len(promtool.samples(line.split(" ", 1)[1]).split())
                  for line in case.below.splitlines())
    never = 'count_over_time(ALERTS{alertname="%s",alertstate="firing"}' \
        "[1d])" % case.alert
    return promtool.history(case.below, case.step, [
        promtool.expect(never, end, case.step)], targets)


class RulesTest(LabCase):
    def promtool(self, tests):
        self.assertEqual(
            promtool.run(tests, process.new_directory("promtool"),
                         [group.name for group in rules.GROUPS]), "")

    def test_check(self):
        done = subprocess.run(
            [process.require("promtool"), "check", "rules", "--lint=all",
             "--lint-fatal", promtool.RULES], capture_output=True, text=True,
            check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_prometheus_rule_holds_the_same(self):
        plain, manifest = (
            pathlib.Path(promtool.RULES).with_name(name).read_text("utf-8")
            for name in ("sentinel-exporter.rules.yml",
                         "sentinel-exporter.prometheusrule.yaml"))
        self.assertEqual(
            textwrap.dedent(manifest.partition("\nspec:\n")[2]),
            plain.partition("\n")[2])

    def test_every_alert_has_a_case(self):
        self.assertEqual({case.alert for case in CASES}, set(ALERTS))

    def test_fires_and_resolves(self):
        self.promtool([fires(case, ONE) for case in CASES])

    def test_silent_just_below(self):
        self.promtool([stays_silent(case, ONE) for case in CASES])

    def test_pair_alerts_once(self):
        self.promtool([fires(case, PAIR) for case in CASES])

    def nobody_is_woken(self, series, interval, steps):
        """Whatever fires is for the record only."""
        woken = 'max by (alertname) (count_over_time(ALERTS{' \
            'alertstate="firing",severity!="info"}[1d]))'
        return {"interval": "%ds" % interval, "input_series": series,
                "promql_expr_test": [
                    promtool.expect(woken, steps, interval)]}

    def test_rolling_update_wakes_nobody(self):
        for targets in (ONE, PAIR):
            series = promtool.input_series(histories.ROLLING_UPDATE, targets)
            test = self.nobody_is_woken(series, histories.ROLLING_STEP,
                                        histories.ROLLING_STEPS)
            told = 'ALERTS{alertname="RedisSentinelFailoverOccurred",' \
                'kind="forced",alertstate="firing"}'
            test["promql_expr_test"].append(promtool.expect(
                "count(%s)" % told, 36, histories.ROLLING_STEP, "{}"))
            self.promtool([test])

    def test_one_of_a_pair_is_blind(self):
        series = [
            {"series": promtool.labelled(name, target), "values":
             promtool.samples("%d*90" % value)}
            for name, *values in histories.ONE_IS_BLIND
            for target, value in zip(PAIR, values)]
        self.promtool([self.nobody_is_woken(series, 60, 90)])


class WordsTest(LabCase):
    """What an alert says, and where it sends the reader."""

    def test_labels_in_texts_exist(self):
        for case in CASES:
            alert = ALERTS[case.alert]
            carried = set(re.findall(r'(\w+)="', case.labels))
            if case.own:
                carried.add("instance")
            used = set(re.findall(r"\$labels\.(\w+)",
                                  alert.summary + alert.description))
            with self.subTest(alert=case.alert):
                self.assertLessEqual(used, carried)
                self.assertNotIn("{{", alert.summary)
                # Which one it is must be said, not only be in the labels.
                self.assertLessEqual(carried, used)
                self.assertIn(alert.severity, ("critical", "warning",
                                               "info"))

    def test_runbooks_are_those_of_the_alerts(self):
        with open(RUNBOOKS, encoding="utf-8") as runbooks:
            # Those of findings are in lower case.
            headings = re.findall(r"^### ([A-Z]\w+)$", runbooks.read(), re.M)
        self.assertEqual(headings, [alert.name for alert in rules.alerts()])
        for name in headings:
            self.assertEqual(project.runbook(name).partition("#")[2],
                             name.lower())

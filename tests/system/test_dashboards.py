"""The dashboards at rest: generated, linted, typed, about metrics that exist.
Their queries meet a real Prometheus in test_alerts_in_anger."""

import copy
import glob
import json
import os
import re
import shutil
import subprocess

from dashboards.src import rules
from tests.lab import npm, process
from tests.lab.case import LabCase
from tests.monitoring import families, lint, promql

HERE = os.path.join(process.ROOT, "dashboards")
TYPES = os.path.join(process.ROOT, "tests/monitoring/types")


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return json.load(file)


def boards():
    names = sorted(map(os.path.basename, glob.glob(HERE + "/*.json")))
    return {name: read(name) for name in names}


def queries(board):
    """Queries of panels and annotations."""
    yield from (query for _, query in lint.targets(board))
    for annotation in board["annotations"]["list"]:
        if "expr" in annotation:
            yield annotation["expr"]


class GeneratedTest(LabCase):
    def test_files_are_those_of_the_source(self):
        done = subprocess.run(
            [os.path.join(HERE, "generate"), "--check"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


class LintTest(LabCase):
    def test_lint(self):
        exclusions = read(".lint")["exclusions"]
        found = [finding for board in boards().values()
                 for finding in lint.findings(board, exclusions)]
        self.assertEqual(found, [])

    def test_exclusions_are_needed_and_reasoned(self):
        all_boards = {board["title"]: board for board in boards().values()}
        for rule, exclusion in read(".lint")["exclusions"].items():
            self.assertGreater(len(exclusion["reason"]), 20)
            for entry in exclusion["entries"]:
                hits = [panel for panel, _ in lint.RULES[rule](
                    all_boards[entry["dashboard"]])]
                self.assertIn(entry["panel"], hits, rule)

    def test_uids_and_titles_are_unique(self):
        for key in ("uid", "title"):
            values = [board[key] for board in boards().values()]
            self.assertEqual(len(values), len(set(values)))

    def test_the_linter_finds_faults(self):
        """Each rule must see the fault that it is there for."""
        def break_target(old, new):
            def change(board):
                for panel in lint.panels(board):
                    for target in panel["targets"]:
                        target["expr"] = target["expr"].replace(old, new)
            return change

        def in_panels(**changes):
            def change(board):
                for panel in lint.panels(board):
                    panel.update(copy.deepcopy(changes))
            return change

        def in_board(**changes):
            return lambda board: board.update(copy.deepcopy(changes))

        def in_variable(name, **changes):
            return lambda board: lint.variable(board, name).update(changes)

        place = {"h": 4, "w": 4, "x": 0, "y": 0}
        faults = {
            "template-datasource-rule": in_variable("datasource", query="x"),
            "template-job-rule": in_variable("job", allValue=".*"),
            "template-instance-rule": in_variable("instance", multi=False),
            "template-label-promql-rule":
                in_variable("job", query={"query": "up"}),
            "template-on-time-change-reload-rule":
                in_variable("job", refresh=1),
            "panel-datasource-rule": in_panels(datasource={"uid": "x"}),
            "panel-title-description-rule": in_panels(description=""),
            "panel-units-rule": in_panels(fieldConfig={
                "defaults": {"unit": "furlongs"}, "overrides": []}),
            "panel-no-targets-rule": in_panels(targets=[]),
            "target-promql-rule": break_target(")", ""),
            "target-rate-interval-rule":
                break_target("$__rate_interval", "5m"),
            "target-job-rule": break_target('job=~"$job",', ""),
            "target-instance-rule":
                break_target('instance=~"$instance"', ""),
            "target-counter-agg-rule": break_target("rate(", "("),
            "target-logql-rule": in_panels(targets=[{"expr": 'a |= "x"'}]),
            "uneditable-dashboard": in_board(editable=True),
            "portable": in_board(schemaVersion=16),
            "placed": in_panels(gridPos=place),
            "explained": in_panels(links=[]),
        }
        self.assertEqual(sorted(faults), sorted(lint.RULES))
        for rule, spoil in faults.items():
            with self.subTest(rule=rule):
                found = []
                for board in boards().values():
                    spoil(board)
                    found += lint.RULES[rule](board)
                self.assertNotEqual(found, [])


class MetricsTest(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.known = families.table()

    def test_table_is_read(self):
        self.assertGreater(len(self.known), 70)
        self.assertEqual(
            self.known["sentinel_failover_duration_seconds"], "histogram")

    def unknown(self, names):
        return sorted(name for name in names - families.PROMETHEUS
                      if families.family(name, self.known) is None)

    def test_dashboards_name_metrics_that_exist(self):
        for name, board in boards().items():
            used = set().union(*map(promql.metrics, queries(board)))
            for variable in board["templating"]["list"]:
                inside = re.match(r"label_values\((.*), \w+\)",
                                  variable.get("definition", ""))
                used |= promql.metrics(inside[1]) if inside else set()
            with self.subTest(dashboard=name):
                self.assertEqual(self.unknown(used), [])

    def test_rules_name_metrics_that_exist(self):
        every = [rule for group in rules.GROUPS for rule in group.rules]
        recorded = {rule.name for rule in every
                    if isinstance(rule, rules.Record)}
        used = set()
        for rule in every:
            used |= promql.metrics(rule.expr)
        self.assertEqual(self.unknown(used - recorded), [])
        self.assertLessEqual(recorded, used, "a record that nothing uses")

    def test_every_family_is_shown_or_left_out_with_a_reason(self):
        shown = {families.family(name, self.known)
                 for board in boards().values()
                 for query in queries(board)
                 for name in promql.metrics(query)}
        self.assertEqual(sorted(set(self.known) - shown),
                         sorted(families.LEFT_OUT))


class LinksTest(LabCase):
    def test_runbooks_of_panels_exist(self):
        anchors = {alert.name.lower() for alert in rules.alerts()}
        for board in boards().values():
            for panel in lint.panels(board):
                for link in panel["links"]:
                    anchor = link["url"].partition("RUNBOOKS.md")[2]
                    if anchor:
                        self.assertIn(anchor.lstrip("#"), anchors)

    def test_pictures_are_there_and_small(self):
        with open(os.path.join(process.ROOT, "README.md"),
                  encoding="utf-8") as file:
            shown = set(re.findall(r"dashboards/images/([\w-]+\.png)",
                                   file.read()))
        drawn = {os.path.basename(path) for path in
                 glob.glob(HERE + "/images/*.png")}
        self.assertEqual(drawn, {name.replace(".json", ".png")
                                 for name in boards()} | {"status-page.png"})
        self.assertEqual(shown, drawn)
        for name in drawn:
            self.assertLess(os.path.getsize(
                os.path.join(HERE, "images", name)), 300_000, name)

    def test_links_between_boards_exist(self):
        uids = {board["uid"] for board in boards().values()}
        linked = set(re.findall(r"/d/([\w-]+)", json.dumps(boards())))
        self.assertEqual(linked - uids, set())


class TypesTest(LabCase):
    """Grafana's own types, by its own package and the TypeScript compiler."""

    def tsc(self, modules, sources):
        """The compiler's complaints about {name: board as JSON}."""
        where = process.new_directory("types")
        for name in os.listdir(TYPES):
            if name.endswith((".ts", ".json")):
                shutil.copy(os.path.join(TYPES, name), where)
        os.symlink(modules + "/node_modules", where + "/node_modules")
        for name, text in sources.items():
            path = os.path.join(where, name + ".check.ts")
            with open(path, "w", encoding="utf-8") as out:
                out.write("import type { Board } from './board';\n"
                          "export const board: Board = %s;\n" % text)
        return subprocess.run(
            ["node", where + "/node_modules/typescript/bin/tsc", "-p",
             where], text=True, stdout=subprocess.PIPE, check=False).stdout

    def test_types(self):
        modules = npm.modules("tests/monitoring/types")
        good = {name: json.dumps(board) for name, board in boards().items()}
        self.assertEqual(self.tsc(modules, good), "")
        # It must see a misspelt key, a wrong word and a wrong type.
        text = good["exporter.json"]
        for right, wrong in (('"colorMode"', '"colourMode"'),
                             ('"graphMode": "none"', '"graphMode": "no"'),
                             ('"schemaVersion": 39',
                              '"schemaVersion": "39"')):
            self.assertIn(right, text)
            self.assertNotEqual(self.tsc(modules, {
                "wrong": text.replace(right, wrong)}), "", wrong)

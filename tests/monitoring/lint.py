"""The rules of Grafana's dashboard linter, under its names, and ours.

Each rule yields what it finds as (panel title or "", text). Exclusions with
their reasons stand in dashboards/.lint, which the original reads as well.
"""

import re

from tests.monitoring import promql

UNITS = {"none", "short", "percentunit", "bytes", "s", "ops", "reqps",
         "dateTimeFromNow", "string"}
DRAWN = {"stat", "bargauge", "timeseries", "table"}
COUNTING = {"rate", "irate", "increase"}


def panels(board):
    """Every panel but rows, those of collapsed rows included."""
    for panel in board["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def targets(board):
    for panel in panels(board):
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def variable(board, name):
    return next((v for v in board["templating"]["list"]
                 if v["name"] == name), {})


def _template(name, label):
    def rule(board):
        found = variable(board, name)
        wanted = {"type": "query", "label": label, "multi": True,
                  "includeAll": True, "allValue": ".+",
                  "datasource": {"type": "prometheus",
                                 "uid": "${datasource}"}}
        for key, value in wanted.items():
            if found.get(key) != value:
                yield "", "variable %s: %s is %r" % (name, key,
                                                     found.get(key))
    return rule


def _matcher(label):
    def rule(board):
        for title, query in targets(board):
            for selector in promql.selectors(query):
                if selector.matchers.get(label) != ("=~", "$" + label):
                    yield title, "%s lacks %s=~\"$%s\"" % (
                        selector.name, label, label)
    return rule


def template_datasource(board):
    found = variable(board, "datasource")
    if (found.get("type"), found.get("query"), found.get("label")) != (
            "datasource", "prometheus", "Data source"):
        yield "", "no variable for the data source"


def template_label_promql(board):
    for found in board["templating"]["list"]:
        if found["type"] == "query" and not re.fullmatch(
                r"label_values\(\w+({.*})?, \w+\)", found["query"]["query"]):
            yield "", "variable %s: %s" % (found["name"],
                                           found["query"]["query"])


def template_on_time_change_reload(board):
    for found in board["templating"]["list"]:
        if found["type"] == "query" and found["refresh"] != 2:
            yield "", "variable %s is not read anew" % found["name"]


def panel_datasource(board):
    for panel in panels(board):
        for thing in [panel] + panel["targets"]:
            if thing.get("datasource", {}).get("uid") != "${datasource}":
                yield panel["title"], "another data source"


def panel_title_description(board):
    for panel in panels(board):
        if not panel["title"] or len(panel["description"]) < 20:
            yield panel["title"], "no title or description"


def panel_units(board):
    for panel in panels(board):
        config = panel["fieldConfig"]
        units = [config["defaults"]["unit"]] + [
            prop["value"] for override in config["overrides"]
            for prop in override["properties"] if prop["id"] == "unit"]
        if not set(units) <= UNITS:
            yield panel["title"], "units %s" % units


def panel_no_targets(board):
    for panel in panels(board):
        if not panel["targets"]:
            yield panel["title"], "no query"


def target_promql(board):
    """Whether it parses is for Prometheus to say; here only its outside."""
    for title, query in targets(board):
        if query.count("(") != query.count(")") or not promql.metrics(query):
            yield title, query


def target_rate_interval(board):
    for title, query in targets(board):
        for selector in promql.selectors(query):
            if selector.function in ("rate", "irate") and (
                    selector.window != "[$__rate_interval]"):
                yield title, query


def target_counter_agg(board):
    for title, query in targets(board):
        for selector in promql.selectors(query):
            if selector.name.endswith("_total") and (
                    selector.window is None
                    or selector.function not in COUNTING):
                yield title, "%s is a bare counter" % selector.name


def target_logql(board):
    for title, query in targets(board):
        if "|=" in query or "| json" in query:
            yield title, query


def uneditable_dashboard(board):
    if board["editable"] is not False:
        yield "", "editable"


# -- ours -------------------------------------------------------------------

def portable(board):
    """Provisionable as it is."""
    for key, value in (("schemaVersion", 39), ("id", None),
                       ("graphTooltip", 1), ("timezone", "browser")):
        if board[key] != value:
            yield "", "%s is %r" % (key, board[key])
    if "__inputs" in board or "DS_" in str(board):
        yield "", "needs an import dialog"
    if not re.fullmatch(r"[a-z-]{3,40}", board["uid"]):
        yield "", "uid %r" % board["uid"]
    every = board["panels"] + list(panels(board))
    numbers = {id(p): p["id"] for p in every}
    if len(set(numbers.values())) != len(numbers):
        yield "", "panel ids are not unique"


def placed(board):
    """Inside the grid, nothing above something else."""
    taken = {}
    for panel in board["panels"] + [
            inner for row in board["panels"] for inner in
            row.get("panels", ())]:
        place = panel["gridPos"]
        if place["x"] + place["w"] > 24:
            yield panel["title"], "leaves the grid"
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if taken.setdefault((x, y), panel["id"]) != panel["id"]:
                    yield panel["title"], "covers another panel"
                    return


def explained(board):
    """Thresholds and a link to the runbooks everywhere; known types."""
    for panel in panels(board):
        if panel["type"] not in DRAWN:
            yield panel["title"], "type " + panel["type"]
        if not panel["fieldConfig"]["defaults"]["thresholds"]["steps"]:
            yield panel["title"], "no thresholds"
        if not any("RUNBOOKS.md" in link["url"] for link in panel["links"]):
            yield panel["title"], "no link to a runbook"


RULES = {
    "template-datasource-rule": template_datasource,
    "template-job-rule": _template("job", "Job"),
    "template-instance-rule": _template("instance", "Instance"),
    "template-label-promql-rule": template_label_promql,
    "template-on-time-change-reload-rule": template_on_time_change_reload,
    "panel-datasource-rule": panel_datasource,
    "panel-title-description-rule": panel_title_description,
    "panel-units-rule": panel_units,
    "panel-no-targets-rule": panel_no_targets,
    "target-promql-rule": target_promql,
    "target-rate-interval-rule": target_rate_interval,
    "target-job-rule": _matcher("job"),
    "target-instance-rule": _matcher("instance"),
    "target-counter-agg-rule": target_counter_agg,
    "target-logql-rule": target_logql,
    "uneditable-dashboard": uneditable_dashboard,
    "portable": portable,
    "placed": placed,
    "explained": explained,
}


def excluded(exclusions, rule, title, panel):
    entries = exclusions.get(rule, {}).get("entries", ())
    return any(entry["dashboard"] == title and entry["panel"] == panel
               for entry in entries)


def findings(board, exclusions):
    """What the rules find in a board, less what is excluded."""
    return ["%s: %s: %s: %s" % (board["title"], panel, name, text)
            for name, rule in RULES.items() for panel, text in rule(board)
            if not excluded(exclusions, name, board["title"], panel)]

"""Grafana's classic dashboard JSON from a few words.

A board is a list of rows, a row a list of panels with their widths; places,
ids, data sources and links follow from that. Queries join a pair of
exporters, so that a panel shows each thing once.
"""

import json

from dashboards.src import project

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
TAG = "sentinel-exporter"
CHOSEN = 'job=~"$job",instance=~"$instance"'
OF_MASTER = 'master_name=~"$master_name"'

GREEN = ((None, "green"),)
NO_COLOR = ((None, "text"),)
BLUE = ((None, "blue"),)


def limits(*steps, base="green"):
    """Thresholds: limits((1, "orange"), (5, "red"))."""
    return ((None, base),) + steps


BAD_IF_ANY = limits((1, "red"))
WARN_IF_ANY = limits((1, "orange"))
GOOD_IF_SET = limits((1, "green"), base="red")

YES_NO = {0: ("no", "red"), 1: ("yes", "green")}
NO_YES = {0: ("no", "green"), 1: ("yes", "red")}
PLAIN_YES = {0: ("no", "text"), 1: ("yes", "blue")}


# -- queries ----------------------------------------------------------------

def series(metric, *matchers):
    """A metric of the chosen exporters."""
    return "%s{%s}" % (metric, ",".join((CHOSEN,) + matchers))


def each(expression, by="", how="max"):
    """Joined over a pair of exporters; one series for each of `by`."""
    labels = "job, namespace, group" + (", " + by if by else "")
    return "%s by (%s) (%s)" % (how, labels, expression)


def of_master(metric, by="", how="max", also=()):
    """A metric of the chosen masters, one series for each, and for each of
    the further labels."""
    return each(series(metric, OF_MASTER, *also),
                "master_name" + (", " + by if by else ""), how)


def rate_of(metric, by="", function="rate", also=(),
            window="$__rate_interval"):
    return each("%s(%s[%s])" % (
        function, series(metric, OF_MASTER, *also), window),
        "master_name" + (", " + by if by else ""))


def jumps(metric, by="", also=()):
    """By how much a counter grew within each step of a graph: an exact
    number. increase() would smear one event over as many bars as its window
    is long, and a reader would count them."""
    labels = "master_name" + (", " + by if by else "")
    selected = series(metric, OF_MASTER, *also)
    return "clamp_min(%s - %s, 0)" % (
        each(selected, labels),
        each(selected + " offset $__interval", labels))


def in_range(metric, by="", also=()):
    """By how much a counter has grown within the chosen time."""
    return rate_of(metric, by, "increase", also, "$__range")


def target(expression, legend="", instant=False, table=False):
    return {"expr": expression, "legendFormat": legend or "__auto",
            "instant": instant or table, "range": not (instant or table),
            "format": "table" if table else "time_series",
            "editorMode": "code", "datasource": DATASOURCE}


def now(expression, legend=""):
    """A query for the last value only."""
    return target(expression, legend, instant=True)


# -- field configuration -----------------------------------------------------

def thresholds(steps):
    return {"mode": "absolute", "steps": [
        {"color": color, "value": value} for value, color in steps]}


def mappings(words):
    """From {value: (text, colour)}."""
    return [{"type": "value", "options": {
        str(value): {"text": text, "color": color, "index": index}
        for index, (value, (text, color)) in enumerate(words.items())}}]


def field(unit, steps, words=None, **more):
    config = {"unit": unit, "thresholds": thresholds(steps),
              "mappings": mappings(words) if words else [],
              "color": {"mode": "thresholds"}}
    config.update(more)
    return {key: value for key, value in config.items() if value is not None}


def override(name, **properties):
    """Of the column or series with that name, or with a name that matches
    /name/; `custom__x` is custom.x."""
    how = "byRegexp" if name.startswith("/") else "byName"
    return {"matcher": {"id": how, "options": name}, "properties": [
        {"id": key.replace("__", "."), "value": value}
        for key, value in properties.items()]}


def fixed(colors):
    """Overrides from {name: colour}."""
    return [override(name, color={"mode": "fixed", "fixedColor": color})
            for name, color in (colors or {}).items()]


# -- panels ------------------------------------------------------------------

def panel(kind, title, about, targets, alert=None, **rest):
    """What all panels have. `alert` names the runbook that belongs to it."""
    if isinstance(targets, dict):
        targets = [targets]
    for index, query in enumerate(targets):
        query["refId"] = chr(ord("A") + index)
    return {"type": kind, "title": title, "description": about,
            "datasource": DATASOURCE, "targets": targets,
            "links": [{"title": "Runbook: " + alert if alert else "Runbooks",
                       "url": project.runbook(alert), "targetBlank": True}],
            **rest}


def stat(title, about, targets, unit="short", steps=GREEN, words=None,
         alert=None, text="auto", no_value="no data", overrides=(), **more):
    """One large figure, coloured."""
    return panel(
        "stat", title, about, targets, alert,
        fieldConfig={"defaults": field(unit, steps, words, noValue=no_value,
                                       **more),
                     "overrides": list(overrides)},
        options={"colorMode": "background", "graphMode": "none",
                 "justifyMode": "center", "orientation": "auto",
                 "textMode": text, "wideLayout": True,
                 "reduceOptions": {"calcs": ["lastNotNull"], "fields": "",
                                   "values": False}})


def name_stat(title, about, targets, **more):
    """A name instead of a figure: that of the series."""
    return stat(title, about, targets, text="name", **more)


def bars(title, about, targets, unit="short", steps=GREEN, alert=None,
         colors=None, **more):
    """Horizontal bars of the last values."""
    return panel(
        "bargauge", title, about, targets, alert,
        fieldConfig={"defaults": field(unit, steps, **{"min": 0, **more}),
                     "overrides": fixed(colors)},
        options={"displayMode": "gradient", "orientation": "horizontal",
                 "showUnfilled": True, "valueMode": "color",
                 "minVizHeight": 16, "minVizWidth": 8, "namePlacement": "auto",
                 "sizing": "auto", "maxVizHeight": 40,
                 "legend": {"showLegend": False, "displayMode": "list",
                            "placement": "bottom", "calcs": []},
                 "reduceOptions": {"calcs": ["lastNotNull"], "fields": "",
                                   "values": False}})


STYLES = {
    "line": {"drawStyle": "line", "lineInterpolation": "linear",
             "fillOpacity": 10},
    "steps": {"drawStyle": "line", "lineInterpolation": "stepAfter",
              "fillOpacity": 10},
    "bars": {"drawStyle": "bars", "lineInterpolation": "linear",
             "fillOpacity": 80, "stacking": {"mode": "normal",
                                             "group": "A"}},
    "stack": {"drawStyle": "line", "lineInterpolation": "stepAfter",
              "fillOpacity": 60, "stacking": {"mode": "normal",
                                              "group": "A"}},
}


def graph(title, about, targets, unit="short", style="line", steps=GREEN,
          alert=None, limit=False, colors=None, legend="bottom", **more):
    """Values over time. limit: draw the thresholds as dashed lines."""
    custom = {"lineWidth": 1, "showPoints": "never", "spanNulls": False,
              "axisPlacement": "auto", "axisLabel": "",
              # An axis for nothing but zeros would end at 100.
              **({"axisSoftMax": 1} if "max" not in more
                 and unit == "none" else {}),
              "scaleDistribution": {"type": "linear"},
              "stacking": {"mode": "none", "group": "A"},
              "thresholdsStyle": {"mode": "dashed" if limit else "off"},
              **STYLES[style]}
    defaults = field(unit, steps, custom=custom, **{"min": 0, **more})
    defaults["color"] = {"mode": "palette-classic"}
    return panel(
        "timeseries", title, about, targets, alert,
        fieldConfig={"defaults": defaults, "overrides": fixed(colors)},
        options={"legend": {"displayMode": "list", "placement": legend,
                            "showLegend": True, "calcs": []},
                 "tooltip": {"mode": "multi", "sort": "desc"}})


class Column:
    """One column of a table: the value of a query, or a label; with both, a
    label that this query brings along."""

    def __init__(self, title, query=None, label=None, unit="short",
                 steps=NO_COLOR, words=None, width=None, link=None):
        self.title = title
        self.query = query
        self.label = label
        properties = {"unit": unit, "thresholds": thresholds(steps)}
        if words:
            properties["mappings"] = mappings(words)
            properties["custom__align"] = "center"
        if words or steps is not NO_COLOR:
            properties["custom__cellOptions"] = {"type": "color-text"}
        if width:
            properties["custom__width"] = width
        if link:
            properties["links"] = [{"title": link[0], "url": link[1]}]
        self.override = override(title, **properties)


def table(title, about, columns, alert=None, hide=(), sort=None,
          no_value="–"):
    """A row for each set of labels that the queries of its columns share."""
    queries = [c for c in columns if c.query]
    values = ["Value"] if len(queries) == 1 else [
        "Value #" + chr(ord("A") + i) for i in range(len(queries))]
    names = {c.title: v for c, v in zip(queries, values)}
    hide = ["Time", "job", *hide] + [
        v for c, v in zip(queries, values) if c.label]
    names.update({c.title: c.label for c in columns if c.label})
    return panel(
        "table", title, about,
        [target(c.query, table=True) for c in queries], alert,
        fieldConfig={"defaults": field(
            "short", NO_COLOR, noValue=no_value,
            custom={"align": "auto", "cellOptions": {"type": "auto"},
                    "inspect": False, "filterable": False, "minWidth": 60}),
            "overrides": [c.override for c in columns]},
        options={"showHeader": True, "cellHeight": "sm",
                 "sortBy": [{"displayName": sort[0], "desc": sort[1]}]
                 if sort else []},
        transformations=[
            {"id": "merge", "options": {}},
            {"id": "organize", "options": {
                "excludeByName": {name: True for name in hide},
                "indexByName": {names[c.title]: i
                                for i, c in enumerate(columns)},
                "renameByName": {name: title
                                 for title, name in names.items()}}}])


# -- boards ------------------------------------------------------------------

def row(title, *panels, height=8, collapsed=False):
    """Panels with their widths, (width, panel), from left to right."""
    return {"title": title, "panels": panels, "height": height,
            "collapsed": collapsed}


def place(rows):
    """Panels with ids and places; each titled row begins with its bar."""
    placed, y, number = [], 0, 1
    for part in rows:
        inside = placed
        if part["title"]:
            bar = {"type": "row", "title": part["title"], "id": number,
                   "collapsed": part["collapsed"], "panels": [],
                   "gridPos": {"h": 1, "w": 24, "x": 0, "y": y}}
            placed.append(bar)
            inside = bar["panels"] if part["collapsed"] else placed
            y, number = y + 1, number + 1
        x = 0
        for width, body in part["panels"]:
            if x + width > 24:
                x, y = 0, y + part["height"]
            inside.append({"id": number, "gridPos": {
                "h": part["height"], "w": width, "x": x, "y": y}, **body})
            x, number = x + width, number + 1
        y += part["height"]
    return placed


def variable(name, label, query, many=True, everything=".+"):
    """A variable filled by a query, again when the time range changes."""
    body = {"type": "query", "name": name, "label": label,
            "datasource": DATASOURCE, "definition": query,
            "query": {"query": query, "qryType": 1,
                      "refId": "PrometheusVariableQueryEditor-VariableQuery"},
            "refresh": 2, "sort": 1, "regex": "", "hide": 0, "options": [],
            "multi": many, "includeAll": many, "skipUrlSync": False,
            "current": {"selected": True, "text": ["All"],
                        "value": ["$__all"]} if many else {}}
    if many:
        body["allValue"] = everything
    return body


def variables(*more):
    """Data source, job, instance, then those of the board."""
    return [
        {"type": "datasource", "name": "datasource", "label": "Data source",
         "query": "prometheus", "refresh": 1, "regex": "", "hide": 0,
         "multi": False, "includeAll": False, "options": [],
         "current": {}, "skipUrlSync": False},
        variable("job", "Job", "label_values(sentinel_exporter_build_info, "
                 "job)"),
        variable("instance", "Instance", "label_values("
                 'sentinel_exporter_build_info{job=~"$job"}, instance)'),
        *more]


KINDS = {"/automatic/": "red", "/forced/": "blue", "/unknown/": "yellow",
         "/given up/": "orange"}

MASTERS = "label_values(%s, master_name)" % series("sentinel_failovers_total")


def annotation(name, expression, color, title):
    return {"name": name, "enable": True, "hide": False, "iconColor": color,
            "datasource": DATASOURCE, "expr": expression, "step": "15s",
            "titleFormat": title, "textFormat": "{{master_name}}",
            "tagKeys": "master_name,kind", "type": "tags"}


FAILOVERS = [
    annotation(name, rate_of("sentinel_failovers_total", "kind", "increase",
                             also=(kind,)) + " > 0", color, name)
    for name, kind, color in (
        ("Failover", 'kind!="forced"', "red"),
        ("Forced failover", 'kind="forced"', "blue"))]


def board(uid, title, about, rows, templates=(), annotations=()):
    built_in = {"builtIn": 1, "name": "Annotations & Alerts",
                "type": "dashboard", "enable": True, "hide": True,
                "iconColor": "rgba(0, 211, 255, 1)",
                "datasource": {"type": "grafana", "uid": "-- Grafana --"}}
    return {
        "id": None, "uid": uid, "title": title, "description": about,
        "tags": [TAG, "redis", "celery"], "schemaVersion": 39, "version": 1,
        "editable": False, "graphTooltip": 1, "timezone": "browser",
        "refresh": "30s", "time": {"from": "now-6h", "to": "now"},
        "timepicker": {}, "weekStart": "", "fiscalYearStartMonth": 0,
        "liveNow": False, "preload": False,
        "links": [
            {"type": "dashboards", "title": "Sentinel and Celery",
             "tags": [TAG], "asDropdown": True, "includeVars": True,
             "keepTime": True, "targetBlank": False, "icon": "external link",
             "tooltip": "", "url": ""},
            {"type": "link", "title": "Runbooks", "url": project.RUNBOOKS,
             "icon": "doc", "tags": [], "asDropdown": False,
             "includeVars": False, "keepTime": False, "targetBlank": True,
             "tooltip": "What each alert means and what to do"}],
        "templating": {"list": variables(*templates)},
        "annotations": {"list": [built_in, *annotations]},
        "panels": place(rows)}


def text(dashboard):
    return json.dumps(dashboard, indent=1, ensure_ascii=False) + "\n"

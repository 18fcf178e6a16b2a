"""Just enough of PromQL's grammar to see which series a query selects."""

import re

_TOKEN = re.compile(r"""
    (?P<string> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )
  | (?P<range> \[ [^\]]* \] )
  | (?P<name> [A-Za-z_:][\w:]* )
  | (?P<variable> \$\w+ )
  | (?P<number> [\d.]+(?:e[+-]?\d+)?[a-z]* )
  | (?P<other> \S )
""", re.X)
_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_WORDS = {"and", "or", "unless", "bool", "offset"} | _LISTS


class Selector:
    """One metric in a query: its name, matchers, range and function."""

    def __init__(self, name, matchers, window, function):
        self.name = name
        self.matchers = matchers        # {label: (operator, value)}
        self.window = window            # text of [...], or None
        self.function = function        # the function right around it


def _matchers(text):
    return {label: (operator, value) for label, operator, value in
            re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"', text)}


def selectors(query):
    """Every Selector of a query, from left to right."""
    tokens = [(m.lastgroup, m[0], m.start(), m.end())
              for m in _TOKEN.finditer(query)]
    found, i, functions = [], 0, []
    while i < len(tokens):
        kind, text, _, end = tokens[i]
        after = tokens[i + 1][1] if i + 1 < len(tokens) else ""
        if kind == "name" and text in _LISTS and after == "(":
            while tokens[i][1] != ")":
                i += 1
        elif kind == "name" and after in ("by", "without"):
            pass                        # max by (...) (...)
        elif kind == "name" and after == "(":
            functions.append(text)
            i += 1
        elif text == "(":
            functions.append("")
        elif text == ")":
            functions.pop()
        elif kind == "name" and text not in _WORDS:
            matchers = ""
            if after == "{":
                close = query.index("}", end)
                matchers = query[end:close]
                while tokens[i][2] < close:
                    i += 1
            following = tokens[i + 1] if i + 1 < len(tokens) else ("", "")
            window = following[1] if following[0] == "range" else None
            found.append(Selector(text, _matchers(matchers), window,
                                  functions[-1] if functions else ""))
        i += 1
    return found


def metrics(query):
    return {selector.name for selector in selectors(query)}


def filled(query, step="15s", rate_interval="1m", whole="6h", chosen=".+"):
    """A dashboard's query with its variables filled in."""
    for name, value in (("__rate_interval", rate_interval),
                        ("__interval", step), ("__range", whole)):
        query = query.replace("${%s}" % name, value).replace(
            "$" + name, value)
    return re.sub(r"\$\{?\w+(:\w+)?\}?", chosen, query)

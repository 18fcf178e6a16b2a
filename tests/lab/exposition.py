"""A strict reader of the text exposition format 0.0.4.

Stricter than the format, as a check on our own output: every sample stands
in the family that was announced last with TYPE and HELP, no family and no
series comes twice, no timestamps, no NaN, and histograms add up.
"""

import math
import re
from collections import namedtuple

Sample = namedtuple("Sample", "name labels value")
Family = namedtuple("Family", "name type help")

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_COMMENT = re.compile(r"# (HELP|TYPE) (%s) (.*)" % _NAME)
_SAMPLE = re.compile(r"(%s)(?:\{(.*)\})? (\S+)" % _NAME)
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
_TYPES = ("counter", "gauge", "histogram", "summary", "untyped")
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"),
             "summary": ("", "_sum", "_count")}


class ExpositionError(AssertionError):
    pass


def unescape(text):
    return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), text)


def parse_labels(text, line):
    labels, at = {}, 0
    while at < len(text):
        match = _LABEL.match(text, at)
        if match is None or match[1] in labels:
            raise ExpositionError("bad labels: " + line)
        labels[match[1]] = unescape(match[2])
        at = match.end()
        if at < len(text):
            if text[at] != "," or at + 1 == len(text):
                raise ExpositionError("bad labels: " + line)
            at += 1
    return labels


class Exposition:
    """One scrape: samples in order, families by name."""

    def __init__(self, text):
        self.text = text
        self.samples = []
        self.families = {}
        self._family = None
        self._pending = {}
        self._seen = set()
        if text and not text.endswith("\n"):
            raise ExpositionError("no newline at the end")
        for line in text.split("\n")[:-1]:
            self._line(line)
        if self._pending:
            raise ExpositionError("HELP or TYPE alone: %r" % self._pending)
        self._check_histograms()

    def _line(self, line):
        if line.startswith("#"):
            self._comment(line)
            return
        match = _SAMPLE.fullmatch(line)
        if match is None:
            raise ExpositionError("not a sample: " + line)
        self._sample(match, line)

    def _comment(self, line):
        match = _COMMENT.fullmatch(line)
        if match is None:
            raise ExpositionError("not HELP or TYPE: " + line)
        kind, name, text = match.groups()
        if name in self.families or kind in self._pending \
                or self._pending.get("name", name) != name:
            raise ExpositionError("out of place: " + line)
        self._pending.update({"name": name, kind: text})
        if "HELP" in self._pending and "TYPE" in self._pending:
            family = Family(name, self._pending["TYPE"],
                            unescape(self._pending["HELP"]))
            if family.type not in _TYPES:
                raise ExpositionError("unknown type: " + line)
            if family.type == "counter" and not name.endswith("_total"):
                raise ExpositionError("counter without _total: " + name)
            self.families[name] = self._family = family
            self._pending = {}

    def _sample(self, match, line):
        family = self._family
        if self._pending or family is None or match[1] not in [
                family.name + suffix
                for suffix in _SUFFIXES.get(family.type, ("",))]:
            raise ExpositionError("not in the family announced: " + line)
        labels = parse_labels(match[2] or "", line)
        try:
            value = float(match[3].replace("Inf", "inf"))
        except ValueError:
            raise ExpositionError("bad value: " + line) from None
        if math.isnan(value):
            raise ExpositionError("NaN: " + line)
        if family.type == "counter" and value < 0:
            raise ExpositionError("negative counter: " + line)
        identity = (match[1], frozenset(labels.items()))
        if identity in self._seen:
            raise ExpositionError("twice: " + line)
        self._seen.add(identity)
        self.samples.append(Sample(match[1], labels, value))

    def _check_histograms(self):
        for family in self.families.values():
            if family.type != "histogram":
                continue
            buckets = {}
            for labels, value in self.series(family.name + "_bucket"):
                rest = {k: v for k, v in labels.items() if k != "le"}
                buckets.setdefault(frozenset(rest.items()), []).append(
                    (float(labels["le"].replace("Inf", "inf")), value))
            for rest, points in buckets.items():
                counts = [count for _, count in points]
                if points != sorted(points) or counts != sorted(counts) \
                        or points[-1][0] != math.inf \
                        or counts[-1] != self.value(family.name + "_count",
                                                    **dict(rest)):
                    raise ExpositionError("bad histogram: " + family.name)

    def series(self, name, **labels):
        """[(labels, value)] of the series that carry these labels."""
        wanted = {key: str(value) for key, value in labels.items()}
        return [(s.labels, s.value) for s in self.samples
                if s.name == name and wanted.items() <= s.labels.items()]

    def values(self, name, **labels):
        return [value for _, value in self.series(name, **labels)]

    def value(self, name, **labels):
        """The value of the only series that carries these labels."""
        found = self.series(name, **labels)
        if len(found) != 1:
            raise AssertionError("%d series match %s%r:\n%s" % (
                len(found), name, labels, "\n".join(
                    line for line in self.text.split("\n")
                    if line.startswith(name))))
        return found[0][1]

    def get(self, name, default=None, **labels):
        """Like value(), but default where there is no such series."""
        found = self.series(name, **labels)
        return self.value(name, **labels) if found else default

    def by(self, label, name, **labels):
        """{value of that label: value}."""
        return {found[label]: value
                for found, value in self.series(name, **labels)}

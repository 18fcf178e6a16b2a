"""A little of JSON Schema: as much as the project's own schemas use."""

import json
import os
import re

from tests.lab.process import ROOT

_TYPES = {"object": dict, "array": list, "string": str,
          "number": (int, float), "integer": int, "boolean": bool}
_KNOWN = {"$schema", "$defs", "$ref", "title", "description", "type",
          "required", "properties", "additionalProperties", "items",
          "maxItems", "const", "enum", "pattern", "minimum"}


class SchemaError(AssertionError):
    pass


def load(name):
    """deploy/schema/<name>.json"""
    path = os.path.join(ROOT, "deploy", "schema", name + ".json")
    with open(path, encoding="utf-8") as schema:
        return json.load(schema)


def check(value, schema, root=None, where="$"):
    """Raise a SchemaError that names the place."""
    root = root or schema
    unknown = set(schema) - _KNOWN
    assert not unknown, "the schema says %s, which is not known here" % unknown

    def demand(true, message):
        if not true:
            raise SchemaError("%s: %s: %.200r" % (where, message, value))

    if "$ref" in schema:
        check(value, root["$defs"][schema["$ref"].split("/")[-1]], root,
              where)
    if "type" in schema:
        demand(isinstance(value, _TYPES[schema["type"]])
               and (schema["type"] == "boolean"
                    or not isinstance(value, bool)),
               "is no " + schema["type"])
    if "const" in schema:
        demand(value == schema["const"], "is not %r" % schema["const"])
    if "enum" in schema:
        demand(value in schema["enum"], "is none of %r" % schema["enum"])
    if "pattern" in schema:
        demand(re.search(schema["pattern"], value), "does not match")
    if "minimum" in schema:
        demand(value >= schema["minimum"], "is too small")
    if "maxItems" in schema:
        demand(len(value) <= schema["maxItems"], "is too long")
    for name in schema.get("required", ()):
        demand(name in value, "lacks " + name)
    properties = schema.get("properties", {})
    if schema.get("additionalProperties") is False:
        demand(set(value) <= set(properties), "has more than it may")
    for name, part in properties.items():
        if name in value:
            check(value[name], part, root, "%s.%s" % (where, name))
    if "items" in schema:
        for number, item in enumerate(value):
            check(item, schema["items"], root, "%s[%d]" % (where, number))

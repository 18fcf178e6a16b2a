"""Man page, shell completions and JSON schema, made from --help-json."""

import json
import textwrap

PROGRAM = "sentinel-exporter"


def flag_options(table):
    return [o for o in table["options"] if o["flag"]]


# -- man page ----------------------------------------------------------------


def roff(text):
    """Plain text as mdoc wants it: nothing that roff would read as its own."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def sentences(text):
    """A sentence begins a line, as mdoc wants it; no line is long."""
    lines = [line for s in text.replace(". ", ".\n").split("\n")
             for line in textwrap.wrap(s, 72, break_on_hyphens=False)]
    return "\n".join(map(roff, lines))


def man_item(option):
    lines = []
    if not option["flag"]:
        lines.append(".It Ev %s" % option["env"][0])
    elif option["kind"] == "bool":
        lines.append(".It Fl Fl %s , Fl Fl no-%s" % (
            option["name"], option["name"]))
    elif option["kind"] == "command":
        lines.append(".It Fl Fl %s" % option["name"])
    else:
        lines.append(".It Fl Fl %s Ns = Ns Ar %s%s" % (
            option["name"], option["value"],
            " ..." if option["kind"] == "list" else ""))
    if option.get("commands"):
        lines.append("For the commands %s only." % ", ".join(
            option["commands"]))
    lines.append(sentences(option["help"]))
    if option["kind"] == "command":
        return lines
    default = option.get("default_in_words", option.get("default", "none"))
    lines.append(sentences("Default: %s." % default))
    if option["flag"] and option.get("env"):
        lines.append("Environment:")
        names = option["env"]
        lines += [".Ev %s%s" % (n, " ," if n is not names[-1] else " .")
                  for n in names]
    return lines


def man(table):
    lines = [
        '.\\" Made by "make docs" from the option table: do not edit.',
        ".Dd $Mdocdate$",
        ".Dt SENTINEL-EXPORTER 8",
        ".Os",
        ".Sh NAME",
        ".Nm sentinel-exporter",
        ".Nd Prometheus exporter for Redis Sentinel and Celery",
        ".Sh SYNOPSIS",
        ".Nm",
        ".Op Ar command",
        ".Op Ar flags",
        ".Sh DESCRIPTION",
        ".Nm",
        "watches every sentinel and every data node of Redis Sentinel",
        "deployments, and the Celery queues in them, and serves what it sees",
        "to Prometheus.",
        "It only reads.",
        ".Pp",
        "The commands are:",
        ".Bl -tag -width healthcheck",
    ]
    for command in table["commands"]:
        lines += [".It Cm " + command["word"], sentences(command["help"])]
    lines += [
        ".El",
        ".Pp",
        "Each flag has an environment variable, and a key in the",
        "configuration file.",
        "A flag wins over the environment, that over the file, that over the",
        "default.",
        "Flags that can be given several times are lists: commas part them in",
        "the environment.",
        "A password is never a flag, as arguments show in process lists.",
    ]
    section = None
    for option in table["options"]:
        if option["section"] != section:
            if section is not None:
                lines.append(".El")
            section = option["section"]
            lines += [".Ss " + section, ".Bl -tag -width Ds"]
        lines += man_item(option)
    lines += [
        ".El",
        ".Sh CONFIGURATION FILE",
        "YAML without anchors, aliases and tags.",
        "Its keys are the names of the flags, with sections for the dots:",
        ".Bd -literal -offset indent",
        "sentinel:",
        "  addr: [10.0.0.1:26379, 10.0.0.2:26379]",
        "redis:",
        "  password: {file: /run/secrets/redis}",
        "poll:",
        "  interval: 10s",
        ".Ed",
        ".Pp",
        "A list",
        ".Sy groups",
        "describes several sets of sentinels, each with a",
        ".Sy name ,",
        "which is the label",
        ".Sy group",
        "of its metrics; what stands at the top of the file holds for all of",
        "them.",
        "A list",
        ".Sy brokers",
        "below",
        ".Sy celery",
        "describes several brokers of one set of sentinels, each with its own",
        ".Sy master\\-name .",
        ".Pp",
        "A password, a broker URL and Celery's options may be given as",
        ".Sy {file: PATH}",
        "or",
        ".Sy {env: NAME} ;",
        "written out, they want a file that not every user may read.",
        ".Sh SIGNALS",
        ".Bl -tag -width SIGTERM",
        ".It Dv SIGTERM , Dv SIGINT",
        "Stop.",
        ".It Dv SIGHUP",
        "Load the configuration again: all of it or nothing.",
        ".El",
        ".Sh EXIT STATUS",
        "0 on success, 1 when",
        ".Fl Fl config.check",
        "or",
        ".Fl Fl healthcheck",
        "fails or",
        ".Cm doctor",
        "finds something, 2 when the configuration is wrong or no sentinel",
        "answers.",
        ".Sh EXAMPLES",
        "Print what a configuration comes to, without its secrets:",
        ".Pp",
        ".Dl $ sentinel\\-exporter \\-\\-config.check "
        "\\-\\-config.file=/etc/sentinel\\-exporter.yml",
        ".Pp",
        "Poll once and print the metrics:",
        ".Pp",
        ".Dl $ sentinel\\-exporter \\-\\-once "
        "\\-\\-sentinel.addr=10.0.0.1:26379",
        ".Sh SEE ALSO",
        ".Xr redis-sentinel 1 ,",
        ".Xr redis-server 1",
    ]
    return "\n".join(lines) + "\n"


# -- completions -------------------------------------------------------------


def words_of(option):
    """What follows the flag, as words to choose from; None: anything."""
    return option.get("words") or None


def takes_file(option):
    return option.get("value") == "FILE"


def bash(table):
    flags, files, cases = [], [], []
    for o in flag_options(table):
        if o["kind"] in ("bool", "command"):
            flags.append("--" + o["name"])
            if o["kind"] == "bool":
                flags.append("--no-" + o["name"])
            continue
        flags.append("--%s=" % o["name"])
        if takes_file(o):
            files.append("--" + o["name"])
        elif words_of(o):
            cases.append("\t--%s)\n\t\tmapfile -t COMPREPLY < <(compgen -W "
                         "'%s' -- \"$word\")\n\t\treturn ;;" % (
                             o["name"], " ".join(words_of(o))))
    return """# Made by "make docs" from the option table: do not edit.
# shellcheck shell=bash

_sentinel_exporter()
{
	local word flag
	word=${COMP_WORDS[COMP_CWORD]}
	flag=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $flag == = ]]; then
		flag=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $word == = ]]; then
		word=
	fi
	case $flag in
%s
	%s)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		compopt -o filenames
		return ;;
	esac
	if [[ $COMP_CWORD == 1 && $word != -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '%s' -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W '
		%s' -- "$word")
	[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}

complete -F _sentinel_exporter sentinel-exporter
""" % ("\n".join(cases), " | ".join(files),
       " ".join(c["word"] for c in table["commands"]), "\n\t\t".join(flags))


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh_text(text):
    for special in "\\[]:":
        text = text.replace(special, "\\" + special)
    return text


def zsh(table):
    lines = []
    for o in flag_options(table):
        text = zsh_text(o["help"])
        many = "*" if o["kind"] == "list" else ""
        if o["kind"] in ("bool", "command"):
            lines.append(quoted("%s--%s[%s]" % (many, o["name"], text)))
            if o["kind"] == "bool":
                lines.append(quoted("--no-%s[Not: %s]" % (o["name"], text)))
            continue
        action = ("_files" if takes_file(o) else
                  "(%s)" % " ".join(words_of(o)) if words_of(o) else " ")
        lines.append(quoted("%s--%s=[%s]:%s:%s" % (
            many, o["name"], text, o["value"], action)))
    commands = " ".join(c["word"] for c in table["commands"])
    return """#compdef sentinel-exporter
# Made by "make docs" from the option table: do not edit.

_arguments \\
\t%s \\
\t'1:command:(%s)'
""" % (" \\\n\t".join(lines), commands)


def fish(table):
    lines = ['# Made by "make docs" from the option table: do not edit.',
             "complete -c %s -f" % PROGRAM]
    for c in table["commands"]:
        lines.append("complete -c %s -n __fish_use_subcommand -a %s -d %s" % (
            PROGRAM, c["word"], quoted(c["help"])))
    for o in flag_options(table):
        line = "complete -c %s -l %s -d %s" % (
            PROGRAM, o["name"], quoted(o["help"]))
        if o["kind"] not in ("bool", "command"):
            line += " -r"
            if takes_file(o):
                line += " -F"
            elif words_of(o):
                line += " -a " + quoted(" ".join(words_of(o)))
        lines.append(line)
        if o["kind"] == "bool":
            lines.append("complete -c %s -l no-%s -d %s" % (
                PROGRAM, o["name"], quoted("Not: " + o["help"])))
    return "\n".join(lines) + "\n"


# -- JSON schema of the configuration file -----------------------------------

REFERENCE = {"$ref": "#/$defs/reference"}


def value_schema(option):
    kind = option["kind"]
    if kind == "bool":
        return {"type": "boolean"}
    if kind == "int":
        return {"type": "integer", "minimum": option["min"],
                "maximum": option["max"]}
    if kind == "duration":
        return {"$ref": "#/$defs/duration"}
    if kind == "word":
        return {"enum": option["words"]}
    if kind == "list":
        return {"$ref": "#/$defs/list"}
    if kind == "json":
        return {"anyOf": [{"type": "string"}, {"type": "object"}]}
    if option["secret"]:
        return {"anyOf": [{"$ref": "#/$defs/text"}, REFERENCE]}
    return {"$ref": "#/$defs/text"}


def put_key(properties, option):
    *sections, key = option["name"].split(".")
    for section in sections:
        properties = properties.setdefault(section, {
            "type": "object", "additionalProperties": False,
            "properties": {}})["properties"]
    default = option.get("default_in_words", option.get("default"))
    properties[key] = {
        "description": option["help"] + (
            " Default: %s." % default if default else ""),
        **value_schema(option)}


def schema(table):
    scopes = {"process": 0, "each-group": 1, "group": 1, "broker": 2}
    keys = [o for o in table["options"] if "scope" in o]
    top, group, broker = {}, {}, {}
    for o in keys:
        put_key(top, o)
        if scopes[o["scope"]] >= 1:
            put_key(group, o)
        if scopes[o["scope"]] >= 2:
            put_key(broker, o)
    brokers = {"type": "array", "maxItems": 100,
               "description": "Several brokers of one set of sentinels, each "
                              "with its own master-name.",
               "items": {"$ref": "#/$defs/broker"}}
    top["celery"]["properties"]["brokers"] = brokers
    group["celery"]["properties"]["brokers"] = brokers
    top["groups"] = {
        "type": "array", "minItems": 1, "maxItems": 1000,
        "description": "Several sets of sentinels; what stands at the top of "
                       "the file holds for all of them.",
        "items": {"$ref": "#/$defs/group"}}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration file of sentinel-exporter",
        "description": "Made by \"make docs\" from the option table.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": top,
        "$defs": {
            "text": {"type": ["string", "number", "boolean"]},
            "list": {"anyOf": [
                {"$ref": "#/$defs/text"},
                {"type": "array", "maxItems": 1000,
                 "items": {"$ref": "#/$defs/text"}}]},
            "duration": {"type": "string",
                         "pattern": "^([0-9]+(ms|s|m|h|d|w|y))+$"},
            "reference": {
                "type": "object", "minProperties": 1, "maxProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string",
                             "description": "A file that holds the value."},
                    "env": {"type": "string",
                            "description": "A variable that holds it."}}},
            "broker": {"type": "object", "additionalProperties": False,
                       "properties": broker["celery"]["properties"]},
            "group": {
                "type": "object", "additionalProperties": False,
                "required": ["name"],
                "properties": {"name": {
                    "type": "string", "minLength": 1, "maxLength": 64,
                    "description": "The label \"group\" of its metrics."},
                    **group}}}}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


FILES = {
    "deploy/man/sentinel-exporter.8": man,
    "deploy/completions/sentinel-exporter.bash": bash,
    "deploy/completions/_sentinel-exporter": zsh,
    "deploy/completions/sentinel-exporter.fish": fish,
    "deploy/schema/config.json": schema,
}

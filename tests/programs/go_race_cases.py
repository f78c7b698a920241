#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: go_race_cases.py            write docs/go_race_cases.md
          go_race_cases.py --check    is it right?

The cases of Go's race detector (go_race_cases.csv: file, name, verdict, what it does) beside ours of the same names
(testprograms/cases/go/*.cpp), which the tests cases.go.* run. --check: every case of Go's is one of ours with its
verdict, or left out with a reason (testprograms/cases/go/left_out.csv); no name is there twice or unknown; at least
350 are ours; and the page fits."""
import argparse
import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASES = ROOT / "testprograms" / "cases" / "go"
PAGE = ROOT / "docs" / "go_race_cases.md"
ENOUGH = 350


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def ours():
    """name -> [(verdict, file, line)]"""
    found = {}
    for path in sorted(CASES.glob("*.cpp")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if case := re.match(r"(NO_)?RACE\((\w+)", line):
                found.setdefault(case[2], []).append(("no race" if case[1] else "race", path.name, number))
    return found


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;").replace("*", "\\*")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    theirs, mine = rows(HERE / "go_race_cases.csv"), ours()
    reasons = {row["name"]: row["reason"] for row in rows(CASES / "left_out.csv")}
    complaints, table, count = [], [], 0
    for row in theirs:
        name, wanted = row["name"], row["verdict"].split(" (")[0]
        if name in mine:
            verdict, file, line = mine[name][0]
            count += 1
            if len(mine[name]) > 1:
                complaints.append(f"{name} is there {len(mine[name])} times")
            if verdict != wanted:
                complaints.append(f"{file}:{line}: {name} is '{verdict}', Go's is '{wanted}'")
            said = f"{verdict} ([{file}](../testprograms/cases/go/{file}#L{line}))"
        elif reasons.get(name):
            said = f"left out: {cell(reasons[name])}"
        else:
            complaints.append(f"{name} is neither a case nor left out")
            said = "**missing**"
        table.append(f"| {row['file']} | {name} | {cell(row['pattern'])} | {row['verdict']} | {said} |")
    known = {row["name"] for row in theirs}
    complaints += [f"{name} is no case of Go's" for name in mine.keys() - known]
    complaints += [f"left_out.csv: {name} is a case" for name in reasons.keys() & mine.keys()]
    if count < ENOUGH:
        complaints.append(f"{count} cases, of at least {ENOUGH}")
    page = "\n".join([
        "# The cases of Go's race detector",
        "",
        "What the tests of `go test -race` itself check (Go 1.26, `src/runtime/race/testdata`), each written in C++ with the",
        "closest counterpart of what it is about: slices as vectors and spans, maps as `unordered_map`, interfaces as variants,",
        "functions and virtual classes. `ctest -R cases.go` runs each under seeds and on all processors, and compares verdict,",
        "stacks and lines. Written by `tests/programs/go_race_cases.py`, not by hand.",
        "",
        f"{len(theirs)} cases: {count} are ours with Go's verdict, {len(reasons)} are left out.",
        "",
        "| Go's file | case | what it does | Go | here |",
        "|---|---|---|---|---|",
        *table]) + "\n"
    if options.check:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            complaints.append("docs/go_race_cases.md does not fit: tests/programs/go_race_cases.py writes it")
    else:
        PAGE.write_text(page, encoding="utf-8")
    print(*complaints, sep="\n", end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: goker.py --snag SNAG --cache DIRECTORY [--detector race|deadlock] [--compiler g++] [--seeds N] [--all]
                [--fixed N] [--shard I/N] [--column FILE] [KERNEL…]

Runs GoKer's kernels (testprograms/goker) under the seeds 1 to N, each until the bug was reported as its comments
say. A run in which it was not must be silent. Every kernel's repaired twin runs under --fixed seeds, in silence.
  blocking     with its shape, and exactly the marked goroutines, each at its line
  nonblocking  as a race or a misuse that names the object, between marked lines; or by the panic
--all: every seed is run, and how many reported it is compared with the column snag100 of kernels.csv.
--column FILE: that number is written there instead, for table.py --set snag100 FILE (with --all).
The status is 1 if a kernel or twin is not as it should be.
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import re
import subprocess
import sys

KERNELS = pathlib.Path(__file__).resolve().parents[2] / "testprograms" / "goker"
FATAL = 2  # the exit status when everybody is asleep, and of a panic
FINDINGS = 66


class Run:
    def __init__(self, program, seed):
        log = program.with_suffix(f".{os.getpid()}.json")
        log.unlink(missing_ok=True)
        options = f"seed={seed} report_format=json log_path={log}"
        try:
            process = subprocess.run(["timeout", "--signal=KILL", "20", program], capture_output=True, text=True,
                                     env=os.environ | {"SNAG_OPTIONS": options})
            document = json.loads(log.read_text()) if log.exists() else {"findings": []}
        finally:
            log.unlink(missing_ok=True)
        self.status, self.errors = process.returncode, process.stderr
        # (That another run could have stood still may be said of any.)
        self.findings = [f for f in document["findings"] if f["certainty"] == "proved"]

    def is_silent(self):
        return not self.findings and self.status in (0, 1)


class Blocking:
    # A kernel whose goroutine lives on: nobody is dead.
    LIVES_ON = "spin"

    def __init__(self, source):
        self.source = source
        text = source.read_text()
        self.shape = value(text, "shape")
        self.dead = {number: int(mark[0]) for number, mark in marks(text, r"dead (\d+)")}
        self.may_stay_silent = self.shape == self.LIVES_ON

    def dead_lines(self, findings):
        """How many goroutines wait for ever at which line of the file."""
        lines = collections.Counter()
        for finding in findings:
            for wait in finding.get("waits", []):
                lines[line_of(wait["stack"], self.source)] += finding["count"] * (1 + wait["alike"])
        return dict(lines)

    def difference(self, run):
        """Why the run is not the bug as it was described; empty if it is."""
        if any("shape" not in f for f in run.findings):
            return f"also: {[f['rule'] for f in run.findings]}"
        if self.shape not in (f["shape"] for f in run.findings):
            return f"shapes {[f['shape'] for f in run.findings]} instead of {self.shape}"
        if (lines := self.dead_lines(run.findings)) != self.dead:
            return f"dead at {lines} instead of {self.dead}"
        # (Where a clock ticks on beside them, only we can stop it.)
        return "" if run.status in (FATAL, FINDINGS, -9, 137) else f"status {run.status}"


class Nonblocking:
    may_stay_silent = False

    def __init__(self, source):
        self.source = source
        text = source.read_text()
        self.shape = value(text, "shape")
        self.kind = "race" if self.shape == "race" else "misuse"
        self.names = value(text, "race").split()
        self.panic = value(text, "panic")
        self.also = value(text, "also").split()
        self.sides = {number: set(mark) for number, mark in marks(text, r"([12]) ?([12])?")}

    def wrong_side(self, finding):
        lines = [line_of(a["stack"], self.source) for a in finding["accesses"]]
        sides = [self.sides.get(line, set()) for line in lines]
        if len(sides) == 1 and self.panic:  # who came too early has nobody on the other side
            return "" if sides[0] else f"at line {lines[0]}"
        if len(sides) == 2 and ({"1"} <= sides[0] and {"2"} <= sides[1] or {"2"} <= sides[0] and {"1"} <= sides[1]):
            return ""
        return f"between lines {lines}"

    def difference(self, run):
        if self.panic and run.status == FATAL and f"panic: {self.panic}" in run.errors:
            if not run.findings and not self.names:
                return ""
        elif run.status != FINDINGS:
            return f"status {run.status}"
        own = [f for f in run.findings if f["kind"] not in self.also]
        if not own:
            return "nothing was reported"
        for f in own:
            if f["kind"] != self.kind:
                return f"also: {f['rule']}"
            if wrong := self.wrong_side(f):
                return f"{f['rule']} {wrong}"
            told = [f["memory"]["name"], f["message"]] + [at["call"] for at in f["memory"]["allocated_at"]] + [
                text for a in f["accesses"] for text in
                [a["variable"], a["expression"], a["object"], a["through"]] + [at["call"] for at in a["stack"]]]
            if not any(re.search(rf"\b{name}\b", text) for name in self.names for text in told):
                return f"{f['rule']} names none of {self.names}"
        return ""


def value(text, key):
    return next((line.split(": ", 1)[1] for line in text.split("\n") if line.startswith(f"// {key}: ")), "")


def marks(text, form):
    for number, line in enumerate(text.split("\n"), 1):
        if found := re.search(rf"// <- {form}\s*$", line):
            yield number, [word for word in found.groups() if word]


def line_of(stack, source):
    """Of the innermost frame in the kernel's file."""
    return next((f["line"] for f in stack if f["file"].endswith("/" + source.name)), 0)


def build(snag, detector, compiler, source, cache):
    program = cache / source.stem
    if compiler:
        flags = subprocess.run([snag, "flags", detector], capture_output=True, text=True, check=True).stdout
        command = [compiler, "-std=c++20", "-g1", "-O1", "-o", program, source, *flags.split()]
    else:
        command = [snag, "build", detector, "-O1", "-o", program, source]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if built.returncode != 0:
        sys.exit(f"{source.name} cannot be built:\n{built.stderr}")
    return program


def try_kernel(kernel, program, seeds, every):
    reported, problems = [], []
    for seed in range(1, seeds + 1):
        run = Run(program, seed)
        if run.is_silent():
            continue
        if problem := kernel.difference(run):
            problems.append(f"seed {seed}: {problem}")
            continue
        reported.append(seed)
        if not every:
            break
    return reported, problems


def try_twin(program, seeds):
    for seed in range(1, seeds + 1):
        run = Run(program, seed)
        if run.status != 0 or run.findings:
            yield f"twin, seed {seed}: status {run.status}, {[f['rule'] for f in run.findings]} {run.errors[-200:]}"


def recorded():
    with open(KERNELS / "kernels.csv", newline="") as f:
        return {row["id"]: row["snag100"] for row in csv.DictReader(f)}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--snag", required=True, type=pathlib.Path)
    arguments.add_argument("--cache", required=True, type=pathlib.Path)
    arguments.add_argument("--detector", default="race", choices=["race", "deadlock"])
    arguments.add_argument("--compiler", help="one that is given what `snag flags` prints")
    arguments.add_argument("--seeds", type=int, default=100)
    arguments.add_argument("--fixed", type=int, default=5)
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("--shard", default="1/1")
    arguments.add_argument("--column", type=pathlib.Path)
    arguments.add_argument("kernels", nargs="*")
    given = arguments.parse_args()
    shard, shards = map(int, given.shard.split("/"))
    given.cache.mkdir(parents=True, exist_ok=True)
    sources = sorted(f for f in KERNELS.glob("*/*.cpp") if not f.stem.endswith("_fixed"))
    chosen = [f for f in sources if not given.kernels or f.stem in given.kernels][shard - 1::shards]
    compares = given.all and given.seeds == 100 and not given.column
    failed = 0

    def built(source):
        return build(given.snag, "-" + given.detector, given.compiler, source, given.cache)

    for source in chosen:
        kernel = (Blocking if source.parent.name == "blocking" else Nonblocking)(source)
        seeds = given.fixed if kernel.may_stay_silent and not given.all else given.seeds
        reported, problems = try_kernel(kernel, built(source), seeds, given.all)
        if not reported and not kernel.may_stay_silent:
            problems.append("never reported")
        written = recorded()[source.stem]  # empty: not measured yet
        if compares and written and str(len(reported)) != written:
            problems.append(f"reported under {len(reported)} seeds, kernels.csv says {written}")
        if given.column:
            with open(given.column, "a") as column:
                column.write(f"{source.stem},{len(reported)}\n")
        twin = built(source.with_name(source.stem + "_fixed.cpp"))
        problems += try_twin(twin, given.fixed)
        failed += bool(problems)
        said = f"reported under {len(reported)} of {seeds} seeds" if given.all or not reported else \
            f"first reported under seed {reported[0]}"
        print(f"{'FAIL' if problems else 'ok  '} {source.stem:<20} {kernel.shape}: {said}" +
              ("" if problems else f"; twin silent under {given.fixed} seeds"), flush=True)
        for problem in problems[:4]:
            print(f"     {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

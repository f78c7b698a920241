#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: goker.py --snag SNAG --cache DIRECTORY [--seeds N] [--all] [--fixed N] [--shard I/N] [KERNEL…]

Runs GoKer's blocking kernels (testprograms/goker/blocking) under the seeds 1 to N, each until the bug has happened
and was reported as its comments say: with its shape, and exactly the marked goroutines, each at its line. A run
in which it did not happen must be silent. Every kernel's repaired twin runs under --fixed seeds, in silence.
--all: every seed is run, and how many reported it is printed. The status is 1 if a kernel or twin is not as it
should be.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

KERNELS = pathlib.Path(__file__).resolve().parents[2] / "testprograms" / "goker" / "blocking"
STANDSTILL = 2  # the exit status when everybody is asleep
FINDINGS = 66
# A kernel whose goroutine lives on: nobody is dead.
LIVES_ON = "spin"


class Kernel:
    def __init__(self, source):
        self.source = source
        lines = source.read_text().split("\n")
        self.shape = next(line.split(": ", 1)[1] for line in lines if line.startswith("// shape: "))
        marks = ((number, re.search(r"// <- dead (\d+)", line)) for number, line in enumerate(lines, 1))
        self.dead = {number: int(mark.group(1)) for number, mark in marks if mark}


def build(snag, source, cache):
    program = cache / source.stem
    command = [snag, "build", "-race", "-O1", "-o", program, source]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if built.returncode != 0:
        sys.exit(f"{source.name} cannot be built:\n{built.stderr}")
    return program


def run(program, seed):
    """Exit status (negative: stopped by us), and the findings."""
    log = program.with_suffix(f".{os.getpid()}.json")
    log.unlink(missing_ok=True)
    options = f"seed={seed} report_format=json log_path={log}"
    try:
        process = subprocess.run(["timeout", "--signal=KILL", "20", program], capture_output=True, text=True,
                                 env=os.environ | {"SNAG_OPTIONS": options})
        findings = json.loads(log.read_text())["findings"] if log.exists() else []
        return process.returncode, findings, process.stderr
    finally:
        log.unlink(missing_ok=True)


def dead_lines(findings, file):
    """How many goroutines wait for ever at which line of the file."""
    lines = collections.Counter()
    for finding in findings:
        for wait in finding.get("waits", []):
            line = next((f["line"] for f in wait["stack"] if f["file"].endswith("/" + file)), 0)
            lines[line] += finding["count"] * (1 + wait["alike"])
    return dict(lines)


def difference(kernel, status, findings):
    """Why the run is not the bug as it was described; empty if it is."""
    if any("shape" not in f for f in findings):
        return f"also: {[f['rule'] for f in findings]}"
    if kernel.shape not in (f["shape"] for f in findings):
        return f"shapes {[f['shape'] for f in findings]} instead of {kernel.shape}"
    if (lines := dead_lines(findings, kernel.source.name)) != kernel.dead:
        return f"dead at {lines} instead of {kernel.dead}"
    # (Where a clock ticks on beside them, only we can stop it.)
    return "" if status in (STANDSTILL, FINDINGS, -9, 137) else f"status {status}"


def try_kernel(kernel, program, seeds, every):
    reported, problems = [], []
    for seed in range(1, seeds + 1):
        status, findings, _ = run(program, seed)
        # (That another run could have stood still may be said of any.)
        findings = [f for f in findings if f["certainty"] == "proved"]
        if not findings:
            if status not in (0, 1):
                problems.append(f"seed {seed}: status {status}, and nothing was reported")
            continue
        if problem := difference(kernel, status, findings):
            problems.append(f"seed {seed}: {problem}")
            continue
        reported.append(seed)
        if not every:
            break
    return reported, problems


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--snag", required=True, type=pathlib.Path)
    arguments.add_argument("--cache", required=True, type=pathlib.Path)
    arguments.add_argument("--seeds", type=int, default=100)
    arguments.add_argument("--fixed", type=int, default=5)
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("--shard", default="1/1")
    arguments.add_argument("kernels", nargs="*")
    given = arguments.parse_args()
    shard, shards = map(int, given.shard.split("/"))
    given.cache.mkdir(parents=True, exist_ok=True)
    sources = sorted(f for f in KERNELS.glob("*.cpp") if not f.stem.endswith("_fixed"))
    chosen = [f for f in sources if not given.kernels or f.stem in given.kernels][shard - 1::shards]
    failed = 0
    for source in chosen:
        kernel = Kernel(source)
        problems = []
        if kernel.shape == LIVES_ON:
            said = "nobody is dead"
            _, problems = try_kernel(kernel, build(given.snag, source, given.cache), given.fixed, True)
        else:
            reported, problems = try_kernel(kernel, build(given.snag, source, given.cache), given.seeds, given.all)
            said = f"{kernel.shape}: reported under {len(reported)} of {given.seeds} seeds" if given.all else \
                f"{kernel.shape}: first reported under seed {reported[0] if reported else None}"
            if not reported:
                problems.append("never reported")
        twin = build(given.snag, source.with_name(source.stem + "_fixed.cpp"), given.cache)
        for seed in range(1, given.fixed + 1):
            status, findings, errors = run(twin, seed)
            if status != 0 or findings:
                problems.append(f"twin, seed {seed}: status {status}, {[f['rule'] for f in findings]} {errors[-200:]}")
        failed += bool(problems)
        print(f"{'FAIL' if problems else 'ok  '} {source.stem:<20} {said}; twin silent under {given.fixed} seeds"
              if not problems else f"FAIL {source.stem:<20} {said}", flush=True)
        for problem in problems[:4]:
            print(f"     {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

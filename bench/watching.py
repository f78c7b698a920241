#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: watching.py --snag SNAG [--build DIRECTORY] [--filter REGEX] [--repetitions N] [--race]

What watching costs operations that do not wait: builds watching_bench.cpp plain and with -deadlock, and with --race
also so, runs them in turns and prints the medians of processor time, in nanoseconds.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent / "watching_bench.cpp"


def build(snag, flags, program):
    command = [snag, "build", *flags, "-O2", "-o", program, SOURCE, "-lbenchmark"]
    if subprocess.run(command).returncode != 0:
        sys.exit("watching.py: it cannot be built")


def measure(program, pattern):
    """By name, nanoseconds: of processor time, or by the clock where the benchmark says so."""
    command = [program, f"--benchmark_filter={pattern}", "--benchmark_min_time=0.1", "--benchmark_format=json"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {b["name"]: b["real_time" if b["name"].endswith("/real_time") else "cpu_time"]
            for b in json.loads(out)["benchmarks"]}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--snag", required=True, type=pathlib.Path)
    arguments.add_argument("--build", type=pathlib.Path)
    arguments.add_argument("--filter", default=".")
    arguments.add_argument("--repetitions", type=int, default=5)
    arguments.add_argument("--race", action="store_true")
    given = arguments.parse_args()
    folder = given.build or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    ways = {"plain": [], "-deadlock": ["-deadlock"]} | ({"-race": ["-race"]} if given.race else {})
    programs = {way: folder / ("watching" + way.replace("plain", "")) for way in ways}
    for way, flags in ways.items():
        build(given.snag, flags, programs[way])
    seen = {way: {} for way in ways}
    for _ in range(given.repetitions):  # in turns: what else the machine does meets all of them
        for way in ways:
            for name, time in measure(programs[way], given.filter).items():
                seen[way].setdefault(name, []).append(time)
    print(f"{'':<52}" + "".join(f"{way:>12}" for way in ways) + f"{'difference':>12}")
    for name, times in seen["plain"].items():
        medians = {way: statistics.median(seen[way][name]) for way in ways}
        print(f"{name:<52}" + "".join(f"{medians[way]:>12.1f}" for way in ways) +
              f"{medians['-deadlock'] - medians['plain']:>12.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

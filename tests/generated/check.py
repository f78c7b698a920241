#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: check.py [--programs N] [--first SEED] [--jobs N] …

Generates programs, compiles them with the plugin at -O0 and -O2, and there with every check, too, runs each under its schedule behind the naive oracle
and behind the detector's core, and compares what they come to with what their source says. Every difference is
printed with the seed, the program and how it went; the status is then 1.
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

LEVELS = {"-O0": ["-O0"], "-O2": ["-O2"], "-O2-every": ["-O2", "-fplugin-arg-snag-no-opt"]}


def options():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--programs", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--backend", action="append", required=True, help="NAME=ARCHIVE")
    parser.add_argument("--include", required=True, help="where driver.h is")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    return parser.parse_args()


def compile_one(o, source, level):
    target = source.with_name(source.stem + level + ".o")
    command = [o.clang, "-std=c++20", *LEVELS[level], "-fplugin=" + o.plugin, "-fverify-intermediate-code", "-gline-tables-only",
               "-fno-discard-value-names", "-fno-omit-frame-pointer", "-fstack-clash-protection", "-w", "-I" + o.include,
               "-c", source, "-o", target]
    subprocess.run(command, check=True)
    return target


def link(o, objects, archive, program):
    command = [o.clang, *objects, "-Wl,--whole-archive", archive, "-Wl,--no-whole-archive", "-lboost_context", "-ldl",
               "-lpthread", "-Wl,-z,now", "-Wl,--export-dynamic", "-o", program]
    subprocess.run(command, check=True)


def outcomes(text):
    return {int(line.split(":")[0].split()[1]): line for line in text.splitlines() if line.startswith("program ")}


def source_of(sources, seed):
    for path in sources:
        found = re.search(rf"^namespace program_{seed} {{$.*?^GENERATED_PROGRAM.*?$", path.read_text(), re.M | re.S)
        if found:
            return found.group()
    return ""


def main():
    o = options()
    o.work.mkdir(parents=True, exist_ok=True)
    for old in o.work.iterdir():
        old.unlink()
    last = o.first + o.programs - 1
    subprocess.run([o.generator, str(o.first), str(last), o.work], check=True)
    sources = sorted(o.work.glob("*.cpp"))
    expected = outcomes((o.work / "expected").read_text())
    if len(expected) != o.programs:
        sys.exit(f"{len(expected)} programs were generated, not {o.programs}")

    objects = {}
    with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
        for level in LEVELS:
            objects[level] = list(pool.map(lambda source: compile_one(o, source, level), sources))

    wrong = {}  # seed → what was seen
    failed = False
    for level in LEVELS:
        for backend in o.backend:
            name, archive = backend.split("=", 1)
            program = o.work / f"{name}{level}"
            link(o, objects[level], archive, program)
            run = subprocess.run([program], capture_output=True, text=True, timeout=1800)
            seen = outcomes(run.stdout)
            if run.returncode != 0:
                print(f"{name} {level}: status {run.returncode} after {len(seen)} programs\n{run.stderr}")
                failed = True
            different = [seed for seed in expected if seen.get(seed) != expected[seed]]
            for seed in different:
                wrong.setdefault(seed, []).append(f"{name} {level}: {seen.get(seed, 'did not end')}")
            print(f"{name} {level}: {len(seen)} programs, {len(different)} differences", flush=True)

    for seed in sorted(wrong)[:3]:
        print(f"\nseed {seed}\n  by its source: {expected[seed]}")
        for line in wrong[seed]:
            print(f"  {line}")
        print(source_of(sources, seed))
    racy = sum(not line.endswith("racy none") for line in expected.values())
    print(f"{o.programs} programs from seed {o.first}, {racy} with races: {len(wrong)} differ")
    return 1 if wrong or failed else 0


if __name__ == "__main__":
    sys.exit(main())

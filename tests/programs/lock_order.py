#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: lock_order.py --snag PROGRAM --cache DIRECTORY [--part PATH]... [--runs N] [--write FILE] [--no-peer]

The programs of testprograms/lock_order on threads, under Snag and under ThreadSanitizer with its detector of
deadlocks on: a line for each, what is true of it, and in how many of the runs each tool said that it may deadlock. The
status is 1 if Snag was wrong in any run; what ThreadSanitizer says never counts. --write puts the table into
docs/lock_order.md, between its marks.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE.parent.parent / "testprograms" / "lock_order"
CLANG = "clang++-19"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"


def newest(paths):
    return max(p.stat().st_mtime for path in paths for p in ([path] if path.is_file() else path.rglob("*")))


def build(words, program, inputs):
    if program.exists() and program.stat().st_mtime > newest(inputs):
        return
    done = subprocess.run([*map(str, words), "-o", str(program)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"lock_order.py: {' '.join(map(str, words))}:\n{done.stdout}{done.stderr}")


def count(program, runs, settings, warning):
    """In how many runs the warning came; a run that does not end is none."""
    said = 0
    for _ in range(runs):
        done = subprocess.run([str(program)], capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **settings})
        said += warning in done.stderr
    return said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--snag", type=pathlib.Path, required=True, help="the command line to build with")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="folder for built programs")
    parser.add_argument("--part", type=pathlib.Path, action="append", default=[],
                        help="file of the toolchain: its change rebuilds")
    parser.add_argument("--runs", type=int, default=3, help="of each program under each tool")
    parser.add_argument("--write", type=pathlib.Path, help="page that takes the table")
    parser.add_argument("--no-peer", action="store_true", help="without ThreadSanitizer")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    peer = not options.no_peer and shutil.which(CLANG) is not None
    lines = ["| program | can deadlock | Snag says so | ThreadSanitizer says so |", "|---|---|---|---|"]
    wrong, peer_wrong = [], 0
    for source in sorted([*PROGRAMS.glob("*.cpp"), *PROGRAMS.glob("threads/*.cpp")], key=lambda p: p.name):
        can = source.stem.startswith("predicted")
        name = source.stem + ("" if source.parent == PROGRAMS else "_threads")
        ours, theirs = options.cache / f"{name}.snag", options.cache / f"{name}.tsan"
        inputs = [source, PROGRAMS / "beside.h"]
        build([options.snag.resolve(), "build", "-race", "-O2", "-DON_THREADS", source], ours,
              [*inputs, options.snag, *options.part])
        said = count(ours, options.runs, {"SNAG_OPTIONS": ""}, "POSSIBLE DEADLOCK")
        if said != (options.runs if can else 0):
            wrong.append(source.stem)
        words = "–"
        if peer:
            build([CLANG, "-std=c++20", "-O2", "-g1", "-fsanitize=thread", "-DON_THREADS", source], theirs, inputs)
            reported = count(theirs, options.runs,
                             {"TSAN_OPTIONS": "detect_deadlocks=1:second_deadlock_stack=1:atexit_sleep_ms=0"},
                             "lock-order-inversion")
            words = f"{reported} of {options.runs}"
            peer_wrong += reported != (options.runs if can else 0)
        what = re.search(r"\A// SPDX.*\n((?:// (?!verdict|predicted).*\n)+)", source.read_text(encoding="utf-8"))
        text = " ".join(line[3:] for line in what[1].splitlines()).replace("|", "\\|")
        folder = "" if source.parent == PROGRAMS else "threads/"
        lines.append(f"| `{folder}{source.stem}`: {text} | {'yes' if can else 'no'} | {said} of {options.runs} | {words} |")
    table = "\n".join(lines) + "\n"
    print(table)
    print(f"{len(lines) - 2} programs; Snag wrong about {len(wrong)}; ThreadSanitizer "
          + (f"about {peer_wrong}" if peer else "not shown"))
    for name in wrong:
        print("FAIL " + name)
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        head, rest = page.split(BEGIN)
        options.write.write_text(head + BEGIN + table + END + rest.split(END)[1], encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

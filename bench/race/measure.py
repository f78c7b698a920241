#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: measure.py --snag SNAG [--only TEXT] [--rounds N] [--build DIRECTORY] [--no-go] [--write FILE]

What checking costs: builds the rows of this directory as they are, with `snag c++ -race` and with clang's
ThreadSanitizer, at -O2, and runs them in turns, each in a process of its own; the goroutines' with Snag and, written
again in Go, with `go build` and `go build -race`. Prints, for each row, the median time as it is and by how much it
grows, and the largest resident set; then the size of code and the time of compilation. With --write, the part of FILE
between its two marks is replaced by the tables.
"""
import argparse
import dataclasses
import math
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BEGIN, END = "<!-- cost of checking: begin -->", "<!-- cost of checking: end -->"
CLANG = ["clang++-19", "-std=c++20"]


@dataclasses.dataclass
class program:
    """One source, built in one way."""
    source: str
    way: str
    path: pathlib.Path
    compile_seconds: float = 0.0
    text_bytes: int = 0


@dataclasses.dataclass
class measured:
    seconds: list
    peak_kib: int = 0

    def median(self):
        return statistics.median(self.seconds)


def fail(message):
    sys.exit("measure.py: " + message)


def run_checked(command, **more):
    if subprocess.run(command, **more).returncode != 0:
        fail("this failed: " + " ".join(map(str, command)))


def text_size(path):
    """Bytes of code and read-only data of an object file."""
    return int(subprocess.run(["size", path], capture_output=True, text=True, check=True).stdout.splitlines()[1].split()[0])


def build(source, way, compiler, flags, folder):
    out = program(source, way, folder / f"{source}.{way}")
    object_file = out.path.with_suffix(out.path.suffix + ".o")
    compile_it = [*compiler, "-O2", *flags, "-c", HERE / f"{source}.cpp", "-o", object_file]
    times = []
    for _ in range(2):
        begin = time.monotonic()
        run_checked(compile_it)
        times.append(time.monotonic() - begin)
    out.compile_seconds = min(times)
    out.text_bytes = text_size(object_file)
    run_checked([*compiler, "-O2", *flags, object_file, "-o", out.path, "-pthread"])
    return out


def run_row(path, row, rounds, environment):
    """One process; its rounds and its peak."""
    done = subprocess.run([path, row, str(rounds)], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        fail(f"{path} {row!r} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    *seconds, peak = done.stdout.split()
    return measured([float(s) for s in seconds], int(peak))


def measure(programs, rows, repetitions):
    environment = {k: v for k, v in os.environ.items() if k not in ("SNAG_OPTIONS", "TSAN_OPTIONS")}
    seen = {row: {} for row in rows}
    for row in rows:
        for _ in range(repetitions):  # in turns: what else the machine does meets all of them
            for way, path in programs.items():
                got = run_row(path, row, 3, environment)
                known = seen[row].setdefault(way, measured([]))
                known.seconds += got.seconds
                known.peak_kib = max(known.peak_kib, got.peak_kib)
        print(".", end="", file=sys.stderr, flush=True)
    return seen


def rows_of(path, only):
    names = subprocess.run([path], capture_output=True, text=True, check=True).stdout.split("\n")
    return [n for n in names if n and only in n]


def geometric_mean(xs):
    return math.exp(statistics.fmean(math.log(x) for x in xs)) if xs else float("nan")


def mib(kib):
    return f"{kib / 1024:.0f}"


def checked_table(title, seen):
    """Of rows that TSan runs, too."""
    lines = [f"| {title} | as it is, ms | `-race` | TSan | of TSan's | as it is, MiB | `-race` | TSan |",
             "|---|---|---|---|---|---|---|---|"]
    shares = []
    for row, ways in seen.items():
        base = ways["native"].median()
        ours, theirs = ways["race"].median() / base, ways["tsan"].median() / base
        shares.append(ours / theirs)
        lines.append(f"| {row} | {1000 * base:.0f} | {ours:.1f}× | {theirs:.1f}× | {ours / theirs:.2f} | "
                     f"{mib(ways['native'].peak_kib)} | {mib(ways['race'].peak_kib)} | {mib(ways['tsan'].peak_kib)} |")
    lines.append(f"| geometric mean | | | | **{geometric_mean(shares):.2f}** | | | |")
    return lines


def go_table(seen, peers):
    lines = ["| goroutines | Snag, ms | `-race` | Go, ms | `go build -race` | of Go's |", "|---|---|---|---|---|---|"]
    shares = []
    for row, ways in seen.items():
        base, ours = ways["native"].median(), ways["race"].median() / ways["native"].median()
        if not peers:
            lines.append(f"| {row} | {1000 * base:.0f} | {ours:.1f}× | | | |")
            continue
        go = peers[row]["go"].median()
        theirs = peers[row]["go-race"].median() / go
        shares.append(ours / theirs)
        lines.append(f"| {row} | {1000 * base:.0f} | {ours:.1f}× | {1000 * go:.0f} | {theirs:.1f}× | "
                     f"{ours / theirs:.2f} |")
    if shares:
        lines.append(f"| geometric mean | | | | | **{geometric_mean(shares):.2f}** |")
    return lines


def built_table(programs):
    lines = ["| source | code as it is, KiB | `-race` | TSan | compiled in, s | `-race` | TSan |", "|---|---|---|---|---|---|---|"]
    for source, ways in programs.items():
        native, race, tsan = ways["native"], ways["race"], ways.get("tsan")
        lines.append(
            f"| {source}.cpp | {native.text_bytes // 1024} | {race.text_bytes / native.text_bytes:.1f}× | "
            + (f"{tsan.text_bytes / native.text_bytes:.1f}×" if tsan else "") + f" | {native.compile_seconds:.1f} | "
            + f"{race.compile_seconds / native.compile_seconds:.2f}× | "
            + (f"{tsan.compile_seconds / native.compile_seconds:.2f}×" if tsan else "") + " |")
    return lines


def processor():
    with open("/proc/cpuinfo") as f:
        return re.search(r"model name\s*: (.*)", f.read()).group(1)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--snag", required=True, type=pathlib.Path)
    arguments.add_argument("--only", default="", help="rows whose name contains this")
    arguments.add_argument("--rounds", type=int, default=5, help="processes a row and way; three timings each")
    arguments.add_argument("--build", type=pathlib.Path)
    arguments.add_argument("--no-go", action="store_true", help="without the peers in Go")
    arguments.add_argument("--write", type=pathlib.Path)
    given = arguments.parse_args()
    folder = given.build or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    snag = [given.snag, "c++", "-std=c++20"]
    ways = {"native": (CLANG, []), "race": (snag, ["-race"]), "tsan": (CLANG, ["-fsanitize=thread"])}
    programs = {}
    for source in ("one_thread", "two_threads"):
        programs[source] = {way: build(source, way, c, flags, folder) for way, (c, flags) in ways.items()}
    programs["goroutines"] = {"native": build("goroutines", "native", snag, [], folder),
                              "race": build("goroutines", "race", snag, ["-race"], folder)}
    paths = {source: {way: p.path for way, p in ways.items()} for source, ways in programs.items()}

    def seen(source):
        return measure(paths[source], rows_of(paths[source]["native"], given.only), given.rounds)

    tables = []
    for source, title in (("one_thread", "one busy thread"), ("two_threads", "two threads")):
        if rows := seen(source):
            tables += checked_table(title, rows) + [""]
    if rows := seen("goroutines"):
        peers = {}
        if shutil.which("go") and not given.no_go:
            go = {"go": folder / "go", "go-race": folder / "go-race"}
            run_checked(["go", "build", "-o", go["go"], "."], cwd=HERE / "go")
            run_checked(["go", "build", "-race", "-o", go["go-race"], "."], cwd=HERE / "go", env=os.environ | {"CGO_ENABLED": "1"})
            peers = measure(go, list(rows), given.rounds)
        tables += go_table(rows, peers) + [""]
    tables += built_table(programs)
    print(file=sys.stderr)
    text = (f"Medians of {3 * given.rounds} timings in {given.rounds} processes a row and way; {os.cpu_count()} CPUs "
            f"({processor()}), Linux {platform.release()}. A thread or goroutine that has synchronised with nobody is "
            "parked all the while. MiB: the largest resident set.\n\n" + "\n".join(tables) + "\n")
    print(text)
    if given.write:
        page = given.write.read_text()
        if BEGIN not in page or END not in page:
            fail(f"{given.write} has no place for the tables: the lines {BEGIN} and {END}")
        before, rest = page.split(BEGIN, 1)
        given.write.write_text(before + BEGIN + "\n" + text + END + rest.split(END, 1)[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())

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
import os
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import page  # noqa: E402  (bench/page.py)
from ways import build, checked_cells, compilers, geometric_mean, measure, rows_of, run_checked, slowdowns  # noqa: E402

BEGIN, END = "<!-- cost of checking: begin -->", "<!-- cost of checking: end -->"


def checked_table(title, seen):
    """Of rows that TSan runs, too."""
    lines = [f"| {title} | as it is, ms | `-race` | TSan | of TSan's | as it is, MiB | `-race` | TSan |",
             "|---|---|---|---|---|---|---|---|"]
    for row, ways in seen.items():
        lines.append(f"| {row} | {checked_cells(ways)}")
    shares = [ours / theirs for ours, theirs in map(slowdowns, seen.values())]
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
    ways = compilers(given.snag)
    snag = ways["race"][0]

    def built(source, way, compiler, flags):
        return build(HERE / f"{source}.cpp", way, compiler, flags, folder)

    programs = {}
    for source in ("one_thread", "two_threads"):
        programs[source] = {way: built(source, way, c, flags) for way, (c, flags) in ways.items()}
    programs["goroutines"] = {"native": built("goroutines", "native", snag, []),
                              "race": built("goroutines", "race", snag, ["-race"])}
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
    text = (f"Medians of {3 * given.rounds} timings in {given.rounds} processes a row and way; {page.machine()}. A thread or "
            "goroutine that has synchronised with nobody is parked all the while. MiB: the largest resident set.\n\n"
            + "\n".join(tables) + "\n")
    print(text)
    if given.write:
        page.put_between(given.write, BEGIN, END, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: measure.py --snag PROGRAM --scratch DIRECTORY [--long] [--only NAME]… [--rounds N] [--write FILE] [--plots DIRECTORY]

How the cost of checking grows: builds the rows of this directory at -O2 with and without -race, runs each at each of
its sizes, both builds in turns, and prints a table for each growth. A figure is the median of the rounds. --only names
a growth or a row. --long adds the sizes that take minutes. --write puts each table into FILE, between the growth's
two marker lines; --plots draws a picture of each growth, scale_GROWTH.svg, with gnuplot.
"""
import argparse
import dataclasses
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import page  # noqa: E402  (bench/page.py)


@dataclasses.dataclass(frozen=True)
class Growth:
    title: str
    size: str  # what a size counts
    rows: dict  # name: what an operation is
    sizes: list
    further: list = dataclasses.field(default_factory=list)  # of --long
    of: str = "an operation"
    memory: str = ""  # what the panel of memory shows: "", "MiB", or "per byte" (sizes are MiB then)


POWERS = [10**n for n in range(6)]
GROWTHS = {
    "goroutines": Growth(
        "As goroutines grow", "goroutines, all alive",
        {"one_mutex": "lock, write, unlock, yield",
         "own_work": "100 updates of its own, then the same"},
        POWERS, [1_000_000], memory="MiB"),
    "clocks": Growth(
        "As clocks grow", "others whom the two know of",
        {"clock_mutex": "mutex handed over",
         "clock_channel": "message passed on",
         "clock_atomic": "counter added to"},
        POWERS, [1_000_000], memory="MiB"),
    "memory": Growth(
        "As memory grows", "MiB walked over",
        {"memory_fresh": "update in order, memory is fresh",
         "memory_again": "update in order, once more",
         "memory_known": "update anywhere, on record",
         "memory_random": "update anywhere, not on record"},
        [1, 4, 16, 64, 256], [1024, 4096], of="an update", memory="per byte"),
    "accesses": Growth(
        "As releases become rarer", "updates between two releases",
        {"own_fields": "own object, eight lines",
         "handed_fields": "handed-over object, eight lines",
         "own_array": "own array",
         "handed_array": "handed-over array"},
        [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000], of="an update"),
    "goroutines_ended": Growth(
        "As goroutines come and go", "goroutines, about 100 alive", {"short_goroutines": "made, run, ended"},
        [10_000, 100_000], [1_000_000, 10_000_000, 100_000_000], memory="MiB"),
    "releases": Growth(
        "As a program goes on", "releases", {"releases": "lock, write, unlock"},
        [100_000, 1_000_000], [10_000_000, 100_000_000, 1_000_000_000], memory="MiB"),
}
COLOURS = ["#d62728", "#1f77b4", "#2ca02c", "#9467bd"]
HEAD = ["| row | size | without, ns | with `-race`, ns | × | without, MiB | with `-race`, MiB |", "|---|---|---|---|---|---|---|"]


def markers(growth):
    return f"<!-- scale {growth}: begin -->", f"<!-- scale {growth}: end -->"


def run(program, row, size):
    """The figures of one run, by metric."""
    done = subprocess.run([program, row, str(size)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"measure: {program} {row} {size}: status {done.returncode}: {done.stderr[-2000:]}")
    return {words[1]: float(words[2]) for words in map(str.split, done.stdout.splitlines()) if words[0] == row}


def measured(programs, row, size, rounds):
    """build → metric → the median."""
    runs = [{build: run(program, row, size) for build, program in programs.items()} for _ in range(rounds)]
    return {build: {metric: statistics.median(r[build][metric] for r in runs) for metric in ("ns", "MiB")}
            for build in programs}


def line(row, size, m):
    plain, race = m["plain"], m["race"]
    return (f"| {row} | {size:,} | {plain['ns']:,.1f} | {race['ns']:,.1f} | {race['ns'] / plain['ns']:,.1f} | "
            f"{plain['MiB']:,.0f} | {race['MiB']:,.0f} |")


def panel(growth, points, metric, title, left, right):
    """A plot of one metric over the size: a colour for each row, full with -race, dashed without."""
    per_byte = metric == "MiB" and growth.memory == "per byte"
    blocks, curves = [], []
    for (row, operation), colour in zip(growth.rows.items(), COLOURS):
        if row not in points:
            continue
        values = [[size] + [m[build][metric] / (size if per_byte else 1) for build in ("plain", "race")]
                  for size, m in points[row]]
        blocks.append(f"${row} << END\n" + "\n".join(" ".join(map(str, v)) for v in values) + "\nEND")
        look = f'linespoints lc rgb "{colour}" ps 0.5'
        named = f'title "{operation}"' if metric == "ns" else "notitle"  # the legend stands once
        curves.append(f"${row} using 1:3 with {look} lw 2 pt 7 {named}")
        curves.append(f"${row} using 1:2 with {look} lw 1.5 pt 6 dt 2 notitle")
    if metric == "ns":
        curves += ['NaN with lines lc rgb "black" lw 2 title "with -race"',
                   'NaN with lines lc rgb "black" lw 1.5 dt 2 title "without"']
    return "\n".join([*blocks, f'set title "{title}"', f"set lmargin at screen {left}", f"set rmargin at screen {right}",
                      "unset logscale y\nset yrange [0:*]" if per_byte else "set logscale y",
                      "plot " + ", \\\n     ".join(curves), ""])


def draw(name, growth, points, folder):
    memory = {"MiB": "resident memory, MiB", "per byte": "resident bytes for each byte walked over"}.get(growth.memory)
    time = f"{growth.title}: time for {growth.of}, ns"
    script = f"""set terminal svg size {980 if memory else 640},420 font "sans-serif,12" background "white"
set output "{folder / ('scale_' + name + '.svg')}"
set logscale xy
set format x "%.0s%c"
set format y "%g"
set xlabel "{growth.size}"
set grid xtics ytics lc rgb "#dddddd"
set tmargin at screen 0.9
set bmargin at screen 0.33
set key at screen 0.5, 0.01 center bottom maxrows 3 samplen 3
"""
    if memory:
        script += "set multiplot\n" + panel(growth, points, "ns", time, 0.07, 0.48)
        script += panel(growth, points, "MiB", memory, 0.57, 0.97)
    else:
        script += panel(growth, points, "ns", time, 0.1, 0.96)
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    rows = [row for growth in GROWTHS.values() for row in growth.rows]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--snag", type=pathlib.Path, required=True, help="the command line to build with")
    parser.add_argument("--scratch", type=pathlib.Path, required=True, help="folder for what is built")
    parser.add_argument("--long", action="store_true", help="also the sizes that take minutes")
    parser.add_argument("--only", action="append", choices=list(dict.fromkeys([*GROWTHS, *rows])), metavar="NAME",
                        help="a growth or a row, and again for more of them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=pathlib.Path, help="a file with the marker lines")
    parser.add_argument("--plots", type=pathlib.Path, help="folder for the pictures")
    options = parser.parse_args()
    if options.plots and shutil.which("gnuplot") is None:
        sys.exit("measure: --plots needs gnuplot: apt-get install gnuplot-nox")

    options.scratch.mkdir(parents=True, exist_ok=True)
    programs = {"plain": options.scratch / "scale_plain", "race": options.scratch / "scale_race"}
    for build, program in programs.items():
        race = ["-race"] if build == "race" else []
        subprocess.run([options.snag, "build", *race, "-O2", *sorted(HERE.glob("*.cpp")), "-o", program], check=True)

    rounds = "one round" if options.rounds == 1 else f"medians of {options.rounds} rounds (one from 10^8 on)"
    for name, growth in GROWTHS.items():
        wanted = [row for row in growth.rows if not options.only or name in options.only or row in options.only]
        if not wanted:
            continue
        lines = [f"{page.machine()}; {rounds}.", "", *HEAD]
        print("\n".join(lines), flush=True)
        points = {}
        for row in wanted:
            for size in growth.sizes + (growth.further if options.long else []):
                m = measured(programs, row, size, options.rounds if size < 100_000_000 else 1)
                points.setdefault(row, []).append((size, m))
                lines.append(line(row, size, m))
                print(lines[-1], flush=True)
        print(flush=True)
        if options.plots:
            options.plots.mkdir(parents=True, exist_ok=True)
            draw(name, growth, points, options.plots)
        if options.write:
            page.put_between(options.write, *markers(name), "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: measure.py --snag PROGRAM --scratch DIRECTORY [--long] [--only ROW] [--rounds N] [--write FILE] [--plots DIRECTORY]

How the cost of checking grows: builds scale_rows.cpp at -O2 with and without -race, runs each row at each of its
sizes, both builds in turns, and prints a table. A figure is the median of the rounds. --long adds the sizes that
take minutes. --write puts the table into FILE, between the two marker lines; --plots draws each row's curve
(time for one operation over the size) with gnuplot.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import page  # noqa: E402  (bench/page.py)

SOURCE = HERE / "scale_rows.cpp"
BEGIN, END = "<!-- scale: begin -->", "<!-- scale: end -->"
ROWS = {  # name: (what a figure is for, sizes, further sizes of --long)
    "one_mutex": ("a lock and unlock with a write under it, by that many goroutines that are all alive",
                  [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000], []),
    "short_goroutines": ("one of that many goroutines that nobody waits for, about 100 alive",
                         [10_000, 100_000, 1_000_000], [10_000_000, 100_000_000]),
    "releases": ("one of that many unlocks by two goroutines", [100_000, 1_000_000, 10_000_000],
                 [100_000_000, 1_000_000_000]),
}


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


def draw(row, unit, points, folder):
    data = "\n".join(f"{size} {m['plain']['ns']} {m['race']['ns']}" for size, m in points)
    script = f"""set terminal svg size 640,360 font "sans-serif,11" background "white"
set output "{folder / ('scale_' + row + '.svg')}"
set logscale xy
set format x "10^{{%T}}"
set title "{row}: {unit}"
set xlabel "size"
set ylabel "ns"
set yrange [1:*]
set key left top
set grid ytics
$points << END
{data}
END
plot $points using 1:3 with linespoints lw 2 pt 7 title "with -race", \
     $points using 1:2 with linespoints lw 2 pt 5 title "without"
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--snag", type=pathlib.Path, required=True, help="the command line to build with")
    parser.add_argument("--scratch", type=pathlib.Path, required=True, help="folder for what is built")
    parser.add_argument("--long", action="store_true", help="also the sizes that take minutes")
    parser.add_argument("--only", choices=ROWS, help="one row")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=pathlib.Path, help="a file with the two marker lines")
    parser.add_argument("--plots", type=pathlib.Path, help="folder for the pictures")
    options = parser.parse_args()
    if options.plots and shutil.which("gnuplot") is None:
        sys.exit("measure: --plots needs gnuplot: apt-get install gnuplot-nox")

    options.scratch.mkdir(parents=True, exist_ok=True)
    programs = {"plain": options.scratch / "scale_plain", "race": options.scratch / "scale_race"}
    for build, program in programs.items():
        race = ["-race"] if build == "race" else []
        subprocess.run([options.snag, "build", *race, "-O2", SOURCE, "-o", program], check=True)

    rounds = "one round" if options.rounds == 1 else f"medians of {options.rounds} rounds (one from 10^8 on)"
    lines = [f"{page.machine()}; {rounds}.", ""]
    lines += ["| row | size | without, ns | with `-race`, ns | without, MiB | with `-race`, MiB |", "|---|---|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    for row, (unit, sizes, further) in ROWS.items():
        if options.only not in (None, row):
            continue
        points = []
        for size in sizes + (further if options.long else []):
            m = measured(programs, row, size, options.rounds if size < 100_000_000 else 1)
            points.append((size, m))
            lines.append(f"| {row} | {size:,} | {m['plain']['ns']:,.1f} | {m['race']['ns']:,.1f} | "
                         f"{m['plain']['MiB']:,.0f} | {m['race']['MiB']:,.0f} |")
            print(lines[-1], flush=True)
        if options.plots:
            options.plots.mkdir(parents=True, exist_ok=True)
            draw(row, unit, points, options.plots)
    if options.write:
        page.put_between(options.write, BEGIN, END, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

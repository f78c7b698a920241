# SPDX-License-Identifier: Apache-2.0
"""Programs built in several ways, and their rows (bench/race/rows.h) run in turns: what tables of slowdowns share."""
import dataclasses
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

CLANG = ["clang++-19", "-std=c++20"]
FINDINGS = 66  # the status of a process that reported a race, under Snag and under ThreadSanitizer


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
    reports: set = dataclasses.field(default_factory=set)  # the places that races were reported at

    def median(self):
        return statistics.median(self.seconds)


def fail(message):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {message}")


def run_checked(command, **more):
    if subprocess.run(command, **more).returncode != 0:
        fail("this failed: " + " ".join(map(str, command)))


def compilers(snag):
    """way → (compiler, flags)"""
    return {"native": (CLANG, []), "race": ([snag, "c++", "-std=c++20"], ["-race"]), "tsan": (CLANG, ["-fsanitize=thread"])}


def text_size(path):
    """Bytes of code and read-only data of an object file."""
    return int(subprocess.run(["size", path], capture_output=True, text=True, check=True).stdout.splitlines()[1].split()[0])


def build(source, way, compiler, flags, folder, compilations=2, libraries=()):
    """`flags`: of the compiler, also when it links; `libraries`: only then. The shortest of so many compilations counts."""
    out = program(source.stem, way, folder / f"{source.stem}.{way}")
    object_file = out.path.with_suffix(out.path.suffix + ".o")
    times = []
    for _ in range(compilations):
        begin = time.monotonic()
        run_checked([*compiler, "-O2", *flags, "-c", source, "-o", object_file])
        times.append(time.monotonic() - begin)
    out.compile_seconds = min(times)
    out.text_bytes = text_size(object_file)
    run_checked([*compiler, "-O2", object_file, "-o", out.path, "-pthread", *flags, *libraries])
    return out


PLACE = re.compile(r"[\w./+-]*/[\w.+-]+:\d+")


def reported(stderr):
    """Where races were reported: of each report the innermost lines of both accesses."""
    places = set()
    for report in stderr.split("WARNING: ")[1:]:
        innermost = [PLACE.search(stack) for stack in report.split("\n\n")[:2]]
        places.add(" and ".join(place.group() if place else "?" for place in innermost))
    return places


def run_row(path, row, rounds, environment, reports_allowed):
    """One process; its rounds and its peak."""
    done = subprocess.run([path, row, str(rounds)], capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0 and not (reports_allowed and done.returncode == FINDINGS):
        fail(f"{path} {row!r} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    *seconds, peak = done.stdout.split()
    return measured([float(s) for s in seconds], int(peak), reported(done.stderr))


def measure(programs, rows, repetitions, reports_allowed=False):
    """row → way → measured. With `reports_allowed`, a process may end with findings."""
    environment = {k: v for k, v in os.environ.items() if k not in ("SNAG_OPTIONS", "TSAN_OPTIONS")}
    seen = {row: {} for row in rows}
    for row in rows:
        for _ in range(repetitions):  # in turns: what else the machine does meets all of them
            for way, path in programs.items():
                got = run_row(path, row, 3, environment, reports_allowed)
                known = seen[row].setdefault(way, measured([]))
                known.seconds += got.seconds
                known.peak_kib = max(known.peak_kib, got.peak_kib)
                known.reports |= got.reports
        print(".", end="", file=sys.stderr, flush=True)
    return seen


def rows_of(path, only):
    names = subprocess.run([path], capture_output=True, text=True, check=True).stdout.split("\n")
    return [n for n in names if n and only in n]


def geometric_mean(xs):
    return math.exp(statistics.fmean(math.log(x) for x in xs)) if xs else float("nan")


def mib(kib):
    return f"{kib / 1024:.0f}"


def slowdowns(ways):
    """Of -race, and of ThreadSanitizer."""
    base = ways["native"].median()
    return ways["race"].median() / base, ways["tsan"].median() / base


def checked_cells(ways):
    """A row's cells: as it is, both slowdowns, their ratio, three peaks."""
    ours, theirs = slowdowns(ways)
    peaks = " | ".join(mib(ways[way].peak_kib) for way in ("native", "race", "tsan"))
    return f"{1000 * ways['native'].median():.0f} | {ours:.1f}× | {theirs:.1f}× | {ours / theirs:.2f} | {peaks} |"

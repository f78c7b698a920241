#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: measure.py --snag SNAG [--only TEXT] [--rounds N] [--build DIRECTORY] [--write FILE]

What checking costs in other people's code: builds the programs of this directory, each of which drives a header-only
library of Debian's, as they are, with `snag c++ -race` and with clang's ThreadSanitizer, at -O2, and runs their rows in
turns, each in a process of its own. Prints, for each row, the median time as it is and by how much it grows, the
largest resident set, and at how many pairs of places races were reported, which follow. With --write, the part of FILE
between its two marks is replaced by the table. With --packages, only says what Debian calls the libraries. The status
is 1 if Snag reported a race that KNOWN does not have.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import page  # noqa: E402  (bench/page.py)
from ways import build, checked_cells, compilers, fail, geometric_mean, measure, rows_of, slowdowns  # noqa: E402

BEGIN, END = "<!-- libraries: begin -->", "<!-- libraries: end -->"
LIBRARIES = {  # source: (Debian's package, what the compiler needs, what the linker needs)
    "nlohmann_json": ("nlohmann-json3-dev", [], []),
    "eigen": ("libeigen3-dev", ["-isystem", "/usr/include/eigen3"], []),
    "range_v3": ("librange-v3-dev", [], []),
    "boost_multi_index": ("libboost1.81-dev", [], []),
    "spdlog": ("libspdlog-dev", [], ["-lfmt"]),
    "concurrentqueue": ("libconcurrentqueue-dev", [], []),
    "boost_lockfree": ("libboost1.81-dev", [], []),
}

# Races by the rules of C++ that are meant (docs/performance.md says why these are): pairs of places.
KNOWN = {"boost_lockfree": re.compile(r"\S*/boost/lockfree/\S+ and \S*(/boost/lockfree/|/c\+\+/\d+/)\S+|"
                                      r"\S*/c\+\+/\d+/\S+ and \S*/boost/lockfree/\S+")}


def unknown(source, places):
    return {pair for pair in places if source not in KNOWN or not KNOWN[source].fullmatch(pair)}


def versions():
    """package → its version, without Debian's part."""
    names = sorted({package for package, *_ in LIBRARIES.values()})
    listing = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version} ${db:Status-Status}\n", *names],
                             capture_output=True, text=True, check=False).stdout
    found = {line.split()[0]: line.split()[1].split("-")[0].split(":")[-1].split("+")[0]
             for line in listing.splitlines() if line.endswith(" installed")}
    if missing := [n for n in names if n not in found]:
        fail(f"not installed: {' '.join(missing)}. As root: apt-get install --no-install-recommends {' '.join(missing)}")
    return found


def table(seen, version):
    lines = ["| library | row | as it is, ms | `-race` | TSan | of TSan's | as it is, MiB | `-race` | TSan | reports: `-race` | TSan |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for (source, row), ways in seen.items():
        package = LIBRARIES[source][0]
        lines.append(f"| {package} {version[package]} | {row} | {checked_cells(ways)} {len(ways['race'].reports)} | "
                     f"{len(ways['tsan'].reports)} |")
    shares = [ours / theirs for ours, theirs in map(slowdowns, seen.values())]
    lines.append(f"| geometric mean | | | | | **{geometric_mean(shares):.2f}** | | | | | |")
    return lines


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--snag", type=pathlib.Path)
    arguments.add_argument("--only", default="", help="libraries whose source's name contains this")
    arguments.add_argument("--rounds", type=int, default=5, help="processes a row and way; three timings each")
    arguments.add_argument("--build", type=pathlib.Path)
    arguments.add_argument("--write", type=pathlib.Path)
    arguments.add_argument("--packages", action="store_true")
    given = arguments.parse_args()
    if given.packages:
        print("\n".join(sorted({package for package, *_ in LIBRARIES.values()})))
        return 0
    if given.snag is None:
        arguments.error("--snag is needed")
    version = versions()
    folder = given.build or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)

    seen = {}
    for source, (_, flags, libraries) in LIBRARIES.items():
        if given.only not in source:
            continue
        common = ["-gline-tables-only", "-I", HERE.parent.parent, *flags]
        programs = {way: build(HERE / f"{source}.cpp", way, compiler, [*own, *common], folder, compilations=1,
                               libraries=libraries).path
                    for way, (compiler, own) in compilers(given.snag).items()}
        for row, ways in measure(programs, rows_of(programs["native"], ""), given.rounds, reports_allowed=True).items():
            seen[source, row] = ways
    if not seen:
        fail(f"no library's source has {given.only!r} in its name; there are: {' '.join(LIBRARIES)}")
    print(file=sys.stderr)
    text = (f"Medians of {3 * given.rounds} timings in {given.rounds} processes a row and way; {page.machine()}. MiB: the "
            "largest resident set. Reports: pairs of places.\n\n" + "\n".join(table(seen, version)) + "\n")
    print(text)
    for way, name in (("race", "Snag"), ("tsan", "ThreadSanitizer")):
        for (source, row), ways in seen.items():
            for report in sorted(ways[way].reports):
                print(f"{name}, {source}, {row}: {report}")
    if given.write:
        page.put_between(given.write, BEGIN, END, text)
    return 1 if any(unknown(source, ways["race"].reports) for (source, _), ways in seen.items()) else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes README.md from kernels.csv (facts and measurements, one row a kernel) and the programs' own comments
(what goes wrong, and its shape).

table.py                        writes README.md
table.py --check                fails if README.md, the programs and kernels.csv do not fit together
table.py --set COLUMN FILE      first takes COLUMN of kernels.csv from FILE: a line `kernel,value` for each kernel
"""
import csv
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
SHAPES = {
    "SELF": "self-lock", "LOCKCYC": "lock cycle", "RWQ": "queued-writer", "MIXCYC": "mixed cycle",
    "ORPHAN": "orphan", "ABANDON": "abandoned lock", "LOSTWAKE": "lost wake-up",
    "WGMISS": "WaitGroup never zero", "COMMCYC": "communication cycle", "SELFCH": "self-channel", "SPIN": "spin",
}
PEERS = [  # column of kernels.csv, its heading
    ("goat100_builtin", "Go runtime"), ("goat100_goleak", "goleak"), ("goat100_lockdl", "go-deadlock"),
    ("goat100_D2", "GoAT D2"), ("goat100_D3", "GoAT D3"), ("go126_leaktest", "Go's leak test"),
    ("here_plain50", "Go runtime, 50"), ("here_goleak50", "goleak, 50"), ("here_godeadlock20", "go-deadlock, 20"),
]


def rows():
    with open(FOLDER / "kernels.csv", newline="") as f:
        return list(csv.DictReader(f))


def save(all_rows):
    with open(FOLDER / "kernels.csv", "w", newline="") as f:
        out = csv.DictWriter(f, all_rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(all_rows)


def described(row):
    """What goes wrong, and the shape, as the program's first comment says them."""
    sentence, shape = [], ""
    for line in (FOLDER / row["kind"] / f"{row['id']}.cpp").read_text().splitlines():
        if not line.startswith("//"):
            break
        comment = line[2:].strip()
        if comment.startswith("shape: "):
            shape = comment.removeprefix("shape: ")
        elif not re.match(r"(SPDX-[\w-]+|[a-z]+): ", comment):
            sentence.append(comment)
    return " ".join(sentence), shape


def table(headings, lines):
    return "\n".join("| " + " | ".join(line) + " |" for line in [headings, ["---"] * len(headings)] + lines)


def start(row):
    sentence, shape = described(row)
    name = f"[{row['id']}]({row['kind']}/{row['id']}.cpp)"
    measured = [row[column] or "?" for column in ("triggered_100", "snag100")]
    return [name, f"{row['category']}: {row['subcategory']}", sentence, shape] + measured


def readme(all_rows):
    blocking = [r for r in all_rows if r["kind"] == "blocking"]
    others = [r for r in all_rows if r["kind"] == "nonblocking"]
    own = ["kernel", "class", "what goes wrong", "shape", "of 100", "Snag"]
    text = (FOLDER / "README.in.md").read_text()
    text = text.replace("@blocking@", table(
        own + [heading for _, heading in PEERS],
        [start(r) + [r[column] or "" for column, _ in PEERS] for r in blocking]))
    text = text.replace("@nonblocking@", table(own + ["Go's race detector, 50"],
                                               [start(r) + [r["here_race50"]] for r in others]))
    return text


def problems(all_rows):
    known = set()
    for row in all_rows:
        known |= {f"{row['kind']}/{row['id']}.cpp", f"{row['kind']}/{row['id']}_fixed.cpp"}
        shape = described(row)[1]
        if row["kind"] == "blocking" and shape != SHAPES[row["wait_shape"]]:
            yield f"{row['id']}: its shape is {shape}, kernels.csv says {SHAPES[row['wait_shape']]}"
        if not shape:
            yield f"{row['id']}: its comment says no shape"
    there = {str(p.relative_to(FOLDER)) for p in FOLDER.glob("*/*.cpp")}
    yield from (f"{name}: no such program" for name in sorted(known - there))
    yield from (f"{name}: not in kernels.csv" for name in sorted(there - known))
    if (FOLDER / "README.md").read_text() != readme(all_rows):
        yield "README.md is not what table.py writes"


def main(arguments):
    all_rows = rows()
    if arguments[:1] == ["--check"]:
        found = list(problems(all_rows))
        print("\n".join(found))
        return 1 if found else 0
    if arguments[:1] == ["--set"]:
        column, file = arguments[1:]
        with open(file, newline="") as f:
            values = {line[0]: line[1] for line in csv.reader(f) if line}
        for row in all_rows:
            row[column] = values.get(row["id"], row.get(column, ""))
        save(all_rows)
    elif arguments:
        print(__doc__)
        return 64
    (FOLDER / "README.md").write_text(readme(all_rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

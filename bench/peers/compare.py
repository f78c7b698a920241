#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the same rows for Snag, Go, boost.fiber and std::thread, in turns, and prints one table.

Each round runs each row once for each peer, one process after the other, so that what the machine does
meanwhile hits all of them. A figure is the median of the rounds; a ratio is the median of the rounds' ratios.
With --write FILE the table also goes to FILE, between the two marker lines.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import page  # noqa: E402  (bench/page.py)

ROWS = [
    ("yield", "a switch to the other of two goroutines"),
    ("ping_pong", "round trip over two unbuffered channels"),
    ("buffered_transfer", "an element through a channel of 128"),
    ("ring_503", "a hop in a ring of 503 goroutines"),
    ("prime_sieve", "the first 1000 primes (100 for std::thread)"),
    ("spawn_join", "a goroutine started and waited for, 1000 at once"),
    ("skynet_1m", "one of 1,111,111 goroutines in a tree"),
    ("select_2", "select over 2 ready channels, and a send"),
    ("select_16", "select over 16 ready channels, and a send"),
    ("contended_channel", "8 senders, 8 receivers, room for 128"),
    ("contended_rendezvous", "8 senders, 8 receivers, unbuffered"),
    ("mutex", "lock and unlock"),
    ("contended_mutex", "lock and unlock by 8 goroutines"),
    ("rw_mutex_read", "lock and unlock for reading"),
    ("rw_mutex_write", "lock and unlock for writing"),
    ("rw_mutex_mixed", "8 goroutines, one in ten a writer"),
    ("wait_group", "add and done"),
    ("once", "a call of what is done"),
    ("timers_1m", "one of a million timers made and stopped"),
    ("timers_fire", "one of 100,000 timers made and fired"),
    ("parked_1m", "one of a million goroutines started, parked, ended (10,000 threads)"),
    ("cancel_tree_100k", "one of 111,111 contexts made and cancelled"),
    ("wake_up", "from a send until the parked receiver runs"),
]
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def run(command, row, workers):
    try:
        done = subprocess.run([*command, str(workers), row], capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return {}
    figures = {}
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == row:
            figures[words[1]] = float(words[2])
    if not figures and done.returncode not in (0,):
        print("compare: %s %s: status %d: %s" % (command[0], row, done.returncode, done.stderr[-200:]), file=sys.stderr)
    return figures


def number(value):
    if value >= 1e6:
        return "%.1f ms" % (value / 1e6)
    if value >= 1e4:
        return "%.1f µs" % (value / 1e3)
    return "%.3g" % value if value < 100 else "%.0f" % value


def build_go(sources, build):
    go = os.environ.get("GO") or shutil.which("go") or "/usr/local/go/bin/go"
    if not os.path.exists(go):
        return None, "no Go: its rows are not shown"
    program = os.path.join(build, "bench", "go_rows")
    environment = dict(os.environ, GOFLAGS="-mod=mod", GO111MODULE="off", GOTOOLCHAIN="local")
    environment.setdefault("GOCACHE", os.path.join(build, "bench", "go_cache"))
    subprocess.run([go, "build", "-o", program, os.path.join(sources, "go", "main.go")], check=True, env=environment)
    return [program], subprocess.run([program, "version"], capture_output=True, text=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/default")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--peers", default="go,fiber,thread")
    parser.add_argument("--write", metavar="FILE", help="put the table between the markers there")
    parser.add_argument("rows", nargs="*", help="all, unless named")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))

    peers = {"snag": [os.path.join(options.build, "bench", "peers", "snag_rows")]}
    chosen = options.peers.split(",")
    go, version = build_go(here, options.build) if "go" in chosen else (None, "without Go")
    if go:
        peers["go"] = go
    for name in ("fiber", "thread"):
        program = os.path.join(options.build, "bench", "peers", name + "_rows")
        if name in chosen and os.path.exists(program):
            peers[name] = [program]
    wanted = [r for r in ROWS if not options.rows or r[0] in options.rows]
    workers = [int(w) for w in options.workers.split(",")]
    done, total = 0, options.rounds * len(wanted) * len(workers)
    samples = {}
    for round_number in range(options.rounds):
        for row, _ in wanted:
            for w in workers:
                order = list(peers) if round_number % 2 == 0 else list(reversed(peers))
                for name in order:
                    if name in ("fiber", "thread") and round_number >= 3:
                        continue  # far behind: three rounds say so
                    for figure, value in run(peers[name], row, w).items():
                        samples.setdefault((row, figure, w, name), []).append(value)
                done += 1
                if sys.stderr.isatty():
                    print("\r%d of %d" % (done, total), end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)

    header = ["row", "workers", "snag", "Go", "snag / Go", "boost.fiber", "std::thread"]
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    below = {}
    for row, meaning in wanted:
        for figure in ("ns", "p99", "bytes"):
            for w in workers:
                ours = samples.get((row, figure, w, "snag"))
                if not ours:
                    continue
                theirs = samples.get((row, figure, w, "go"))
                ratio = statistics.median(a / b for a, b in zip(ours, theirs)) if theirs else None
                cells = [row if figure == "ns" else "%s, %s" % (row, figure), str(w)]
                for name in ("snag", "go", "fiber", "thread"):
                    values = samples.get((row, figure, w, name))
                    cells.append(number(statistics.median(values)) if values else "-")
                cells.insert(4, "**%.2f**" % ratio if ratio else "not shown")
                lines.append("| " + " | ".join(cells) + " |")
                if ratio and figure == "ns":
                    below[(row, w)] = ratio
    told = "%s, %s; medians of %d rounds; nanoseconds, or as said." % (version, page.machine(), options.rounds)
    if below:
        told += " Not slower than Go: %d of %d; at most half of its time: %d." % (
            sum(r <= 1 for r in below.values()), len(below), sum(r <= 0.5 for r in below.values()))
    text = told + "\n\n" + "\n".join(lines) + "\n"
    print(text)
    if options.write:
        page.put_between(options.write, BEGIN, END, text)


if __name__ == "__main__":
    main()

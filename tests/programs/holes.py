#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: holes.py --snag PROGRAM --cache DIRECTORY [--long] [--only WORD] [--scale N] [--free N] [--seeds N]
                [--plain-runs N] [--no-peer]

Shows that Snag has none of the eight holes of other detectors: builds testprograms/holes with `snag build -race -O2`,
runs each program in both forms (with the race, and the same without), and prints a line for each: what must be said,
how many of the runs of Snag said that and nothing else, the time and the memory of the worst run, and, beside it, what
ThreadSanitizer says of the same source with threads in place of goroutines. The default sizes lie beyond the
hole; --long takes the full ones, which need minutes each (hole 8 up to 16 GB).

A report must have both stacks, on the marked lines (`// <- 1`, `// <- 2`), and say where the goroutines were created. The
status is 1 if a run of Snag said anything else, or hole 8 took more memory than it may; what ThreadSanitizer says
never counts. ThreadSanitizer always runs at the default size.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE.parent.parent / "testprograms" / "holes"
CLANG = "clang++-19"
FINDINGS = 66  # Snag's exit status, and ThreadSanitizer's
MIB = 1 << 20


@dataclasses.dataclass(frozen=True)
class hole:
    number: int
    program: str  # without .cpp
    scale_of: str
    sizes: tuple
    long_sizes: tuple
    peer: str | None = None  # the program for ThreadSanitizer; None: it has nothing that corresponds
    seeded: bool = True
    bytes_each: int | None = None  # of memory for each of the scale, at most


HOLES = (
    hole(1, "others_synchronise", "others", (2_000,), (1_000_000,), peer="others_synchronise"),
    hole(2, "long_history", "accesses", (300_000,), (1_000_000_000,), peer="long_history"),
    hole(3, "many_readers", "readers", (64, 1_000), (10_000,), peer="many_readers"),
    hole(4, "many_releases", "releases", (5_000_000,), (1_000_000_000,), peer="many_releases"),
    hole(5, "fence_publication", "messages", (1_000,), (1_000_000,), peer="fence_publication"),
    hole(6, "release_sequence", "messages", (1_000,), (1_000_000,), peer="release_sequence"),
    hole(7, "capacity_two", "goroutines", (1_000,), (1_000_000,)),
    hole(8, "alive_private", "goroutines", (50_000,), (1_000_000,), peer="alive_fibers", bytes_each=8_000),
    hole(8, "alive_shared", "goroutines", (50_000,), (1_000_000,), peer="alive_fibers", bytes_each=16_000),
)
FORMS = ("race", "norace")


@dataclasses.dataclass
class outcome:
    status: int  # negative: killed by that signal
    seconds: float
    memory: int  # bytes: resident at most, and page tables
    text: str  # standard error
    timed_out: bool = False


def page_tables(pid):
    try:
        found = re.search(r"^VmPTE:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8"), re.M)
        return int(found[1]) * 1024 if found else 0
    except OSError:
        return 0


def run(words, environment, deadline, scratch):
    """Runs a program to its end, or kills it, and says what it took."""
    start = time.monotonic()
    tables, killed, pause = 0, False, 0.005
    with open(scratch, "w+b") as errors:
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=errors,
                                 env={**os.environ, **environment})
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            tables = max(tables, page_tables(child.pid))
            if time.monotonic() - start > deadline and not killed:
                killed = True
                child.kill()
            time.sleep(pause)
            pause = min(2 * pause, 0.2)
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        text = errors.read(100_000).decode(errors="replace")
    return outcome(child.returncode, time.monotonic() - start, usage.ru_maxrss * 1024 + tables, text, killed)


def marked_lines(source):
    marks = {}
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
        if found := re.search(r"// <- ([12 ]+)$", line):
            marks[number] = set(found[1].split())
    return marks


def first_line_in(stack, source):
    for frame in stack:
        if not frame["runtime"] and pathlib.Path(frame["file"]).name == source.name:
            return frame["line"]
    return None


def mistake_in(findings, source):
    """What is wrong with the report of the racing form; empty: nothing."""
    if len(findings) != 1:
        return f"{len(findings)} findings instead of 1"
    finding, marks = findings[0], marked_lines(source)
    if finding["kind"] != "race" or len(finding["accesses"]) != 2:
        return f"a {finding['kind']} with {len(finding['accesses'])} accesses"
    sides = []
    for access in finding["accesses"]:
        if not access["stack"]:
            return "a side has no stack"
        line = first_line_in(access["stack"], source)
        if line not in marks:
            return f"a side is at line {line}, which is not marked"
        sides.append(marks[line])
        actor = next((a for a in finding["actors"] if a["id"] == access["actor"]), None)
        if actor is None:
            return f"goroutine {access['actor']} is not described"
        if actor["id"] != 1 and first_line_in(actor["created_at"], source) is None:
            return f"where goroutine {actor['id']} was created is not said"
    first, second = sides
    if not ("1" in first and "2" in second or "2" in first and "1" in second):
        return "both sides are at lines of the same mark"
    return ""


def mistake_of_snag(result, log, form, source):
    if result.timed_out:
        return f"it did not end within {result.seconds:.0f} s"
    findings = json.loads(log.read_text(encoding="utf-8"))["findings"] if log.exists() else []
    if form == "race":
        problem = mistake_in(findings, source)
        if not problem and result.status != FINDINGS:
            problem = f"status {result.status} instead of {FINDINGS}"
    elif findings:
        problem = f"{len(findings)} findings in the form without a race"
    else:
        problem = f"status {result.status} instead of 0" if result.status != 0 else ""
    return problem + (":\n" + result.text[:2000] if problem and result.text else "")


def changed(path):
    inside = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
    return max(p.stat().st_mtime for p in inside)


def compile_program(words, program, inputs):
    if program.exists() and all(program.stat().st_mtime > changed(i) for i in inputs):
        return
    done = subprocess.run([*words, "-o", program], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"holes.py: {' '.join(map(str, words))}:\n{done.stdout}{done.stderr}")


class session:
    def __init__(self, options):
        self.options = options
        self.cache = options.cache.resolve()
        self.cache.mkdir(parents=True, exist_ok=True)
        self.peer = not options.no_peer and shutil.which(CLANG) is not None
        self.failures = []
        self.plain_results = {}
        if not self.peer:
            print("ThreadSanitizer is not shown: " + ("--no-peer" if options.no_peer else f"{CLANG} is missing"))

    def deadline(self):
        return 7200 if self.options.long or self.options.scale else 300

    def inputs(self, source):
        return [source, PROGRAMS / "peer.h"]

    def build(self, h):
        source = PROGRAMS / f"{h.program}.cpp"
        program = self.cache / h.program
        compile_program([self.options.snag.resolve(), "build", "-race", "-O2", source], program,
                        [*self.inputs(source), self.options.snag, *self.options.part])
        return program, source

    def run_snag(self, h, form, size):
        program, source = self.build(h)
        log = self.cache / f"findings.{os.getpid()}.json"
        modes = [""] * self.options.free
        if h.seeded:
            modes += [f"seed={n + 1} " for n in range(self.options.seeds)]
        good, seconds, memory = 0, 0.0, 0
        for mode in modes:
            log.unlink(missing_ok=True)
            words = [str(program), str(size), form]
            settings = f"{mode}report_format=json log_path={log}"
            result = run(words, {"SNAG_OPTIONS": settings}, self.deadline(), self.cache / "stderr")
            problem = mistake_of_snag(result, log, form, source)
            if not problem and h.bytes_each and size >= h.sizes[0] and result.memory > h.bytes_each * size:
                problem = f"{result.memory / MIB:,.0f} MiB, {result.memory / size:,.0f} bytes for each"
            good += not problem
            seconds, memory = max(seconds, result.seconds), max(memory, result.memory)
            if problem:
                self.failures.append(f"{h.program} {size:,} {form}: {problem}\n"
                                     f"    SNAG_OPTIONS='{mode.strip()}' {' '.join(words)}")
        log.unlink(missing_ok=True)
        return good, len(modes), seconds, memory

    def run_peer(self, h, form, size):
        """What ThreadSanitizer says, in a few words."""
        if h.peer is None:
            return "–"
        if not self.peer:
            return ""
        source = PROGRAMS / f"{h.peer}.cpp"
        program = self.cache / f"{h.peer}.tsan"
        compile_program([CLANG, "-std=c++20", "-O2", "-g1", "-fsanitize=thread", "-DHOLES_PLAIN_THREADS", source],
                        program, self.inputs(source))
        key = (h.peer, size, "" if h.bytes_each else form)
        if key not in self.plain_results:
            runs = [run([str(program), str(size), form], {"TSAN_OPTIONS": "atexit_sleep_ms=0"}, 300,
                        self.cache / "stderr") for _ in range(self.options.plain_runs)]
            reported = sum("WARNING: ThreadSanitizer: data race" in r.text for r in runs)
            dead = sum(r.status not in (0, FINDINGS) for r in runs)
            if h.bytes_each:
                words = f"{dead} of {len(runs)} died" if dead else f"{runs[0].memory / size:,.0f} bytes each"
            else:
                words = f"{reported} of {len(runs)}" + (f", {dead} died" if dead else "")
            self.plain_results[key] = words + (f" (at {size:,})")
        return self.plain_results[key]

    def show(self):
        row = "{:>4}  {:<18} {:>24}  {:<9} {:<10} {:>8} {:>10}  {}"
        print(row.format("hole", "program", "scale", "must be", "Snag", "seconds", "MiB", "reported by ThreadSanitizer"))
        for h in HOLES:
            if self.options.only and self.options.only not in (h.program, str(h.number)):
                continue
            sizes = h.long_sizes if self.options.long else h.sizes
            if self.options.scale:
                sizes = (self.options.scale,)
            for size in sizes:
                for form in FORMS:
                    good, runs, seconds, memory = self.run_snag(h, form, size)
                    plain = self.run_peer(h, form, size if size in h.sizes else h.sizes[-1])
                    print(row.format(h.number, h.program, f"{size:,} {h.scale_of}",
                                     "reported" if form == "race" else "silent", f"{good} of {runs}",
                                     f"{seconds:,.1f}", f"{memory / MIB:,.0f}", plain), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--snag", type=pathlib.Path, required=True, help="the command line to build with")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="folder for built programs")
    parser.add_argument("--part", type=pathlib.Path, action="append", default=[],
                        help="file of the toolchain: its change rebuilds")
    parser.add_argument("--long", action="store_true", help="full sizes, one free run each unless said otherwise")
    parser.add_argument("--only", help="a program, or the number of a hole")
    parser.add_argument("--scale", type=int, help="in place of the sizes")
    parser.add_argument("--free", type=int, help="runs of Snag on all processors (3; --long: 1)")
    parser.add_argument("--seeds", type=int, help="runs of Snag under seeds 1 … N (2; --long: 0)")
    parser.add_argument("--plain-runs", type=int, default=3, help="runs of ThreadSanitizer")
    parser.add_argument("--no-peer", action="store_true", help="without ThreadSanitizer")
    options = parser.parse_args()
    if options.free is None:
        options.free = 1 if options.long else 3
    if options.seeds is None:
        options.seeds = 0 if options.long else 2
    all_of_them = session(options)
    all_of_them.show()
    for failure in all_of_them.failures:
        print("FAIL " + failure)
    return 1 if all_of_them.failures else 0


if __name__ == "__main__":
    sys.exit(main())

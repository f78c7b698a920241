#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: edges.py --scratch DIRECTORY [--list] [--programs] [FILE[:LINE]…]

Cuts every happens-before edge in the sources, one at a time, and looks for a test that turns red. An edge is a statement
that tells the observer of one (runtime), or that hands a clock on (detector); it is found by its form, so an edge that is
added tomorrow is cut, too. Unit tests are tried first, then correct programs, which must be silent. Builds in DIRECTORY,
as mutate.py does. --list only prints them. The status is 1 if one was cut unnoticed.
"""
import argparse
import pathlib
import re
import subprocess
import sys

import mutate

ROOT = mutate.ROOT
TOLD = re.compile(r"->on_(acquired|released|released_merging|buffered|rendezvous|closed|received_closed|joined|created"
                  r"|timer_armed)\(")
HANDED_ON = re.compile(r"(\.|->)(acquire|join|merge|set_clock|join_annotated)\(|^[\w.\->()\[\]]+ = [\w.\->()]*release\(\);")
IN_DETECTOR = ("observer.cpp", "observer_order.cpp", "observer_locks.cpp", "annotations.cpp", "kernel_channels.cpp", "atomic_order.h", "object_state.cpp",
               "sync_table.cpp", "actor_state.cpp", "thread_locals.cpp")
TESTS = {  # in this order, until one is red
    "runtime": ["runtime_primitive_events_test", "runtime_shared_objects_events_test", "runtime_events_test",
                "conformance_memory_model", "conformance_race_edges", "runtime_bubble_test", "runtime_posix_test",
                "runtime_posix_semaphore_test", "runtime_context_test", "runtime_semaphore_test"],
    "detector": ["snag_detector_test", "snag_detector_oracle_test"],
}

PIPES = ["threads/norace_pipe_other_end.cpp", "threads/norace_eventfd_semaphore.cpp", "threads/norace_unix_socket_end.cpp",
         "pairs/norace_thread_pipe.cpp", "cases/threads/many_pipes.cpp"]
ANNOTATED = ["cases/annotations/thread_sanitizer.cpp", "cases/annotations/dynamic.cpp",
             "cases/containers/library_waiting.cpp -stdlib=libc++ -DON_THREADS"]
PROGRAMS = {  # in testprograms, for those that the unit tests do not notice
    "detector/src/annotations.cpp": ANNOTATED,
    "detector/src/sync_table.cpp": ANNOTATED,
    "detector/src/kernel_channels.cpp": PIPES,
    "detector/src/observer.cpp": ["threads/norace_before_main.cpp", "threads/norace_thread_local_destructor.cpp",
                                  "pairs/norace_channel_before_main.cpp"],
    "runtime/src/bubble.cpp": ["cases/go/bubbles.cpp", "pairs/norace_bubble_waited_for.cpp"],
    "runtime/src/condition_variable.cpp": ["pairs/norace_condition_variable.cpp", "cases/runtime/conditions.cpp",
                                          "pairs/norace_notified_without_lock.cpp",
                                          "pairs/norace_notified_before_it_slept.cpp"],
    "runtime/src/context_core.cpp": ["pairs/norace_after_func.cpp", "pairs/norace_context_after_func_timeout.cpp",
                                     "pairs/norace_context_error_polled.cpp",
                                     "pairs/norace_context_function_destroyed.cpp"],
    "runtime/src/io.cpp": ["pairs/norace_asio_echo.cpp"],
    "runtime/src/semaphore.cpp": ["pairs/norace_semaphore_two_units.cpp"],
    "runtime/src/posix/timer.cpp": ["threads/norace_timer_thread.c"],
}


class program_shop:
    """Builds the whole toolchain, and runs programs with it."""

    TARGETS = ("snag", "snag_plugin", "snag_detector", "snag_runtime", "program_runner", "case_runner")

    def __init__(self, scratch):
        self.shop = mutate.workshop(scratch, whole=True)
        self.build = self.shop.build_directory

    def notices(self, words):
        """Whether a program, with flags behind it, does not show its verdict."""
        program, *flags = words.split()
        parts = ["clang-plugin/snag-plugin.so", "detector/libsnag_race.a", "runtime/libsnag.a"]
        command = [self.build / "tests" / "programs" / ("case_runner" if "cases/" in program else "program_runner"),
                   "--snag", self.build / "bin" / "snag", "--cache", self.build / "cache", "--opt", "O2",
                   *(w for part in parts for w in ("--part", self.build / part)), *(f"--flag={f}" for f in flags)]
        if "cases/" in program:
            command += ["--seeds", "0" if flags else "4", "--free", "2"]
        return subprocess.run([*command, ROOT / "testprograms" / program], capture_output=True, check=False).returncode != 0

    def red(self, file, line, programs):
        """The program that notices the cut, if any."""
        source = self.shop.tree / file
        try:
            source.write_text(cut(source.read_text(encoding="utf-8"), line), encoding="utf-8")
            for target in self.TARGETS:
                self.shop.build(target)
            return next((p for p in programs if self.notices(p)), None)
        finally:
            source.write_text((ROOT / file).read_text(encoding="utf-8"), encoding="utf-8")


def edges():
    """(file, line number) of each."""
    for path in sorted([*(ROOT / "runtime").rglob("*.cpp"), *(ROOT / "runtime").rglob("*.h"),
                        *(ROOT / "detector" / "src" / name for name in IN_DETECTOR)]):
        if not path.exists():
            continue
        form = TOLD if path.is_relative_to(ROOT / "runtime") else HANDED_ON
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            code = line.split("//")[0].strip()
            if form.search(code) and not code.startswith(("return", "virtual")):
                yield str(path.relative_to(ROOT)), number


def cut(text, number):
    """The text with the statement of that line never executed. (It is still compiled, so nothing becomes unused.)"""
    lines = text.splitlines(keepends=True)
    before, code = re.match(r"(\s*(?:\} )?(?:else )?)(.*\n)", lines[number - 1]).groups()
    lines[number - 1] = f"{before}if (false) {code}"
    return "".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scratch", type=pathlib.Path)
    arguments.add_argument("--list", action="store_true")
    arguments.add_argument("--programs", action="store_true", help="leave the unit tests out")
    arguments.add_argument("places", nargs="*")
    options = arguments.parse_args()
    chosen = [(file, line) for file, line in edges()
              if not options.places or any(f"{file}:{line}".startswith(p) for p in options.places)]
    if options.list:
        for file, line in chosen:
            print(f"{file}:{line}: {(ROOT / file).read_text(encoding='utf-8').splitlines()[line - 1].strip()}")
        print(f"{len(chosen)} edges")
        return 0
    if options.scratch is None:
        arguments.error("--scratch is needed, to build in")
    shop = mutate.workshop(options.scratch.resolve())
    whole = None
    unnoticed = 0
    for file, line in chosen:
        targets = TESTS[file.split("/")[0]]
        result = "UNNOTICED"
        try:
            source = shop.tree / file
            source.write_text(cut(source.read_text(encoding="utf-8"), line), encoding="utf-8")
            for target in targets if not options.programs else ():
                try:
                    shop.build(target)
                except mutate.unusable as reason:
                    # (The build lists a program's tests, for which it has to start.)
                    if "Error running test executable" not in str(reason):
                        raise
                    result = f"{target} does not start"
                    break
                if shop.test(target, "*") != "passed":
                    result = f"red in {target}"
                    break
            else:
                whole = whole or program_shop(options.scratch.resolve() / "whole")
                if program := whole.red(file, line, PROGRAMS.get(file, ())):
                    result = f"red in {program}"
        except mutate.unusable as reason:
            result = f"NOT USABLE: {reason}"
        finally:
            source.write_text((ROOT / file).read_text(encoding="utf-8"), encoding="utf-8")
        unnoticed += not (result.startswith("red") or result.endswith("does not start"))
        print(f"{file}:{line}: {result}", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} cut edges were noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())

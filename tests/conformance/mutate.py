#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: mutate.py --scratch DIRECTORY [NAME…]
       mutate.py --check

Puts the faults of mutations/*.txt into the runtime, those of tests/detector/mutations into the detector, and those of
tests/plugin/mutations into the plugin, one at a time, and looks whether the test of the rule that each breaks turns red. Everything happens in DIRECTORY: a copy of the tree, and a build of it. With names, only
the mutations whose name contains one of them. The status is 1 if a fault is not noticed, or no longer applies.
With --check, only whether all of them still apply is looked at, and nothing is built.

A mutation is a file, the rule, and what is replaced; the text must stand in that file exactly once. Where the
test is not the one named after the rule, `test` says which: an executable, and a pattern of GoogleTest; or `program`
names one of testprograms, whose verdict must no longer hold when the mutated plugin has compiled it.

    rule CH-005
    file runtime/src/channel.cpp
    test conformance_channel *.CH_005_*
    <<<<
    what stands there
    ====
    what the fault makes of it
    >>>>
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FAULTS = [HERE / "mutations", ROOT / "tests" / "detector" / "mutations", ROOT / "tests" / "plugin" / "mutations"]
TOOLCHAIN = ["snag", "snag_plugin", "snag_detector", "snag_runtime"]
SECONDS = 120  # for a test; one that hangs has noticed
TARGETS = {  # where a rule's tests are
    "CH": "channel", "SE": "select", "MM": "memory_model", "RD": "race_edges", "GO": "goroutine", "PA": "panic",
    "MS": "messages", "MU": "mutex", "RW": "rwmutex", "WG": "waitgroup", "SY": "sync", "CX": "context",
    "TM": "time", "XS": "xsync", "DL": "deadlock", "SC": "scheduler"}


class unusable(Exception):
    """The mutation says nothing: it does not apply, or does not compile, or its test fails without it."""


class mutation:
    def __init__(self, path):
        self.name = path.stem
        head, rest = path.read_text(encoding="utf-8").split("<<<<\n")
        old, rest = rest.split("====\n")
        self.old, self.new = old.removesuffix("\n"), rest.split(">>>>")[0].removesuffix("\n")
        fields = dict(line.split(" ", 1) for line in head.splitlines() if line)
        self.rule, self.file = fields["rule"], fields["file"]
        self.program = fields.get("program")
        if self.program:
            self.target, self.tests = "program_runner", self.program
            return
        default = f"conformance_{TARGETS.get(self.rule[:2])} *.{self.rule.replace('-', '_')}_*"
        self.target, self.tests = fields.get("test", default).split(" ")

    def mutated(self, tree):
        text = (tree / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise unusable(f"its text stands {text.count(self.old)} times in {self.file}")
        return text.replace(self.old, self.new)

    def apply(self, tree):
        (tree / self.file).write_text(self.mutated(tree), encoding="utf-8")

    def revert(self, tree):
        shutil.copyfile(ROOT / self.file, tree / self.file)


def copy_tree(tree):
    """What git knows and does not ignore. Files that are the same keep their time, for the build."""
    listing = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "-C", ROOT, "ls-files", "-z", "--cached", "--others",
                              "--exclude-standard"], check=True, capture_output=True, text=True).stdout
    files = {name for name in listing.split("\0") if name and (ROOT / name).is_file()}
    for stale in [p for p in tree.rglob("*") if p.is_file() and str(p.relative_to(tree)) not in files]:
        stale.unlink()
    for name in files:
        source, copy = ROOT / name, tree / name
        if copy.exists() and copy.read_bytes() == source.read_bytes():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)


class workshop:
    """A copy of the tree and its build; `whole`: one that instrumented programs can be built with, too."""

    def __init__(self, scratch, whole=False):
        self.tree, self.build_directory = scratch / "tree", scratch / "build"
        self.tree.mkdir(parents=True, exist_ok=True)
        copy_tree(self.tree)
        if not whole:  # for instrumented programs only, and it takes longer than all the rest of a build
            (self.tree / "cmake" / "keep_templates_private.sh").write_text("#!/bin/sh\n", encoding="utf-8")
        self.run(["cmake", "--preset", "default", "-B", self.build_directory, "-DSNAG_PLUGIN=ON", "-DSNAG_BENCH=OFF"],
                 "configuring failed")
        listing = self.run(["ninja", "-C", self.build_directory, "-t", "targets", "all"], "no list of targets")
        self.targets = set(re.findall(r"^(\w+): phony", listing, re.M))

    def run(self, command, otherwise):
        environment = os.environ | {"CCACHE_BASEDIR": str(self.tree.parent)}
        done = subprocess.run(command, cwd=self.tree, env=environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise unusable(f"{otherwise}:\n{done.stdout[-3000:]}")
        return done.stdout

    def build(self, target):
        targets = [target, *(TOOLCHAIN if target == "program_runner" else [])]
        for name in targets:
            if name not in self.targets:
                raise unusable(f"there is no target {name}")
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count()))
        self.run(["cmake", "--build", self.build_directory, "-j", jobs, "--target", *targets], "it does not compile")

    def command(self, target, pattern):
        if target == "program_runner":
            return [self.build_directory / "tests" / "programs" / target, "--snag", self.build_directory / "bin" / "snag",
                    "--cache", self.build_directory / "mutated_programs", "--part",
                    self.build_directory / "clang-plugin" / "snag-plugin.so", "--seeds", "4", self.tree / "testprograms" / pattern]
        return [self.program(target), f"--gtest_filter={pattern}", "--gtest_brief=1", "--gtest_fail_fast"]

    def program(self, target):
        folder = target.split("_")[0]
        folder = {"conformance": "conformance", "snag": "detector"}.get(folder, "runtime")
        return self.build_directory / "tests" / folder / target

    def test(self, target, pattern):
        """passed, failed, crashed or hung."""
        with subprocess.Popen(self.command(target, pattern), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                              text=True, errors="replace") as process:
            try:
                output, _ = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return "hung"
        if "Running 0 tests" in output or "[==========] 0 tests" in output:
            raise unusable(f"{target} has no test {pattern}")
        return {0: "passed", 1: "failed"}.get(process.returncode, "crashed")


def check(mutations):
    bad = 0
    for m in mutations:
        try:
            m.mutated(ROOT)
        except (unusable, OSError) as reason:
            bad += 1
            print(f"{m.name}: {reason}")
    print(f"{len(mutations) - bad} of {len(mutations)} mutations fit the sources")
    return 1 if bad else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scratch", type=pathlib.Path)
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("names", nargs="*")
    options = arguments.parse_args()
    mutations = [mutation(path) for path in sorted(
        [path for folder in FAULTS for path in folder.glob("*.txt")])]
    mutations = [m for m in mutations if not options.names or any(name in m.name for name in options.names)]
    if not mutations:
        sys.exit("mutate: no mutation has such a name")
    if options.check:
        return check(mutations)
    if options.scratch is None:
        arguments.error("--scratch is needed, to build in")
    shop = workshop(options.scratch.resolve(), whole=any(m.program for m in mutations))
    unmutated = {}  # (target, tests) → the result
    bad = 0
    print(f"{'mutation':48} {'rule':7} result", flush=True)
    for m in mutations:
        try:
            if (m.target, m.tests) not in unmutated:
                shop.build(m.target)
                unmutated[m.target, m.tests] = shop.test(m.target, m.tests)
            if unmutated[m.target, m.tests] != "passed":
                raise unusable(f"its test {unmutated[m.target, m.tests]} without it")
            try:
                m.apply(shop.tree)
                shop.build(m.target)
                result = shop.test(m.target, m.tests)
            finally:
                m.revert(shop.tree)
        except unusable as reason:
            result = f"NOT USABLE: {reason}"
        noticed = result in ("failed", "crashed", "hung")
        bad += not noticed
        print(f"{m.name:48} {m.rule:7} {'red, ' if noticed else 'SURVIVES, ' if result == 'passed' else ''}{result}",
              flush=True)
    print(f"{len(mutations) - bad} of {len(mutations)} mutations were noticed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

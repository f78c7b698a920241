#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: googletest_project.py --snag SNAG --cache DIRECTORY

Builds testprograms/projects/googletest as its users would, and runs it by CTest, as shards, repeatedly, and with
nothing that gates: those tests have to fail that Snag finds something in, with the words of the finding, and no
others. The status is 1 if not.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2] / "testprograms" / "projects" / "googletest"
RACE, LEAK, OWN = "account.deposits_without_a_lock", "account.a_statement_is_never_read", "account.fails_for_its_own_reasons"
CLEAN = {"account.deposits_add_up", "account.a_statement_is_read", "account.an_overdraft_ends_the_program",
         "audited_account.all_amounts_are_seen"}


def run(command, options=None, **environment):
    if options:
        environment["SNAG_OPTIONS"] = options
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600,
                          env=os.environ | environment)


def check(what, holds, output):
    if not holds:
        sys.exit(f"{what}\n{output}")


def failed_in(output):
    return set(re.findall(r"\[  FAILED  \] ([\w.]+) \(", output))


def passed_in(output):
    return set(re.findall(r"\[       OK \] ([\w.]+) \(", output))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--snag", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    chosen = parser.parse_args()
    compiler = chosen.snag.absolute().parent / "snag-c++"
    build = chosen.cache / "googletest"
    for command in (["cmake", "-S", PROJECT, "-B", build, f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_CXX_FLAGS=-race"],
                    ["cmake", "--build", build]):
        built = run(command)
        check("it cannot be built", built.returncode == 0, built.stdout + built.stderr)

    ctest = run(["ctest", "--test-dir", build, "--output-on-failure"])
    failures = set(re.findall(r"- ([\w.]+) \(Failed\)", ctest.stdout))
    check("ctest: other tests fail than should", failures == {RACE, LEAK, OWN}, ctest.stdout)
    check("ctest: the race is not said", "race detected during execution of test" in ctest.stdout, ctest.stdout)
    check("ctest: the leak is not said", "leak detected during execution of test" in ctest.stdout, ctest.stdout)

    program = build / "account_test"
    text = run([program]).stdout
    check("in one process: other tests fail than should", failed_in(text) == {RACE, LEAK, OWN}, text)
    check("in one process: other tests pass than should", passed_in(text) == CLEAN, text)
    check("the leak's scope is not named", f'In leak_check "{LEAK}" at' in text, text)
    check("it is not said where the race is", re.search(r"account\.h:15:\d+  balance_", text), text)
    check("a test of its own failure is blamed for another's",
          not re.search(r"detected during[^\[]*\[  FAILED  \] " + OWN, text), text)

    again = run([program, "--gtest_repeat=2"]).stdout
    for test in (RACE, LEAK):
        fails = again.count(f"[  FAILED  ] {test} (")
        check(f"{test} fails in {fails} of 2 rounds", fails == 2, again)

    shards = [run([program], GTEST_TOTAL_SHARDS="2", GTEST_SHARD_INDEX=str(i)).stdout for i in range(2)]
    check("as shards: other tests fail than should", set.union(*map(failed_in, shards)) == {RACE, LEAK, OWN},
          "".join(shards))

    threadsafe = run([program, "--gtest_death_test_style=threadsafe", "--gtest_filter=*overdraft*"])
    check("a death test that starts the program again fails", threadsafe.returncode == 0,
          threadsafe.stdout + threadsafe.stderr)

    silent = run([program], "fail_on=none").stdout
    check("what does not gate fails a test", failed_in(silent) == {OWN}, silent)
    seeded = run([program], "seed=3").stdout
    check("seeded: other tests fail than should", failed_in(seeded) == {RACE, LEAK, OWN}, seeded)


if __name__ == "__main__":
    main()

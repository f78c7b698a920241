#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: testing_test.py PREFIX

Builds testprograms/projects/testing as its users would, and runs it by snag test, CTest and ctest -T memcheck: what
goes wrong has to be said of the right test, and of no other.
"""
import json
import pathlib
import sys
import tempfile

from support import SOURCE, check, run

prefix = pathlib.Path(sys.argv[1]).resolve()
snag = prefix / "bin" / "snag"
PROJECT = SOURCE / "testprograms" / "projects" / "testing"

QUEUE = {"a_race": "findings", "b_crash": "crashed", "c_hang": "timeout", "d_exit": "crashed", "e_panic": "crashed",
         "f_skipped": "skipped", "g_fails": "failed", "h_the_same_race": "findings", "i_leak": "findings",
         "j_dies_as_it_should": "passed", "k_passes_again": "passed", "passes": "passed"}
PLAIN = {"passes": "passed", "races": "findings", "passes_too": "passed"}


def verdicts(report, suite):
    return {t["name"].removeprefix(suite + "."): t["verdict"] for t in report["tests"]}


def read(path):
    return json.loads(pathlib.Path(path).read_text())


def by_snag_test(build):
    for words in ([], ["--isolate"]):
        said = run([snag, "test", "-race", "--timeout", "3s", *words, "queue_test"], build, 66)
        report = read(build / "snag-report.json")
        check(f"{words}: other verdicts than should be", verdicts(report, "queue") == QUEUE, said)
        races = {tuple(f["tests"]) for f in report["findings"] if f["kind"] == "race"}
        check(f"{words}: the race is not that of its two tests", races == {("queue.a_race", "queue.h_the_same_race")}, said)
        leaks = [f["tests"] for f in report["findings"] if f["kind"] == "leak"]
        if not words:
            check("the leak is not that of its test", leaks == [["queue.i_leak"]], str(leaks))
        check(f"{words}: the goroutines of the test that hangs are not printed", "goroutine 1 [sleep" in said, said)
        check(f"{words}: what fails is not told with its finding", "race detected during execution of test" in said, said)

    said = run([snag, "test", "plain_test"], build, 66)
    check("a main that knows nothing of Snag is not named", "plain_test uses gtest_main" in said, said)
    check("its race is not its test's", verdicts(read(build / "snag-report.json"), "plain") == PLAIN, said)

    said = run([snag, "test", "tool_test"], build, 66)
    check("no framework", [t["verdict"] for t in read(build / "snag-report.json")["tests"]] == ["findings"], said)

    run([snag, "test", "queue_test", "--seeds", "1-3", "--filter", "queue.a_race"], build, 66)
    seeds = {s for f in read(build / "snag-report.json")["findings"] for s in f["seeds"]}
    check("seeds", seeds == {"1", "2", "3"}, str(seeds))

    # The detector cannot write its report, and prints it; ours cannot be written either.
    said = run(["sh", "-c", f"trap '' XFSZ; ulimit -f 8; exec {snag} test tool_test"], build, 66)
    check("a full disk hides a finding", "1 finding" in said and "cannot be written" in said, said)


def by_ctest(build):
    said = run(["ctest", "--test-dir", build], build, 8)
    failed = {line.split(" - ")[1].split(" (")[0] for line in said.splitlines() if line.strip().endswith("(Failed)")}
    check("ctest: other tests fail than should", "queue_test" in failed and "tool_test" in failed
          and len(failed & {"plain_test.1", "plain_test.2"}) == 1, said)
    check("queue_test.snag.json", verdicts(read(build / "queue_test.snag.json"), "queue") == QUEUE, said)
    parts = [read(build / f"plain_test.{part}.snag.json") for part in (1, 2)]
    check("shards", [p["shards"] for p in parts] == [{"total": 2, "present": [n]} for n in (1, 2)], str(parts))
    check("shards: not every test once", verdicts(parts[0], "plain") | verdicts(parts[1], "plain") == PLAIN
          and sum(len(p["tests"]) for p in parts) == 3, said)

    said = run([snag, "test", "--ctest", build, "--filter", "tool_test"], build, 66)
    report = read(build / "snag-report.json")
    check("--ctest: the finding is not the test's", report["findings"][0]["tests"] == ["tool_test"], said)


def by_memcheck(build):
    said = run(["ctest", "--test-dir", build, "-T", "memcheck", "-R", "tool_test|plain_test"], build, None,
               SNAG_OPTIONS="report_format=tsan")
    check("memcheck counts no data race", "data race - " in said, said)
    written = next((build / "Testing").glob("*/DynamicAnalysis.xml")).read_text()
    for test in ("tool_test", "plain_test.1"):  # the race is in the first shard
        of_test = written[written.index(f"<Name>{test}<"):]
        of_test = of_test[:of_test.index("</Test>")]
        check(f"DynamicAnalysis.xml has no defect of {test}", '<Defect type="data race">1</Defect>' in of_test, written)


with tempfile.TemporaryDirectory(prefix="snag-testing-") as scratch:
    build = pathlib.Path(scratch) / "build"
    run(["cmake", "-S", PROJECT, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
         f"-DCMAKE_CXX_COMPILER={prefix}/bin/snag-c++"], PROJECT)
    run(["cmake", "--build", build, "-j", "2"], PROJECT)
    by_snag_test(build)
    by_ctest(build)
    by_memcheck(build)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A hundred thousand different races: every format has all of them, or says what it leaves to a table, in bounded memory.

usage: report_scale_test.py SNAG DOCUMENT [COUNT]
"""
import hashlib
import json
import resource
import subprocess
import sys
import tempfile

snag, document = sys.argv[1], json.load(open(sys.argv[2]))
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
RUNS = -(-COUNT // 25_000)
MEMORY = 1 << 30  # bytes

race = document["findings"][0]
for side in race["accesses"]:
    side["stack"] = side["stack"][:2]


def write(out, first, last):
    head = {k: v for k, v in document.items() if k != "findings"}
    out.write(json.dumps(head)[:-1] + ', "findings": [')
    for n in range(first, last):
        race["fingerprint"] = f"{n:032x}"
        race["accesses"][0]["variable"] = f"variable_{n}"
        out.write(("," if n != first else "") + json.dumps(race))
    out.write("]}")


def largest():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


with tempfile.TemporaryDirectory() as folder:
    # Two halves that share a tenth.
    for name, first, last in (("a", 0, COUNT * 6 // 10), ("b", COUNT // 2, COUNT)):
        with open(f"{folder}/{name}.json", "w") as out:
            write(out, first, last)
    files = [f"{folder}/a.json", f"{folder}/b.json"]
    merged, digests = f"{folder}/merged", set()
    for order in (files, files[::-1]):
        done = subprocess.run([snag, "report", "-o", merged, "--format", "json", *order], capture_output=True, text=True)
        assert done.returncode == 66, done.stderr
        assert f"{COUNT} findings: {COUNT} fail the gate" in done.stderr, done.stderr
        text = open(merged, "rb").read()
        digests.add(hashlib.sha256(text).digest())
        assert text.count(b'"fingerprint":') == COUNT and f'"distinct":{COUNT}'.encode() in text
        del text
    assert len(digests) == 1, "another order, other bytes"
    assert largest() < MEMORY, largest()

    def shown(form):
        done = subprocess.run([snag, "report", "-o", f"{folder}/out", "--format", form, merged], capture_output=True, text=True)
        assert done.returncode == 66, (form, done.stderr)
        assert largest() < MEMORY, (form, largest())
        return open(f"{folder}/out", encoding="utf-8").read(), done.stderr

    sarif, said = shown("sarif")
    assert sarif.count('"primaryLocationLineHash":') == COUNT and sarif.count('"automationDetails":') == RUNS
    del sarif
    assert f"all {COUNT} results" in said and "GitHub shows the first 5000" in said, said
    assert RUNS == 1 or f"in {RUNS} runs" in said, said
    page = shown("html")[0]
    assert page.count('<details class="finding') == 2000 and page.count('<tr id="f-') == COUNT - 2000
    baseline = f"{folder}/baseline"
    subprocess.run([snag, "report", "--write-baseline", baseline, merged], check=True, capture_output=True)
    done = subprocess.run([snag, "report", "--baseline", baseline, "-o", f"{folder}/out", merged], capture_output=True, text=True)
    assert done.returncode == 0 and f"{COUNT} known" in done.stderr, done.stderr
    assert largest() < MEMORY, largest()
    print(f"{COUNT} races; the largest process had {largest() >> 20} MiB")

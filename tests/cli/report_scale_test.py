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


def pieces(path):
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            yield piece


# (Piece by piece: what this process holds counts as its children's memory, until they have become another program.)
def occurrences(path, *words):
    """How often each of the words is in the file."""
    counts, before = [0] * len(words), b""
    for piece in pieces(path):
        both = before + piece
        for i, word in enumerate(words):
            counts[i] += both.count(word) - before.count(word)
        before = both[-(max(map(len, words)) - 1):]
    return counts


def digest(path):
    sha = hashlib.sha256()
    for piece in pieces(path):
        sha.update(piece)
    return sha.digest()


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
        digests.add(digest(merged))
        assert occurrences(merged, b'"fingerprint":', f'"distinct":{COUNT}'.encode()) == [COUNT, 1]
    assert len(digests) == 1, "another order, other bytes"
    assert largest() < MEMORY, largest()

    def shown(form, *words):
        done = subprocess.run([snag, "report", "-o", f"{folder}/out", "--format", form, merged], capture_output=True, text=True)
        assert done.returncode == 66, (form, done.stderr)
        assert largest() < MEMORY, (form, largest())
        return occurrences(f"{folder}/out", *words), done.stderr

    counts, said = shown("sarif", b'"primaryLocationLineHash":', b'"automationDetails":')
    assert counts == [COUNT, RUNS], counts
    assert f"all {COUNT} results" in said and "GitHub shows the first 5000" in said, said
    assert RUNS == 1 or f"in {RUNS} runs" in said, said
    counts, _ = shown("html", b'<details class="finding', b'<tr id="f-')
    assert counts == [2000, COUNT - 2000], counts
    for form, word in (("text", b"Fingerprint: data-race "), ("junit", b"<testcase ")):
        counts, _ = shown(form, word)
        assert counts == [COUNT], (form, counts)
    baseline = f"{folder}/baseline"
    subprocess.run([snag, "report", "--write-baseline", baseline, merged], check=True, capture_output=True)
    done = subprocess.run([snag, "report", "--baseline", baseline, "-o", f"{folder}/out", merged], capture_output=True, text=True)
    assert done.returncode == 0 and f"{COUNT} known" in done.stderr, done.stderr
    assert largest() < MEMORY, largest()
    print(f"{COUNT} races; the largest process had {largest() >> 20} MiB")

# SPDX-License-Identifier: Apache-2.0
"""usage: samples.py --snag SNAG [--list]

Every ```cpp block of README.md and docs/**/*.md compiles, and those with a main run.

A comment in the line above a block may say more:
  <!-- sample status: 66 data-race -->     a program ends with that status, and finds these rules; 0 and none otherwise
  <!-- sample with: DECLARATIONS -->       what a fragment takes for granted
  <!-- sample not compiled: REASON -->
  <!-- file NAME -->                       part of a page that is followed as a whole: page_test.py
The rules' pages are written by the command line, so what their examples take for granted stands here, in RULES.

Fragments are put into functions and compiled together, one translation unit for each set of headers that they need.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
from typing import NamedTuple

from messages import ROOT

BLOCK = re.compile(r"(?:^<!-- (?P<note>(?:sample|file) (?:(?!-->).)*?) -->\n)?^```cpp\n(?P<text>.*?)^```$", re.S | re.M)
HEADERS = {"boost::asio": ["<boost/asio/ip/tcp.hpp>", "<snag/asio.h>"], "TEST(": ["<gtest/gtest.h>", "<snag/gtest.h>"]}
ALWAYS = ["<snag/snag.h>", "<atomic>", "<chrono>", "<condition_variable>", "<mutex>", "<optional>", "<shared_mutex>", "<stdexcept>",
          "<string>", "<thread>", "<vector>", "<pthread.h>"]
# Of a rule's example: the note that a page of ours would have.
RULES = {
    "data-race": "status: 66 data-race",
    "deadlock": "status: 2",
    "panic": "status: 2",
    "stack-overflow": "status: 2",
    "add-beside-wait": "with: void work();",
    "reuse-beside-wait": "with: void first(); void second();",
    "done-beside-add": "with: snag::chan<int> jobs;",
    "wait-without-lock": "with: std::mutex m; std::condition_variable arrived;",
    "wait-with-other-lock": "with: bool first; std::mutex a, b; std::condition_variable arrived;",
    "destroyed-waited-for": "with: std::mutex m;",
    "self-lock": "with: struct account { std::mutex mutex; }; void log(account&);",
    "lock-cycle": "with: std::mutex m, n;",
    "queued-writer": "with: snag::shared_mutex table;",
    "abandoned-lock": "with: snag::mutex m; bool empty(); void use();",
    "mixed-cycle": "with: std::mutex m; snag::chan<int> results;",
    "join-cycle": "with: std::thread b;",
    "communication-cycle": "with: snag::chan<int> a, b;",
    "self-channel": "with: snag::chan<int> c;",
    "orphan": "with: int work(); bool timed_out();",
    "lost-wake-up": "with: std::mutex m; std::condition_variable ready;",
    "wait-group-never-zero": "with: snag::wait_group group; bool failed();",
    "thread-not-joined": "with: void* work(void*);",
    "reference-outlives-variable": "with: std::vector<std::string> names; std::string directory; void load(const std::string&);",
    "race-with-goroutine": "with: int work(); void report(int);",
    "add-inside-goroutine": "with: void work();",
    "lock-not-released": "with: std::mutex m; struct { bool empty(); void pop(); } queue;",
    "lock-held-already": "with: std::mutex m; int total, n;",
    "lock-held-across-wait": "with: std::mutex m; snag::wait_group group; int n;",
    "mutex-not-shared": "with: int total;",
    "send-after-close": "with: snag::chan<int> results; int last;",
    "receiver-closes": "with: void use(int);",
    "cancel-dropped": "with: snag::context parent; std::string url; void fetch(snag::context, const std::string&);",
    "thread-unsafe-call": "with: std::vector<std::time_t> times; snag::wait_group group; void print(int);",
}


class Sample(NamedTuple):
    place: str  # file:line
    text: str
    note: str

    def is_program(self) -> bool:
        return re.search(r"^int main\(", self.text, re.M) is not None

    def headers(self) -> list[str]:
        return [header for word, needed in HEADERS.items() if word in self.text for header in needed]

    def stands_alone(self) -> bool:
        """Functions and classes, rather than statements."""
        return re.search(r"^(?:TEST\(|#|class |struct |template|(?:void|int|bool) \w+\([^;]*\) \{$)", self.text, re.M) is not None


def samples() -> list[Sample]:
    found = []
    for file in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = file.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            note = (block["note"] or "").removeprefix("sample ")
            if file.parent.name == "rules":
                note = RULES.get(file.stem, "")
            found.append(Sample(f"{file.relative_to(ROOT)}:{text.count(chr(10), 0, block.start('text')) + 1}", block["text"], note))
    return found


def unit(fragments: list[Sample]) -> str:
    """One source of all; each error is told with the page's line."""
    lines = [f"#include {header}" for header in ALWAYS + fragments[0].headers()]
    lines += ["#include <snag/schedule.h>", "#include <snag/leak_check.h>", "using namespace std::chrono_literals;"]
    for number, sample in enumerate(fragments):
        file, line = sample.place.rsplit(":", 1)
        lines += [f"namespace sample_{number} {{", sample.note.removeprefix("with:") if sample.note.startswith("with:") else ""]
        if not sample.stands_alone():
            lines.append("[[maybe_unused]] auto sample() {")
        lines += [f'#line {line} "{file}"', sample.text.rstrip("\n"), "}" if sample.stands_alone() else "}}"]
    return "\n".join(lines) + "\n"


def compile_fragments(snag: str, fragments: list[Sample], scratch: pathlib.Path) -> list[str]:
    source = scratch / "fragments.cpp"
    source.write_text(unit(fragments), encoding="utf-8")
    ran = subprocess.run([snag, "c++", "-std=c++20", "-fsyntax-only", "-w", str(source)], stderr=subprocess.PIPE, text=True, check=False)
    return [ran.stderr.strip() or f"clang ended with {ran.returncode}"] if ran.returncode else []


def run_program(snag: str, sample: Sample, scratch: pathlib.Path) -> list[str]:
    words = sample.note.removeprefix("status:").split() if sample.note.startswith("status:") else ["0"]
    source, findings = scratch / "sample.cpp", scratch / "findings.json"
    text = sample.text if "#include" in sample.text else "#include <snag/snag.h>\n#include <stdexcept>\n" + sample.text
    source.write_text(text, encoding="utf-8")
    findings.unlink(missing_ok=True)
    ran = subprocess.run([snag, "run", "-race", "-w", "--seed", "1", "--format", "json", "--log-path", str(findings), str(source)],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False, timeout=300)
    rules = sorted({finding["rule"] for finding in json.loads(findings.read_text())["findings"]}) if findings.is_file() else []
    wanted = sorted(words[1:])
    complaints = []
    if ran.returncode != int(words[0]):
        complaints.append(f"{sample.place}: ends with {ran.returncode}, not {words[0]}\n{ran.stdout[-2000:]}")
    if wanted and rules != wanted or not wanted and words[0] == "0" and rules:
        complaints.append(f"{sample.place}: finds {rules}, not {wanted}")
    return complaints


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--snag", required=True)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    groups: dict[tuple[str, ...], list[Sample]] = {}
    programs, complaints = [], []
    for sample in samples():
        if sample.note.startswith("file "):
            how = "followed with its page"
        elif sample.note.startswith("not compiled:"):
            how = sample.note
            if not sample.note.removeprefix("not compiled:").strip():
                complaints.append(f"{sample.place}: does not say why it is not compiled")
        elif sample.is_program():
            how = "run"
            programs.append(sample)
        else:
            how = "compiled"
            groups.setdefault(tuple(sample.headers()), []).append(sample)
        if options.list:
            print(f"{sample.place}: {how}")
    if options.list:
        return 0
    if len(programs) < 2 or len(groups) < 2:
        complaints.append("hardly any sample was found: the search for them is broken")
    with tempfile.TemporaryDirectory(prefix="snag-samples-") as name:
        scratch = pathlib.Path(name)
        for fragments in groups.values():
            complaints += compile_fragments(options.snag, fragments, scratch)
        broken = Sample("self-check:1", "snag::chan<int> c; c << undeclared;\n", "")
        if not compile_fragments(options.snag, [broken], scratch):
            complaints.append("a sample that does not compile would not be noticed")
        for sample in programs:
            complaints += run_program(options.snag, sample, scratch)
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

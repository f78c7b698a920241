# SPDX-License-Identifier: Apache-2.0
"""usage: troubleshooting_test.py

Compares docs/troubleshooting.md with the sources: each message that Snag may print (messages.py) is in the first column of
one of its tables, and each of these is still printed. What stands below `<!-- of FILE -->`, until the next heading, may come later than
that source file.
"""
import re
import sys

from messages import ROOT, all_text, messages, normalised

PAGE = ROOT / "docs" / "troubleshooting.md"


def patterns(page: str) -> list[str]:
    """The code spans of the tables' first columns."""
    return [pattern for pattern, _ in patterns_with_files(page)]


def patterns_with_files(page: str) -> list[tuple[str, str]]:
    """Each with the file that it is to come from, if the page says so."""
    found, file = [], ""
    for line in page.splitlines():
        if line.startswith("#"):
            file = ""
        elif of := re.fullmatch(r"<!-- of (\S+) -->", line):
            file = of[1]
        row = re.match(r"\| (`.*?) \| ", line)
        if row:
            found += [(normalised(span[1]), file) for span in re.findall(r"(`+)(.+?)\1(?!`)", row[1])]
    return found


def uncovered(found, listed: list[str]) -> list[str]:
    """What is missing, with where it is printed. A part of a message may stand anywhere in a pattern, and a pattern's last field
    stands for the rest of a message that begins so."""
    beginnings = tuple(pattern[:-1] for pattern in listed if pattern.endswith("…") and len(pattern) > 30)
    return [f"{message.file}:{message.line}: not in {PAGE.name}: {message.text}" for message in found
            if not message.text.startswith(beginnings) and not any(message.text in pattern for pattern in listed)]


def stale(listed: list[str], texts: list[str]) -> list[str]:
    """Patterns with a part, between fields, that no literal has."""
    gone = []
    for pattern in listed:
        parts = [part.strip(" '") for part in pattern.split("…")]
        if not all(any(part in text for text in texts) for part in parts if part):
            gone.append(f"{PAGE.name}: nothing prints: {pattern}")
    return gone


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    listed = patterns(page)
    expected = [pattern for pattern, file in patterns_with_files(page) if not file or (ROOT / file).exists()]
    found = messages()
    if len(found) < 200 or len(listed) < 150:
        print(f"only {len(found)} messages in the sources and {len(listed)} on the page: the search for them is broken")
        return 1
    texts = all_text()
    complaints = uncovered(found, listed) + stale(expected, texts)
    # It would notice: without one pattern, and with one that is nobody's.
    without = [p for p in listed if "go of nil func value" not in p]
    if not uncovered(found, without) or not stale(["nobody prints such a thing"], texts):
        complaints.append("a missing or stale message would not be noticed")
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

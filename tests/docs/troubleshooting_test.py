# SPDX-License-Identifier: Apache-2.0
"""usage: troubleshooting_test.py

Compares docs/troubleshooting.md with the sources: each message that Snag may print (messages.py) is in the first column of
one of its tables, and each of these is still printed.
"""
import re
import sys

from messages import ROOT, all_text, messages, normalised

PAGE = ROOT / "docs" / "troubleshooting.md"


def patterns(page: str) -> list[str]:
    """The code spans of the tables' first columns."""
    found = []
    for line in page.splitlines():
        row = re.match(r"\| (`.*?) \| ", line)
        if row:
            found += [normalised(span[1]) for span in re.findall(r"(`+)(.+?)\1(?!`)", row[1])]
    return found


def uncovered(found, listed: list[str]) -> list[str]:
    """What is missing, with where it is printed. A part of a message may stand anywhere in a pattern."""
    return [f"{message.file}:{message.line}: not in {PAGE.name}: {message.text}" for message in found
            if not any(message.text in pattern for pattern in listed)]


def stale(listed: list[str], texts: list[str]) -> list[str]:
    """Patterns with a part, between fields, that no literal has."""
    gone = []
    for pattern in listed:
        parts = [part.strip(" '") for part in pattern.split("…")]
        if not all(any(part in text for text in texts) for part in parts if part):
            gone.append(f"{PAGE.name}: nothing prints: {pattern}")
    return gone


def main() -> int:
    listed = patterns(PAGE.read_text(encoding="utf-8"))
    found = messages()
    if len(found) < 200 or len(listed) < 150:
        print(f"only {len(found)} messages in the sources and {len(listed)} on the page: the search for them is broken")
        return 1
    texts = all_text()
    complaints = uncovered(found, listed) + stale(listed, texts)
    # It would notice: without one pattern, and with one that is nobody's.
    without = [p for p in listed if "go of nil func value" not in p]
    if not uncovered(found, without) or not stale(["nobody prints such a thing"], texts):
        complaints.append("a missing or stale message would not be noticed")
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

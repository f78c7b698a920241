# SPDX-License-Identifier: Apache-2.0
"""usage: reference.py --snag SNAG [--check]

Writes the pages that the command line itself is the source of: docs/rules/RULE.md and its index from `snag explain`, and
docs/command_line.md from `snag SUBCOMMAND --help`. With --check it only compares, and says which pages do not fit.
"""
import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MARK = "<!-- Written by ./dev docs from the command line itself: change {}, not this page. -->\n"
HEADINGS = {"Example:": "Example", "What to do:": "What to do", "Not reported:": "What is not reported"}

KINDS = """| kind of finding | its rules |
|---|---|
| `race` | [data-race](data-race.md); what is probably wrong is said by [hints](../reports.md#hints) |
| `misuse` | of channels, wait groups, locks, condition variables and freed memory: [Misuse](../reports.md#misuse) |
| `deadlock`, `leak` | who waits for ever, by [shape](../deadlocks.md#shapes); `predicted` ones: [lock order](../lock_order.md) |
| `panic` | the program's end: [panic](panic.md), [deadlock](deadlock.md), [stack-overflow](stack-overflow.md) |
"""


def output(snag: str, *words: str, may_fail: bool = False) -> str:
    ran = subprocess.run([snag, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if ran.returncode != 0 and may_fail:
        return ""
    if ran.returncode != 0:
        sys.exit(f"reference.py: snag {' '.join(words)} ended with {ran.returncode}: {ran.stderr.strip()}")
    return ran.stdout


def prose(text: str) -> str:
    """Plain text as Markdown: what would be markup there is escaped, but for what is quoted as code already."""
    parts = re.split(r"(`[^`\n]*`)", text)
    return "".join(part if i % 2 else re.sub(r"([\\*<])", r"\\\1", part) for i, part in enumerate(parts))


def rule_page(rule: str, text: str) -> str:
    """The page of a rule, from what `snag explain` prints: `rule: title`, the meaning, then headed sections."""
    first, _, rest = text.partition("\n\n")
    title = first.removeprefix(rule + ": ")
    page = MARK.format("the rule's text in cli") + f"\n# {rule}\n\n{prose(title[0].upper() + title[1:])}.\n"
    section, sections = "", {"": []}
    for line in rest.splitlines():
        if line in HEADINGS:
            section = line
            sections[section] = []
        else:
            sections[section].append(line)
    for heading, lines in sections.items():
        body = "\n".join(lines).strip("\n")
        if heading:
            page += f"\n## {HEADINGS[heading]}\n"
        if heading == "Example:":
            page += "\n```cpp\n" + "\n".join(line.removeprefix("    ") for line in body.splitlines()) + "\n```\n"
        else:
            page += f"\n{prose(body)}\n"
    return page


def rule_pages(snag: str) -> dict[str, str]:
    listing = [line.split(None, 1) for line in output(snag, "explain").splitlines() if line.strip()]
    index = (MARK.format("the rules' texts in cli") + "\n# Rules\n\nThe word in a finding's `rule`, in a hint's brackets, or of what a fatal message says; "
             "`snag explain RULE` prints the same.\n\n" + KINDS + "\n| rule | |\n|---|---|\n")
    pages = {}
    for rule, title in listing:
        pages[f"docs/rules/{rule}.md"] = rule_page(rule, output(snag, "explain", rule))
        index += f"| [{rule}]({rule}.md) | {prose(title)} |\n"
    pages["docs/rules/README.md"] = index
    return pages


def command_line_page(snag: str) -> str:
    """The help of each subcommand that `snag --help` names; where it has options of Snag's."""
    overview = output(snag, "--help")
    names = re.findall(r"^  snag (\S+)", overview, re.M)
    page = (MARK.format("the options in cli") + "\n# The command line\n\nWhat `--help` prints, command by command. "
            "[api.md](api.md#the-command-line) says more about each, and about [exit statuses](api.md#exit-status).\n")
    page += f"\n```text\n{overview.rstrip()}\n```\n"
    for name in names:
        # (Those that take no options print the same, and those that are clang print clang's.)
        text = output(snag, name, "--help", may_fail=True).rstrip()
        if f"snag {name}" in text and text != overview.rstrip():
            page += f"\n## snag {name}\n\n```text\n{text}\n```\n"
    return page


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--snag", required=True)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    pages = rule_pages(options.snag)
    pages["docs/command_line.md"] = command_line_page(options.snag)
    complaints = []
    for name, text in pages.items():
        file = ROOT / name
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            continue
        if options.check:
            complaints.append(f"{name} does not fit: ./dev docs writes it")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    for file in sorted((ROOT / "docs" / "rules").glob("*.md")):
        name = file.relative_to(ROOT).as_posix()
        if name not in pages:
            complaints.append(f"{name} is of no rule that snag explains: remove it")
    # Every word that a finding may carry is explained. (Kinds of one word are not told from others in the sources.)
    explained = {pathlib.PurePath(name).stem for name in pages}
    for source in ("hints", "resolve", "resolve_misuse", "resolve_deadlock"):
        text = (ROOT / "detector" / "src" / f"{source}.cpp").read_text(encoding="utf-8")
        for word in sorted(set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)) - explained):
            complaints.append(f"detector/src/{source}.cpp: snag explain does not know {word}")
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

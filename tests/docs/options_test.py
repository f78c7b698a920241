# SPDX-License-Identifier: Apache-2.0
"""usage: options_test.py

docs/options.md has each key of SNAG_OPTIONS that the runtime knows (runtime/options.h) in one of its tables, and no other.
"""
import re
import sys

from messages import ROOT


def main() -> int:
    header = (ROOT / "runtime" / "options.h").read_text(encoding="utf-8")
    known = set(re.findall(r'"(\w+)"', header[header.index("known_options[]"):header.index("};", header.index("known_options[]"))]))
    page = (ROOT / "docs" / "options.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", page, re.M)
    complaints = [f"docs/options.md lacks {key}" for key in sorted(known - set(listed))]
    complaints += [f"docs/options.md: there is no option {key}" for key in sorted(set(listed) - known)]
    complaints += [f"docs/options.md has {key} twice" for key in sorted(set(listed)) if listed.count(key) > 1]
    if not known:
        complaints.append("no option was found in runtime/options.h")
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

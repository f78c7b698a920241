# SPDX-License-Identifier: Apache-2.0
"""usage: ci_test.py --snag SNAG

The CI files that are to be copied (docs/ci/*.yml, .pre-commit-hooks.yaml): their structure, each script's syntax, and each
snag command line in them against the help of that subcommand. A subcommand that this snag says is planned is not looked at.
"""
import argparse
import re
import shlex
import subprocess
import sys

import yaml

from messages import ROOT

GITLAB_WORDS = {"stages", "default", "include", "variables", "workflow"}
HOOK_KEYS = {"id", "name", "entry", "language"}


def github_scripts(workflow: dict) -> list[str]:
    """The scripts of a workflow; ValueError if it is none."""
    if True not in workflow or "jobs" not in workflow:  # (`on` is a truth value in YAML 1.1)
        raise ValueError("a workflow has `on` and `jobs`")
    scripts = []
    for name, job in workflow["jobs"].items():
        if "runs-on" not in job or not job.get("steps"):
            raise ValueError(f"job {name} has no runs-on or no steps")
        needs = job.get("needs", [])
        for needed in [needs] if isinstance(needs, str) else needs:
            if needed not in workflow["jobs"]:
                raise ValueError(f"job {name} needs {needed}, which is not there")
        for step in job["steps"]:
            if ("run" in step) == ("uses" in step):
                raise ValueError(f"a step of job {name} has either `run` or `uses`")
            if "uses" in step and not re.fullmatch(r"[\w.-]+/[\w./-]+@v\d+", step["uses"]):
                raise ValueError(f"job {name}: {step['uses']} names no version")
            if "run" in step:
                scripts.append(step["run"])
    return scripts


def gitlab_scripts(pipeline: dict) -> list[str]:
    """The scripts of a pipeline; ValueError if it is none."""
    stages = pipeline.get("stages", [])
    scripts = []
    for name, job in pipeline.items():
        if name in GITLAB_WORDS:
            continue
        if not name.startswith("."):
            if job.get("stage") not in stages or not job.get("script"):
                raise ValueError(f"job {name} has no script, or a stage that is not listed")
            if job.get("extends", name) not in pipeline:
                raise ValueError(f"job {name} extends {job['extends']}, which is not there")
        for part in ("before_script", "script", "after_script"):
            lines = job.get(part, [])
            if not all(isinstance(line, str) for line in lines):
                raise ValueError(f"a line of {name}'s {part} is no text: it needs quotes")
            scripts.append("\n".join(lines))
    return scripts


def hook_scripts(hooks: list) -> list[str]:
    for hook in hooks:
        if not HOOK_KEYS <= hook.keys():
            raise ValueError(f"hook {hook.get('id')} needs {', '.join(sorted(HOOK_KEYS))}")
    return [hook["entry"] for hook in hooks]


def snag_commands(script: str) -> list[list[str]]:
    """The words of each command that is snag, without redirections and what follows."""
    script = re.sub(r"\$\{\{.*?\}\}", "X", script)
    found = []
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while words and (words[0] in ("if", "!", "then", "do") or re.match(r"\w+=", words[0])):
            words.pop(0)
        if words and words[0] == "snag":
            end = next((i for i, word in enumerate(words) if word in ("||", "&&", "|", ";") or re.match(r"\d?>", word)), len(words))
            found.append(words[1:end])
    return found


class Help:
    """What snag says of its subcommands, asked once each."""

    def __init__(self, snag: str):
        self.snag, self.known = snag, {}

    def of(self, name: str) -> tuple[int, str]:
        if name not in self.known:
            ran = subprocess.run([self.snag, name, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            self.known[name] = (ran.returncode, ran.stdout)
        return self.known[name]

    def complaints(self, words: list[str]) -> list[str]:
        if not words:
            return ["snag without a subcommand"]
        name = words[0]
        listed = re.search(rf"^  snag {re.escape(name)}\s", self.of("--help")[1], re.M)
        status, text = self.of(name)
        if not listed:
            return [] if "planned and not there yet" in text else [f"there is no snag {name}"]
        options = [word.split("=")[0] for word in words[1:] if re.match(r"-", word)]
        if not options:
            return []
        if status != 0:
            return [f"snag {name} has no options"]
        return [f"snag {name} has no {option}" for option in options if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text)]


def look(name: str, text: str, helps: Help) -> list[str]:
    try:
        data = yaml.safe_load(text)
        scripts = hook_scripts(data) if isinstance(data, list) else gitlab_scripts(data) if "stages" in data else github_scripts(data)
    except (yaml.YAMLError, ValueError) as error:
        return [f"{name}: {error}"]
    complaints = [] if scripts else [f"{name}: no script"]
    for script in scripts:
        syntax = subprocess.run(["bash", "-n"], input=re.sub(r"\$\{\{.*?\}\}", "X", script), stderr=subprocess.PIPE, text=True, check=False)
        if syntax.returncode != 0:
            complaints.append(f"{name}: {syntax.stderr.strip()}")
            continue
        for words in snag_commands(script):
            complaints += [f"{name}: snag {' '.join(words)}: {complaint}" for complaint in helps.complaints(words)]
    return complaints


def self_check(helps: Help) -> list[str]:
    """Each kind of mistake is noticed."""
    job = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: {}\n"
    wrong = ["jobs: [", "a: 1", job.format("snag run --no-such-option x.cpp"), job.format("snag nothing"), job.format("'if true; then'"),
             "stages: [a]\nb:\n  stage: c\n  script: [x]\n", "- id: x\n"]
    missed = [text for text in wrong if not look("x", text, helps)]
    missed += [text for text in [job.format("snag run --seed 7 x.cpp")] if look("x", text, helps)]
    return [f"ci_test.py misjudges {text!r}" for text in missed]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--snag", required=True)
    helps = Help(parser.parse_args().snag)
    files = [*sorted((ROOT / "docs" / "ci").glob("*.yml")), ROOT / ".pre-commit-hooks.yaml"]
    complaints = self_check(helps) + ([] if len(files) > 3 else ["docs/ci has no files"])
    for file in files:
        complaints += look(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"), helps)
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""Whole programs as text: built with the command line under test, run, and their findings read back.

The environment names the command line: SNAG.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

SNAG = pathlib.Path(os.environ["SNAG"]).resolve()
FINDINGS = 66
TIME_LIMIT = 300


class run_result:
    def __init__(self, status, text, document):
        self.status, self.text, self.document = status, text, document
        self.findings = document["findings"] if document else []

    def fingerprints(self):
        return sorted(f["fingerprint"] for f in self.findings)

    def on(self, variable):
        """The findings in which a side says that it is about the variable."""
        return [f for f in self.findings
                if any(variable in (a["variable"], a["object"]) for a in f["accesses"])]


class program_test(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="snag-reports-")
        self.folder = pathlib.Path(self.scratch.name)

    def tearDown(self):
        self.scratch.cleanup()

    def build(self, source, *words, name="app.cpp", folder=".", inside=True):
        """Writes the source to folder/name and builds it there, as name or by its full path; the program's path."""
        where = self.folder / folder
        where.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(source, encoding="utf-8")
        program = where / pathlib.Path(name).stem
        done = subprocess.run([SNAG, "build", "-race", *words, name if inside else str(where / name), "-o", program],
                              cwd=where, capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return program

    def run_text(self, program, options="", *words):
        done = subprocess.run([program, *words], env={**os.environ, "SNAG_OPTIONS": options, "NO_COLOR": "1"},
                              capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
        return run_result(done.returncode, done.stderr, None)

    def run_json(self, program, options="", *words):
        log = self.folder / "findings.json"
        log.unlink(missing_ok=True)
        done = self.run_text(program, f"{options} report_format=json log_path={log}", *words)
        self.assertTrue(log.exists(), done.text)
        return run_result(done.status, done.text, json.loads(log.read_text(encoding="utf-8")))

    def findings_of(self, source, *words, options="seed=1"):
        return self.run_json(self.build(source, *words), options)

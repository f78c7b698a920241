#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: batch_test.py SNAG [--slurm]

Shards under real batch systems: GNU parallel, and with --slurm a Slurm of one node that is started for it (slurmctld,
slurmd and munge of its own, on ports of their own; as root). Together the shards run each test once, and their reports
merge to the same bytes in any order; a shard that is missing is an error, not a green run. 77: not installed.
"""
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SNAG = pathlib.Path(sys.argv[1]).resolve()
SHARDS = 4
FINDER = """#!/bin/sh
# Finds something; as a program with a detector would say it.
path=$(echo "$SNAG_OPTIONS" | sed "s/.*log_path=//; s/ .*//; s/%p/$$/")
cat > "$path" <<'END'
{"schema": "snag-findings/6", "tool": {"name": "snag", "version": "0.1.0"},
 "run": {"end": "exit", "signal": null, "status": 66, "seed": null, "audit": null},
 "totals": {"distinct": 1, "occurrences": 1, "not_listed": 0, "suppressed": 0}, "suppressions": [],
 "findings": [{"count": 1, "fingerprint": "0123456789abcdef0123456789abcdef", "kind": "misuse", "rule": "unlock-of-unlocked",
   "message": "a mutex is unlocked that nobody holds", "accesses": [], "memory": {"kind": "unknown", "name": "",
   "module": "", "base": "0x0", "size": 0, "owner": 0, "freed": false, "element": null, "allocated_at": []},
   "missing_edge": "", "certainty": "proved", "hints": [], "actors": []}]}
END
exit 66
"""


def check(what, holds, output=""):
    if not holds:
        sys.exit(f"{what}\n{output}")


def run(words, directory, **variables):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("GTEST_", "TEST_", "CI_NODE", "SLURM_", "SNAG_"))} | variables
    return subprocess.run([str(w) for w in words], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)


def programs(directory):
    """Ten tests, of which one finds something and one fails."""
    names = []
    for number in range(10):
        path = directory / f"test{number}"
        path.write_text(FINDER if number == 3 else f"#!/bin/sh\nexit {int(number == 6)}\n")
        path.chmod(0o755)
        names.append(f"./{path.name}")
    return names


def reports(directory):
    return [directory / f"snag-report.{n}-of-{SHARDS}.json" for n in range(1, SHARDS + 1)]


def merged(directory, files):
    done = run([SNAG, "report", "--format", "json", "-o", "merged.json", *files], directory)
    text = (directory / "merged.json").read_text() if (directory / "merged.json").exists() else ""
    return done, text


def is_the_whole(directory, names):
    """What does not depend on the time that each took."""
    done, text = merged(directory, reports(directory))
    check("the merged report does not gate", done.returncode == 66, done.stdout)
    report = json.loads(text)
    check("not each test ran once", [t["name"] for t in report["tests"]] == sorted(names), text)
    check("verdicts", {t["name"]: t["verdict"] for t in report["tests"] if t["verdict"] != "passed"}
          == {"./test3": "findings", "./test6": "failed"}, text)
    check("shards", report["shards"] == {"total": SHARDS, "present": list(range(1, SHARDS + 1))}, text)
    check("the finding", [f["tests"] for f in report["findings"]] == [["./test3"]], text)
    backwards, again = merged(directory, reversed(reports(directory)))
    check("the order of the shards matters", again == text, backwards.stdout)
    missing, _ = merged(directory, reports(directory)[:1] + reports(directory)[2:3])
    check("missing shards are no error", missing.returncode == 75 and "2, 4" in missing.stdout, missing.stdout)


def by_parallel(directory, names):
    done = run(["parallel", "-j2", f"{SNAG} test --shard {{}}/{SHARDS} {' '.join(names)}", ":::", *range(1, SHARDS + 1)], directory)
    # The number of jobs that failed: that with the finding, that with the failure.
    check("GNU parallel", done.returncode == 2, done.stdout)
    is_the_whole(directory, names)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Slurm:
    """One node, this machine. Everything of it lies in one directory and ends with it."""

    def __init__(self, directory):
        self.directory = directory
        host = socket.gethostname().split(".")[0]
        munge = directory / "munge"
        munge.mkdir(mode=0o755)
        owner = pwd.getpwnam("munge")
        (munge / "key").write_bytes(os.urandom(128))
        (munge / "key").chmod(0o400)
        for path in (munge, munge / "key"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        for name in ("state", "spool"):
            (directory / name).mkdir()
        self.conf = directory / "slurm.conf"
        self.conf.write_text(f"""
ClusterName=snag
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={munge}/socket
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmctldPidFile={directory}/slurmctld.pid
SlurmdPidFile={directory}/slurmd.pid
StateSaveLocation={directory}/state
SlurmdSpoolDir={directory}/spool
SlurmctldLogFile={directory}/slurmctld.log
SlurmdLogFile={directory}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
NodeName={host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
""")
        self.processes = []
        self.start(["runuser", "-u", "munge", "--", "munged", "--foreground", "--force", f"--key-file={munge}/key", f"--socket={munge}/socket",
                    f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed"], "munged.out")
        self.wait_for("munge's socket", lambda: (munge / "socket").exists())
        self.start(["slurmctld", "-D", "-f", self.conf], "slurmctld.out")
        self.start(["slurmd", "-D", "-f", self.conf, "-N", host], "slurmd.out")
        self.wait_for("an idle node", lambda: "idle" in self.ask(["sinfo", "-h", "-o", "%T"]).stdout)

    def start(self, words, log):
        with open(self.directory / log, "w") as out:
            self.processes.append(subprocess.Popen([str(w) for w in words], stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                                                   env=os.environ | {"SLURM_CONF": str(self.conf)}))

    def ask(self, words, directory=None):
        return run(words, directory or self.directory, SLURM_CONF=str(self.conf))

    def wait_for(self, what, holds):
        until = time.monotonic() + 120
        while not holds():
            check(f"no {what} within two minutes", time.monotonic() < until, self.logs())
            time.sleep(0.2)  # Slurm is asked, it does not tell

    def logs(self):
        return "".join(f"== {p}\n{p.read_text(errors='replace')[-2000:]}" for p in sorted(self.directory.glob("*.log")) + sorted(self.directory.glob("*.out")))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for p in reversed(self.processes):
            p.terminate()
        for p in self.processes:
            try:
                p.wait(20)
            except subprocess.TimeoutExpired:
                p.kill()


def by_slurm(directory, names, slurm):
    submitted = slurm.ask(["sbatch", "--parsable", f"--array=1-{SHARDS}", "-o", "task-%a.out", "--wrap",
                           f"{SNAG} test {' '.join(names)}"], directory)
    check("sbatch", submitted.returncode == 0, submitted.stdout + slurm.logs())
    job = submitted.stdout.strip()
    # However they end: a shard that finds something has failed, and its report is wanted most.
    merge = slurm.ask(["sbatch", "--parsable", f"--dependency=afterany:{job}", "-o", "merge.out", "--wrap",
                       f"{SNAG} report --format json -o by_slurm.json snag-report.*-of-{SHARDS}.json; echo status $? > merge.status"], directory)
    check("sbatch of the merge", merge.returncode == 0, merge.stdout)
    slurm.wait_for("end of the jobs", lambda: (directory / "merge.status").exists())
    check("the merge", (directory / "merge.status").read_text() == "status 66\n", (directory / "merge.out").read_text() + slurm.logs())
    said = (directory / "task-2.out").read_text()
    check("not Slurm decides", "shard 2 of 4, says SLURM_ARRAY_TASK_ID (Slurm)" in said, said)
    is_the_whole(directory, names)
    check("the merge by Slurm is another", (directory / "by_slurm.json").read_text() == merged(directory, reports(directory))[1])


with tempfile.TemporaryDirectory(prefix="snag-batch-") as scratch:
    scratch = pathlib.Path(scratch)
    scratch.chmod(0o755)  # munge checks its parents
    slurm = "--slurm" in sys.argv
    needed = ["slurmctld", "slurmd", "sbatch", "munged"] if slurm else ["parallel"]
    absent = [name for name in needed if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin") is None]
    if absent or (slurm and os.getuid() != 0):
        print(f"skipped: {', '.join(absent) or 'only root may start Slurm'}")
        sys.exit(77)
    directory = scratch / "run"
    directory.mkdir()
    names = programs(directory)
    if slurm:
        with Slurm(scratch) as s:
            by_slurm(directory, names, s)
    else:
        by_parallel(directory, names)

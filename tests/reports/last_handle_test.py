# SPDX-License-Identifier: Apache-2.0
"""Who waits for a channel or a wait group that nobody else has any more is reported when the last handle of somebody
else goes, with the place where that was, and by whom."""
import unittest

from support import FINDINGS, program_test

HEAD = """\
#include <cstdio>
#include <utility>
#include <snag/snag.h>
void let_others_run() {
  for (int i = 0; i < 50; ++i) snag::yield();
}
void await_waiter() {
  while (snag::runtime_stats().waiting_in_all() == 0) snag::yield();
}
void await(int waiting) {  // until there are that many, and main
  for (;;) {
    const auto now = snag::runtime_stats();
    if (now.goroutines == waiting + 1 && now.waiting_in_all() == waiting) return;
    snag::yield();
  }
}
"""

# The producer has the only other handle, and drops it at the marked line, long before the program ends.
SENDER = HEAD + """\
void produce(snag::send_chan<int> out) {
  out.send(1);
  {
    const snag::send_chan<int> mine = std::move(out);
    mine.send(2);
  }  // <- dropped
  std::fputs("dropped\\n", stderr);
  let_others_run();
}
int main() {
  snag::chan<int> jobs;
  snag::go({.name = "consumer"}, [from = snag::recv_chan<int>(jobs)] {
    for (int j : from) (void)j;
  });
  snag::go({.name = "producer"}, [to = snag::send_chan<int>(jobs)]() mutable { produce(std::move(to)); });
  jobs = nullptr;
  await(1);
  std::fputs("over\\n", stderr);
}
"""

RECEIVER = HEAD + """\
int main() {
  snag::chan<int> results;
  snag::go({.name = "worker"}, [results] { results.send(1); });
  await(1);
  results = nullptr;  // <- dropped
  std::fputs("over\\n", stderr);
}
"""

# What the goroutine's closure had goes with it: there is no line, but where it was created. (Once the other waits, who
# has a handle himself: nobody looks when he begins to.)
CLOSURE = HEAD + """\
int main() {
  snag::wait_group group;
  group.add(1);
  snag::go([group] { await_waiter(); });  // <- created
  snag::go({.name = "waits"}, [group = std::move(group)] { group.wait(); });
  await(1);
  std::fputs("over\\n", stderr);
}
"""

# An argument of go() goes outside of the program's own code.
ARGUMENT = HEAD + """\
void produce(snag::send_chan<int> out) { out.send(1); }
int main() {
  {
    snag::chan<int> jobs;
    snag::go([from = snag::recv_chan<int>(jobs)] {
      for (int j : from) (void)j;
    });
    snag::go(produce, jobs);  // <- created
  }
  await(1);
  std::fputs("over\\n", stderr);
}
"""

# Somebody who waits for ever, too, still has a sender: none is the last.
KEPT = HEAD + """\
int main() {
  snag::chan<int> jobs;
  snag::go({.name = "consumer"}, [from = snag::recv_chan<int>(jobs)] { from.recv(); });
  snag::go({.name = "keeper"}, [to = snag::send_chan<int>(jobs)] {
    snag::chan<void> never;
    never.recv();
    to.send(1);
  });
  jobs = nullptr;
  await(2);
}
"""

# A thousand of a kind, each of which loses its sender at the same place: one finding, found in the end all of them.
MANY = HEAD + """\
int main() {
  for (int i = 0; i < 1000; ++i) {
    snag::chan<int> jobs;
    snag::go([from = snag::recv_chan<int>(jobs)] { from.recv(); });
    snag::yield();
  }
  await(1000);
}
"""

# Static objects go after the end of the program.
STATIC = HEAD + """\
snag::chan<int> jobs;
int main() {
  snag::go([from = snag::recv_chan<int>(jobs)] { from.recv(); });
  await(1);
}
"""


def line_of(source, mark):
    return next(n for n, line in enumerate(source.split("\n"), 1) if line.endswith("// <- " + mark))


class last_handles(program_test):
    def only_target(self, run):
        self.assertEqual(run.status, FINDINGS, run.text)
        self.assertEqual(len(run.findings), 1, run.findings)
        (wait,) = [w for w in run.findings[0]["waits"] if not w["behind"]]
        (target,) = wait["for"]
        return target

    def name_of(self, run, actor):
        return next(a["name"] for a in run.findings[0]["actors"] if a["id"] == actor)

    def check(self, source, words, name, user_line):
        program = self.build(source)
        for options in ("seed=1", "seed=2", ""):
            run = self.run_json(program, options)
            target = self.only_target(run)
            last = target["last_handle"]
            at = next(f["line"] for f in last["stack"] if f["file"].endswith("app.cpp"))
            self.assertEqual(at, user_line)
            self.assertIn(f"; the last {words} went at app.cpp:{user_line}, by ", target["reason"])
            if name == "main":
                self.assertEqual(last["actor"], 1)
            text = self.run_text(program, options).text
            self.assertIn(f"  the last {words} went, by ", text)
            self.assertLess(text.index("WARNING"), text.index("over"), "told at the end only")

    def test_a_sender(self):
        self.check(SENDER, "sender", "producer", line_of(SENDER, "dropped"))

    def test_a_receiver(self):
        self.check(RECEIVER, "receiver", "main", line_of(RECEIVER, "dropped"))

    def test_a_closure(self):
        program = self.build(CLOSURE)
        for options in ("seed=1", "seed=2", ""):
            run = self.run_json(program, options)
            target = self.only_target(run)
            self.assertIn("the last other handle went", target["reason"])
            last = target["last_handle"]
            self.assertNotEqual(last["actor"], 1)
            who = next(a for a in run.findings[0]["actors"] if a["id"] == last["actor"])
            self.assertIn(line_of(CLOSURE, "created"), [f["line"] for f in who["created_at"]])
            text = self.run_text(program, options).text
            self.assertLess(text.index("WARNING"), text.index("over"), "told at the end only")

    def test_an_argument(self):
        program = self.build(ARGUMENT)
        for options in ("seed=1", "seed=2", ""):
            run = self.run_json(program, options)
            target = self.only_target(run)
            who = target["last_handle"]["actor"]
            self.assertIn(f"; the last sender went with goroutine {who}, created at "
                          f"app.cpp:{line_of(ARGUMENT, 'created')}", target["reason"])
            self.assertRegex(self.run_text(program, options).text, rf"Goroutine {who} \((running|finished)\) created at:")

    def test_none_if_one_is_kept(self):
        run = self.findings_of(KEPT)
        targets = [t for f in run.findings for w in f["waits"] for t in w["for"]]
        self.assertEqual([t["last_handle"] for t in targets], [None] * len(targets))
        self.assertEqual(len(targets), 2)

    def test_many(self):
        program = self.build(MANY)
        for options in ("seed=1", ""):
            run = self.run_json(program, options)
            self.assertEqual(sum(f["count"] for f in run.findings), 1000)
            self.assertEqual(len(run.findings), 1)

    def test_static_objects(self):
        program = self.build(STATIC)
        for options in ("seed=1", ""):
            self.assertEqual(self.run_text(program, options).status, 0)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Recursion costs a few chains of calls, not millions, and reports of races inside it show true stacks."""
import unittest

from support import FINDINGS, program_test

MIB = 1 << 20

FIB = """\
#include <cstdlib>
#include <snag/snag.h>
int leaves;
long fib(int n, bool count) {
  if (n < 2) {
    if (count) ++leaves;
    return n;
  }
  return fib(n - 1, count) + fib(n - 2, count);
}
long spread(int n, int depth) {
  if (depth == 0) return fib(n, false);
  long left = 0;
  snag::wait_group wg;
  wg.go([&] { left = spread(n - 1, depth - 1); });
  const long right = spread(n - 2, depth - 1);
  wg.wait();
  return left + right;
}
int main(int argc, char** argv) {
  const int n = std::atoi(argv[1]);
  if (spread(n, 4) < 0) return 1;
  if (argc == 2) return 0;
  snag::wait_group wg;
  wg.go([] { fib(6, true); });
  wg.go([] { fib(6, true); });
  wg.wait();
}
"""

SORT = """\
#include <algorithm>
#include <cstdlib>
#include <snag/snag.h>
#include <vector>
int sorted;
void sort(int* from, int* to, int* room, int goroutines, bool count) {
  if (to - from < 2) return;
  int* middle = from + (to - from) / 2;
  if (goroutines > 1) {
    snag::wait_group wg;
    wg.go([=] { sort(from, middle, room, goroutines / 2, count); });
    sort(middle, to, room + (middle - from), goroutines - goroutines / 2, count);
    wg.wait();
    if (count) ++sorted;
  } else {
    sort(from, middle, room, 1, count);
    sort(middle, to, room + (middle - from), 1, count);
  }
  std::merge(from, middle, middle, to, room);
  std::copy(room, room + (to - from), from);
}
int main(int argc, char** argv) {
  std::vector<int> numbers(std::atoi(argv[1])), room(numbers.size());
  unsigned x = 1;
  for (int& n : numbers) n = x = x * 1664525 + 1013904223;
  sort(numbers.data(), numbers.data() + numbers.size(), room.data(), 32, argc > 2);
  return std::is_sorted(numbers.begin(), numbers.end()) ? 0 : 1;
}
"""


def line_of(source, text):
    return source[:source.index(text)].count("\n") + 1


class contexts(program_test):
    def expect_small(self, result):
        audit = result.document["run"]["audit"]
        self.assertLess(audit["context_bytes"], MIB)
        self.assertGreater(audit["contexts"], 0)
        self.assertEqual(audit["without_stack"], 0)

    def functions(self, stack):
        return [f["function"].split("(")[0] for f in stack if not f["runtime"] and not f["library"]]

    def test_of_fib_stay_few(self):
        program = self.build(FIB, "-O1")
        result = self.run_json(program, "audit=full", "24")
        self.assertEqual((result.status, result.findings), (0, []))
        self.expect_small(result)

    def test_of_fib_tell_the_true_way_to_a_race(self):
        program = self.build(FIB, "-O0")
        result = self.run_json(program, "seed=1", "8", "race")
        self.assertEqual(result.status, FINDINGS)
        self.expect_small(result)
        finding, = result.findings
        for access in finding["accesses"]:
            stack = [f for f in access["stack"] if not f["runtime"] and not f["library"]]
            self.assertEqual(stack[0]["line"], line_of(FIB, "++leaves"))
            self.assertTrue(access["recursion_folded"])
            names = self.functions(access["stack"])
            self.assertEqual(set(names[:-1]), {"fib"})
            self.assertTrue(names[-1].startswith("main"), names)
            # fib(6) reaches its first leaf through the first of the two calls only.
            self.assertEqual({f["line"] for f in stack[1:-1]}, {line_of(FIB, "return fib(n - 1")})
            self.assertEqual({f["call"] for f in stack[1:-1]}, {"fib(n - 1, count)"})

    def test_of_a_merge_sort_stay_few(self):
        program = self.build(SORT, "-O2")
        result = self.run_json(program, "", str(1 << 20))
        self.assertEqual((result.status, result.findings), (0, []))
        self.expect_small(result)

    def test_of_a_merge_sort_tell_the_true_way_to_a_race(self):
        program = self.build(SORT, "-O1")
        result = self.run_json(program, "seed=1", "4096", "race")
        self.assertEqual(result.status, FINDINGS)
        self.expect_small(result)
        self.assertEqual(len(result.on("sorted")), len(result.findings))
        calls = {line_of(SORT, "sort(from, middle, room, goroutines / 2"): "sort(from, middle, room, goroutines / 2, count)",
                 line_of(SORT, "sort(middle, to, room + (middle - from), gor"):
                     "sort(middle, to, room + (middle - from), goroutines - goroutines / 2, count)",
                 line_of(SORT, "sort(numbers.data()"): None}
        for finding in result.findings:
            for access in finding["accesses"]:
                stack = [f for f in access["stack"] if not f["runtime"] and not f["library"]]
                self.assertEqual(stack[0]["line"], line_of(SORT, "++sorted"))
                for frame in stack[1:]:
                    self.assertIn(frame["line"], calls)
                    self.assertIn(calls[frame["line"]], (None, frame["call"]))


if __name__ == "__main__":
    unittest.main()

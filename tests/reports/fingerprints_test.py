# SPDX-License-Identifier: Apache-2.0
"""A finding's fingerprint is the same over runs, seeds, optimisation levels, folders and edits elsewhere."""
import unittest

from support import FINDINGS, program_test

# Six races: on a global, a field, a local that is handed on by reference, an element, a container, a local that a
# lambda captured.
SOURCE = """\
#include <snag/snag.h>
#include <string>
#include <vector>
{above}
struct account {{
  int id = 0;
  int balance = 0;
}};
int counter;
account shared;
int numbers[8];
std::vector<std::string> jobs = [] {{ std::vector<std::string> v; v.reserve(8); return v; }}();  // two that grow it at once may crash
{between}
void bump() {{ counter++; }}
void deposit(account* a) {{ a->balance += 1; }}
void clear(int& x) {{ x = 0; }}
void fill(int i) {{ numbers[i] = i; }}
void append() {{ jobs.push_back("job"); }}
{below}
template <class F>
void twice(F f) {{
  snag::wait_group wg;
  wg.go(f);
  wg.go(f);
  wg.wait();
}}
int main() {{
{lambda}
  twice([] {{ bump(); }});
  twice([] {{ deposit(&shared); }});
  int local = 1;
  twice([&] {{ clear(local); }});
  twice([] {{ fill(3); }});
  twice([] {{ append(); }});
  int captured = 0;
  twice([&] {{ captured++; }});
{call}
}}
"""


def source(above="", between="", below="", lambda_="", call=""):
    return SOURCE.format(above=above, between=between, below=below, call=call, **{"lambda": lambda_})


class fingerprints(program_test):
    unchanged = None  # of SOURCE as it stands

    def of(self, text=source(), level="-O1", **how):
        result = self.run_json(self.build(text, level, **how), "seed=1")
        self.assertEqual(result.status, FINDINGS)
        return result.fingerprints()

    def known(self):
        if fingerprints.unchanged is None:
            fingerprints.unchanged = self.of()
        return fingerprints.unchanged

    def test_are_equal_over_seeds_and_free_runs(self):
        self.assertEqual(len(self.known()), 6)
        program = self.build(source(), "-O1")
        for options in ("seed=2", "seed=3", "seed=44", "seed=12345", "", "", "", ""):
            self.assertEqual(self.run_json(program, options).fingerprints(), self.known(), options)

    def test_are_equal_at_every_optimisation_level(self):
        for level in ("-O0", "-O2", "-O3"):
            self.assertEqual(self.of(level=level), self.known(), level)

    def test_do_not_depend_on_folders(self):
        self.assertEqual(self.of(folder="elsewhere/deep"), self.known())
        self.assertEqual(self.of(folder="third", inside=False), self.known())

    def test_survive_lines_above(self):
        self.assertEqual(self.of(source(above="// A comment.\n\nusing something = long;\n")), self.known())

    def test_survive_unrelated_functions(self):
        unrelated = "int unrelated_{0}(int x) {{ counter_{0} += x; return counter_{0}; }}"
        more = [f"int counter_{n};\n" + unrelated.format(n) for n in ("a", "b")]
        self.assertEqual(self.of(source(between=more[0], below=more[1])), self.known())

    def test_survive_another_lambda_before(self):
        self.assertEqual(self.of(source(lambda_="  auto unrelated = [](int x) { return x + 1; };\n"
                                                   "  unrelated(1);")), self.known())

    def test_of_globals_and_fields_do_not_depend_on_the_caller(self):
        more = "void through() { bump(); deposit(&shared); }\nvoid further() { through(); }"
        self.assertEqual(self.of(source(below=more, call="  twice([] { through(); });\n"
                                                            "  twice([] { further(); });")), self.known())

    def test_of_a_place_tell_who_handed_it_the_variable(self):
        # clear() knows only a reference: that of another function's variable is another race.
        more = "template <class F> void twice(F);\nvoid other() { int mine = 1; twice([&] { clear(mine); }); }"
        with_other = self.of(source(below=more, call="  other();"))
        before = self.known()
        self.assertEqual(len(with_other), len(before) + 1)
        self.assertLess(set(before), set(with_other))

    def test_of_different_races_differ(self):
        text = """\
#include <snag/snag.h>
int a, b;
void one() { a = 1; }
void two() { b = 1; }
void three() { a = 2; }
int main() {
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([] { one(); two(); });
    wg.go([] { three(); });
  }
  wg.wait();
}
"""
        result = self.findings_of(text, "-O2")
        # one with itself, two with itself, three with itself, one with three.
        self.assertEqual(len(set(result.fingerprints())), 4)
        self.assertEqual(len(result.findings), 4)

    def test_number_equal_lines_as_the_source_does_even_if_some_are_optimised_away(self):
        text = """\
#include <snag/snag.h>
#include <mutex>
int total;
std::mutex mutex;
int kept, last;
void reset() {
  total = 1;
  { std::lock_guard guard(mutex); }
  total = 2;
}
int sum() {
  int s = total;
  s += total;
  s += total;
  { std::lock_guard guard(mutex); }
  s += total;
  if (s > 100) total = 1;
  return s;
}
void twice_in_a_row() {
  last = 1;
  last = 2;
}
int main() {
  snag::wait_group wg;
  wg.go([] { kept = sum(); });
  wg.go([] { reset(); });
  wg.go([] { total = 9; });
  wg.go([] { kept = sum(); });
  wg.go([] { twice_in_a_row(); });
  wg.go([] { twice_in_a_row(); });
  wg.wait();
}
"""
        plain = self.findings_of(text, "-O0").fingerprints()
        self.assertGreaterEqual(len(plain), 3)
        for level in ("-O1", "-O2"):
            self.assertEqual(self.findings_of(text, level).fingerprints(), plain, level)

    def test_of_a_container_do_not_depend_on_where_inside_it_the_two_meet(self):
        text = """\
#include <snag/snag.h>
#include <map>
std::map<int, int> pairs;
int main(int argc, char** argv) {
  for (int i = 0; i < argc; ++i) pairs[i] = i;
  snag::wait_group wg;
  wg.go([] { pairs.insert({100, 1}); });
  wg.go([] { pairs.insert({200, 1}); });
  wg.wait();
}
"""
        program = self.build(text, "-O1")
        few, many = self.run_json(program, "seed=1"), self.run_json(program, "seed=1", *"abcdefg")
        self.assertEqual(len(few.findings), 1)
        self.assertEqual(many.fingerprints(), few.fingerprints())


if __name__ == "__main__":
    unittest.main()

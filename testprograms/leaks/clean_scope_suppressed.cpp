// SPDX-License-Identifier: Apache-2.0
// A leak that is known, by a suppression: neither the scope tells of it nor the end of the program.
// verdict: clean 20/20
// stdout: 0 left
#include <snag/snag.h>

extern "C" const char* __tsan_default_suppressions() { return "leak:legacy_notify\n"; }

void legacy_notify() {
  snag::chan<int> c;
  snag::go([=] { c << 1; });
}

int main() {
  snag::leak_check check;
  legacy_notify();
  snag::println("{} left", check.finish().size());
}

// SPDX-License-Identifier: Apache-2.0
// Two scopes leave the same behind: one finding, which both of them tell of.
// verdict: leak 20/20
// shape: orphan
// stdout: first 1, second 1, findings 1 seen 2 times
#include <snag/findings.h>
#include <snag/snag.h>

void forget() {
  snag::chan<int> c;
  snag::go([=] { c << 1; });
}

std::size_t test(const char* name) {
  snag::leak_check check({.name = name});
  forget();
  return check.finish().size();
}

int main() {
  const std::size_t first = test("first"), second = test("second");
  const auto all = snag::findings();
  snag::println("first {}, second {}, findings {} seen {} times", first, second, all.size(),
                all.empty() ? 0 : all[0].count);
}

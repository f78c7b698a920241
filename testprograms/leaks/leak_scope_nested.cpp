// SPDX-License-Identifier: Apache-2.0
// A scope in a scope: the inner one tells of its own, and the outer one does not tell of them again.
// verdict: leak 20/20
// shape: orphan
// stdout: inner 1, outer 0
#include <snag/snag.h>

void forget() {
  snag::chan<int> c;
  snag::go([=] { c << 1; });
}

int main() {
  snag::leak_check outer({.name = "outer"});
  snag::leak_check inner({.name = "inner"});
  forget();
  const std::size_t of_inner = inner.finish().size(), of_outer = outer.finish().size();
  snag::println("inner {}, outer {}", of_inner, of_outer);
}

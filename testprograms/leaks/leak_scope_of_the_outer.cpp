// SPDX-License-Identifier: Apache-2.0
// What was there before the inner scope is the outer one's business, also if it is somebody who was there
// that starts more meanwhile.
// verdict: leak 20/20
// shape: orphan
// stdout: inner 0, outer 1
#include <snag/snag.h>

void forget() {
  snag::chan<int> c;
  snag::go([=] { c << 1; });
}

int main() {
  snag::leak_check outer({.name = "outer"});
  snag::chan<void> now, done;
  snag::go([=] {
    now.next();
    forget();
    done.close();
  });
  snag::leak_check inner({.name = "inner"});
  now.send();
  done.next();
  const std::size_t of_inner = inner.finish().size(), of_outer = outer.finish().size();
  snag::println("inner {}, outer {}", of_inner, of_outer);
}

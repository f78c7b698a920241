// SPDX-License-Identifier: Apache-2.0
// Two of a test's goroutines lock each other out; the test goes on.
// verdict: leak 20/20
// shape: lock cycle
// stdout: 1 left: deadlock, lock cycle
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct accounts {
  snag::mutex first, second;
};

void transfer() {
  auto shared = std::make_shared<accounts>();
  snag::chan<void> one, two;
  snag::go([=] {
    std::lock_guard a(shared->first);
    one.send();
    two.next();
    std::lock_guard b(shared->second);
  });
  snag::go([=] {
    std::lock_guard b(shared->second);
    one.next();
    two.send();
    std::lock_guard a(shared->first);
  });
}

int main() {
  snag::leak_check check({.name = "transfer"});
  transfer();
  for (const auto leaks = check.finish(); const auto& l : leaks)
    snag::println("{} left: {}, {}", leaks.size(), l.kind, l.shape);
}

// SPDX-License-Identifier: Apache-2.0
// A cycle through four kinds of mutex.
// verdict: leak 20/20
// shape: lock cycle
#include <mutex>
#include <thread>

#include "look.h"

std::mutex plain;
std::timed_mutex timed;
std::recursive_mutex recursive;
std::recursive_timed_mutex both;
meeting four(4);

template <class First, class Second>
void lock_in_turn(First& first, Second& second) {
  const std::lock_guard hold(first);
  four.arrive();
  const std::lock_guard hold_too(second);
}

int main() {
  std::thread([] { lock_in_turn(plain, timed); }).detach();
  std::thread([] { lock_in_turn(timed, recursive); }).detach();
  std::thread([] { lock_in_turn(recursive, both); }).detach();
  std::thread([] { lock_in_turn(both, plain); }).detach();
  await_finding();
}

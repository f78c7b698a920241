// SPDX-License-Identifier: Apache-2.0
#include "detector/src/module_gate.h"

#include "detector/src/patience.h"

namespace snag::detector {
namespace {

constexpr int closed = 1 << 30;
constinit std::atomic<int> inside{0};  // threads, or `closed` and at most the closer
constinit thread_local int depth = 0;  // looks of this thread that are under way

int own() noexcept { return depth != 0 ? 1 : 0; }

}  // namespace

module_gate::visit::visit() noexcept {
  if (depth++ != 0) return;
  for (unsigned rounds = 0;; ++rounds) {
    int n = inside.load(std::memory_order_relaxed);
    if ((n & closed) == 0 && inside.compare_exchange_weak(n, n + 1, std::memory_order_acquire)) return;
    if ((n & closed) != 0) wait_a_round(rounds);
  }
}

module_gate::visit::~visit() {
  if (--depth == 0) inside.fetch_sub(1, std::memory_order_release);
}

bool module_gate::try_close() noexcept {
  int n = own();
  return inside.compare_exchange_strong(n, n | closed, std::memory_order_acquire);
}

void module_gate::open() noexcept { inside.fetch_and(~closed, std::memory_order_release); }

void module_gate::open_in_child() noexcept { inside.store(own(), std::memory_order_release); }

}  // namespace snag::detector

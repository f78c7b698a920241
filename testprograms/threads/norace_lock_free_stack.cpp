// SPDX-License-Identifier: Apache-2.0
// Nodes are pushed by a release exchange, and all taken at once by an acquiring one.
// verdict: clean 20/20
#include <atomic>
#include <thread>

struct node {
  int value;
  node* next;
};
std::atomic<node*> top = nullptr;
constexpr auto pushing = std::memory_order_release;

void push(int value) {
  node* n = new node{value, top.load(std::memory_order_relaxed)};
  while (!top.compare_exchange_weak(n->next, n, pushing, std::memory_order_relaxed)) {
  }
}

int main() {
  std::thread a([] { push(1); }), b([] { push(2); });
  int sum = 0;
  for (int taken = 0; taken < 2;) {
    for (node* n = top.exchange(nullptr, std::memory_order_acquire); n != nullptr; ++taken) {
      sum += n->value;
      node* next = n->next;
      delete n;
      n = next;
    }
  }
  a.join();
  b.join();
  return sum != 3;
}

// SPDX-License-Identifier: Apache-2.0
// Nodes are pushed by a relaxed exchange: whoever takes them may see them unwritten.
// verdict: race 20/20
// race: value next n->value n->next
#include <atomic>
#include <thread>

struct node {
  int value;
  node* next;
};
std::atomic<node*> top = nullptr;
constexpr auto pushing = std::memory_order_relaxed;

void push(int value) {
  node* n = new node{value, top.load(std::memory_order_relaxed)};                       // <- 1
  while (!top.compare_exchange_weak(n->next, n, pushing, std::memory_order_relaxed)) {  // <- 1
  }
}

int main() {
  std::thread a([] { push(1); }), b([] { push(2); });
  int sum = 0;
  for (int taken = 0; taken < 2;) {
    for (node* n = top.exchange(nullptr, std::memory_order_acquire); n != nullptr; ++taken) {
      sum += n->value;       // <- 2
      node* next = n->next;  // <- 2
      delete n;              // <- 2
      n = next;
    }
  }
  a.join();
  b.join();
  return sum == 7;
}

// SPDX-License-Identifier: Apache-2.0
// An order that goes along with a queued signal is changed after it was sent.
// verdict: race 20/20
// race: amount orders
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <thread>

namespace {

struct order {
  int number;
  int amount;
};

std::atomic<bool> ready{false}, enough{false};
int sum;

void on_order(int, siginfo_t* info, void*) {
  const auto* o = static_cast<const order*>(info->si_value.sival_ptr);
  sum += o->amount;  // <- 1
}

void compute() {
  ready = true;
  while (!enough.load(std::memory_order_relaxed)) std::this_thread::yield();
}

}  // namespace

int main() {
  struct sigaction action{};
  action.sa_sigaction = on_order;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGRTMIN + 1, &action, nullptr);
  std::thread worker(compute);
  while (!ready) std::this_thread::yield();
  order orders[3];
  for (int i = 0; i < 3; ++i) {
    orders[i] = {i + 1, i};
    sigval value{};
    value.sival_ptr = &orders[i];
    if (pthread_sigqueue(worker.native_handle(), SIGRTMIN + 1, value) != 0) return 1;
    orders[i].amount = 2 * i;  // <- 2
  }
  enough.store(true, std::memory_order_relaxed);
  worker.join();
  return sum > 6;
}

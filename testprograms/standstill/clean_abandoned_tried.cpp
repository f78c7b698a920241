// SPDX-License-Identifier: Apache-2.0
// A mutex is left locked, and nobody waits for it without end.
// verdict: clean 20/20
#include <chrono>
#include <mutex>
#include <thread>

#include "look.h"

std::timed_mutex& settings = *new std::timed_mutex;

int main() {
  std::thread([] { settings.lock(); }).join();
  std::thread([] {
    if (settings.try_lock()) std::terminate();
    if (settings.try_lock_for(std::chrono::milliseconds(20))) std::terminate();
  }).join();
  look_often();
}

// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
#include <snag/chan.h>
#include <snag/go.h>
#include <snag/mutex.h>
#include <snag/wait_group.h>
#include <stdlib.h>
#include <string.h>

#include <ctime>
#include <mutex>
#include <thread>
#include <vector>

void several(const std::vector<std::time_t>& times) {
  snag::wait_group group;
  for (std::time_t t : times) group.go([=] { (void)std::localtime(&t); });  // expected-warning {{localtime uses the result of localtime and gmtime, which all threads share, and several of these goroutines may call it at once: use localtime_r and gmtime_r [snag-thread-unsafe-call]}}
  group.wait();
}

void two(char* a, char* b) {
  snag::wait_group group;
  group.go([=] { strtok(a, " "); });  // expected-warning {{strtok uses the place of strtok, which all threads share, and another call may run at the same time: use strtok_r}}
  group.go([=] { strtok(b, ","); });
  group.wait();
}

void beside_its_starter(std::time_t t) {
  std::thread worker([=] { (void)gmtime(&t); });  // expected-warning {{gmtime uses}}
  (void)localtime(&t);
  worker.join();
}

void threads_in_a_vector(int n) {
  std::vector<std::thread> all;
  for (int i = 0; i < n; ++i) all.emplace_back([] { (void)lrand48(); });  // expected-warning {{several of these threads}}
  for (std::thread& t : all) t.join();
}

void tells_at_its_end() {
  snag::chan<int> hours;
  for (int i = 0; i < 3; ++i)
    snag::go([=] {
      const std::time_t t = i;
      hours << std::localtime(&t)->tm_hour;  // expected-warning {{several of these goroutines}}
    });
  for (int i = 0; i < 3; ++i) hours.recv();
}

// --- Right, or perhaps.

void reentrant(const std::vector<std::time_t>& times) {
  snag::wait_group group;
  for (std::time_t t : times)
    group.go([=] {
      std::tm result;
      localtime_r(&t, &result);
    });
  group.wait();
}

void only_one(std::time_t t) {
  snag::wait_group group;
  group.go([=] { (void)std::localtime(&t); });
  group.wait();
}

void one_at_a_time(const std::vector<std::time_t>& times) {
  for (std::time_t t : times) {
    snag::wait_group group;
    group.go([=] { (void)std::localtime(&t); });
    group.wait();
  }
}

void under_a_lock(const std::vector<std::time_t>& times) {
  static snag::mutex m;
  snag::wait_group group;
  for (std::time_t t : times)
    group.go([=] {
      std::lock_guard hold(m);
      (void)std::localtime(&t);
    });
  group.wait();
}

void in_turn(const std::vector<std::time_t>& times) {
  snag::chan<void> turn(1);
  snag::wait_group group;
  for (std::time_t t : times)
    group.go([=] {
      turn.send();
      (void)std::localtime(&t);
      turn.recv();
    });
  group.wait();
}

void safe_with_glibc(int n) {
  snag::wait_group group;
  for (int i = 0; i < n; ++i) group.go([] { (void)(rand() + *strerror(1)); });
  group.wait();
}

void after_it_has_ended(std::time_t t) {
  std::thread worker([=] { (void)gmtime(&t); });
  worker.join();
  (void)localtime(&t);
}

void different_ones(std::time_t t, char* text) {
  snag::wait_group group;
  group.go([=] { (void)std::localtime(&t); });
  group.go([=] { strtok(text, " "); });
  group.wait();
}

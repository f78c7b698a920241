// SPDX-License-Identifier: Apache-2.0
#pragma once
// Homes of handles: a goroutine receives from a channel, and the one sender of it that is left lies in a home
// that another goroutine, the holder, has. The holder may go on (it lives: so does the receiver) or never
// (both wait for ever), and nothing else differs:
//
//   HOME(in_a_vector, [](sender s) { return std::vector<sender>{std::move(s)}; });
//
// is the case in_a_vector, which is silent, and in_a_vector_of_the_dead, a leak.
#include <snag/snag.h>

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <string>
#include <type_traits>
#include <utility>

#include "../cases/case.h"

namespace handles {

using namespace std::chrono_literals;
using sender = snag::send_chan<int>;
using receiver = snag::recv_chan<int>;

// What the holder does: sleeps until long after the end of the program, or waits for nobody.
struct alive {
  static void stay() { snag::sleep_for(1h); }
};
struct dead {
  static void stay() {
    const snag::chan<void> never;
    never.recv();
  }
};

// Somebody else's wait, told apart from the holder's by its place.
template <class Life>
void stay_elsewhere() {
  if constexpr (std::is_same_v<Life, alive>) return alive::stay();
  const snag::chan<void> never_either;
  never_either.recv();
}

// The compiler has to keep what is given here until then.
template <class T>
void use(T& kept) {
  asm volatile("" : : "r"(&kept) : "memory");
}

// Until `n` goroutines wait, and then a moment at which nobody can run: a seeded run looks.
inline void settle(std::int64_t n) {
  while (snag::runtime_stats().waiting_in_all() < n) snag::yield();
  snag::sleep_for(1us);
}

// Until the thread sleeps in the kernel, as one that waits for a channel does. (0: it has not said who it
// is.)
inline void settle_thread(const std::atomic<pid_t>& id) {
  const auto sleeps = [&] {
    const pid_t thread = id.load();
    if (thread == 0) return false;
    std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/stat");
    std::string word;
    status >> word >> word >> word;  // the third is its state
    return word == "S";
  };
  for (int times = 0; times < 3; times = sleeps() ? times + 1 : 0) snag::yield();
}

// Both ends of a channel, and nothing that can do both.
struct ends {
  sender send;
  receiver receive;
};
inline ends make_ends() {
  const snag::chan<int> both;
  return {both, both};
}

inline void receive(receiver r) {
  snag::go({.name = "receiver"}, [r = std::move(r)] { r.recv(); });
}

// make(sender): the home, which the holder has on its stack.
template <class Life, class Make>
void hold(Make make) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::go({.name = "holder"}, [s = std::move(s), make]() mutable {
    auto home = make(std::move(s));
    use(home);
    Life::stay();
    use(home);
  });
  settle(2);
}

}  // namespace handles

#define HOME(name, ...)                                                                              \
  NO_LEAK(name) { handles::hold<handles::alive>(__VA_ARGS__); }                                      \
  LEAK(name##_of_the_dead, "orphan: receiver holder") { handles::hold<handles::dead>(__VA_ARGS__); } \
  static_assert(true)
// A template of the life in place of the home.
#define TWINS(name, ...)                                                            \
  template <class Life>                                                             \
  static void name##_twin();                                                        \
  NO_LEAK(name) { name##_twin<handles::alive>(); }                                  \
  LEAK(name##_of_the_dead, "orphan: receiver holder" __VA_OPT__(" ") __VA_ARGS__) { \
    name##_twin<handles::dead>();                                                   \
  }                                                                                 \
  template <class Life>                                                             \
  static void name##_twin()

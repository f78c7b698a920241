// SPDX-License-Identifier: Apache-2.0
#pragma once
// What these programs are written in, so that one source shows the same thing to two detectors: goroutines
// under Snag, and threads under ThreadSanitizer (with -DHOLES_PLAIN_THREADS). Their command line: how many,
// and which of the two forms.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#ifdef HOLES_PLAIN_THREADS
#include <mutex>
#include <thread>
#include <utility>
#include <vector>
#else
#include <snag/snag.h>
#endif

namespace peer {

#ifdef HOLES_PLAIN_THREADS
using std::mutex;
inline void yield() { std::this_thread::yield(); }

class wait_group {
 public:
  template <class Task>
  void go(Task task) {
    threads_.emplace_back(std::move(task));
  }
  void wait() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};
#else
using snag::mutex;
using snag::wait_group;
using snag::yield;
#endif

struct arguments {
  long scale;
  bool racy;
};

inline arguments read_arguments(int count, char** words) {
  const std::string_view form = count == 3 ? words[2] : "";
  const long scale = count == 3 ? std::atol(words[1]) : 0;
  if (scale < 1 || (form != "race" && form != "norace")) {
    std::fprintf(stderr, "usage: %s HOW_MANY race|norace\n", words[0]);
    std::exit(64);
  }
  return {scale, form == "race"};
}

}  // namespace peer
